import type { RunRecord } from '../run';
import { asDelivered } from './delivery-due';
import { type LedgerWrite, ledgerUpdate } from './update';

/** Writes that end nothing. Each has effect only while the row is as it was seen. */

function asSeen({ status, attempt }: RunRecord) {
  return [
    { is: 'status', value: status },
    { is: 'attempt', value: attempt },
  ] as const;
}

// A refusal means that the row has moved on, and a repetition after a lost answer, that all is as it should be.
const notTold = () => false;

/**
 * The outcome has reached all that `delivery` names: the run leaves the sweep's index. A delivery that has been replaced
 * meanwhile, by a repeated request with a new token, is still to be made.
 */
export function deliveredWrite(tableName: string, record: RunRecord, now: Date): LedgerWrite {
  const deliveredAt = now.toISOString();
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [...asSeen(record), { isAbsent: 'deliveredAt' }, asDelivered(record)],
      set: { deliveredAt },
      remove: ['open', 'checkAt', 'claimedUntil', 'claimedBy', 'deliveryError'],
    }),
    // Of two in one millisecond both may say that the mark is theirs: it is there once, and says the same.
    isWritten: (row) => row.deliveredAt === deliveredAt,
  };
}

/** Notes why the outcome was not delivered, and when that is tried again: never, where `retryAt` is undefined. */
export function deliveryFailedWrite(
  tableName: string,
  record: RunRecord,
  deliveryError: string,
  retryAt: Date | undefined,
): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [...asSeen(record), { isAbsent: 'deliveredAt' }, asDelivered(record)],
      set: { deliveryError, checkAt: retryAt?.toISOString() },
      remove: ['claimedUntil', 'claimedBy', ...(retryAt === undefined ? (['open', 'checkAt'] as const) : [])],
    }),
    isWritten: notTold,
  };
}

/** Takes the delivery of an outcome until `until`: of several watchers one delivers it, unless that one dies. */
export function claimDeliveryWrite(
  tableName: string,
  record: RunRecord,
  by: { readonly id: string; readonly until: Date },
  now: Date,
): LedgerWrite {
  const claimedUntil = by.until.toISOString();
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [
        ...asSeen(record),
        { isAbsent: 'deliveredAt' },
        { isAbsentOrBefore: 'claimedUntil', value: now.toISOString() },
      ],
      set: { claimedUntil, claimedBy: by.id, checkAt: claimedUntil },
    }),
    isWritten: (row) => row.claimedBy === by.id && row.claimedUntil === claimedUntil && row.deliveredAt === undefined,
  };
}

/** The sweep has looked at the row, and looks again at `checkAt`. */
export function checkLaterWrite(
  tableName: string,
  record: RunRecord,
  checkAt: Date,
  note: Pick<RunRecord, 'missingSince'> = {},
): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [...asSeen(record), { isPresent: 'open' }],
      set: { checkAt: checkAt.toISOString(), ...note },
      remove: note.missingSince === undefined && record.missingSince !== undefined ? ['missingSince'] : [],
    }),
    isWritten: notTold,
  };
}

/** The container of a run is at work: nobody in its task says so. */
export function runningWrite(tableName: string, record: RunRecord, startedAt: string, checkAt: Date): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [...asSeen(record), { isPresent: 'open' }],
      set: { status: 'RUNNING', startedAt, invokedAt: startedAt, checkAt: checkAt.toISOString() },
      ...(record.missingSince === undefined ? {} : { remove: ['missingSince'] }),
    }),
    isWritten: notTold,
  };
}

/** As {@link checkLaterWrite}, for a row that cannot be read: it must not stand before all others for ever. */
export function unreadableWrite(tableName: string, runId: string, checkAt: Date): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId,
      conditions: [{ isPresent: 'open' }],
      set: { checkAt: checkAt.toISOString() },
    }),
    isWritten: notTold,
  };
}

/** What ECS said of the task of a run that its runner had closed already. */
export function stopNotedWrite(
  tableName: string,
  record: RunRecord,
  stop: { readonly stopCode: string; readonly stoppedReason?: string },
): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [...asSeen(record), { isAbsent: 'stopCode' }],
      set: { stopCode: stop.stopCode, stoppedReason: stop.stoppedReason },
    }),
    isWritten: notTold,
  };
}

/** Nothing is left to do for a run that has ended. */
export function leaveIndexWrite(tableName: string, record: RunRecord): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId: record.runId,
      conditions: [...asSeen(record), asDelivered(record)],
      remove: ['open', 'checkAt', 'claimedUntil', 'claimedBy'],
    }),
    isWritten: notTold,
  };
}
