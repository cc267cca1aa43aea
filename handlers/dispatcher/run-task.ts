import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { placeCount, placeOf } from '../starter/capacity';
import { capacityOf, networkOf } from '../starter/task-place';
import type { Launch } from './launch-memory';
import type { TaskWorkers } from './settings';

/** Of one RunTask: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
export const TASKS_PER_CALL = 10;

/** Who started the tasks, for those who look at the cluster. */
const STARTED_BY = 'overtime-dispatcher';

function placeOptions({ capacity, capacityFallback, subnets }: TaskWorkers) {
  // One dispatcher at a time starts workers: nobody else tries the same subnet at the same moment.
  return { capacity, ...(capacityFallback === undefined ? {} : { capacityFallback }), subnets, seed: 0 };
}

/** After so many tries each place had its turn: all subnets, each alone, and the same on the fallback. */
export function workerPlaces(workers: TaskWorkers): number {
  return placeCount(placeOptions(workers));
}

/** The same for the same launch, as ECS refuses a client token that comes with other parameters. */
export function workerTasks(workers: TaskWorkers, { token, count, variant }: Launch): RunTaskCommandInput {
  const place = placeOf(placeOptions(workers), variant);
  return {
    cluster: workers.cluster,
    taskDefinition: workers.taskDefinition,
    ...capacityOf(place),
    count,
    ...networkOf(workers, place),
    startedBy: STARTED_BY,
    clientToken: token,
  };
}
