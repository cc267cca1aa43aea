import type { Construct } from 'constructs';
import { expression } from './terraform-text';
import { thoseWithValue, WORK_VARIABLES, type WorkerTasksProps, workerRows, workerTasks } from './worker-tasks';

export interface ActivityTasksProps extends Omit<WorkerTasksProps, 'family' | 'ownImage'> {
  readonly name: string;
  readonly payloadBucket: string;
}

const OPTIONAL = thoseWithValue([
  ...WORK_VARIABLES,
  'OVERTIME_IDLE_SECONDS = row.idle_seconds == null ? null : tostring(row.idle_seconds)',
]);

const ENVIRONMENT = `{ ${[
  'OVERTIME_ACTIVITY_ARN = aws_sfn_activity.activity[key].id',
  'OVERTIME_CONCURRENCY = tostring(row.concurrency)',
  'OVERTIME_HEARTBEAT_SECONDS = tostring(row.heartbeat_seconds)',
  'OVERTIME_TIMEOUT_SECONDS = tostring(row.timeout_seconds)',
].join(', ')} }, ${OPTIONAL}`;

/** One task definition for each activity. */
export function activityTasks(scope: Construct, props: ActivityTasksProps): void {
  const { name, region, payloadBucket } = props;
  workerRows(scope, { rows: 'local.activities', region, payloadBucket, environment: ENVIRONMENT, more: [] });
  workerTasks(scope, {
    ...props,
    family: `${name}-activity-${expression('each.key')}`,
    // The words of the command line go to the runner itself.
    ownImage: (each) => ({ command: each.getAny('commands') }),
  });
}
