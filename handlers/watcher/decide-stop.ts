import { EXIT_CODES } from '../runner/exit-codes';
import { isDeliveryDue } from '../shared/ledger/delivery-due';
import { type FinalStatus, isFinal, LIVE_STATUSES, type RunRecord } from '../shared/run';
import { classifyStop } from './classify';
import { classifyContainer } from './classify-container';
import type { Decision } from './decision';
import type { StoppedTask } from './stopped-task';
import { nextLaunchCheck } from './times';

/** Whether the row is final, and somebody has still to hear of it. */
export function isUndelivered(record: RunRecord): record is RunRecord & { readonly status: FinalStatus } {
  return isFinal(record.status) && record.deliveredAt === undefined && isDeliveryDue(record.delivery, record.status);
}

export function deduplicationId({ runId, attempt }: RunRecord): string {
  return `${runId}-${attempt}`;
}

/** The attempt that a task was started for, or `undefined` where nothing tells. */
function attemptOf(record: RunRecord, task: StoppedTask): number | undefined {
  if (record.taskArn === task.taskArn) {
    return record.attempt;
  }
  const past = record.attempts?.find(({ taskArn }) => taskArn === task.taskArn);
  const told = past?.attempt ?? task.attempt;
  // A first attempt whose task was not noted yet has no other tasks that it could be mistaken for.
  return told ?? (record.attempt === 1 && record.taskArn === undefined ? 1 : undefined);
}

function onFinal(record: RunRecord, { stopCode, stoppedReason, taskArn }: StoppedTask): Decision {
  if (isUndelivered(record)) {
    return { kind: 'deliver', reason: 'the run is closed, and its outcome not delivered' };
  }
  const isNews = stopCode !== undefined && stopCode !== 'EssentialContainerExited' && record.stopCode === undefined;
  if (isNews && record.taskArn === taskArn) {
    const reason = 'the runner closed the run without knowing why it was stopped';
    return { kind: 'note-stop', reason, stopCode, ...(stoppedReason === undefined ? {} : { stoppedReason }) };
  }
  return { kind: 'leave', reason: 'the run is closed' };
}

/**
 * What a stopped task means for its run. The runner has usually closed the row; if not, or if there is none in the task
 * of a container run, nobody else will. Nothing here
 * depends on a clock but when the sweep looks next.
 */
export function decideOnStop(record: RunRecord, task: StoppedTask, now: Date): Decision {
  if (isFinal(record.status)) {
    return onFinal(record, task);
  }
  const attempt = attemptOf(record, task);
  if (attempt === undefined) {
    return { kind: 'leave', reason: 'nothing tells which attempt the task was for' };
  }
  if (attempt === record.attempt - 1 && record.status === 'PENDING') {
    return {
      kind: 'launch',
      reason: 'the attempt before has ended, and its task has stopped',
      deduplicationId: deduplicationId(record),
      checkAt: nextLaunchCheck(record, now),
    };
  }
  if (attempt !== record.attempt) {
    return { kind: 'leave', reason: `the task was for attempt ${attempt}, and the run is at ${record.attempt}` };
  }
  if (record.taskArn !== undefined && record.taskArn !== task.taskArn) {
    return { kind: 'leave', reason: 'the attempt has another task' };
  }
  const { container } = record;
  const wasRefused = task.containers.some(({ exitCode }) => exitCode === EXIT_CODES.ledgerRefused.code);
  // The codes of a container run are its own container's, and mean what that one says.
  if (record.status === 'RUNNING' && wasRefused && container === undefined) {
    return { kind: 'leave', reason: 'another runner has the attempt, and this one was refused' };
  }
  return {
    kind: 'end',
    reason: container === undefined ? 'the task stopped without closing its run' : 'the container has ended',
    ending: container === undefined ? classifyStop(task) : classifyContainer(task, container),
    from: LIVE_STATUSES,
    taskArn: task.taskArn,
  };
}
