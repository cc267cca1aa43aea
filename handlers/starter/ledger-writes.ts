import { endWrite } from '../shared/ledger/ending';
import { type LedgerWrite, ledgerUpdate } from '../shared/ledger/update';
import {
  type Delivery,
  isFinal,
  LIVE_STATUSES,
  OPEN,
  type ReportedError,
  RUN_STATUSES,
  type RunRecord,
} from '../shared/run';
import type { Attempt, StartedTask } from './ports';

const ofPending = ({ attempt }: Attempt) =>
  [
    { is: 'status', value: 'PENDING' },
    { is: 'attempt', value: attempt },
  ] as const;

/** PENDING becomes STARTING. */
export function startingWrite(tableName: string, attempt: Attempt, task: StartedTask): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: attempt.runId,
      conditions: ofPending(attempt),
      set: { ...task, status: 'STARTING' },
    }),
    isWritten: (row) => row.attempt === attempt.attempt && row.taskArn === task.taskArn,
  };
}

/** Notes the task of an attempt whose state somebody else has written since. */
export function taskWrite(tableName: string, attempt: Attempt, task: StartedTask): LedgerWrite {
  const { cluster, taskDefinition, taskArn } = task;
  return {
    update: ledgerUpdate({
      tableName,
      runId: attempt.runId,
      conditions: [
        { is: 'attempt', value: attempt.attempt },
        // The runner knows its own task: a second one that ECS started for the attempt is not the run's.
        { isAbsentOr: 'taskArn', value: taskArn },
      ],
      set: { cluster, taskDefinition, taskArn },
    }),
    isWritten: () => false,
  };
}

/**
 * PENDING becomes FAILED, as there can be no task. It has no further attempt, whatever the request allows: attempts are
 * for tasks that ran, and ECS would refuse each for the same reason.
 *
 * @param by an id of this starter's own
 */
export function refusedWrite(
  tableName: string,
  row: RunRecord,
  error: ReportedError,
  by: string,
  now: Date,
): LedgerWrite {
  return endWrite({
    tableName,
    record: { ...row, maxAttempts: row.attempt },
    by: { kind: 'observer', id: by, from: ['PENDING'] },
    ending: { status: 'FAILED', error },
    now,
  });
}

/** One place follows the other, so that two starters of one run do not try two. */
export function variantWrite(tableName: string, attempt: Attempt, variant: number): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: attempt.runId,
      conditions: [
        ...ofPending(attempt),
        variant === 1 ? { isAbsent: 'launchVariant' } : { is: 'launchVariant', value: variant - 1 },
      ],
      set: { launchVariant: variant },
    }),
    // Another starter's note of the same place does as well: both ask for one task, under one client token.
    isWritten: (row) => row.status === 'PENDING' && row.attempt === attempt.attempt && row.launchVariant === variant,
  };
}

/** Another waits for the outcome of a run that has not ended. */
export function renewLiveWrite(tableName: string, runId: string, delivery: Delivery): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId,
      conditions: [{ isOneOf: 'status', values: LIVE_STATUSES }],
      set: { delivery },
    }),
    isWritten: () => false,
  };
}

/** Another waits for the outcome of a run that has ended: it is delivered anew, from `checkAt` on. */
export function renewEndedWrite(tableName: string, runId: string, delivery: Delivery, checkAt: string): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId,
      conditions: [{ isOneOf: 'status', values: RUN_STATUSES.filter(isFinal) }],
      set: { delivery, checkAt, deliverySince: checkAt, open: OPEN },
      remove: ['deliveredAt', 'deliveryError', 'claimedUntil', 'claimedBy'],
    }),
    isWritten: () => false,
  };
}

/** The sweep leaves the row alone until then. */
export function postponeWrite(tableName: string, attempt: Attempt, checkAt: string): LedgerWrite {
  return {
    update: ledgerUpdate({ tableName, runId: attempt.runId, conditions: ofPending(attempt), set: { checkAt } }),
    isWritten: () => false,
  };
}
