import type { Architecture } from './checks';
import { FARGATE_EPHEMERAL_STORAGE_GIB } from './fargate-sizes';
import type { Bounds } from './formats';
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

/** What a worker carries out, and on what it runs: that of an activity, and that of a queue. */
export interface Worker extends SizedTask {
  /**
   * Name or ARN of the function that does the work.
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
   * The program and its words that do the work in place of a function.
   *
   * @default - none
   */
  readonly command?: readonly string[];
  /**
   * Disk of a worker in GiB, from 21 to 200.
   *
   * @default - the 20 that Fargate gives without asking
   */
  readonly ephemeralStorageGiB?: number;
  /** @default FARGATE */
  readonly capacity?: (typeof CAPACITIES)[number];
  /**
   * Variables of the workers. A function sees them too, unless it has its own of the same name.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * How many tasks or messages a worker carries out at once.
   *
   * @default 1
   */
  readonly concurrency?: number;
  /**
   * ARNs of policies with what the work itself may do.
   *
   * @default - none
   */
  readonly policyArns?: readonly string[];
  /**
   * ARN of the role that workers have in place of the module's. It trusts ecs-tasks.amazonaws.com, and needs the module's
   * policy for workers besides its own.
   *
   * @default - a role of the module's
   */
  readonly taskRoleArn?: string;
}

export const CONCURRENCY: Bounds = { minimum: 1, maximum: 1_000 };
/** Fourteen days, as for a run. */
export const WORK_TIMEOUT_SECONDS: Bounds = { minimum: 1, maximum: 1_209_600 };
export const IDLE_SECONDS: Bounds = { minimum: 1, maximum: 86_400 };
export const EPHEMERAL_STORAGE_GIB: Bounds = {
  minimum: FARGATE_EPHEMERAL_STORAGE_GIB.smallest,
  maximum: FARGATE_EPHEMERAL_STORAGE_GIB.largest,
};
/** Of a task on EC2: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
export const EC2_CPU: Bounds = { minimum: 128, maximum: 196_608 };
/** From the 6 MiB that Docker asks for up to the largest instance. */
export const EC2_MEMORY_MIB: Bounds = { minimum: 6, maximum: 33_554_432 };

export const WORKER_DEFAULTS = {
  packageType: 'Zip',
  architecture: 'x86_64',
  capacity: 'FARGATE',
  concurrency: 1,
} as const;
