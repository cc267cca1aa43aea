import type { Bounds, Format } from './formats';
import { WORKER_DEFAULTS } from './worker';

/**
 * What of a message is the event: `sqs`, Lambda's own event of a batch; `body`, the message's body; `objects`, files for a
 * command, which the body names as S3 does. As in handlers/runner/worker/queue/queue-settings.ts.
 */
export const MESSAGE_EVENTS = ['sqs', 'body', 'objects'] as const;

/** Whether the queue is the module's or one that is there. Not told by its ARN: Terraform may come to know that only later. */
export const QUEUES = ['new', 'existing'] as const;

/**
 * Where objects come from:
 * - `none`: the queue is filled by whoever may send to it.
 * - `new`: a bucket of the module's.
 * - `existing`: one that is there.
 */
export const BUCKETS = ['none', 'new', 'existing'] as const;

/**
 * How the dispatcher hears of objects:
 * - `notification`: S3 invokes it. A bucket has one configuration of notifications, and Terraform writes the whole of it.
 * - `eventbridge`: by a rule of EventBridge's. A bucket that exists has to send its events there already.
 */
export const BUCKET_EVENTS = ['notification', 'eventbridge'] as const;

/**
 * What workers are:
 * - `tasks`: each is started for messages that wait, and ends when there are none. Nobody stops one that is busy.
 * - `service`: an ECS service, of which some are always there.
 */
export const WORKER_KINDS = ['tasks', 'service'] as const;

export const CAPACITY_FALLBACKS = ['FARGATE'] as const;

/** What becomes of an object that is an archive before the command sees it. */
export const UNPACKING = ['zip', 'none'] as const;

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const BATCH_SIZE: Bounds = { minimum: 1, maximum: 10_000 };
export const LARGEST_BATCH_WITHOUT_WINDOW = 10;
export const BATCH_WINDOW_SECONDS: Bounds = { minimum: 0, maximum: 300 };

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
export const MAX_RECEIVE_COUNT: Bounds = { minimum: 1, maximum: 100 };

/** What handlers/runner/worker/queue/queue-settings.ts takes of a FIFO queue: twelve hours less what comes around the work. */
export const LONGEST_FIFO_SECONDS = 42_600;

/** As many as the dispatcher knows at a time: handlers/dispatcher/settings.ts. */
const MOST_WORKERS = 1_000;
export const MIN_WORKERS: Bounds = { minimum: 0, maximum: MOST_WORKERS };
export const MAX_WORKERS: Bounds = { minimum: 1, maximum: MOST_WORKERS };
export const MESSAGES_PER_WORKER: Bounds = { minimum: 1, maximum: 100_000 };

/** As many blocks of notifications as their combinations make, a bucket has at most 100. */
export const KEY_PARTS: Bounds = { minimum: 0, maximum: 10 };

export const NONCURRENT_VERSION_DAYS: Bounds = { minimum: 1, maximum: 3_650 };

/** Up to how long SQS keeps a message. */
export const LATE_MESSAGE_SECONDS: Bounds = { minimum: 60, maximum: 14 * 24 * 60 * 60 };

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME: Format = {
  pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  allowed: 'the name of an S3 bucket, such as my-scenes',
};

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const KEY_PART: Format = {
  pattern: /^.+$/,
  characters: { minimum: 1, maximum: 1_024 },
  allowed: 'a part of a key as it is, without wildcards, such as scenes/ or .zip',
};

export const OUTPUT_PREFIX: Format = {
  pattern: /^[^/].*$/,
  characters: { minimum: 1, maximum: 512 },
  allowed: 'the beginning of a key, without a slash before it, such as pictures/',
};

/** Behind the deployment's name, a hyphen before it. A lower-case letter first, as in the names of resources. */
export const QUEUE_WORKER_KEY: Format = {
  pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  allowed: 'lower-case letters, digits and single hyphens, a letter first, such as thumbnails',
};

export const QUEUE_WORKER_DEFAULTS = {
  ...WORKER_DEFAULTS,
  batchSize: 10,
  batchWindowSeconds: 0,
  idleSeconds: 60,
  maxReceiveCount: 5,
  queue: 'new',
  bucket: 'none',
  unpack: 'zip',
  noncurrentVersionDays: 30,
  workers: 'tasks',
  minWorkers: 0,
  maxWorkers: 10,
  messagesPerWorker: 10,
  lateMessageSeconds: 3_600,
  dispatcherArchitecture: 'arm64',
} as const;
