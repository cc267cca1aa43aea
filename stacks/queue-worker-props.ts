import type { IResolvable } from 'cdktf';
import type { Architecture } from './parts/checks';
import type {
  BUCKET_EVENTS,
  BUCKETS,
  CAPACITY_FALLBACKS,
  MESSAGE_EVENTS,
  QUEUES,
  UNPACKING,
  WORKER_KINDS,
} from './parts/queue-worker';
import type { Worker } from './parts/worker';
import type { WorkerPlace } from './parts/worker-place';

/** What a worker does with messages. */
interface JobProps extends Worker {
  /**
   * What of a message is the event: `sqs`, Lambda's own event of a batch; `body`, the message's body; `objects`, files for
   * a command, which the body names as S3 does.
   *
   * @default - objects for a command, sqs for a function
   */
  readonly messageEvent?: (typeof MESSAGE_EVENTS)[number];
  /**
   * How many messages one invocation of the function may have, where the event is `sqs`. More than 10 need a window.
   *
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * How long a batch that is not full waits for more, in seconds.
   *
   * @default 0
   */
  readonly batchWindowSeconds?: number;
  /**
   * Whether the function's answer says which messages of its batch failed, as Lambda's ReportBatchItemFailures has it.
   *
   * @default true
   */
  readonly reportBatchItemFailures?: boolean | IResolvable;
  /**
   * How long the work on one batch or message may take, in seconds. That of a FIFO queue at most 42,600.
   *
   * @default - a day; 42,600 for a FIFO queue
   */
  readonly timeoutSeconds?: number;
  /**
   * A worker that has had no message for so long ends, in seconds. Those of a service do not.
   *
   * @default 60
   */
  readonly idleSeconds?: number;
  /**
   * How often a message is worked on before it is set aside in the dead-letter queue.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * What becomes of an object that is an archive: `zip` unpacks *.zip into the input folder.
   *
   * @default zip
   */
  readonly unpack?: (typeof UNPACKING)[number];
  /**
   * The bucket of what a command leaves in its output folder.
   *
   * @default - the object's own
   */
  readonly outputBucketName?: string;
  /**
   * Stands before the keys of outputs, which have the object's own folder.
   *
   * @default - none: outputs lie beside the object
   */
  readonly outputPrefix?: string;
  /**
   * Whether a command that leaves no output has failed.
   *
   * @default false
   */
  readonly outputRequired?: boolean | IResolvable;
  /**
   * Whether the image's file system is read-only, but for a volume at /work. The image declares `VOLUME /work`, which
   * belongs to its user.
   *
   * @default false
   */
  readonly readOnlyRoot?: boolean | IResolvable;
}

/** The queue, and what fills it. */
interface QueueProps {
  /**
   * Whose messages are worked on: those of a `new` queue, or of one that is `existing`.
   *
   * @default new
   */
  readonly queue?: (typeof QUEUES)[number];
  /**
   * ARN of the queue that exists, of this account and region. Its redrive policy may name the module's dead-letter queue.
   *
   * @default - none: the queue is new
   */
  readonly queueArn?: string;
  /**
   * Whether the queue is first in, first out: messages of a group are worked on one after the other.
   *
   * @default false
   */
  readonly fifo?: boolean | IResolvable;
  /**
   * ARN of the KMS key that encrypts the queues. Its policy leaves its use to IAM.
   *
   * @default - keys that SQS itself holds
   */
  readonly queueKmsKeyArn?: string;
  /**
   * Whose objects become messages: of no bucket, of a `new` one, or of one that is `existing`.
   *
   * @default none
   */
  readonly bucket?: (typeof BUCKETS)[number];
  /**
   * Name of the bucket. Needed for one that exists.
   *
   * @default - begins with `name`
   */
  readonly bucketName?: string;
  /**
   * How the dispatcher hears of objects. With `notification` the bucket loses every other notification that it has. With
   * `eventbridge` one that exists has to send its events there: its own `aws_s3_bucket_notification` with `eventbridge`.
   *
   * @default - notification for a new bucket, eventbridge for one that exists
   */
  readonly bucketEvents?: (typeof BUCKET_EVENTS)[number];
  /**
   * ARN of the KMS key that encrypts the bucket. Its policy leaves its use to IAM.
   *
   * @default - a key that S3 itself holds
   */
  readonly bucketKmsKeyArn?: string;
  /**
   * How long a new bucket keeps versions of objects that were replaced or deleted, in days.
   *
   * @default 30
   */
  readonly noncurrentVersionDays?: number;
  /**
   * Whether Terraform may destroy the new bucket with objects in it.
   *
   * @default false
   */
  readonly bucketForceDestroy?: boolean | IResolvable;
  /**
   * Objects whose keys begin with one of these become messages.
   *
   * @default - all
   */
  readonly prefixes?: readonly string[];
  /**
   * Of those the ones whose keys end with one of these.
   *
   * @default - all
   */
  readonly suffixes?: readonly string[];
  /**
   * Whether prefixes and suffixes may be in capitals or not.
   *
   * @default false
   */
  readonly ignoreCase?: boolean | IResolvable;
}

/** How many workers there are. */
interface ScalingProps {
  /**
   * Whether workers are `tasks`, which start for messages and end without them, or a `service`, of which some stay.
   *
   * @default tasks
   */
  readonly workers?: (typeof WORKER_KINDS)[number];
  /**
   * Where tasks go that `capacity` has no room for.
   *
   * @default - nowhere: they wait for room
   */
  readonly capacityFallback?: (typeof CAPACITY_FALLBACKS)[number];
  /**
   * How many workers a service always has. Of tasks there are none while there is nothing to do.
   *
   * @default 0
   */
  readonly minWorkers?: number;
  /**
   * How many workers there are at most.
   *
   * @default 10
   */
  readonly maxWorkers?: number;
  /**
   * For how many messages that wait there is a worker.
   *
   * @default 10
   */
  readonly messagesPerWorker?: number;
}

export interface QueueWorkerProps extends JobProps, QueueProps, ScalingProps, WorkerPlace {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /**
   * How old the oldest message may become while messages wait before the alarm is raised, in seconds.
   *
   * @default 3600
   */
  readonly lateMessageSeconds?: number;
  /**
   * Of the dispatcher's Lambda function.
   *
   * @default arm64
   */
  readonly dispatcherArchitecture?: Architecture;
  /**
   * How long the dispatcher's log lines are kept, in days: one of the values that CloudWatch Logs takes.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
}

/** What of a queue worker is not known to the modules that it stands on. */
export type QueueWorkerSettings = JobProps &
  QueueProps &
  ScalingProps &
  Pick<QueueWorkerProps, 'alarmActions' | 'lateMessageSeconds' | 'dispatcherArchitecture' | 'logRetentionDays'>;
