import { type LedgerWrite, ledgerUpdate } from './update';

/** One attempt of a run, and the process that carries it out. */
interface RunningAttempt {
  readonly tableName: string;
  readonly runId: string;
  readonly attempt: number;
  /** A random id. */
  readonly runnerId: string;
}

/**
 * Takes the attempt: no other runner can take it after, and a runner of an earlier attempt cannot.
 *
 * @param taskArn the runner's own task; `undefined` where it cannot know
 */
export function beginWrite(
  { tableName, runId, attempt, runnerId }: RunningAttempt,
  taskArn: string | undefined,
  now: Date,
): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId,
      conditions: [
        { isOneOf: 'status', values: ['PENDING', 'STARTING'] },
        { is: 'attempt', value: attempt },
      ],
      set: { status: 'RUNNING', startedAt: now.toISOString(), runnerId, taskArn },
      remove: ['missingSince'],
    }),
    isWritten: (row) => row.status === 'RUNNING' && row.attempt === attempt && row.runnerId === runnerId,
  };
}

/** Notes that the handler has been called. */
export function invokedWrite({ tableName, runId, attempt, runnerId }: RunningAttempt, now: Date): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId,
      conditions: [
        { is: 'status', value: 'RUNNING' },
        { is: 'attempt', value: attempt },
        { is: 'runnerId', value: runnerId },
      ],
      set: { invokedAt: now.toISOString() },
    }),
    // A refusal means that the row has moved on; a repetition of this write is not refused.
    isWritten: () => false,
  };
}

/**
 * Reads the row of a running attempt by a write that changes nothing: the runner has no right to read the ledger, whose
 * rows hold the tokens of all runs.
 */
export function rereadWrite({ tableName, runId, attempt, runnerId }: RunningAttempt): LedgerWrite {
  return {
    update: ledgerUpdate({
      tableName,
      runId,
      conditions: [
        { is: 'status', value: 'RUNNING' },
        { is: 'attempt', value: attempt },
        { is: 'runnerId', value: runnerId },
      ],
      set: { runnerId },
    }),
    // A refusal means that the attempt is this runner's no more.
    isWritten: () => false,
  };
}
