import type { Ending } from '../shared/ledger/ending';
import type { RunRecord, RunStatus } from '../shared/run';
import type { Decision } from './decision';
import type { StopReason } from './stop-reasons';
import type { LiveTask } from './task-view';
import * as times from './times';

/** Why a task is to be stopped, and how its run ends where ECS does not do it. */
interface StopCause {
  readonly stopReason: StopReason;
  readonly why: string;
  readonly status: Extract<RunStatus, 'TIMED_OUT' | 'FAILED'>;
  readonly errorType: string;
}

/** `now` may be a time long past: whether there was a cause then. */
function causeToStop({ timeoutSeconds }: RunRecord, task: LiveTask, now: Date): StopCause | undefined {
  if (times.isTimedOut(task.startedAt, timeoutSeconds, now)) {
    const why = `The container did not end within the run's ${timeoutSeconds} s`;
    return { stopReason: 'timedOut', why, status: 'TIMED_OUT', errorType: 'RUN_TIMED_OUT' };
  }
  if (task.startedAt === undefined && times.hasNotBegun(undefined, task.createdAt, now)) {
    const why = 'ECS did not bring the containers of the task to run';
    return { stopReason: 'notStarted', why, status: 'FAILED', errorType: 'TASK_NOT_STARTED' };
  }
  return undefined;
}

/**
 * What the sweep does about a container run whose task is there. No runner is in it: that it runs, and that its time is
 * over, nobody says but ECS, when the sweep asks.
 */
export function decideOnContainer(record: RunRecord, task: LiveTask, now: Date): Decision {
  const { taskArn } = record;
  const cause = taskArn === undefined ? undefined : causeToStop(record, task, now);
  if (taskArn === undefined || cause === undefined) {
    const checkAt = times.nextContainerCheck(record, task.startedAt, now);
    return record.status === 'STARTING' && task.startedAt !== undefined && !task.isStopping
      ? { kind: 'note-running', reason: 'the container runs', startedAt: task.startedAt, checkAt }
      : { kind: 'check-later', reason: 'the task is there', checkAt };
  }
  const { stopReason, why, status, errorType } = cause;
  if (causeToStop(record, task, times.after(now, -times.LONGEST_STOPPING)) !== undefined) {
    const errorMessage = `${why}, and ECS did not stop its task ${taskArn}: see whether it still runs.`;
    const ending: Ending = { status, error: { errorType, errorMessage } };
    return { kind: 'end', reason: 'the task does not stop', ending, from: [record.status], taskArn };
  }
  const checkAt = times.after(now, times.STOPPING);
  return task.isStopping
    ? { kind: 'check-later', reason: 'the task is stopping', checkAt }
    : { kind: 'stop-task', reason: why, taskArn, stopReason, checkAt };
}
