import { Token } from 'cdktf';
import type { QueueWorkerProps } from '../queue-worker-props';
import {
  ARCHITECTURES,
  deploymentName,
  LOG_RETENTION_DAYS,
  listOf,
  ofFormat,
  oneOf,
  type Problem,
  wholeNumber,
} from './checks';
import { KMS_KEY_ARN, QUEUE_ARN } from './formats';
import {
  BATCH_SIZE,
  BATCH_WINDOW_SECONDS,
  BUCKET_EVENTS,
  BUCKET_NAME,
  BUCKETS,
  CAPACITY_FALLBACKS,
  QUEUE_WORKER_DEFAULTS as DEFAULTS,
  KEY_PART,
  KEY_PARTS,
  LARGEST_BATCH_WITHOUT_WINDOW,
  LATE_MESSAGE_SECONDS,
  LONGEST_FIFO_SECONDS,
  MAX_RECEIVE_COUNT,
  MAX_WORKERS,
  MESSAGE_EVENTS,
  MESSAGES_PER_WORKER,
  MIN_WORKERS,
  NONCURRENT_VERSION_DAYS,
  OUTPUT_PREFIX,
  QUEUES,
  UNPACKING,
  WORKER_KINDS,
} from './queue-worker';
import { IDLE_SECONDS, WORK_TIMEOUT_SECONDS } from './worker';
import { workerPlaceProblems } from './worker-place';
import { ON_INSTANCES, type Together, WORKER_TOGETHER, workerValueProblems } from './worker-problems';

const isDistinct = (parts: readonly string[], begins: (part: string, other: string) => boolean) =>
  parts.every((part, index) => parts.every((other, place) => index === place || !begins(part, other)));

/** No item of the list begins, or ends, with another: S3 refuses notifications that overlap. */
const distinct = (list: string, begins: 'startswith' | 'endswith') =>
  `alltrue(flatten([for index, part in ${list} : [for place, other in ${list} : index == place || !${begins}(part, other)]]))`;

/** What a message is to the work where nobody says. */
const eventOf = ({ messageEvent, command }: QueueWorkerProps) =>
  messageEvent ?? (command === undefined ? 'sqs' : 'objects');

const IS_SQS = '(item.message_event != null ? coalesce(item.message_event, "-") == "sqs" : item.command == null)';
const IS_OBJECTS =
  '(item.message_event != null ? coalesce(item.message_event, "-") == "objects" : item.command != null)';

/**
 * What would have no effect beside other props, and was meant to have one. A value that is the default is none, as
 * Terraform does not tell it from one that is left out; neither is one that says what is so in any case. A function writes
 * outputs by itself: to it the bucket and the prefix of outputs are where it may.
 */
const WITHOUT_EFFECT: readonly Together<QueueWorkerProps>[] = [
  {
    field: 'batchSize',
    isKept: (props) =>
      eventOf(props) === 'sqs' || [DEFAULTS.batchSize, 1].includes(props.batchSize ?? DEFAULTS.batchSize),
    holds: `${IS_SQS} || contains([${DEFAULTS.batchSize}, 1], item.batch_size)`,
    allowed: 'a batch of messages only where the event is sqs: of others each is worked on alone',
  },
  {
    field: 'batchWindowSeconds',
    isKept: (props) => eventOf(props) === 'sqs' || (props.batchWindowSeconds ?? 0) === 0,
    holds: `${IS_SQS} || item.batch_window_seconds == 0`,
    allowed: 'a window only where the event is sqs: others have no batches',
  },
  {
    field: 'outputRequired',
    isKept: (props) => props.outputRequired !== true || eventOf(props) === 'objects',
    holds: `!item.output_required || ${IS_OBJECTS}`,
    allowed: 'it only for a command that gets objects: of other work no outputs are looked for',
  },
  {
    field: 'idleSeconds',
    isKept: ({ workers = DEFAULTS.workers, idleSeconds = DEFAULTS.idleSeconds }) =>
      workers !== 'service' || idleSeconds === DEFAULTS.idleSeconds,
    holds: `item.workers != "service" || item.idle_seconds == ${DEFAULTS.idleSeconds}`,
    allowed:
      'an end after idle time only for tasks: ECS starts another worker in place of one of a service that has ended',
  },
  {
    field: 'bucketEvents',
    isKept: ({ bucket = DEFAULTS.bucket, bucketEvents }) => bucket !== 'none' || bucketEvents === undefined,
    holds: 'item.bucket != "none" || item.bucket_events == null',
    allowed: 'how the dispatcher hears of objects only with a bucket, new or existing',
  },
  {
    field: 'prefixes',
    isKept: ({ bucket = DEFAULTS.bucket, prefixes = [] }) => bucket !== 'none' || prefixes.length === 0,
    holds: 'item.bucket != "none" || length(item.prefixes) == 0',
    allowed: 'prefixes only with a bucket, new or existing: nobody tells of objects of none',
  },
  {
    field: 'suffixes',
    isKept: ({ bucket = DEFAULTS.bucket, suffixes = [] }) => bucket !== 'none' || suffixes.length === 0,
    holds: 'item.bucket != "none" || length(item.suffixes) == 0',
    allowed: 'suffixes only with a bucket, new or existing: nobody tells of objects of none',
  },
  {
    field: 'noncurrentVersionDays',
    isKept: ({ bucket = DEFAULTS.bucket, noncurrentVersionDays = DEFAULTS.noncurrentVersionDays }) =>
      bucket === 'new' || noncurrentVersionDays === DEFAULTS.noncurrentVersionDays,
    holds: `item.bucket == "new" || item.noncurrent_version_days == ${DEFAULTS.noncurrentVersionDays}`,
    allowed: 'how long versions are kept only of a new bucket: one that exists has rules of its own',
  },
  {
    field: 'bucketForceDestroy',
    isKept: ({ bucket = DEFAULTS.bucket, bucketForceDestroy }) => bucket === 'new' || bucketForceDestroy !== true,
    holds: 'item.bucket == "new" || !item.bucket_force_destroy',
    allowed: 'it only for a new bucket: Terraform destroys no other',
  },
];

/** The rules that go over several props. In a generated module `item` is the module's variables. */
export const TOGETHER: readonly Together<QueueWorkerProps>[] = [
  ...WORKER_TOGETHER,
  {
    field: 'capacity',
    isKept: ({ capacity, ec2CapacityProvider }) => capacity !== 'EC2' || ec2CapacityProvider !== undefined,
    ...ON_INSTANCES,
  },
  {
    field: 'messageEvent',
    isKept: ({ messageEvent, command }) => messageEvent !== 'objects' || command !== undefined,
    holds: 'item.message_event == null || item.message_event != "objects" || item.command != null',
    allowed: 'objects only for a command: a function gets its messages as sqs or body',
  },
  {
    field: 'batchSize',
    isKept: ({ batchSize = DEFAULTS.batchSize, batchWindowSeconds = 0, fifo }) =>
      batchSize <= LARGEST_BATCH_WITHOUT_WINDOW || (batchWindowSeconds > 0 && fifo !== true),
    holds: `item.batch_size <= ${LARGEST_BATCH_WITHOUT_WINDOW} || (item.batch_window_seconds > 0 && !item.fifo)`,
    allowed: `at most ${LARGEST_BATCH_WITHOUT_WINDOW} messages without a window, and of a FIFO queue`,
  },
  {
    field: 'batchWindowSeconds',
    isKept: ({ batchWindowSeconds = 0, fifo }) => batchWindowSeconds === 0 || fifo !== true,
    holds: `item.batch_window_seconds == 0 || !item.fifo`,
    allowed: 'no window for a FIFO queue',
  },
  {
    field: 'timeoutSeconds',
    isKept: ({ timeoutSeconds = 0, fifo }) => timeoutSeconds <= LONGEST_FIFO_SECONDS || fifo !== true,
    holds: `coalesce(item.timeout_seconds, 1) <= ${LONGEST_FIFO_SECONDS} || !item.fifo`,
    allowed: `at most ${LONGEST_FIFO_SECONDS} for a FIFO queue: SQS hides a message for twelve hours, and a copy would come after the others of its group`,
  },
  {
    field: 'queueArn',
    isKept: ({ queue = DEFAULTS.queue, queueArn }) => (queue === 'existing') === (queueArn !== undefined),
    holds: '(item.queue == "existing") == (item.queue_arn != null)',
    allowed: 'the ARN of the queue where it exists, and none for a new one',
  },
  {
    field: 'fifo',
    isKept: ({ fifo, queueArn }) => queueArn === undefined || queueArn.endsWith('.fifo') === (fifo === true),
    holds: 'item.queue_arn == null || endswith(coalesce(item.queue_arn, "-"), ".fifo") == item.fifo',
    allowed: 'true for a queue whose name ends in .fifo, and false for others',
  },
  {
    field: 'bucketName',
    isKept: ({ bucket = DEFAULTS.bucket, bucketName }) =>
      bucket === 'new' || (bucket === 'existing') === (bucketName !== undefined),
    holds: 'item.bucket == "new" || (item.bucket == "existing") == (item.bucket_name != null)',
    allowed: 'the name of the bucket where it exists, and none where there is none',
  },
  {
    field: 'prefixes',
    isKept: ({ prefixes = [] }) => isDistinct(prefixes, (part, other) => part.startsWith(other)),
    holds: distinct('item.prefixes', 'startswith'),
    allowed: 'prefixes of which none begins with another',
  },
  {
    field: 'suffixes',
    isKept: ({ suffixes = [] }) => isDistinct(suffixes, (part, other) => part.endsWith(other)),
    holds: distinct('item.suffixes', 'endswith'),
    allowed: 'suffixes of which none ends with another',
  },
  {
    field: 'minWorkers',
    isKept: ({ minWorkers = DEFAULTS.minWorkers, maxWorkers = DEFAULTS.maxWorkers }) => minWorkers <= maxWorkers,
    holds: 'item.min_workers <= item.max_workers',
    allowed: 'at most max_workers',
  },
  {
    field: 'minWorkers',
    isKept: ({ minWorkers = DEFAULTS.minWorkers, workers = DEFAULTS.workers }) =>
      minWorkers === 0 || workers === 'service',
    holds: 'item.min_workers == 0 || item.workers == "service"',
    allowed: '0 where workers are tasks, which end without messages: some always stay of a service',
  },
  {
    field: 'capacityFallback',
    isKept: ({ capacityFallback, capacity, workers = DEFAULTS.workers }) =>
      capacityFallback === undefined || (workers === 'tasks' && capacity !== 'EC2'),
    holds: 'item.capacity_fallback == null || (item.workers == "tasks" && item.capacity != "EC2")',
    allowed:
      'it only for tasks on Fargate: a service has one capacity, and a task that is of a size for instances is none for Fargate',
  },
  {
    field: 'readOnlyRoot',
    isKept: ({ readOnlyRoot, image }) => readOnlyRoot !== true || image !== undefined,
    holds: '!item.read_only_root || item.image != null',
    allowed: 'it only for an image of your own, which declares VOLUME /work',
  },
  ...WITHOUT_EFFECT,
];

/** In a generated module every prop is a variable, which Terraform checks. */
function brokenTogether(props: Partial<QueueWorkerProps>): readonly Problem[] {
  if (Token.isUnresolved(props.workers)) {
    return [];
  }
  const broken = TOGETHER.filter(({ isKept }) => !isKept(props as QueueWorkerProps));
  return broken.map(({ field, allowed }) => ({ field, value: props[field], allowed }));
}

export function queueWorkerProblems(props: Partial<QueueWorkerProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...workerValueProblems('', props),
    ...jobProblems(props),
    ...queueProblems(props),
    ...oneOf('workers', props.workers, WORKER_KINDS),
    ...oneOf('capacityFallback', props.capacityFallback, CAPACITY_FALLBACKS),
    ...wholeNumber('minWorkers', props.minWorkers, MIN_WORKERS),
    ...wholeNumber('maxWorkers', props.maxWorkers, MAX_WORKERS),
    ...wholeNumber('messagesPerWorker', props.messagesPerWorker, MESSAGES_PER_WORKER),
    ...workerPlaceProblems(props),
    ...wholeNumber('lateMessageSeconds', props.lateMessageSeconds, LATE_MESSAGE_SECONDS),
    ...oneOf('dispatcherArchitecture', props.dispatcherArchitecture, ARCHITECTURES),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
    ...brokenTogether(props),
  ];
}

function jobProblems(props: Partial<QueueWorkerProps>): readonly Problem[] {
  return [
    ...oneOf('messageEvent', props.messageEvent, MESSAGE_EVENTS),
    ...wholeNumber('batchSize', props.batchSize, BATCH_SIZE),
    ...wholeNumber('batchWindowSeconds', props.batchWindowSeconds, BATCH_WINDOW_SECONDS),
    ...wholeNumber('timeoutSeconds', props.timeoutSeconds, WORK_TIMEOUT_SECONDS),
    ...wholeNumber('idleSeconds', props.idleSeconds, IDLE_SECONDS),
    ...wholeNumber('maxReceiveCount', props.maxReceiveCount, MAX_RECEIVE_COUNT),
    ...oneOf('unpack', props.unpack, UNPACKING),
    ...ofFormat('outputBucketName', props.outputBucketName, BUCKET_NAME),
    ...ofFormat('outputPrefix', props.outputPrefix, OUTPUT_PREFIX),
  ];
}

function queueProblems(props: Partial<QueueWorkerProps>): readonly Problem[] {
  return [
    ...oneOf('queue', props.queue, QUEUES),
    ...ofFormat('queueArn', props.queueArn, QUEUE_ARN),
    ...ofFormat('queueKmsKeyArn', props.queueKmsKeyArn, KMS_KEY_ARN),
    ...oneOf('bucket', props.bucket, BUCKETS),
    ...ofFormat('bucketName', props.bucketName, BUCKET_NAME),
    ...oneOf('bucketEvents', props.bucketEvents, BUCKET_EVENTS),
    ...ofFormat('bucketKmsKeyArn', props.bucketKmsKeyArn, KMS_KEY_ARN),
    ...wholeNumber('noncurrentVersionDays', props.noncurrentVersionDays, NONCURRENT_VERSION_DAYS),
    ...listOf('prefixes', props.prefixes, KEY_PART, KEY_PARTS),
    ...listOf('suffixes', props.suffixes, KEY_PART, KEY_PARTS),
  ];
}
