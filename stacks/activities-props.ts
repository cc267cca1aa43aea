import type { Activities } from './parts/activity';
import { activityProblems } from './parts/activity-problems';
import { deploymentName, type Problem, wholeNumber } from './parts/checks';
import type { Bounds } from './parts/formats';
import { DEFAULT_RUNNER_IMAGES } from './parts/runner-images';
import { type WorkerPlace, workerPlaceProblems } from './parts/worker-place';

export interface ActivitiesProps extends WorkerPlace {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** The activities, by a key that is part of their names. */
  readonly activities: Activities;
  /**
   * How many tasks of an activity that end badly in five minutes raise the alarm.
   *
   * @default 1
   */
  readonly failedTasksThreshold?: number;
  /**
   * How long a task may wait for a worker before the alarm is raised, in seconds.
   *
   * @default 600
   */
  readonly lateStartSeconds?: number;
}

export const FAILED_TASKS_THRESHOLD: Bounds = { minimum: 1, maximum: 1_000_000 };
export const DEFAULT_FAILED_TASKS_THRESHOLD = 1;
export const LATE_TASK_SECONDS: Bounds = { minimum: 1, maximum: 24 * 60 * 60 };
export const DEFAULT_LATE_TASK_SECONDS = 600;

export function activitiesProblems(props: Partial<ActivitiesProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...activityProblems(props.activities, {
      runnerImages: props.runnerImages ?? DEFAULT_RUNNER_IMAGES,
      hasInstances: props.ec2CapacityProvider !== undefined,
    }),
    ...workerPlaceProblems(props),
    ...wholeNumber('failedTasksThreshold', props.failedTasksThreshold, FAILED_TASKS_THRESHOLD),
    ...wholeNumber('lateStartSeconds', props.lateStartSeconds, LATE_TASK_SECONDS),
  ];
}
