import {
  FARGATE_CPU_UNITS,
  FARGATE_EPHEMERAL_STORAGE_GIB,
  LARGEST_FARGATE_MEMORY_MIB,
} from '../../stacks/parts/fargate-sizes';

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
export const SUBNETS: Bounds = { least: 1, most: 16 };
export const SECURITY_GROUPS: Bounds = { least: 0, most: 5 };

/**
 * CPU units, 1,024 to the vCPU. The least is Fargate's smallest, so that a number of vCPUs given by mistake is refused.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const CPU: Bounds = { least: Math.min(...FARGATE_CPU_UNITS), most: Math.max(...FARGATE_CPU_UNITS) };

/** The least is Lambda's smallest, so that a number of GiB given by mistake is refused. */
export const MEMORY_MIB: Bounds = { least: 128, most: LARGEST_FARGATE_MEMORY_MIB };

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html */
export const EPHEMERAL_STORAGE_GIB: Bounds = { least: 1, most: FARGATE_EPHEMERAL_STORAGE_GIB.largest };

/**
 * 14 days. ECS has no limit of its own, but Fargate retires the platform under a task: a standalone task is stopped,
 * and not replaced, after a wait that an account can set to 14 days at most.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
 */
export const TIMEOUT_SECONDS: Bounds = { least: 1, most: 14 * 24 * 60 * 60 };

/** Attempts after the first. The ledger keeps one entry for each, and Lambda itself has at most 2. */
export const RETRIES: Bounds = { least: 0, most: 10 };

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
export const CAPACITY_PROVIDERS: Bounds = { least: 1, most: 20 };
export const CAPACITY_WEIGHT: Bounds = { least: 0, most: 1000 };
export const CAPACITY_BASE: Bounds = { least: 0, most: 100_000 };

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-groups.html */
export const GROUP_CHARACTERS: Bounds = { least: 1, most: 255 };

/**
 * Names and values together, in UTF-8: what Lambda allows a function's own.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const ENVIRONMENT_BYTES: Bounds = { least: 0, most: 4096 };
/**
 * Of the state's HeartbeatSeconds; the runner sends three in that time, so the least makes one a second.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
export const HEARTBEAT_SECONDS: Bounds = { least: 3, most: 99_999_999 };

export const IDEMPOTENCY_KEY_CHARACTERS: Bounds = { least: 1, most: 256 };

/** Tags that the starter adds to each task. */
export const RUN_ID_TAG = 'overtime:run-id';
export const FUNCTION_TAG = 'overtime:function';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html: 50 a resource; ours are two. */
export const TAGS: Bounds = { least: 0, most: 50 - [RUN_ID_TAG, FUNCTION_TAG].length };
export const TAG_KEY_CHARACTERS: Bounds = { least: 1, most: 128 };
export const TAG_VALUE_CHARACTERS: Bounds = { least: 0, most: 256 };

/**
 * What RunTask's `overrides` may take as JSON, in characters. AWS does not say how it counts those outside ASCII, so
 * UTF-8 bytes are counted here: never fewer than the characters by any other count.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#ECS-RunTask-request-overrides
 */
export const OVERRIDES_CHARACTERS = 8192;
