import { boundedError, storable } from '../bounded-error';
import {
  type FinalStatus,
  LIVE_STATUSES,
  OPEN,
  type PastAttempt,
  type Payload,
  type ReportedError,
  type RunRecord,
  type RunStatus,
} from '../run';
import { asDelivered, isDeliveryDue } from './delivery-due';
import { type LedgerWrite, ledgerUpdate } from './update';

/** How an attempt ended, as the ledger keeps it. */
export interface Ending {
  /** CANCELLED, which no attempt follows, where nobody waits for the run any more. */
  readonly status: FinalStatus;
  readonly exitCode?: number;
  readonly output?: Payload;
  readonly outputBytes?: number;
  readonly error?: ReportedError;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly peakMemoryMiB?: number;
  readonly memorySizeMiB?: number;
  /** Of a container run, whose start nobody may have written before. */
  readonly startedAt?: string;
  readonly invokedAt?: string;
}

/** Who ends an attempt, and what has to be true for it. */
type Ender =
  /** The runner that began it. `id` is its runnerId. */
  | { readonly kind: 'runner'; readonly id: string }
  /** Somebody who knows that the attempt's task runs no more, or never did. */
  | {
      readonly kind: 'observer';
      readonly id: string;
      /** The row may only be in one of these. */
      readonly from: readonly RunStatus[];
      /** Of the task that has ended; the row must not have another. */
      readonly taskArn?: string | undefined;
      /** Given where the observer itself delivers the outcome: other watchers leave it alone until then. */
      readonly claimedUntil?: Date | undefined;
    };

export interface EndRequest {
  readonly tableName: string;
  /** As last seen: its attempt is the one that ends. */
  readonly record: RunRecord;
  readonly by: Ender;
  readonly ending: Ending;
  readonly now: Date;
}

/** The event of the stopped task starts the next attempt within seconds; the sweep does so if it gets lost. */
const NEXT_ATTEMPT_CHECK_MILLISECONDS = 2 * 60_000;

/** Whoever closes a run delivers its outcome at once; the sweep does so if that one dies. */
const DELIVERY_CHECK_MILLISECONDS = 5 * 60_000;

/**
 * The messages of all past attempts share this many characters, and so do their stop reasons: the row has to hold the
 * last error, too, which may be long, and 400 KB are all that it has.
 */
const PAST_MESSAGES_CHARACTERS = 12_288;
const LONGEST_PAST_MESSAGE_CHARACTERS = 1_024;

/** What an attempt wrote that the next one writes anew. */
const OF_ONE_ATTEMPT = [
  'taskArn',
  'missingSince',
  'runnerId',
  'startedAt',
  'invokedAt',
  'endedAt',
  'endedBy',
  'exitCode',
  'error',
  'output',
  'outputBytes',
  'stopCode',
  'stoppedReason',
] as const satisfies readonly (keyof RunRecord)[];

/** Whether a failure of this attempt is followed by another. */
function hasAttemptLeft({ attempt, maxAttempts = 1 }: RunRecord): boolean {
  return attempt < maxAttempts;
}

function later(now: Date, milliseconds: number): string {
  return new Date(now.getTime() + milliseconds).toISOString();
}

function pastAttempt({ record, by, ending, now }: EndRequest, status: PastAttempt['status']): PastAttempt {
  const { attempt, maxAttempts = 1, taskArn = ownTaskOf(by) } = record;
  const { error, exitCode, stopCode, stoppedReason } = ending;
  const { startedAt = record.startedAt, invokedAt = record.invokedAt } = ending;
  const messageCharacters = Math.min(
    LONGEST_PAST_MESSAGE_CHARACTERS,
    Math.floor(PAST_MESSAGES_CHARACTERS / maxAttempts),
  );
  const limits = { typeCharacters: 128, messageCharacters, traceLines: 0, lineCharacters: 0 };
  return {
    attempt,
    status,
    endedAt: now.toISOString(),
    endedBy: by.id,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(invokedAt === undefined ? {} : { invokedAt }),
    ...(taskArn === undefined ? {} : { taskArn }),
    ...(error === undefined ? {} : { error: boundedError(error, limits) }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(stoppedReason === undefined ? {} : { stoppedReason: storable(stoppedReason, messageCharacters) }),
  };
}

function ownTaskOf(by: Ender): string | undefined {
  return by.kind === 'observer' ? by.taskArn : undefined;
}

function conditionsOf({ record, by }: EndRequest) {
  const ofAttempt = { is: 'attempt', value: record.attempt } as const;
  const ofDelivery = asDelivered(record);
  if (by.kind === 'runner') {
    return [{ is: 'status', value: 'RUNNING' }, ofAttempt, { is: 'runnerId', value: by.id }, ofDelivery] as const;
  }
  return [
    { isOneOf: 'status', values: by.from },
    ofAttempt,
    ofDelivery,
    ...(by.taskArn === undefined ? [] : [{ isAbsentOr: 'taskArn', value: by.taskArn } as const]),
  ] as const;
}

/** In the same write as the end, so that no watcher sees the outcome without the claim on its delivery. */
function claimOf(by: Ender): Pick<RunRecord, 'claimedUntil' | 'claimedBy'> {
  return by.kind === 'runner' || by.claimedUntil === undefined
    ? {}
    : { claimedUntil: by.claimedUntil.toISOString(), claimedBy: by.id };
}

/** Whether `id` ended this attempt: in the row itself if that was the last, else among the attempts before. */
function isEndedBy(row: RunRecord, attempt: number, id: string): boolean {
  const ended = row.attempt === attempt ? row : row.attempts?.find((past) => past.attempt === attempt);
  return ended?.endedBy === id;
}

/**
 * Ends an attempt, in one write. One that failed makes the run PENDING again, with the next number, while attempts are
 * left; every other end is the run's own. A run whose outcome goes nowhere but here leaves the sweep's index with it.
 */
export function endWrite(request: EndRequest): LedgerWrite {
  const { tableName, record, by, ending, now } = request;
  const { runId, attempt } = record;
  const target = { tableName, runId, conditions: conditionsOf(request) };
  const isWritten = (row: RunRecord) => isEndedBy(row, attempt, by.id);
  if (ending.status !== 'SUCCEEDED' && ending.status !== 'CANCELLED' && hasAttemptLeft(record)) {
    const update = ledgerUpdate({
      ...target,
      set: {
        status: 'PENDING',
        attempt: attempt + 1,
        open: OPEN,
        checkAt: later(now, NEXT_ATTEMPT_CHECK_MILLISECONDS),
      },
      remove: OF_ONE_ATTEMPT,
      past: pastAttempt(request, ending.status),
    });
    return { update, isWritten };
  }
  const isDelivered = !isDeliveryDue(record.delivery, ending.status);
  const update = ledgerUpdate({
    ...target,
    set: {
      ...ending,
      endedAt: now.toISOString(),
      endedBy: by.id,
      ...(isDelivered ? {} : { open: OPEN, checkAt: later(now, DELIVERY_CHECK_MILLISECONDS) }),
      ...(isDelivered ? {} : claimOf(by)),
    },
    remove: ['missingSince', ...(isDelivered ? (['open', 'checkAt'] as const) : [])],
  });
  return { update, isWritten };
}

/** The starter stops the task at once; the sweep does so if that one dies, or ECS does not do it. */
const CANCEL_CHECK_MILLISECONDS = 2 * 60_000;

/**
 * Ends a run by its caller's will: final at once, whatever attempts are left. The starter stops the task and settles the
 * delivery; until the sweep has seen to both, the row stays in its index.
 */
export function cancelWrite(
  tableName: string,
  record: RunRecord,
  by: { readonly id: string; readonly error: ReportedError },
  now: Date,
): LedgerWrite {
  const update = ledgerUpdate({
    tableName,
    runId: record.runId,
    conditions: [{ isOneOf: 'status', values: LIVE_STATUSES }],
    set: {
      status: 'CANCELLED',
      endedAt: now.toISOString(),
      endedBy: by.id,
      error: by.error,
      open: OPEN,
      checkAt: later(now, CANCEL_CHECK_MILLISECONDS),
    },
    remove: ['missingSince'],
  });
  return { update, isWritten: (row) => row.endedBy === by.id };
}
