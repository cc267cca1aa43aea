import type { IResolvable } from 'cdktf';
import {
  ARCHITECTURES,
  type Architecture,
  deploymentName,
  fargateSize,
  LOG_RETENTION_DAYS,
  oneOf,
  type Problem,
  repositoryArns,
  securityGroupIds,
  subnetIds,
  tableArns,
  topicArns,
  wholeNumber,
} from './parts/checks';
import { eventBridgeProblems } from './parts/eventbridge-problems';
import type { FargateSize } from './parts/fargate-sizes';
import type { Bounds } from './parts/formats';
import { SCHEDULER_CAPACITY, type SchedulerCapacity } from './parts/scheduler-service';
import { type Schedules, scheduleProblems } from './parts/schedules';

/**
 * Who fires the slots:
 * - `service`: a service of Overtime's own, in ECS. Exact to the second, with policies for overlapping and missed runs,
 *   seconds in cron expressions, jitter, pausing, and a history.
 * - `eventbridge`: EventBridge Scheduler, where nothing of ours runs and nothing is paid for while nothing fires. It fires
 *   within the minute, and knows no policies: what it cannot do is refused by name.
 */
export const SCHEDULER_ENGINES = ['service', 'eventbridge'] as const;

type SchedulerEngine = (typeof SCHEDULER_ENGINES)[number];

export const DEFAULT_SCHEDULER_COUNT = 2;
export const SCHEDULER_COUNT: Bounds = { minimum: 1, maximum: 10 };
/** The smallest of Fargate's: 100,000 schedules take less than half of it. */
export const DEFAULT_SCHEDULER_SIZE: FargateSize = { cpu: 256, memoryMiB: 512 };

export const DEFAULT_LATENESS_MILLISECONDS = 60_000;
export const LATENESS_MILLISECONDS: Bounds = { minimum: 1, maximum: 24 * 60 * 60 * 1000 };

/** What either engine takes. */
export interface ScheduleProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** Of the starter module. */
  readonly starterFunctionArn: string;
  /**
   * Schedules by their ids.
   *
   * @default - none: with the service they are registered from elsewhere
   */
  readonly schedules?: Schedules;
  /**
   * ARNs of SNS topics that hear of the alarms.
   *
   * @default - the alarms are there, and nobody is told
   */
  readonly alarmActions?: readonly string[];
}

/** What the service takes besides. */
export interface SchedulerServiceSettings {
  /** Of the starter module. */
  readonly starterFunctionName: string;
  /** Of the cluster module, as the next two. */
  readonly clusterArn: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /** Where the service's tasks run: 1 to 16 subnets of one VPC, with a way to S3, DynamoDB, Lambda and CloudWatch Logs. */
  readonly subnetIds: readonly string[];
  /** The tasks' security groups, at most 5. */
  readonly securityGroupIds: readonly string[];
  /** Whether tasks get a public address: they need one in a public subnet, and none in a private one with NAT. */
  readonly assignPublicIp: boolean | IResolvable;
  /** Of the runner module, as the next two. */
  readonly ledgerTableName: string;
  readonly ledgerTableArn: string;
  readonly payloadBucketName: string;
  /**
   * Tables besides the module's own in which CloudFormation resources may put schedules (their property
   * SchedulerDynamoDBTable), by ARN. The service fires those of its own table.
   *
   * @default - none
   */
  readonly otherTableArns?: readonly string[];
  /**
   * How many copies of the scheduler run. Each slot is fired once, whatever their number.
   *
   * @default 2
   */
  readonly schedulerCount?: number;
  /**
   * CPU units of each, 1,024 to the vCPU.
   *
   * @default 256
   */
  readonly cpu?: number;
  /**
   * Memory of each, in MiB.
   *
   * @default 512
   */
  readonly memoryMiB?: number;
  /**
   * Where they run.
   *
   * @default FARGATE
   */
  readonly capacity?: SchedulerCapacity;
  /**
   * URI of an image that has the scheduler: `npm run images` builds one.
   *
   * @default - AWS's public base image, in which the scheduler is fetched from the payload bucket
   */
  readonly image?: string;
  /**
   * ECR repositories from which ECS may pull that image, or a mirror of AWS's base images, by ARN.
   *
   * @default - none
   */
  readonly imageRepositoryArns?: readonly string[];
  /**
   * What stands before the names of AWS's base images: a mirror of them.
   *
   * @default public.ecr.aws/lambda
   */
  readonly baseImagePrefix?: string;
  /**
   * Of scheduler and registrar.
   *
   * @default arm64
   */
  readonly architecture?: Architecture;
  /**
   * Whether DynamoDB refuses to delete the tables of schedules.
   *
   * @default false
   */
  readonly tableDeletionProtection?: boolean | IResolvable;
  /**
   * How long the registrar's log lines are kept, in days: one of the values that CloudWatch Logs takes.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * How late a slot may be fired before the alarm is raised, in milliseconds.
   *
   * @default 60000
   */
  readonly latenessMilliseconds?: number;
}

export type SchedulerProps =
  | (ScheduleProps & SchedulerServiceSettings & { readonly engine?: 'service' })
  | (ScheduleProps & { readonly engine: 'eventbridge' });

/** Every prop of either engine, as deployment.ts and tests may give them. */
export type AnySchedulerProps = Partial<ScheduleProps & SchedulerServiceSettings> & {
  readonly engine?: SchedulerEngine;
};

export function schedulerProblems(props: AnySchedulerProps): readonly Problem[] {
  const { cpu, memoryMiB } = props;
  return [
    ...deploymentName('name', props.name),
    ...oneOf('engine', props.engine, SCHEDULER_ENGINES),
    ...scheduleProblems('schedules', props.schedules),
    ...(props.engine === 'eventbridge' ? eventBridgeProblems('schedules', props.schedules) : []),
    ...topicArns('alarmActions', props.alarmActions),
    ...subnetIds('subnetIds', props.subnetIds),
    ...securityGroupIds('securityGroupIds', props.securityGroupIds),
    ...tableArns('otherTableArns', props.otherTableArns),
    ...wholeNumber('schedulerCount', props.schedulerCount, SCHEDULER_COUNT),
    ...fargateSize('cpu and memoryMiB', {
      cpu: cpu ?? DEFAULT_SCHEDULER_SIZE.cpu,
      memoryMiB: memoryMiB ?? DEFAULT_SCHEDULER_SIZE.memoryMiB,
    }),
    ...oneOf('capacity', props.capacity, SCHEDULER_CAPACITY),
    ...repositoryArns('imageRepositoryArns', props.imageRepositoryArns),
    ...oneOf('architecture', props.architecture, ARCHITECTURES),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
    ...wholeNumber('latenessMilliseconds', props.latenessMilliseconds, LATENESS_MILLISECONDS),
  ];
}
