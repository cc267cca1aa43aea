import type { RunRecord } from '../shared/run';

/**
 * The cluster of a row's task: the row's, else the one in the task's ARN.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
 */
export function clusterOf({ cluster, taskArn = '' }: RunRecord): string {
  return cluster ?? /:task\/([^/]+)\//.exec(taskArn)?.[1] ?? 'default';
}
