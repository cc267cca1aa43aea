import { Token } from 'cdktf';
import {
  ACTIVITY_KEY,
  type Activities,
  type Activity,
  CAPACITIES,
  CONCURRENCY,
  COUNT,
  EC2_CPU,
  EC2_MEMORY_MIB,
  EPHEMERAL_STORAGE_GIB,
  HEARTBEAT_SECONDS,
  IDLE_SECONDS,
  PACKAGE_TYPES,
  RETRIES,
  TASK_TIMEOUT_SECONDS,
} from './activity';
import {
  ARCHITECTURES,
  fargateSize,
  lambdaRuntime,
  matching,
  oneOf,
  type Problem,
  policyArns,
  roleArn,
  wholeNumber,
} from './checks';
import { FUNCTION_REFERENCE } from './formats';
import type { RunnerImages } from './runner-images';
import { sizeOf } from './runtimes';

/** A rule that goes over several fields of an activity. */
interface Together {
  readonly field: keyof Activity;
  readonly isKept: (activity: Activity) => boolean;
  /** The same in a generated module, as an expression of `item`, a row of ActivityRow. */
  readonly holds: string;
  readonly allowed: string;
}

const isImage = ({ packageType }: Activity) => packageType === 'Image';

export const TOGETHER: readonly Together[] = [
  {
    field: 'functionName',
    isKept: ({ functionName, image }) => functionName !== undefined || image !== undefined,
    holds: 'item.function_name != null || item.image != null',
    allowed: 'a function, or the image of a runner with the command that carries tasks out',
  },
  {
    field: 'command',
    isKept: ({ functionName, command }) => functionName === undefined || command === undefined,
    holds: 'item.function_name == null || item.command == null',
    allowed: 'a function or a command: one of them carries a task out',
  },
  {
    field: 'image',
    isKept: (activity) => !isImage(activity) || activity.image === undefined,
    holds: 'item.package_type != "Image" || item.image == null',
    allowed: 'no image for a function that is one: it has its own',
  },
  {
    field: 'imageConfig',
    isKept: (activity) => isImage(activity) || activity.imageConfig === undefined,
    holds: 'item.package_type == "Image" || item.image_config == null',
    allowed: 'what an image is to be told only for a function that is one',
  },
  {
    field: 'runtime',
    isKept: (activity) => isImage(activity) || activity.image !== undefined || activity.runtime !== undefined,
    holds: 'item.package_type == "Image" || item.image != null || item.runtime != null',
    allowed: "the function's runtime, such as nodejs22.x, or an image",
  },
  {
    field: 'concurrency',
    isKept: (activity) => !isImage(activity) || (activity.concurrency ?? 1) === 1,
    holds: 'item.package_type != "Image" || item.concurrency == 1',
    allowed: 'a concurrency of 1, and a higher count, for a function that is an image: ECS starts it once in each task',
  },
  {
    field: 'idleSeconds',
    isKept: ({ idleSeconds, count }) => idleSeconds === undefined || count === 0,
    holds: 'item.idle_seconds == null || item.count == 0',
    allowed: 'an end after idle time only with a count of 0: ECS starts another worker in place of one that has ended',
  },
  {
    field: 'ephemeralStorageGiB',
    isKept: ({ ephemeralStorageGiB, capacity }) => ephemeralStorageGiB === undefined || capacity !== 'EC2',
    holds: 'item.ephemeral_storage_gib == null || item.capacity != "EC2"',
    allowed: 'a size of the disk only on Fargate: a task on EC2 has the disk of its instance',
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
    holds: 'item.capacity != "EC2" || var.ec2_capacity_provider != ""',
    allowed: 'the capacity EC2 only in a cluster that has instances: its ec2_capacity',
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
      ...valueProblems(`activities.${key}`, one),
      ...broken.map(({ field, allowed }) => ({ field: `activities.${key}.${field}`, value: one[field], allowed })),
    ];
  });
}

function valueProblems(field: string, one: Activity): readonly Problem[] {
  const of = (name: keyof Activity) => `${field}.${name}`;
  return [
    ...matching(of('functionName'), one.functionName, FUNCTION_REFERENCE.pattern, FUNCTION_REFERENCE.allowed),
    ...oneOf(of('packageType'), one.packageType, PACKAGE_TYPES),
    ...lambdaRuntime(of('runtime'), one.runtime),
    ...oneOf(of('architecture'), one.architecture, ARCHITECTURES),
    ...sizeProblems(field, one),
    ...wholeNumber(of('ephemeralStorageGiB'), one.ephemeralStorageGiB, EPHEMERAL_STORAGE_GIB),
    ...wholeNumber(of('count'), one.count, COUNT),
    ...oneOf(of('capacity'), one.capacity, CAPACITIES),
    ...wholeNumber(of('concurrency'), one.concurrency, CONCURRENCY),
    ...wholeNumber(of('heartbeatSeconds'), one.heartbeatSeconds, HEARTBEAT_SECONDS),
    ...wholeNumber(of('timeoutSeconds'), one.timeoutSeconds, TASK_TIMEOUT_SECONDS),
    ...wholeNumber(of('idleSeconds'), one.idleSeconds, IDLE_SECONDS),
    ...wholeNumber(of('retries'), one.retries, RETRIES),
    ...policyArns(of('policyArns'), one.policyArns),
    ...roleArn(of('taskRoleArn'), one.taskRoleArn),
  ];
}

function sizeProblems(field: string, one: Activity): readonly Problem[] {
  if (one.capacity !== 'EC2') {
    return fargateSize(`size of ${field}`, sizeOf(one));
  }
  return [
    ...wholeNumber(`${field}.cpu`, one.cpu, EC2_CPU),
    ...wholeNumber(`${field}.memoryMiB`, one.memoryMiB, EC2_MEMORY_MIB),
  ];
}
