import * as v from 'valibot';
import { CONTAINER_VARIABLES, RUN_ENVIRONMENT_VARIABLE } from '../shared/run';

interface StoppedContainer {
  readonly name?: string | undefined;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

/** What ECS says of a task that has stopped, in an event or by DescribeTasks. */
export interface StoppedTask {
  readonly taskArn: string;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** When its containers began to run, ISO 8601 in UTC; absent where they did not. */
  readonly startedAt?: string | undefined;
  readonly containers: readonly StoppedContainer[];
  /** Of the run's attempts the one that the task was started for; `undefined` where its overrides do not say. */
  readonly attempt: number | undefined;
}

interface TaskVariable {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

/** The fields of a task that are read: those of an event and those of DescribeTasks are the same. */
interface TaskFields {
  readonly taskArn?: string | undefined;
  readonly stopCode?: string | undefined;
  readonly stoppedReason?: string | undefined;
  readonly startedAt?: Date | string | undefined;
  readonly containers?: readonly Partial<StoppedContainer>[] | undefined;
  readonly overrides?: { readonly containerOverrides?: readonly ContainerFields[] | undefined } | undefined;
}

interface ContainerFields {
  readonly name?: string | undefined;
  readonly environment?: readonly TaskVariable[] | undefined;
}

const AttemptSchema = v.object({ attempt: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/**
 * The envelope that the starter put into the overrides names the attempt, or a variable of a container run; whatever
 * else is there names none.
 */
function attemptOf({ overrides }: TaskFields): number | undefined {
  const variables = (overrides?.containerOverrides ?? []).flatMap(({ environment = [] }) => environment);
  const textOf = (wanted: string) => variables.find(({ name }) => name === wanted)?.value;
  const envelope = textOf(RUN_ENVIRONMENT_VARIABLE);
  const number = textOf(CONTAINER_VARIABLES.attempt);
  try {
    const told: unknown = envelope === undefined ? { attempt: Number(number) } : JSON.parse(envelope);
    return v.parse(AttemptSchema, told).attempt;
  } catch {
    return undefined;
  }
}

function isoTime(time: Date | string | undefined): string | undefined {
  const date = time === undefined ? undefined : new Date(time);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

export function stoppedTask(taskArn: string, task: TaskFields): StoppedTask {
  return {
    taskArn,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    startedAt: isoTime(task.startedAt),
    containers: (task.containers ?? []).map(({ name, exitCode, reason }) => ({ name, exitCode, reason })),
    attempt: attemptOf(task),
  };
}
