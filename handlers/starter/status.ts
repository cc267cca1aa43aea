import type { Clock } from '../shared/clock';
import { gunzipText } from '../shared/payload';
import type { ObjectPointer, PastAttempt, Payload, ReportedError, RunRecord, RunStatus } from '../shared/run';
import { RunNotFound } from './errors';
import type { Ledger } from './ports';

/** How long the parts of a run took; of the part that it is in, how long until now. */
export interface RunDurations {
  /** From the request until the runner began: ECS found a place, and fetched the image. */
  readonly placingSeconds: number;
  /** From then until the handler was called: the package was fetched, and the runtime started. */
  readonly preparingSeconds?: number;
  readonly handlerSeconds?: number;
  readonly totalSeconds: number;
}

/** What became of a run. */
export interface StatusAnswer {
  readonly runId: string;
  readonly status: RunStatus;
  readonly attempt: number;
  readonly maxAttempts?: number;
  /** Those before this one, the oldest first. */
  readonly attempts?: readonly Omit<PastAttempt, 'endedBy'>[];
  /** Of a container run there is none. */
  readonly functionArn?: string;
  /** Of a container run: whose exit code is the outcome. */
  readonly container?: string;
  readonly timeoutSeconds: number;
  readonly inputBytes: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly invokedAt?: string;
  readonly endedAt?: string;
  readonly durations: RunDurations;
  readonly cluster?: string;
  readonly taskDefinition?: string;
  readonly taskArns: readonly string[];
  /** The handler's result. */
  readonly output?: unknown;
  /** Where the result is, if it is too large for the ledger. */
  readonly outputLocation?: ObjectPointer;
  readonly outputBytes?: number;
  readonly error?: ReportedError;
  readonly exitCode?: number;
  /** Why ECS stopped the task. */
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** When the outcome reached all whom the request named. */
  readonly deliveredAt?: string;
  /** Why the last try to deliver it failed. */
  readonly deliveryError?: string;
}

const MILLISECONDS_PER_SECOND = 1000;

function durations(record: RunRecord, now: Date): RunDurations {
  const end = record.endedAt ?? now.toISOString();
  const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_SECOND;
  const { createdAt, startedAt, invokedAt } = record;
  return {
    placingSeconds: seconds(createdAt, startedAt ?? end),
    ...(startedAt === undefined ? {} : { preparingSeconds: seconds(startedAt, invokedAt ?? end) }),
    ...(invokedAt === undefined ? {} : { handlerSeconds: seconds(invokedAt, end) }),
    totalSeconds: seconds(createdAt, end),
  };
}

function outputOf(payload: Payload): Pick<StatusAnswer, 'output' | 'outputLocation'> {
  if ('s3' in payload) {
    return { outputLocation: payload.s3 };
  }
  return { output: 'inline' in payload ? payload.inline : JSON.parse(gunzipText(payload.gzip)) };
}

/** A row of the ledger as an answer. */
export function describeRun(record: RunRecord, now: Date): StatusAnswer {
  const {
    requestHash,
    expiresAt,
    createdDay,
    unqualifiedFunctionArn,
    open,
    checkAt,
    launch,
    launchVariant,
    delivery,
    deliverySince,
    ...rest
  } = record;
  const { runnerId, endedBy, claimedUntil, claimedBy, missingSince, ...forCallers } = rest;
  const { taskArn, output, attempts, ...shown } = forCallers;
  return {
    ...shown,
    ...(attempts === undefined ? {} : { attempts: attempts.map(({ endedBy: _, ...attempt }) => attempt) }),
    durations: durations(record, now),
    taskArns: taskArn === undefined ? [] : [taskArn],
    ...(output === undefined ? {} : outputOf(output)),
  };
}

/** @throws {RunNotFound} when the ledger has no such run, or has it no more */
export async function runStatus(
  runId: string,
  deps: { readonly ledger: Pick<Ledger, 'find'>; readonly now: Clock },
): Promise<StatusAnswer> {
  const record = await deps.ledger.find(runId);
  if (record === undefined) {
    throw new RunNotFound(runId);
  }
  return describeRun(record, deps.now());
}
