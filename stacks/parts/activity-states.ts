/**
 * What a worker fails a task with that it could not finish because it was stopped, as handlers/runner/worker/activity
 * names it.
 */
export const INTERRUPTED = 'Overtime.Interrupted';

/**
 * The state of an activity, by its key, as JSON text: an expression over `local.activities`.
 *
 * A task is tried again where its worker was stopped or fell silent, and not where the function failed. Step Functions
 * counts both time limits from the moment at which a worker takes the task; the worker's own ends first, and says so by
 * the name that Lambda gives it.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
export const STATES = `{ for key, row in local.activities : key => jsonencode({ ${[
  'Type = "Task"',
  'Resource = aws_sfn_activity.activity[key].id',
  'HeartbeatSeconds = row.heartbeat_seconds',
  'TimeoutSeconds = row.timeout_seconds + row.heartbeat_seconds',
  `Retry = [{ ErrorEquals = ["${INTERRUPTED}", "States.HeartbeatTimeout"], IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = 60, JitterStrategy = "FULL", MaxAttempts = row.retries }]`,
  'End = true',
].join(', ')} }) }`;
