import * as v from 'valibot';
import type { Log } from '../shared/log';
import { messageOf } from './errors';

/** The endpoint is on the task's own host. Without its answer the run goes on: the starter notes the task, too. */
const ANSWER_MILLISECONDS = 2_000;

const TaskSchema = v.object({ TaskARN: v.string() });

/**
 * Asks ECS for the ARN of the task that this program runs in.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 *
 * @param endpoint ECS_CONTAINER_METADATA_URI_V4, which ECS sets in every container
 */
export async function readTaskArn(endpoint: string | undefined, log: Log): Promise<string | undefined> {
  if (endpoint === undefined) {
    return undefined;
  }
  try {
    const response = await fetch(`${endpoint}/task`, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    return v.parse(TaskSchema, await response.json()).TaskARN;
  } catch (thrown) {
    log.warn('task.arn-unknown', { reason: messageOf(thrown) });
    return undefined;
  }
}
