import type { IResolvable } from 'cdktf';
import type { Activities } from './parts/activity';
import { activityProblems } from './parts/activity-problems';
import {
  deploymentName,
  kmsKeyArns,
  layerArns,
  oneOf,
  type Problem,
  securityGroupIds,
  subnetIds,
  topicArns,
  wholeNumber,
} from './parts/checks';
import type { Bounds } from './parts/formats';
import { DEFAULT_RUNNER_IMAGES, RUNNER_IMAGES, type RunnerImages } from './parts/runner-images';

export interface ActivitiesProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** The activities, by a key that is part of their names. */
  readonly activities: Activities;
  /** Of the cluster module. */
  readonly clusterArn: string;
  /**
   * Of the cluster module: the capacity provider of its instances.
   *
   * @default - none: no activity has the capacity EC2
   */
  readonly ec2CapacityProvider?: string;
  /** Where workers run: 1 to 16 subnets of one VPC. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether workers on Fargate get a public address. On instances they get none, and need a subnet with NAT. */
  readonly assignPublicIp: boolean | IResolvable;
  /** Of the cluster module: where the workers write. */
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /** Of the runner module: for outputs above Step Functions' 256 KiB. */
  readonly payloadBucketName: string;
  readonly payloadBucketArn: string;
  /** Of the runner module: its program in the payload bucket. */
  readonly programKey: string;
  readonly programSha256: string;
  /**
   * Whether workers run on AWS's `public` Lambda base images, or on the runner's own, from the runner module's `repository`.
   *
   * @default public
   */
  readonly runnerImages?: RunnerImages;
  /**
   * Of the runner module: the repository of the runner's own images. An image's tag is the runtime without dots, and the
   * architecture: nodejs22-x86_64, python313-arm64. Name the runner module's runtimes so.
   *
   * @default - none: runnerImages is public
   */
  readonly imageRepositoryUrl?: string;
  /**
   * What stands before the names of AWS's base images, such as nodejs:22: a mirror of them.
   *
   * @default public.ecr.aws/lambda
   */
  readonly baseImagePrefix?: string;
  /**
   * The layers that the functions may have, by ARN with version; `*` may stand in it.
   *
   * @default - all layers of this account and region
   */
  readonly layerArns?: readonly string[];
  /**
   * The customer managed keys that encrypt environment variables or packages of the functions, by ARN; `*` may stand in
   * it. With them Lambda decrypts for the worker, and for nobody else.
   *
   * @default - none
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * ARNs of SNS topics that hear of the alarms.
   *
   * @default - the alarms are there, and nobody is told
   */
  readonly alarmActions?: readonly string[];
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
    ...subnetIds('subnetIds', props.subnetIds),
    ...securityGroupIds('securityGroupIds', props.securityGroupIds),
    ...oneOf('runnerImages', props.runnerImages, RUNNER_IMAGES),
    ...layerArns('layerArns', props.layerArns),
    ...kmsKeyArns('kmsKeyArns', props.kmsKeyArns),
    ...topicArns('alarmActions', props.alarmActions),
    ...wholeNumber('failedTasksThreshold', props.failedTasksThreshold, FAILED_TASKS_THRESHOLD),
    ...wholeNumber('lateStartSeconds', props.lateStartSeconds, LATE_TASK_SECONDS),
  ];
}
