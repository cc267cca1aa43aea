import type { Construct } from 'constructs';
import { expression } from './terraform-text';
import { thoseWithValue, WORK_VARIABLES, type WorkerTasksProps, workerRows, workerTasks } from './worker-tasks';

export interface QueueWorkerTasksProps extends Omit<WorkerTasksProps, 'family' | 'ownImage'> {
  readonly payloadBucket: string;
}

/** Where a read-only image has a volume: under it objects are downloaded, and work is done. */
const WORK_FOLDER = '/work';

const ifSqs = (value: string) => `local.message_event == "sqs" ? ${value} : null`;
const ifObjects = (value: string) => `local.message_event == "objects" ? ${value} : null`;

const OPTIONAL = thoseWithValue([
  ...WORK_VARIABLES,
  `OVERTIME_BATCH_SIZE = ${ifSqs('tostring(row.batch_size)')}`,
  `OVERTIME_BATCH_WINDOW_SECONDS = ${ifSqs('tostring(row.batch_window_seconds)')}`,
  // ECS starts another worker in place of one of a service that has ended.
  'OVERTIME_IDLE_SECONDS = row.workers == "service" ? null : tostring(row.idle_seconds)',
  `OVERTIME_OUTPUT_BUCKET = ${ifObjects('row.output_bucket_name')}`,
  `OVERTIME_OUTPUT_PREFIX = ${ifObjects('row.output_prefix')}`,
  `OVERTIME_OUTPUT_REQUIRED = ${ifObjects('tostring(row.output_required)')}`,
  `OVERTIME_REPORT_BATCH_ITEM_FAILURES = ${ifSqs('tostring(row.report_batch_item_failures)')}`,
  'OVERTIME_TIMEOUT_SECONDS = row.timeout_seconds == null ? null : tostring(row.timeout_seconds)',
  `OVERTIME_UNPACK = ${ifObjects('row.unpack')}`,
  `OVERTIME_WORK_ROOT = row.read_only_root ? "${WORK_FOLDER}" : null`,
]);

const ENVIRONMENT = `{ ${[
  'OVERTIME_CONCURRENCY = tostring(row.concurrency)',
  'OVERTIME_DEAD_LETTER_QUEUE_URL = aws_sqs_queue.dead_letters.url',
  'OVERTIME_JOBS_TABLE = aws_dynamodb_table.jobs.name',
  'OVERTIME_MAX_RECEIVE_COUNT = tostring(row.max_receive_count)',
  'OVERTIME_MESSAGE_EVENT = local.message_event',
  'OVERTIME_QUEUE_ARN = local.queue_arn',
  'OVERTIME_QUEUE_URL = local.queue_url',
].join(', ')} }, ${OPTIONAL}`;

const MOUNTS = `mount_points = row.read_only_root ? [{ sourceVolume = "work", containerPath = "${WORK_FOLDER}", readOnly = false }] : []`;

/** The task definition of the one worker, by its name. */
export function queueWorkerTasks(scope: Construct, props: QueueWorkerTasksProps): void {
  const { region, payloadBucket } = props;
  workerRows(scope, { rows: 'local.by_name', region, payloadBucket, environment: ENVIRONMENT, more: [MOUNTS] });
  const { ownImage } = workerTasks(scope, {
    ...props,
    family: expression('each.key'),
    ownImage: (each) => ({
      readonlyRootFilesystem: each.getBoolean('read_only_root'),
      mountPoints: each.getAny('mount_points'),
    }),
  });
  ownImage.addOverride('dynamic.volume', {
    for_each: expression('each.value.mount_points'),
    content: { name: expression('volume.value.sourceVolume') },
  });
}
