import { OTHER_ACCOUNT, OTHERS } from './others';
import { ACTIVITIES, QUEUE_WORKERS } from './worker-input-changes';

/** Other inputs for one call of a module, in batches that one plan takes. */
export interface InputChanges {
  readonly module: string;
  /** Whose configuration calls the module, and by what name. */
  readonly folder: string;
  readonly call: string;
  /** Changed in place, in a plan and then for real. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Changed in place, in a plan alone: they name what is not there, or keep Terraform from destroying what it made.
   *
   * @default - none
   */
  readonly planned?: Readonly<Record<string, unknown>>;
  /**
   * Changed in place, in the plan of what is replaced: the others exclude these.
   *
   * @default - none
   */
  readonly apart?: Readonly<Record<string, unknown>>;
  /**
   * Those by which something is replaced or goes, and what they need besides.
   *
   * @default - none
   */
  readonly replacing?: Readonly<Record<string, unknown>>;
}

/** Where tasks run. */
const PLACE = {
  assign_public_ip: false,
  subnet_ids: [OTHERS.subnet],
  security_group_ids: [OTHERS.securityGroup],
};

const request = (fields: object = {}) => JSON.stringify({ arn: 'report', ...fields });
const larger = (architecture: string) => ({ runtime: 'nodejs22.x', architecture, memory_mib: 4096 });

const CLUSTER: InputChanges = {
  module: 'cluster',
  folder: 'modules/overtime',
  call: 'cluster',
  settings: { container_insights: 'enabled', default_capacity: 'FARGATE_SPOT', log_retention_days: 7 },
  planned: { ec2_capacity: { instance_type: 'm7g.large', architecture: 'arm64' }, subnet_ids: [OTHERS.subnet] },
  replacing: { vpc_id: 'vpc-0123456789abcdef0' },
};

const RUNNER: InputChanges = {
  module: 'runner',
  folder: 'modules/overtime',
  call: 'runner',
  settings: {
    alarm_actions: [OTHERS.topic],
    architecture: 'x86_64',
    base_image_prefix: 'mirror.example/lambda',
    container_functions: { drawn: { function_name: 'drawn' } },
    destination_arns: [OTHERS.queue],
    failed_runs_threshold: 3,
    image_repository_arns: [OTHERS.repository],
    kms_key_arns: [OTHERS.key],
    late_start_seconds: 900,
    layer_arns: [OTHERS.layer],
    log_retention_days: 7,
    payload_bucket_force_destroy: true,
    payload_retention_days: 7,
    runtimes: { 'nodejs22-arm64': larger('arm64'), 'nodejs22-x86_64': larger('x86_64') },
  },
  planned: {
    function_arns: [OTHERS.starter],
    image_repository_force_delete: false,
    ledger_deletion_protection: true,
    log_group_arn: OTHERS.logs,
    log_group_name: '/ecs/other',
  },
  replacing: { runner_images: 'public' },
};

const STARTER: InputChanges = {
  module: 'starter',
  folder: 'modules/overtime',
  call: 'starter',
  settings: {
    alarm_actions: [OTHERS.topic],
    architecture: 'x86_64',
    cluster_arns: [OTHERS.cluster],
    container_role_arns: [OTHERS.role],
    container_task_definitions: ['purchases'],
    destination_arns: [OTHERS.queue],
    event_requests: { 'arn:aws:s3:::drop': request() },
    function_url: true,
    invokers: { drop: { principal: 's3.amazonaws.com', source_arn: 'arn:aws:s3:::drop' } },
    launch_burst: 200,
    launches_per_second: 40,
    log_retention_days: 7,
    overflow_causes: ['memory'],
    run_retention_days: 7,
    run_timeout_seconds: 3600,
    task_role_arns: [OTHERS.role],
  },
  planned: {
    ...PLACE,
    cluster_arn: OTHERS.cluster,
    container_name: 'other',
    execution_role_arn: OTHERS.role,
    function_arns: [OTHERS.starter],
    launch_queue_url: `https://sqs.us-east-1.amazonaws.com/${OTHER_ACCOUNT}/other.fifo`,
    ledger_table_arn: OTHERS.table,
    ledger_table_name: 'other',
    payload_bucket_arn: 'arn:aws:s3:::my-payloads',
    payload_bucket_name: 'my-payloads',
    request_queue_arns: { orders: OTHERS.queue },
    task_definitions: [{ family: 'other', runtime: 'nodejs22.x', architecture: 'arm64', function: null }],
    task_role_arn: OTHERS.role,
    watcher_function_arn: OTHERS.starter,
    watcher_function_name: 'other',
  },
  replacing: { launch_queue_arn: `${OTHERS.queue}.fifo` },
};

const SERVICE: InputChanges = {
  module: 'scheduler-service',
  folder: 'modules/scheduler',
  call: 'scheduler-service',
  settings: {
    alarm_actions: [OTHERS.topic],
    architecture: 'x86_64',
    capacity: 'FARGATE_SPOT',
    cpu: 512,
    image_repository_arns: [OTHERS.repository],
    lateness_milliseconds: 30_000,
    log_retention_days: 7,
    memory_mib: 1024,
    other_table_arns: [OTHERS.table],
    scheduler_count: 2,
    schedules: { 'nightly-report': { cron_time: '0 5 * * *', request: request() } },
  },
  planned: {
    ...PLACE,
    image: 'registry.example/scheduler:1',
    ledger_table_arn: OTHERS.table,
    ledger_table_name: 'other',
    log_group_arn: OTHERS.logs,
    log_group_name: '/ecs/other',
    starter_function_arn: OTHERS.starter,
    starter_function_name: 'other-starter',
    table_deletion_protection: true,
  },
  apart: { base_image_prefix: 'mirror.example/lambda' },
  replacing: { cluster_arn: OTHERS.cluster, payload_bucket_name: 'my-payloads' },
};

const EVENTBRIDGE: InputChanges = {
  module: 'scheduler-eventbridge',
  folder: 'examples/terraform-everything',
  call: 'eventbridge_schedules',
  settings: {
    alarm_actions: [OTHERS.topic],
    schedules: { 'every-minute': { rate: '2 minutes', request: request({ input: { slot: 'later' } }) } },
  },
  planned: { starter_function_arn: OTHERS.starter },
};

const ROWS = {
  alarm_actions: [OTHERS.topic],
  architecture: 'x86_64',
  cluster: 'other',
  log_retention_days: 7,
  reserved_concurrency: 2,
};

const MYSQL: InputChanges = {
  module: 'database-trigger',
  folder: 'examples/terraform-everything',
  call: 'purchases',
  settings: {
    ...ROWS,
    coalesce_key: '$.new.kind',
    coalesce_rows: 10,
    coalesce_seconds: 10,
    no_match: 'error',
    parameter_group: true,
    rules: [{ pattern: JSON.stringify({ table: ['purchases'] }), request: request() }],
    triggers: { purchases: { schema: 'shop', table: 'purchases', columns: ['id'] } },
  },
  planned: {
    payload_bucket_arn: 'arn:aws:s3:::my-payloads',
    payload_bucket_name: 'my-payloads',
    security_group_ids: [OTHERS.securityGroup],
    starter_function_arn: OTHERS.starter,
    subnet_ids: [OTHERS.subnet],
  },
};

const POSTGRESQL: InputChanges = {
  module: 'database-trigger',
  folder: 'examples/terraform-database',
  call: 'purchases',
  // What of these changes is SQL, which outputs tell and no resource holds.
  settings: { ...ROWS, database_name: 'other', database_users: ['app'], outbox_schema: 'other', outbox_seconds: 5 },
  planned: { mode: 'direct' },
  replacing: { database_identifier: 'other' },
};

/** Every module that makes something, in a call whose inputs are changed. Those of overtime and scheduler are passed on. */
export const INPUT_CHANGES: readonly InputChanges[] = [
  CLUSTER,
  RUNNER,
  STARTER,
  SERVICE,
  EVENTBRIDGE,
  MYSQL,
  POSTGRESQL,
  ...ACTIVITIES,
  ...QUEUE_WORKERS,
];
