import type { Bounds, Format } from './formats';
import { WORKER_DEFAULTS, type Worker } from './worker';

/** A Step Functions activity, and the workers that carry its tasks out. A command gets the input and gives the output. */
export interface Activity extends Worker {
  /**
   * Words for the runner's command line, as those of cumulus-ecs-task. Those that the module knows need not be given. A
   * function that stands here alone the worker may not fetch: name it in functionName too.
   *
   * @default - none
   */
  readonly commands?: readonly string[];
  /**
   * How many workers run. With 0 the task definition is there, and whoever runs it has a worker.
   *
   * @default 1
   */
  readonly count?: number;
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
/** The shortest in which a worker's beat and one that is tried again both arrive. */
export const HEARTBEAT_SECONDS: Bounds = { minimum: 10, maximum: 86_400 };
/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const RETRIES: Bounds = { minimum: 0, maximum: 99_999_999 };

export const ACTIVITY_DEFAULTS = {
  ...WORKER_DEFAULTS,
  count: 1,
  heartbeatSeconds: 90,
  timeoutSeconds: 86_400,
  retries: 3,
} as const;
