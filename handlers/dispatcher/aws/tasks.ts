import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  RunTaskCommand,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { outcomeOfError, outcomeOfResponse } from '../../starter/task-outcome';
import { ServiceNotFound } from '../errors';
import type { DispatcherPorts, WorkerState } from '../ports';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const TASKS_PER_CALL = 100;

const ACCESS_HINT =
  " The dispatcher's role may run the queue worker's own task definition in its own cluster, and pass that one's roles: " +
  "deploy the module again, or attach a policy of yours to the dispatcher's role.";

type Tasks = Pick<DispatcherPorts, 'listTasks' | 'describeTasks' | 'runTask' | 'serviceTasks' | 'setDesiredCount'>;

function stateOf({ lastStatus, desiredStatus, stopCode, stoppedReason }: Task): WorkerState {
  if (lastStatus !== 'STOPPED' && desiredStatus !== 'STOPPED') {
    return { kind: 'live', hasRun: lastStatus === 'RUNNING' };
  }
  const neverRan = stopCode === 'TaskFailedToStart' ? (stoppedReason ?? 'ECS gives no reason') : undefined;
  return { kind: 'stopped', neverRan };
}

/** The workers in ECS. */
export function ecsWorkers(client: ECSClient): Tasks {
  return {
    listTasks: async (cluster, family) => {
      const taskArns: string[] = [];
      for await (const page of paginateListTasks({ client }, { cluster, family, desiredStatus: 'RUNNING' })) {
        taskArns.push(...(page.taskArns ?? []));
      }
      return taskArns;
    },
    describeTasks: async (cluster, taskArns) => {
      const states = new Map<string, WorkerState>(taskArns.map((taskArn) => [taskArn, { kind: 'unknown' }]));
      for (let from = 0; from < taskArns.length; from += TASKS_PER_CALL) {
        const some = taskArns.slice(from, from + TASKS_PER_CALL);
        const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: some }));
        for (const task of tasks) {
          states.set(task.taskArn ?? '', stateOf(task));
        }
      }
      return states;
    },
    runTask: async (input) => {
      try {
        return outcomeOfResponse(await client.send(new RunTaskCommand(input)));
      } catch (error) {
        return outcomeOfError(error, ACCESS_HINT);
      }
    },
    serviceTasks: async (cluster, service) => {
      const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service] }));
      const { desiredCount: desired, runningCount: running } = services[0] ?? {};
      if (desired === undefined || running === undefined) {
        throw new ServiceNotFound(service, cluster);
      }
      return { desired, running };
    },
    setDesiredCount: async (cluster, service, count) => {
      await client.send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
    },
  };
}
