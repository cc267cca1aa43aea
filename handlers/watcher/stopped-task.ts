import * as v from 'valibot';
import { RUN_ENVIRONMENT_VARIABLE } from '../shared/run';

interface StoppedContainer {
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

/** What ECS says of a task that has stopped, in an event or by DescribeTasks. */
export interface StoppedTask {
  readonly taskArn: string;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
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
  readonly containers?:
    | readonly { readonly exitCode?: number | undefined; readonly reason?: string | undefined }[]
    | undefined;
  readonly overrides?: { readonly containerOverrides?: readonly ContainerFields[] | undefined } | undefined;
}

interface ContainerFields {
  readonly name?: string | undefined;
  readonly environment?: readonly TaskVariable[] | undefined;
}

const AttemptSchema = v.object({ attempt: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** The envelope that the starter put into the overrides names the attempt; whatever else is there names none. */
function attemptOf({ overrides }: TaskFields): number | undefined {
  const variables = (overrides?.containerOverrides ?? []).flatMap(({ environment = [] }) => environment);
  const text = variables.find(({ name }) => name === RUN_ENVIRONMENT_VARIABLE)?.value;
  if (text === undefined) {
    return undefined;
  }
  try {
    return v.parse(AttemptSchema, JSON.parse(text)).attempt;
  } catch {
    return undefined;
  }
}

export function stoppedTask(taskArn: string, task: TaskFields): StoppedTask {
  return {
    taskArn,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: (task.containers ?? []).map(({ exitCode, reason }) => ({ exitCode, reason })),
    attempt: attemptOf(task),
  };
}
