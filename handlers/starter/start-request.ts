import type { Capacity } from './capacity';

/** What a run of a function and one of a container have alike. All of it has defaults. */
interface CommonRequest {
  readonly action: 'start';
  /** Ids, 1 to 16. @default - the deployment's */
  readonly subnets?: readonly string[];
  /** Ids, 0 to 5; none means the VPC's default group. @default - the deployment's */
  readonly securityGroups?: readonly string[];
  /** Name or ARN. @default - the deployment's */
  readonly cluster?: string;
  /** The task's disk; Fargate includes 20. @default - of a function its own, with room for its package */
  readonly ephemeralStorageGiB?: number;
  /** Where the task goes when `capacity` has no room, e.g. from Spot to on-demand. @default - nowhere: it waits for room */
  readonly capacityFallback?: 'FARGATE';
  /** Attempts after one that failed, timed out, was interrupted or lost: 0 to 10. @default 0 */
  readonly retries?: number;
  /**
   * Variables over those of the same name that are there already: names as Lambda takes them, 4 KB in all. Not for
   * secrets: whoever may call DescribeTasks sees them, which the function's own are kept from. @default {}
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of Fargate, such as 1.4.0. @default LATEST */
  readonly platformVersion?: string;
  /** The task's group, 1 to 255 characters. @default - the task definition's family, by ECS */
  readonly group?: string;
  /** Whether the task gets its task definition's tags as well. @default 'NONE' */
  readonly propagateTags?: 'TASK_DEFINITION' | 'NONE';
  /** Lets ECS Exec into the task; the task role has to allow ssmmessages. @default false */
  readonly enableExecuteCommand?: boolean;
  /**
   * Whether the starter follows the run, until it has ended or the starter's own time is nearly over, and then answers
   * with its status. @default false
   */
  readonly wait?: boolean;
  /** @default - the deployment's */
  readonly assignPublicIp?: 'ENABLED' | 'DISABLED';
  /** The same key with the same request gives the same run. @default - the request id of the starter's invocation */
  readonly idempotencyKey?: string;
  /** Of the task. @default {} */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Of a state that waits for the run (`waitForTaskToken`). It is kept in the ledger, and shown nowhere. A request that is
   * repeated with a new token hands the run over to that one.
   *
   * @default - no state hears of the run
   */
  readonly taskToken?: string;
  /** Of a durable function that waits for the run; otherwise as `taskToken`. @default - no callback is made */
  readonly callbackId?: string;
  /**
   * ARN of a queue, topic, event bus, function or bucket that gets the record of a run that succeeded, as Lambda sends
   * one of an asynchronous invocation. Of those that the deployment allows.
   *
   * @default - no record is sent
   */
  readonly onSuccess?: string;
  /** The same for a run that did not succeed, after its last attempt. @default - no record is sent */
  readonly onFailure?: string;
}

/**
 * Starts a function as a task. All but `arn` have defaults. Seven of the fields are those of task-starter. There is no
 * `count`: a run is one invocation with one outcome, so that n of them are n requests.
 */
export interface FunctionRequest extends CommonRequest {
  /** The function: ARN, partial ARN or name, with or without a qualifier, in any partition. */
  readonly arn: string;
  /** The event, any JSON value. @default {} */
  readonly input: unknown;
  /** Family, family:revision or ARN. @default - the one for the function's runtime and architecture */
  readonly taskDefinition?: string;
  /** ARN of the role that the function's code gets. @default - the task definition's */
  readonly roleArn?: string;
  /** CPU units, 1,024 to the vCPU; raised to the next size of Fargate. @default - the share that Lambda gives the function */
  readonly cpu?: number;
  /** The task's memory; raised to the next size of Fargate. @default - the function's, with room for the runner */
  readonly memoryMiB?: number;
  /** The longest that the handler may take, up to 14 days. @default - the deployment's */
  readonly timeoutSeconds?: number;
  /**
   * `EC2` is the cluster's container instances; a list is a strategy as ECS has it, over Fargate's providers or over the
   * cluster's own. @default 'FARGATE'
   */
  readonly capacity: Capacity;
  /**
   * HeartbeatSeconds of the state, or the heartbeat time-out of the callback: the runner sends three heartbeats in that
   * time. It must be longer than a task takes to start, which is when there are none.
   *
   * @default - a heartbeat every 30 seconds
   */
  readonly heartbeatSeconds?: number;
}

/**
 * Starts the container of a task definition as it is: one that the deployment allows, with no function and no runner.
 * The run's outcome is the container's exit code.
 */
export interface ContainerRequest extends CommonRequest {
  /** Family, family:revision or ARN. Of a family ECS takes the newest revision. */
  readonly taskDefinition: string;
  /** Whose exit code is the outcome, and who gets command, environment and input. @default - the first essential one */
  readonly containerName?: string;
  /** In place of the container's own. @default - the task definition's, else the image's */
  readonly command?: readonly string[];
  /**
   * Any JSON value. The container has it in OVERTIME_INPUT, or in OVERTIME_INPUT_S3_URI the place where it lies.
   *
   * @default - it has neither
   */
  readonly input?: unknown;
  /** ARN of the role that the container's code gets. @default - the task definition's */
  readonly roleArn?: string;
  /** CPU units, 1,024 to the vCPU; on Fargate raised to the next size. @default - the task definition's */
  readonly cpu?: number;
  /** The task's memory; on Fargate raised to the next size. @default - the task definition's */
  readonly memoryMiB?: number;
  /** The longest that the container may run, up to 14 days: the sweep, once a minute, then stops it. @default - the deployment's */
  readonly timeoutSeconds?: number;
  /** As a function's. @default - FARGATE where the task definition is for it, else EC2 */
  readonly capacity?: Capacity;
}

export type StartRequest = FunctionRequest | ContainerRequest;
