import { ARCHITECTURES, DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS, POLICY_ARNS } from '../parts/checks';
import { FARGATE_SIZES } from '../parts/fargate-sizes';
import { DEPLOYMENT_NAME, FUNCTION_REFERENCE, KMS_KEY_ARN, POLICY_ARN, QUEUE_ARN, ROLE_ARN } from '../parts/formats';
import {
  booleanInput,
  choiceInput,
  type Input,
  numberInput,
  orNone,
  structureInput,
  textInput,
  textListInput,
} from '../parts/inputs';
import { LAMBDA_RUNTIMES } from '../parts/lambda-runtimes';
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
  LATE_MESSAGE_SECONDS,
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
} from '../parts/queue-worker';
import { TOGETHER } from '../parts/queue-worker-problems';
import { asManyAs, each, eachOfSize, ofFormat, oneOf, type Rule, wholeNumberWithin } from '../parts/rules';
import { DEFAULT_SIZE } from '../parts/runtimes';
import { snakeCase } from '../parts/terraform-text';
import {
  CAPACITIES,
  CONCURRENCY,
  EC2_CPU,
  EC2_MEMORY_MIB,
  EPHEMERAL_STORAGE_GIB,
  IDLE_SECONDS,
  type ImageConfig,
  PACKAGE_TYPES,
  WORK_TIMEOUT_SECONDS,
} from '../parts/worker';

/** Variables of those props, with the rules besides that go over several of them. */
function withTogether<Of extends Readonly<Record<string, Input<unknown>>>>(inputs: Of): Of {
  const entries = Object.entries(inputs).map(([name, input]) => {
    const together = TOGETHER.filter(({ field }) => snakeCase(field) === name).map(
      ({ holds, allowed }): Rule => ({ holds: () => holds.replaceAll('item.', 'var.'), allowed, ofNull: true }),
    );
    return [name, { ...input, rules: [...input.rules, ...together] }];
  });
  return Object.fromEntries(entries) as Of;
}

/** Of the two sizes of a task on instances alone. */
const onInstances = (bounds: Parameters<typeof wholeNumberWithin>[0]): Rule => {
  const { holds, allowed } = wholeNumberWithin(bounds);
  return { holds: (value) => `var.capacity != "EC2" || (${holds(value)})`, allowed: `on EC2 ${allowed}` };
};

const onFargate: Rule = {
  holds: () =>
    `var.capacity == "EC2" || ${eachOfSize(FARGATE_SIZES).holds('[{ cpu = var.cpu, memory_mib = var.memory_mib }]')}`,
  allowed: 'with cpu a pair that Fargate has, such as 1024 and 2048',
};

const whatWorks = {
  function_name: orNone(
    textInput({
      description:
        "Name or ARN of the Lambda function that works on messages, with its runtime and architecture, or with package_type Image. Null: command does, in a runner's image.",
      rules: [ofFormat(FUNCTION_REFERENCE)],
    }),
  ),
  qualifier: orNone(textInput({ description: 'Version or alias of the function. Null: $LATEST.' })),
  package_type: choiceInput(PACKAGE_TYPES, {
    description: 'What Lambda has of the function: an archive, or a container image.',
    default: DEFAULTS.packageType,
  }),
  image_config: structureInput<ImageConfig>(
    'object({ entry_point = optional(list(string)), command = optional(list(string)), working_directory = optional(string) })',
    {
      description:
        "What the function's ImageConfig says over its image, which Terraform's provider does not read. Null: nothing.",
      default: null,
    },
  ),
  runtime: orNone(
    textInput({
      description: "The function's runtime, as Lambda names it.",
      rules: [oneOf(LAMBDA_RUNTIMES)],
    }),
  ),
  architecture: choiceInput(ARCHITECTURES, {
    description: 'Of the function, or of the image.',
    default: DEFAULTS.architecture,
  }),
  image: orNone(
    textInput({
      description:
        "URI of an image that has the runner as its entry point, such as one that is built on the runner's own. Null: runner_images says which.",
      example: '"123456789012.dkr.ecr.us-east-1.amazonaws.com/scenes:1"',
    }),
  ),
  command: orNone(
    textListInput({
      description:
        'Program and words that work on messages in place of a function. Its exit code says what becomes of the message: 0 done, 3 set aside, 4 given back, others tried again.',
      example: '["/usr/local/bin/render"]',
    }),
  ),
  message_event: orNone(
    choiceInput(MESSAGE_EVENTS, {
      description:
        "What of a message is the event: sqs, Lambda's own event of a batch; body, the message's body; objects, files for a command, which the body names as S3 does. Null: objects for a command, sqs for a function.",
    }),
  ),
  batch_size: numberInput({
    description: 'How many messages one invocation of the function may have, where the event is sqs.',
    default: DEFAULTS.batchSize,
    rules: [wholeNumberWithin(BATCH_SIZE)],
  }),
  batch_window_seconds: numberInput({
    description: 'How long a batch that is not full waits for more, in seconds.',
    default: DEFAULTS.batchWindowSeconds,
    rules: [wholeNumberWithin(BATCH_WINDOW_SECONDS)],
  }),
  report_batch_item_failures: booleanInput({
    description:
      "Whether the function's answer says which messages of its batch failed: Lambda's ReportBatchItemFailures.",
    default: true,
  }),
  timeout_seconds: orNone(
    numberInput({
      description:
        'How long the work on one batch or message may take, in seconds. Null: a day, and 42,600 for a FIFO queue.',
      rules: [wholeNumberWithin(WORK_TIMEOUT_SECONDS)],
    }),
  ),
  max_receive_count: numberInput({
    description: 'How many tries a message has before it is set aside in the dead-letter queue.',
    default: DEFAULTS.maxReceiveCount,
    rules: [wholeNumberWithin(MAX_RECEIVE_COUNT)],
  }),
  unpack: choiceInput(UNPACKING, {
    description: 'What becomes of an object that is an archive: zip unpacks *.zip into the input folder.',
    default: DEFAULTS.unpack,
  }),
  output_bucket_name: orNone(
    textInput({
      description: "Name of the bucket of what a command leaves in its output folder. Null: the object's own.",
      rules: [ofFormat(BUCKET_NAME)],
    }),
  ),
  output_prefix: orNone(
    textInput({
      description:
        "Stands before the keys of outputs, which have the object's own folder. Null: outputs lie beside the object.",
      rules: [ofFormat(OUTPUT_PREFIX)],
    }),
  ),
  output_required: booleanInput({
    description: 'Whether a command that leaves no output has failed.',
    default: false,
  }),
};

const whereItWorks = {
  cpu: numberInput({
    description: 'CPU units of a worker, 1,024 to the vCPU.',
    default: DEFAULT_SIZE.cpu,
    rules: [onInstances(EC2_CPU)],
  }),
  memory_mib: numberInput({
    description: 'Memory of a worker in MiB.',
    default: DEFAULT_SIZE.memoryMiB,
    rules: [onFargate, onInstances(EC2_MEMORY_MIB)],
  }),
  ephemeral_storage_gib: orNone(
    numberInput({
      description: 'Disk of a worker in GiB. Null: the 20 that Fargate gives without asking.',
      rules: [wholeNumberWithin(EPHEMERAL_STORAGE_GIB)],
    }),
  ),
  capacity: choiceInput(CAPACITIES, {
    description: 'Where workers run: on Fargate, on its spare capacity, or on the instances of the cluster.',
    default: DEFAULTS.capacity,
  }),
  capacity_fallback: orNone(
    choiceInput(CAPACITY_FALLBACKS, {
      description: 'Where tasks go that capacity has no room for. Null: nowhere, they wait for room.',
    }),
  ),
  environment: structureInput<Readonly<Record<string, string>>>('map(string)', {
    description: 'Variables of the workers. A function sees them too, unless it has its own of the same name.',
    default: {},
  }),
  concurrency: numberInput({
    description: 'How many messages or batches a worker has in hand at once.',
    default: DEFAULTS.concurrency,
    rules: [wholeNumberWithin(CONCURRENCY)],
  }),
  policy_arns: textListInput({
    description: 'ARNs of policies with what the work itself may do.',
    default: [],
    rules: [asManyAs(POLICY_ARNS), each(ofFormat(POLICY_ARN))],
  }),
  task_role_arn: orNone(
    textInput({
      description:
        "ARN of the role that workers have in place of the module's. It trusts ecs-tasks.amazonaws.com, and needs the policy of worker_policy_arn.",
      rules: [ofFormat(ROLE_ARN)],
    }),
  ),
  read_only_root: booleanInput({
    description:
      "Whether the image's file system is read-only, but for a volume at /work. The image declares VOLUME /work, which belongs to its user.",
    default: false,
  }),
  idle_seconds: numberInput({
    description: 'A worker that has had no message for so long ends, in seconds. Those of a service do not.',
    default: DEFAULTS.idleSeconds,
    rules: [wholeNumberWithin(IDLE_SECONDS)],
  }),
  workers: choiceInput(WORKER_KINDS, {
    description:
      'Whether workers are tasks, which start for messages and end without them, or a service, of which some stay.',
    default: DEFAULTS.workers,
  }),
  min_workers: numberInput({
    description: 'How many workers a service always has.',
    default: DEFAULTS.minWorkers,
    rules: [wholeNumberWithin(MIN_WORKERS)],
  }),
  max_workers: numberInput({
    description: 'How many workers there are at most.',
    default: DEFAULTS.maxWorkers,
    rules: [wholeNumberWithin(MAX_WORKERS)],
  }),
  messages_per_worker: numberInput({
    description: 'For how many messages that wait there is a worker.',
    default: DEFAULTS.messagesPerWorker,
    rules: [wholeNumberWithin(MESSAGES_PER_WORKER)],
  }),
};

const whatFillsIt = {
  queue: choiceInput(QUEUES, {
    description: 'Whose messages are worked on: those of a new queue, or of one that is existing.',
    default: DEFAULTS.queue,
  }),
  queue_arn: orNone(
    textInput({
      description:
        'ARN of the queue that exists, of this account and region. Its redrive policy may name dead_letter_queue_arn.',
      rules: [ofFormat(QUEUE_ARN)],
    }),
  ),
  fifo: booleanInput({
    description: 'Whether the queue is first in, first out: messages of a group are worked on one after the other.',
    default: false,
  }),
  queue_kms_key_arn: orNone(
    textInput({
      description:
        'ARN of the KMS key that encrypts the queues; its policy leaves its use to IAM. Null: keys that SQS itself holds.',
      rules: [ofFormat(KMS_KEY_ARN)],
    }),
  ),
  bucket: choiceInput(BUCKETS, {
    description: 'Whose objects become messages: of no bucket, of a new one, or of one that is existing.',
    default: DEFAULTS.bucket,
    example: '"new"',
  }),
  bucket_name: orNone(
    textInput({
      description: 'Name of the bucket. One that exists has to be named; a new one may be.',
      rules: [ofFormat(BUCKET_NAME)],
    }),
  ),
  bucket_events: orNone(
    choiceInput(BUCKET_EVENTS, {
      description:
        'How the dispatcher hears of objects. Warning: with notification the bucket loses every other notification that it has. With eventbridge a bucket that exists has to send its events there: eventbridge = true in its own aws_s3_bucket_notification. Null: notification for a new bucket, eventbridge for one that exists.',
    }),
  ),
  bucket_kms_key_arn: orNone(
    textInput({
      description:
        'ARN of the KMS key that encrypts the bucket; its policy leaves its use to IAM. Null: a key that S3 itself holds.',
      rules: [ofFormat(KMS_KEY_ARN)],
    }),
  ),
  noncurrent_version_days: numberInput({
    description: 'How long a new bucket keeps versions of objects that were replaced or deleted, in days.',
    default: DEFAULTS.noncurrentVersionDays,
    rules: [wholeNumberWithin(NONCURRENT_VERSION_DAYS)],
  }),
  bucket_force_destroy: booleanInput({
    description: 'Whether Terraform may destroy the new bucket with objects in it.',
    default: false,
  }),
  prefixes: textListInput({
    description: 'Objects whose keys begin with one of these become messages. Empty: all.',
    default: [],
    rules: [asManyAs(KEY_PARTS), each(ofFormat(KEY_PART))],
  }),
  suffixes: textListInput({
    description: 'Of those the ones whose keys end with one of these. Empty: all.',
    default: [],
    rules: [asManyAs(KEY_PARTS), each(ofFormat(KEY_PART))],
    example: '[".zip"]',
  }),
  ignore_case: booleanInput({
    description: 'Whether prefixes and suffixes may be in capitals or not.',
    default: false,
  }),
};

const aboutDispatcher = {
  late_message_seconds: numberInput({
    description: 'How old the oldest message may become while messages wait before the alarm is raised, in seconds.',
    default: DEFAULTS.lateMessageSeconds,
    rules: [wholeNumberWithin(LATE_MESSAGE_SECONDS)],
  }),
  dispatcher_architecture: choiceInput(ARCHITECTURES, {
    description: "Of the dispatcher's Lambda function.",
    default: DEFAULTS.dispatcherArchitecture,
  }),
  log_retention_days: numberInput({
    description: "How long the dispatcher's log lines are kept, in days: one of the values that CloudWatch Logs takes.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
};

export const workerNameInput = textInput({
  description:
    'Begins the names of all resources: each queue worker has one of its own. Warning: another name makes all of them anew, the queue and the bucket too.',
  rules: [ofFormat(DEPLOYMENT_NAME)],
  example: '"scenes"',
});

/** Every variable of the module but for those that say where it stands. */
export const queueWorkerInputs = withTogether({ ...whatWorks, ...whereItWorks, ...whatFillsIt, ...aboutDispatcher });
