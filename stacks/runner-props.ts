import type { IResolvable } from 'cdktf';
import {
  ARCHITECTURES,
  type Architecture,
  deploymentName,
  destinationArns,
  functionArns,
  kmsKeyArns,
  LOG_RETENTION_DAYS,
  layerArns,
  oneOf,
  type Problem,
  RETENTION_DAYS,
  repositoryArns,
  topicArns,
  wholeNumber,
} from './parts/checks';
import { type ContainerFunctions, containerFunctionProblems } from './parts/container-functions';
import type { Bounds } from './parts/formats';
import { RUNNER_IMAGES, type RunnerImages } from './parts/runner-images';
import { type RunnerRuntimes, runtimeProblems } from './parts/runtimes';

export const DEFAULT_PAYLOAD_RETENTION_DAYS = 30;

export interface RunnerProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** Of the cluster module: where the tasks write. */
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /**
   * The functions that may be run, by ARN without qualifier; `*` may stand in it.
   *
   * @default - all functions of this account and region
   */
  readonly functionArns?: readonly string[];
  /**
   * The layers that those functions may have, by ARN with version; `*` may stand in it. A layer of AWS's, a vendor's or
   * another account of yours belongs here, beside your own:
   * `['arn:aws:lambda:eu-west-1:123456789012:layer:*:*', 'arn:aws:lambda:eu-west-1:017000801446:layer:*:*']`
   *
   * @default - all layers of this account and region
   */
  readonly layerArns?: readonly string[];
  /**
   * The customer managed keys that encrypt environment variables or packages of those functions, by ARN; `*` may stand in
   * it. With them Lambda decrypts for the task, and for nobody else; the key's own policy must leave that to IAM.
   *
   * @default - none: a function that is encrypted with a key of the customer's ends with an error that names the key
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * Queues, topics, event buses, functions and buckets to which runs may send their outcomes, by ARN; `*` may stand in
   * it. Give the starter the same. A destination that is encrypted with a key of yours needs that key's permission, too.
   *
   * @default - none
   */
  readonly destinationArns?: readonly string[];
  /**
   * The runtimes for which there is a task definition each, by a key such as nodejs22-arm64.
   *
   * @default - Node.js 22 on arm64 and on x86_64
   */
  readonly runtimes?: RunnerRuntimes;
  /**
   * The functions that are container images, by a key of your choice: there is a task definition for each, made of what
   * Lambda says of the function when Terraform runs. Its environment stands in the task definition and in Terraform's
   * state. A function that has another image since is not run, until Terraform has run again.
   *
   * @default - none
   */
  readonly containerFunctions?: ContainerFunctions;
  /**
   * Whether tasks run on AWS's `public` Lambda base images, or on images of your own in an ECR `repository` of the module.
   *
   * @default public
   */
  readonly runnerImages?: RunnerImages;
  /**
   * What stands before the names of AWS's base images, such as nodejs:22: a mirror of them, for example a pull through
   * cache of your ECR. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   *
   * @default public.ecr.aws/lambda
   */
  readonly baseImagePrefix?: string;
  /**
   * Whether Terraform may destroy the module's repository with images in it. They can be built anew at any time.
   *
   * @default true
   */
  readonly imageRepositoryForceDelete?: boolean | IResolvable;
  /**
   * ARNs of other ECR repositories that tasks pull from: of runners' images, or of a mirror of AWS's base images. Those
   * of container-image functions need not be named.
   *
   * @default - none
   */
  readonly imageRepositoryArns?: readonly string[];
  /**
   * How long inputs and outputs stay in the payload bucket, in days.
   *
   * @default 30
   */
  readonly payloadRetentionDays?: number;
  /**
   * Whether Terraform may destroy the payload bucket with objects in it: outputs of runs, which exist nowhere else.
   *
   * @default false
   */
  readonly payloadBucketForceDestroy?: boolean | IResolvable;
  /**
   * Whether DynamoDB refuses to delete the ledger. Without it a table that is deleted can still be restored, for 35
   * days, from the backup that DynamoDB makes of a table with point-in-time recovery.
   * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
   *
   * @default false
   */
  readonly ledgerDeletionProtection?: boolean | IResolvable;
  /**
   * Of the watcher's Lambda function, whatever those of the runs are.
   *
   * @default arm64
   */
  readonly architecture?: Architecture;
  /**
   * How long the watcher's log lines are kept, in days: one of the values that CloudWatch Logs takes.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * ARNs of SNS topics that hear of the alarms.
   *
   * @default - the alarms are there, and nobody is told
   */
  readonly alarmActions?: readonly string[];
  /**
   * How many runs that end badly in five minutes raise the alarm.
   *
   * @default 1
   */
  readonly failedRunsThreshold?: number;
  /**
   * How long a run may wait for its task before the alarm is raised, in seconds.
   *
   * @default 600
   */
  readonly lateStartSeconds?: number;
}

export const FAILED_RUNS_THRESHOLD: Bounds = { minimum: 1, maximum: 1_000_000 };
export const DEFAULT_FAILED_RUNS_THRESHOLD = 1;
export const LATE_START_SECONDS: Bounds = { minimum: 1, maximum: 24 * 60 * 60 };
export const DEFAULT_LATE_START_SECONDS = 600;

export function runnerProblems(props: Partial<RunnerProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...functionArns('functionArns', props.functionArns),
    ...layerArns('layerArns', props.layerArns),
    ...kmsKeyArns('kmsKeyArns', props.kmsKeyArns),
    ...destinationArns('destinationArns', props.destinationArns),
    ...runtimeProblems(props.runtimes),
    ...containerFunctionProblems(props.containerFunctions),
    ...oneOf('runnerImages', props.runnerImages, RUNNER_IMAGES),
    ...repositoryArns('imageRepositoryArns', props.imageRepositoryArns),
    ...wholeNumber('payloadRetentionDays', props.payloadRetentionDays, RETENTION_DAYS),
    ...oneOf('architecture', props.architecture, ARCHITECTURES),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
    ...topicArns('alarmActions', props.alarmActions),
    ...wholeNumber('failedRunsThreshold', props.failedRunsThreshold, FAILED_RUNS_THRESHOLD),
    ...wholeNumber('lateStartSeconds', props.lateStartSeconds, LATE_START_SECONDS),
  ];
}
