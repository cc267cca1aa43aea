import * as v from 'valibot';
import type { Log } from '../shared/log';
import { messageOf } from './errors';

/**
 * The endpoint is on the task's own host, and answers at once; but on the smallest task the runner's own start may take the
 * processor for seconds. Without its answer the run goes on: the starter notes the task, too.
 */
const ANSWER_MILLISECONDS = 10_000;

const TaskSchema = v.object({
  TaskARN: v.string(),
  Limits: v.exactOptional(v.object({ Memory: v.exactOptional(v.number()) })),
});

/** The task that this program runs in. */
export interface OwnTask {
  readonly taskArn: string;
  /** `undefined` where the task has no limit of its own, as may be on EC2. */
  readonly memorySizeMiB: number | undefined;
}

/**
 * Asks ECS for the task that this program runs in.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 *
 * @param endpoint ECS_CONTAINER_METADATA_URI_V4, which ECS sets in every container
 */
export async function readOwnTask(endpoint: string | undefined, log: Log): Promise<OwnTask | undefined> {
  if (endpoint === undefined) {
    return undefined;
  }
  try {
    const response = await fetch(`${endpoint}/task`, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    const { TaskARN: taskArn, Limits } = v.parse(TaskSchema, await response.json());
    return { taskArn, memorySizeMiB: Limits?.Memory };
  } catch (thrown) {
    log.warn('task.unknown', { reason: messageOf(thrown) });
    return undefined;
  }
}
