import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import { QueueWorker } from '../queue-worker';
import type { QueueWorkerProps } from '../queue-worker-props';
import { activitiesModule } from './activities';
import { queueWorkerInputs, workerNameInput } from './queue-worker-inputs';

const place = activitiesModule.inputs;

const inputs = {
  name: workerNameInput,
  ...queueWorkerInputs,
  cluster_arn: place.cluster_arn,
  ec2_capacity_provider: {
    ...place.ec2_capacity_provider,
    description:
      "Name of the capacity provider of the cluster's instances: ec2_capacity_provider of the cluster module. Empty: workers have not the capacity EC2.",
  },
  subnet_ids: place.subnet_ids,
  security_group_ids: place.security_group_ids,
  assign_public_ip: place.assign_public_ip,
  log_group_name: place.log_group_name,
  log_group_arn: place.log_group_arn,
  payload_bucket_name: place.payload_bucket_name,
  payload_bucket_arn: place.payload_bucket_arn,
  program_key: place.program_key,
  program_sha256: place.program_sha256,
  runner_images: place.runner_images,
  image_repository_url: place.image_repository_url,
  base_image_prefix: place.base_image_prefix,
  layer_arns: place.layer_arns,
  kms_key_arns: place.kms_key_arns,
  alarm_actions: place.alarm_actions,
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
      clusterArn: values.cluster_arn,
      ec2CapacityProvider: values.ec2_capacity_provider,
      subnetIds: values.subnet_ids,
      securityGroupIds: values.security_group_ids,
      assignPublicIp: values.assign_public_ip,
      logGroupName: values.log_group_name,
      logGroupArn: values.log_group_arn,
      payloadBucketName: values.payload_bucket_name,
      payloadBucketArn: values.payload_bucket_arn,
      programKey: values.program_key,
      programSha256: values.program_sha256,
      runnerImages: values.runner_images,
      imageRepositoryUrl: values.image_repository_url,
      baseImagePrefix: values.base_image_prefix,
      layerArns: values.layer_arns,
      kmsKeyArns: values.kms_key_arns,
      alarmActions: values.alarm_actions,
      lateMessageSeconds: values.late_message_seconds,
      dispatcherArchitecture: values.dispatcher_architecture,
      logRetentionDays: values.log_retention_days,
    };
    return new QueueWorker(stack, 'Default', props).outputs;
  },
});
