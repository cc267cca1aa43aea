import {
  ClusterNotFoundException,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { WatcherPorts } from '../ports';
import { stoppedTask } from '../stopped-task';
import type { TaskView } from '../task-view';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const TASKS_PER_CALL = 100;

function viewOf(taskArn: string, tasks: readonly Task[], failures: readonly Failure[]): TaskView {
  const task = tasks.find((candidate) => candidate.taskArn === taskArn);
  if (task === undefined) {
    const failure = failures.find(({ arn }) => arn === taskArn);
    return failure === undefined || failure.reason === 'MISSING' ? { kind: 'missing' } : { kind: 'unknown' };
  }
  if (task.lastStatus === 'STOPPED') {
    return { kind: 'stopped', task: stoppedTask(taskArn, task) };
  }
  const { createdAt, startedAt, desiredStatus } = task;
  return { kind: 'live', isStopping: desiredStatus === 'STOPPED', createdAt, startedAt };
}

/**
 * Asks for tasks. Those that ECS knows no more come among the answer's failures, as MISSING; a cluster that is gone has
 * none.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 */
export function taskViews(client: ECSClient): WatcherPorts['describeTasks'] {
  const describe = async (cluster: string, taskArns: readonly string[]): Promise<readonly [string, TaskView][]> => {
    try {
      const { tasks = [], failures = [] } = await client.send(
        new DescribeTasksCommand({ cluster, tasks: [...taskArns] }),
      );
      return taskArns.map((arn) => [arn, viewOf(arn, tasks, failures)]);
    } catch (thrown) {
      if (thrown instanceof ClusterNotFoundException) {
        return taskArns.map((arn) => [arn, { kind: 'missing' }]);
      }
      throw thrown;
    }
  };
  return async (cluster, taskArns) => {
    const views = new Map<string, TaskView>();
    for (let from = 0; from < taskArns.length; from += TASKS_PER_CALL) {
      for (const [arn, view] of await describe(cluster, taskArns.slice(from, from + TASKS_PER_CALL))) {
        views.set(arn, view);
      }
    }
    return views;
  };
}

export function taskStopper(client: ECSClient): WatcherPorts['stopTask'] {
  return async (cluster, task, reason) => {
    await client.send(new StopTaskCommand({ cluster, task, reason }));
  };
}
