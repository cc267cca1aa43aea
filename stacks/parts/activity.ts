import type { Architecture } from './checks';
import { FARGATE_EPHEMERAL_STORAGE_GIB } from './fargate-sizes';
import type { Bounds, Format } from './formats';
import type { SizedTask } from './runtimes';

export const PACKAGE_TYPES = ['Zip', 'Image'] as const;

/** Where workers run: Fargate, its spare capacity, or the instances of the cluster. */
export const CAPACITIES = ['FARGATE', 'FARGATE_SPOT', 'EC2'] as const;

/** What Lambda's `ImageConfig` says over the image: Terraform's provider does not read it. */
export interface ImageConfig {
  /** @default - the image's own */
  readonly entryPoint?: readonly string[];
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** @default - the image's own */
  readonly workingDirectory?: string;
}

/** A Step Functions activity, and the workers that carry its tasks out. */
export interface Activity extends SizedTask {
  /**
   * Name or ARN of the function that carries a task out.
   *
   * @default - none: `command` does, or the program of `image`
   */
  readonly functionName?: string;
  /**
   * The version or alias of the function.
   *
   * @default - $LATEST
   */
  readonly qualifier?: string;
  /**
   * What Lambda has of the function: an archive, or a container image. That of an image is looked up when Terraform runs.
   *
   * @default Zip
   */
  readonly packageType?: (typeof PACKAGE_TYPES)[number];
  /** @default - what the function's image says */
  readonly imageConfig?: ImageConfig;
  /**
   * Of the function, as Lambda names it. Needed where `image` is not given and the function is a Zip.
   *
   * @default - none
   */
  readonly runtime?: string;
  /** @default x86_64 */
  readonly architecture?: Architecture;
  /**
   * URI of an image that has the runner as its entry point: the runner's own, or one that is built on it.
   *
   * @default - what runnerImages says: AWS's base images, or the runner's repository with the runtime's tag
   */
  readonly image?: string;
  /**
   * The program and its words that carry a task out in place of a function: it gets the input and gives the output.
   *
   * @default - none
   */
  readonly command?: readonly string[];
  /**
   * Words for the runner's command line, as those of cumulus-ecs-task. Those that the module knows need not be given. A
   * function that stands here alone the worker may not fetch: name it in functionName too.
   *
   * @default - none
   */
  readonly commands?: readonly string[];
  /**
   * Disk of a worker in GiB, from 21 to 200.
   *
   * @default - the 20 that Fargate gives without asking
   */
  readonly ephemeralStorageGiB?: number;
  /**
   * How many workers run. With 0 the task definition is there, and whoever runs it has a worker.
   *
   * @default 1
   */
  readonly count?: number;
  /** @default FARGATE */
  readonly capacity?: (typeof CAPACITIES)[number];
  /**
   * Variables of the workers. A function sees them too, unless it has its own of the same name.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * How many tasks a worker carries out at once.
   *
   * @default 1
   */
  readonly concurrency?: number;
  /**
   * After how long a silence the state gives a worker up, in seconds: the state's HeartbeatSeconds.
   *
   * @default 90
   */
  readonly heartbeatSeconds?: number;
  /**
   * How long a task may take, in seconds, without the time in which it waits for a worker.
   *
   * @default 86400
   */
  readonly timeoutSeconds?: number;
  /**
   * A worker that has had no task for so long ends, in seconds. Only with a count of 0: ECS starts another in place of
   * one of a service that has ended.
   *
   * @default - a worker runs until it is stopped
   */
  readonly idleSeconds?: number;
  /**
   * How often the state tries a task again whose worker was stopped or fell silent.
   *
   * @default 3
   */
  readonly retries?: number;
  /**
   * ARNs of policies with what the function itself may do.
   *
   * @default - none
   */
  readonly policyArns?: readonly string[];
  /**
   * ARN of the role that workers have in place of the module's. It trusts ecs-tasks.amazonaws.com, and needs the policy of
   * `worker_policy_arns` besides its own.
   *
   * @default - a role of the module's
   */
  readonly taskRoleArn?: string;
}

/** By a key that is part of the activity's name. */
export type Activities = Readonly<Record<string, Activity>>;

const NAME_CHARACTERS = 52;

/**
 * Behind the deployment's name and a hyphen, of the 80 characters that the name of an activity may have. A letter first,
 * as it begins the names of log streams too.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateActivity.html
 */
export const ACTIVITY_KEY: Format = {
  pattern: new RegExp(`^[a-zA-Z][a-zA-Z0-9_-]{0,${NAME_CHARACTERS - 1}}$`),
  allowed: `up to ${NAME_CHARACTERS} letters, digits, hyphens and underscores, a letter first, such as QueueGranules`,
};

/** As many pollers may wait for one activity: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const POLLERS = 1_000;

export const COUNT: Bounds = { minimum: 0, maximum: POLLERS };
export const CONCURRENCY: Bounds = { minimum: 1, maximum: 1_000 };
/** The shortest in which a worker's beat and one that is tried again both arrive. */
export const HEARTBEAT_SECONDS: Bounds = { minimum: 10, maximum: 86_400 };
/** Fourteen days, as for a run. */
export const TASK_TIMEOUT_SECONDS: Bounds = { minimum: 1, maximum: 1_209_600 };
export const IDLE_SECONDS: Bounds = { minimum: 1, maximum: 86_400 };
/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const RETRIES: Bounds = { minimum: 0, maximum: 99_999_999 };
export const EPHEMERAL_STORAGE_GIB: Bounds = {
  minimum: FARGATE_EPHEMERAL_STORAGE_GIB.smallest,
  maximum: FARGATE_EPHEMERAL_STORAGE_GIB.largest,
};
/** Of a task on EC2: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
export const EC2_CPU: Bounds = { minimum: 128, maximum: 196_608 };
/** From the 6 MiB that Docker asks for up to the largest instance. */
export const EC2_MEMORY_MIB: Bounds = { minimum: 6, maximum: 33_554_432 };

export const ACTIVITY_DEFAULTS = {
  packageType: 'Zip',
  architecture: 'x86_64',
  count: 1,
  capacity: 'FARGATE',
  concurrency: 1,
  heartbeatSeconds: 90,
  timeoutSeconds: 86_400,
  retries: 3,
} as const;
