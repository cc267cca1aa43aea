import { isFinal, type RunRecord, type RunStatus } from '../shared/run';
import { decideOnContainer } from './decide-container';
import { decideOnStop, deduplicationId, isUndelivered } from './decide-stop';
import type { Decision } from './decision';
import type { StopReason } from './stop-reasons';
import type { LiveTask, TaskView } from './task-view';
import * as times from './times';

type Ended = Extract<Decision, { kind: 'end' }>['ending'];

/** Whether the sweep has been at work: after an outage of it, a run gets another chance before it is given up. */
function wasLookedAt({ checkAt }: RunRecord, now: Date): boolean {
  return checkAt !== undefined && times.millisecondsSince(checkAt, now) < times.LONGEST_UNSEEN;
}

function onWaiting(record: RunRecord, now: Date): Decision {
  const waited = times.millisecondsSince(times.waitingSince(record), now);
  if (waited > times.LONGEST_WAIT && wasLookedAt(record, now)) {
    const hours = times.LONGEST_WAIT / 3_600_000;
    const errorMessage =
      `No task was started within ${hours} hours: see what the starter logged of this run, and whether messages lie ` +
      'in its launch queue or in the dead-letter queue of that.';
    return {
      kind: 'end',
      reason: 'the run has waited too long for its task',
      ending: { status: 'FAILED', error: { errorType: 'TASK_NOT_STARTED', errorMessage } },
      from: ['PENDING'],
      taskArn: undefined,
    };
  }
  return {
    kind: 'launch',
    reason: 'the run waits for its task',
    deduplicationId: `${deduplicationId(record)}-${times.launchPeriod(now)}`,
    checkAt: times.nextLaunchCheck(record, now),
  };
}

/** A task of a cancelled run that still runs: whoever cancelled it died, or ECS did not stop it. */
function onCancelled({ taskArn }: RunRecord, view: TaskView, now: Date): Decision | undefined {
  const checkAt = times.after(now, times.STOPPING);
  if (taskArn === undefined || (view.kind !== 'live' && view.kind !== 'unknown')) {
    return undefined;
  }
  if (view.kind === 'unknown') {
    return later('ECS could not be asked', times.after(now, times.AFTER_FAULT));
  }
  return view.isStopping
    ? later('the task of the cancelled run is stopping', checkAt)
    : {
        kind: 'stop-task',
        reason: 'the run was cancelled, and its task still runs',
        taskArn,
        stopReason: 'cancelled',
        checkAt,
      };
}

function onFinal(record: RunRecord, view: TaskView, now: Date): Decision {
  if (!isUndelivered(record)) {
    const decision = record.status === 'CANCELLED' ? onCancelled(record, view, now) : undefined;
    return decision ?? { kind: 'leave-index', reason: 'nothing is left to do for the run' };
  }
  const since = times.deliverableSince(record);
  const isOld = since !== undefined && times.millisecondsSince(since, now) > times.LONGEST_DELIVERY;
  // Never before it was tried: the watcher may have been away for as long.
  return isOld && record.deliveryError !== undefined
    ? { kind: 'give-up-delivery', reason: 'the outcome was delivered in vain for too long' }
    : { kind: 'deliver', reason: 'the outcome is not delivered' };
}

/** Ends a run of which there is no more than its row says. */
function end(record: RunRecord, reason: string, ending: Ended): Decision {
  const from: readonly RunStatus[] = [record.status];
  return { kind: 'end', reason, ending, from, taskArn: record.taskArn };
}

function lost(record: RunRecord, errorMessage: string): Decision {
  return end(record, 'nobody knows what became of the task', {
    status: 'LOST',
    error: { errorType: 'TASK_LOST', errorMessage },
  });
}

function later(reason: string, checkAt: Date): Decision {
  return { kind: 'check-later', reason, checkAt };
}

function onMissing(record: RunRecord, now: Date): Decision {
  const { missingSince, taskArn } = record;
  if (missingSince === undefined) {
    const checkAt = times.after(now, times.LONGEST_MISSING);
    return { kind: 'check-later', reason: 'ECS has no such task', checkAt, missingSince: now.toISOString() };
  }
  if (times.millisecondsSince(missingSince, now) < times.LONGEST_MISSING) {
    return later('ECS has no such task', times.after(new Date(missingSince), times.LONGEST_MISSING));
  }
  return lost(
    record,
    `ECS knows no task ${taskArn}, and nobody told of its outcome: the task's log may have it, as the last line.`,
  );
}

function unstoppable(hasBegun: boolean, taskArn: string, timeoutSeconds: number): Ended {
  const vain = `and ECS did not stop its task ${taskArn}: see whether it still runs.`;
  return hasBegun
    ? {
        status: 'TIMED_OUT',
        error: {
          errorType: 'RUN_OVERDUE',
          errorMessage: `The run did not end within its ${timeoutSeconds} s, ${vain}`,
        },
      }
    : {
        status: 'FAILED',
        error: { errorType: 'TASK_NOT_STARTED', errorMessage: `The runner did not begin the run, ${vain}` },
      };
}

function onLive(record: RunRecord, task: LiveTask, now: Date): Decision {
  const { taskArn, timeoutSeconds } = record;
  const isOverdue = times.isOverdue(record, now);
  const isStuck = record.status === 'STARTING' && times.hasNotBegun(task.startedAt, task.createdAt, now);
  if (taskArn === undefined || !(isOverdue || isStuck)) {
    return later('the task is there', times.nextTaskCheck(record, now));
  }
  const longAgo = times.after(now, -times.LONGEST_STOPPING);
  if (isOverdue ? times.isOverdue(record, longAgo) : times.hasNotBegun(task.startedAt, task.createdAt, longAgo)) {
    return end(record, 'the task does not stop', unstoppable(isOverdue, taskArn, timeoutSeconds));
  }
  const checkAt = times.after(now, times.STOPPING);
  if (task.isStopping) {
    return later('the task is stopping', checkAt);
  }
  const stopReason: StopReason = isOverdue ? 'overdue' : 'notBegun';
  const reason = isOverdue ? 'the run should have ended long ago' : 'the runner should have begun long ago';
  return { kind: 'stop-task', reason, taskArn, stopReason, checkAt };
}

/** What the sweep does about a row that is due, knowing what ECS says of its task. */
export function decideOnCheck(record: RunRecord, view: TaskView, now: Date): Decision {
  if (isFinal(record.status)) {
    return onFinal(record, view, now);
  }
  if (record.status === 'PENDING') {
    return onWaiting(record, now);
  }
  switch (view.kind) {
    case 'missing':
      return onMissing(record, now);
    case 'live':
      return record.container === undefined ? onLive(record, view, now) : decideOnContainer(record, view, now);
    case 'unknown':
      return later('ECS could not be asked', times.after(now, times.AFTER_FAULT));
    case 'none':
      return times.isOverdue(record, now)
        ? lost(record, 'The run did not end when its time was up, and nobody noted which task it had.')
        : later('nobody noted which task the run has', times.nextTaskCheck(record, now));
    case 'stopped': {
      const decision = decideOnStop(record, view.task, now);
      if (decision.kind !== 'leave') {
        return decision;
      }
      return times.isOverdue(record, now)
        ? lost(record, 'The run did not end when its time was up, and the task that the row names was not its own.')
        : later(decision.reason, times.nextTaskCheck(record, now));
    }
  }
}
