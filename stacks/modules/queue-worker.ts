import { queueWorker as picture } from '../../pictures/patterns/queue-worker';
import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import { QueueWorker } from '../queue-worker';
import type { QueueWorkerProps } from '../queue-worker-props';
import { queueWorkerInputs, workerNameInput } from './queue-worker-inputs';
import { workerPlace, workerPlaceInputs } from './worker-place';

const inputs = {
  name: workerNameInput,
  ...queueWorkerInputs,
  ...workerPlaceInputs('workers have not the capacity EC2'),
};

const SEVERAL_NOTE =
  'One block is one queue with its workers: for several write several, or `for_each` in the block, each with a name of its own.';

const FILL_NOTE =
  'Without a bucket whoever may send to `queue_url` fills it. Objects that were in the bucket before the module was, and any others, are worked on if the function `dispatcher_function_name` is invoked with `{"action": "dispatch", "objects": [{"bucket": "…", "key": "…"}]}`.';

const BUCKET_NOTE =
  'A bucket has one configuration of notifications, and Terraform writes the whole of it. To a bucket that exists the module adds a rule of EventBridge’s, which leaves that alone; have the bucket send its events there, with `eventbridge = true` in its own `aws_s3_bucket_notification`.';

const DOCUMENT_NOTE =
  'What messages look like, what a command gets, and what becomes of failures: [docs/queue-worker.md](../../docs/queue-worker.md).';

export const queueWorkerModule = defineModule({
  name: 'queue-worker',
  sentence: SENTENCES['queue-worker'],
  picture,
  exampleOf: ['cluster', 'runner', 'queue-worker'],
  notes: [SEVERAL_NOTE, FILL_NOTE, BUCKET_NOTE, DOCUMENT_NOTE],
  inputs,
  build: (stack, values) => {
    const props: Required<QueueWorkerProps> = {
      name: values.name,
      functionName: values.function_name,
      qualifier: values.qualifier,
      packageType: values.package_type,
      imageConfig: values.image_config,
      runtime: values.runtime,
      architecture: values.architecture,
      image: values.image,
      command: values.command,
      messageEvent: values.message_event,
      batchSize: values.batch_size,
      batchWindowSeconds: values.batch_window_seconds,
      reportBatchItemFailures: values.report_batch_item_failures,
      timeoutSeconds: values.timeout_seconds,
      maxReceiveCount: values.max_receive_count,
      unpack: values.unpack,
      outputBucketName: values.output_bucket_name,
      outputPrefix: values.output_prefix,
      outputRequired: values.output_required,
      cpu: values.cpu,
      memoryMiB: values.memory_mib,
      ephemeralStorageGiB: values.ephemeral_storage_gib,
      capacity: values.capacity,
      capacityFallback: values.capacity_fallback,
      environment: values.environment,
      concurrency: values.concurrency,
      policyArns: values.policy_arns,
      taskRoleArn: values.task_role_arn,
      readOnlyRoot: values.read_only_root,
      idleSeconds: values.idle_seconds,
      workers: values.workers,
      minWorkers: values.min_workers,
      maxWorkers: values.max_workers,
      messagesPerWorker: values.messages_per_worker,
      queue: values.queue,
      queueArn: values.queue_arn,
      fifo: values.fifo,
      queueKmsKeyArn: values.queue_kms_key_arn,
      bucket: values.bucket,
      bucketName: values.bucket_name,
      bucketEvents: values.bucket_events,
      bucketKmsKeyArn: values.bucket_kms_key_arn,
      noncurrentVersionDays: values.noncurrent_version_days,
      bucketForceDestroy: values.bucket_force_destroy,
      prefixes: values.prefixes,
      suffixes: values.suffixes,
      ignoreCase: values.ignore_case,
      ...workerPlace(values),
      lateMessageSeconds: values.late_message_seconds,
      dispatcherArchitecture: values.dispatcher_architecture,
      logRetentionDays: values.log_retention_days,
    };
    return new QueueWorker(stack, 'Default', props).outputs;
  },
});
