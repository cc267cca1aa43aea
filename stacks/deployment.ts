import type { ActivitiesProps } from './activities-props';
import type { ClusterProps } from './cluster';
import type { DatabaseTriggerProps } from './database-trigger';
import type { QueueWorkerSettings } from './queue-worker-props';
import type { RunnerProps } from './runner-props';
import type { ScheduleProps, SchedulerServiceSettings } from './scheduler-props';
import type { StarterProps } from './starter';

/** Terraform's state in files, one for each stack. */
interface LocalBackendSettings {
  readonly kind: 'local';
  /**
   * The folder of the state files.
   *
   * @default - the folder in which the command runs
   */
  readonly directory?: string;
}

/**
 * Terraform's state in a bucket that exists, one object for each stack, locked by an object beside it. Needs Terraform
 * 1.10. Source: https://developer.hashicorp.com/terraform/language/backend/s3
 */
export interface S3BackendSettings {
  readonly kind: 's3';
  readonly bucket: string;
  readonly region: string;
  /**
   * Begins the keys of the objects, without a slash at its end.
   *
   * @default - the deployment's name
   */
  readonly keyPrefix?: string;
  /**
   * ARN of the key that encrypts the state.
   *
   * @default - the key that S3 itself holds
   */
  readonly kmsKeyId?: string;
  /**
   * The profile whose credentials reach the bucket.
   *
   * @default - the credentials that reach AWS for all else
   */
  readonly profile?: string;
}

export type Backend = LocalBackendSettings | S3BackendSettings;

export interface ChosenNetwork {
  readonly vpcId: string;
  /** 1 to 16 subnets of that VPC. */
  readonly subnetIds: readonly string[];
  /** Whether tasks get a public address: they need one in a public subnet, and none in a private one with NAT. */
  readonly assignPublicIp: boolean;
}

/** The account's default VPC with its default subnets, which are public, and tasks with a public address; or another. */
export type Network = 'default-vpc' | ChosenNetwork;

/** The modules to deploy, with their props; what one module knows of another is passed on by itself. */
export interface Modules {
  readonly cluster?: Omit<ClusterProps, 'name' | 'vpcId' | 'subnetIds'>;
  readonly runner?: Omit<RunnerProps, 'name' | 'logGroupName' | 'logGroupArn'>;
  /** It may look up the functions that the runner may fetch, and let requests name the runner's destinations. */
  readonly starter?: Pick<
    StarterProps,
    | 'taskRoleArns'
    | 'containerTaskDefinitions'
    | 'containerRoleArns'
    | 'clusterArns'
    | 'runTimeoutSeconds'
    | 'runRetentionDays'
    | 'architecture'
    | 'logRetentionDays'
    | 'launchBurst'
    | 'launchesPerSecond'
    | 'overflowCauses'
    | 'alarmActions'
    | 'requestQueueArns'
    | 'invokers'
    | 'eventRequests'
    | 'functionUrl'
  >;
  /** A service that costs as long as it is there; with the engine `eventbridge` nothing runs. */
  readonly scheduler?: SchedulerModule;
  /** Its workers have the runner's images, layers and keys. */
  readonly activities?: Pick<
    ActivitiesProps,
    'activities' | 'alarmActions' | 'failedTasksThreshold' | 'lateStartSeconds'
  >;
  /** By a key that stands behind the deployment's name in the names of its resources. Each has a stack of its own. */
  readonly 'queue-worker'?: Readonly<Record<string, QueueWorkerSettings>>;
  /** What starts runs for rows of one database. */
  readonly 'database-trigger'?: Omit<
    DatabaseTriggerProps,
    'name' | 'starterFunctionArn' | 'payloadBucketName' | 'payloadBucketArn'
  >;
}

type SchedulerModule =
  | ({ readonly engine?: 'service' } & Pick<ScheduleProps, 'schedules' | 'alarmActions'> &
      Pick<
        SchedulerServiceSettings,
        | 'otherTableArns'
        | 'schedulerCount'
        | 'cpu'
        | 'memoryMiB'
        | 'capacity'
        | 'image'
        | 'imageRepositoryArns'
        | 'baseImagePrefix'
        | 'architecture'
        | 'tableDeletionProtection'
        | 'logRetentionDays'
        | 'latenessMilliseconds'
      >)
  | ({ readonly engine: 'eventbridge' } & Pick<ScheduleProps, 'schedules' | 'alarmActions'>);

export interface Deployment {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  readonly region: string;
  readonly backend: Backend;
  readonly network: Network;
  readonly modules: Modules;
  /**
   * Tags of all resources that take some.
   *
   * @default - none but those that the modules set
   */
  readonly tags?: Readonly<Record<string, string>>;
}

export type DeploymentSettings = Omit<Deployment, 'name'> & {
  /** @default overtime */
  readonly name?: string;
};
