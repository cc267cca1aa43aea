import * as v from 'valibot';
import type { RuntimeExit } from '../runtime-process';
import { exitOfStatus } from './start-text';

/** Name of the other container in every task definition that has one: see stacks/parts/containers.ts. */
const RUNTIME_CONTAINER_NAME = 'runtime';

/** What the task's metadata say of the function's container. */
export interface TaskState {
  /** ECS has begun to stop the task. */
  readonly isStopping: boolean;
  /** `undefined` while the container runs, or has yet to start. */
  readonly exit: RuntimeExit | undefined;
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html */
const TaskSchema = v.object({
  DesiredStatus: v.string(),
  Containers: v.array(
    v.object({ Name: v.string(), KnownStatus: v.optional(v.string()), ExitCode: v.optional(v.number()) }),
  ),
});

/** `undefined` for what is no task's metadata: ECS answers them piece by piece while a task starts. */
export function taskState(document: unknown): TaskState | undefined {
  const parsed = v.safeParse(TaskSchema, document);
  if (!parsed.success) {
    return undefined;
  }
  const { DesiredStatus, Containers } = parsed.output;
  const container = Containers.find(({ Name }) => Name === RUNTIME_CONTAINER_NAME);
  return {
    isStopping: DesiredStatus === 'STOPPED',
    exit: container?.KnownStatus === 'STOPPED' ? exitOf(container.ExitCode) : undefined,
  };
}

function exitOf(exitCode: number | undefined): RuntimeExit {
  return exitCode === undefined
    ? {
        kind: 'not-started',
        message:
          "ECS could not start the function's container: its reason is in the task's description, under containers.",
        code: undefined,
      }
    : exitOfStatus(exitCode);
}
