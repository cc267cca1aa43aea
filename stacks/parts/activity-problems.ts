import { Token } from 'cdktf';
import { ACTIVITY_KEY, type Activities, type Activity, COUNT, HEARTBEAT_SECONDS, RETRIES } from './activity';
import { matching, type Problem, wholeNumber } from './checks';
import type { RunnerImages } from './runner-images';
import { IDLE_SECONDS, WORK_TIMEOUT_SECONDS } from './worker';
import { isImage, ON_INSTANCES, type Together, WORKER_TOGETHER, workerValueProblems } from './worker-problems';

export const TOGETHER: readonly Together<Activity>[] = [
  ...WORKER_TOGETHER,
  {
    field: 'idleSeconds',
    isKept: ({ idleSeconds, count }) => idleSeconds === undefined || count === 0,
    holds: 'item.idle_seconds == null || item.count == 0',
    allowed: 'an end after idle time only with a count of 0: ECS starts another worker in place of one that has ended',
  },
];

/** What is said beside the activities. */
interface Place {
  readonly runnerImages: RunnerImages;
  readonly hasInstances: boolean;
}

/** A rule that goes over an activity and what all workers have. */
interface Across {
  readonly field: keyof Activity;
  readonly isKept: (activity: Activity, place: Place) => boolean;
  /** As in {@link Together}; `var` are the variables of the module. */
  readonly holds: string;
  readonly allowed: string;
}

const isOneContainer = (activity: Activity, { runnerImages }: Place) =>
  !isImage(activity) && (activity.image !== undefined || runnerImages === 'repository');

const ONE_CONTAINER = 'item.package_type != "Image" && (item.image != null || var.runner_images == "repository")';

export const ACROSS: readonly Across[] = [
  {
    field: 'commands',
    isKept: (activity, place) => activity.commands === undefined || isOneContainer(activity, place),
    holds: `item.commands == null || (${ONE_CONTAINER})`,
    allowed: 'commands only where the runner has an image of its own: its image, or runner_images repository',
  },
  {
    field: 'capacity',
    isKept: ({ capacity }, { hasInstances }) => capacity !== 'EC2' || hasInstances,
    ...ON_INSTANCES,
  },
];

/** What a generated module's variable has in place of `undefined` is checked by Terraform. */
export function activityProblems(activities: Activities | undefined, place: Place): readonly Problem[] {
  if (activities === undefined || Token.isUnresolved(activities)) {
    return [];
  }
  return Object.entries(activities).flatMap(([key, one]) => {
    const broken = [...TOGETHER, ...ACROSS].filter(({ isKept }) => !isKept(one, place));
    return [
      ...matching('key of activities', key, ACTIVITY_KEY.pattern, ACTIVITY_KEY.allowed),
      ...workerValueProblems(`activities.${key}.`, one),
      ...valueProblems(`activities.${key}`, one),
      ...broken.map(({ field, allowed }) => ({ field: `activities.${key}.${field}`, value: one[field], allowed })),
    ];
  });
}

function valueProblems(field: string, one: Activity): readonly Problem[] {
  return [
    ...wholeNumber(`${field}.count`, one.count, COUNT),
    ...wholeNumber(`${field}.heartbeatSeconds`, one.heartbeatSeconds, HEARTBEAT_SECONDS),
    ...wholeNumber(`${field}.timeoutSeconds`, one.timeoutSeconds, WORK_TIMEOUT_SECONDS),
    ...wholeNumber(`${field}.idleSeconds`, one.idleSeconds, IDLE_SECONDS),
    ...wholeNumber(`${field}.retries`, one.retries, RETRIES),
  ];
}
