// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import type { InputChanges } from './input-changes';
import { OTHERS } from './others';

/** What a worker stands on, of another deployment; nothing of it is there. */
const PLACE = {
  assign_public_ip: false,
  kms_key_arns: [OTHERS.key],
  layer_arns: [OTHERS.layer],
  log_group_arn: OTHERS.logs,
  log_group_name: '/ecs/other',
  payload_bucket_arn: 'arn:aws:s3:::my-payloads',
  payload_bucket_name: 'my-payloads',
  program_key: 'programs/other/runner-program.js.gz',
  program_sha256: 'ab'.repeat(32),
  security_group_ids: [OTHERS.securityGroup],
  subnet_ids: [OTHERS.subnet],
};

/** A worker on AWS's base images has no repository, and its program is fetched. */
const ON_BASE_IMAGES = { base_image_prefix: 'mirror.example/lambda', runner_images: 'public' };

const report = (fields: object) => ({ function_name: 'report', runtime: 'nodejs22.x', ...fields });

export const ACTIVITIES: readonly InputChanges[] = [
  {
    module: 'activities',
    folder: 'examples/terraform-everything',
    call: 'activities',
    settings: {
      activities: {
        Report: report({
          architecture: '${var.architecture}',
          concurrency: 2,
          count: 2,
          cpu: 2048,
          environment: { COLOUR: 'blue' },
          ephemeral_storage_gib: 50,
          heartbeat_seconds: 20,
          memory_mib: 8192,
          retries: 1,
          timeout_seconds: 3600,
        }),
      },
      alarm_actions: [OTHERS.topic],
      failed_tasks_threshold: 3,
      late_start_seconds: 900,
    },
    planned: { ...PLACE, ...ON_BASE_IMAGES },
    apart: {
      activities: { Report: report({ capacity: 'EC2', task_role_arn: OTHERS.role, policy_arns: [OTHERS.policy] }) },
      ec2_capacity_provider: 'other',
      image_repository_url: OTHERS.images,
    },
    replacing: { cluster_arn: OTHERS.cluster },
  },
];

const OBJECTS: InputChanges = {
  module: 'queue-worker',
  folder: 'examples/terraform-everything',
  call: 'objects',
  settings: {
    alarm_actions: [OTHERS.topic],
    batch_size: 20,
    batch_window_seconds: 5,
    bucket_events: 'eventbridge',
    capacity: 'FARGATE_SPOT',
    capacity_fallback: 'FARGATE',
    concurrency: 2,
    cpu: 512,
    dispatcher_architecture: 'x86_64',
    environment: { COLOUR: 'blue' },
    ephemeral_storage_gib: 50,
    idle_seconds: 30,
    ignore_case: true,
    late_message_seconds: 60,
    log_retention_days: 7,
    max_receive_count: 3,
    max_workers: 2,
    memory_mib: 4096,
    messages_per_worker: 5,
    noncurrent_version_days: 7,
    prefixes: ['inbox/'],
    report_batch_item_failures: false,
    suffixes: ['.csv'],
    timeout_seconds: 7200,
  },
  planned: {
    ...PLACE,
    ...ON_BASE_IMAGES,
    architecture: 'arm64',
    bucket_force_destroy: false,
    cluster_arn: OTHERS.cluster,
    function_name: 'summary',
    output_bucket_name: 'my-outputs',
    policy_arns: [OTHERS.policy],
    qualifier: 'live',
    runtime: 'nodejs20.x',
    task_role_arn: OTHERS.role,
  },
  apart: { image_repository_url: OTHERS.images },
  replacing: { bucket_name: 'overtime-renamed-objects' },
};

const SEALED: InputChanges = {
  module: 'queue-worker',
  folder: 'examples/terraform-database',
  call: 'sealed',
  settings: {
    command: ['/bin/true'],
    output_prefix: 'silent/',
    output_required: true,
    read_only_root: true,
    unpack: 'none',
  },
  planned: { bucket_kms_key_arn: OTHERS.key, image: 'registry.example/runner:1', queue_kms_key_arn: OTHERS.key },
  replacing: { bucket: 'existing', bucket_force_destroy: false, bucket_name: 'my-scenes' },
};

const ORDERS: InputChanges = {
  module: 'queue-worker',
  folder: 'examples/terraform-database',
  call: 'orders',
  settings: { capacity: 'FARGATE_SPOT', max_workers: 2, message_event: 'sqs', min_workers: 0 },
  planned: {
    function_name: 'drawn',
    image: null,
    image_config: { command: ['app.handler'] },
    package_type: 'Image',
  },
  replacing: { fifo: false, workers: 'tasks', min_workers: 0 },
};

const THEIRS: InputChanges = {
  module: 'queue-worker',
  folder: 'examples/terraform-database',
  call: 'theirs',
  settings: { cpu: 512 },
  planned: { queue_arn: '${module.sealed.queue_arn}' },
  apart: {
    capacity: 'EC2',
    ec2_capacity_provider: 'other',
    idle_seconds: 60,
    queue: 'new',
    queue_arn: null,
    workers: 'service',
  },
};

export const QUEUE_WORKERS: readonly InputChanges[] = [OBJECTS, SEALED, ORDERS, THEIRS];
