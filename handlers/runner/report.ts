import { boundedError } from '../shared/bounded-error';
import type { Clock } from '../shared/clock';
import type { Ending } from '../shared/ledger/ending';
import type { Log } from '../shared/log';
import type { ObjectPointer, RunRecord } from '../shared/run';
import { countRun } from './count-run';
import { messageOf, RunnerError } from './errors';
import { type ExitReason, exitCode } from './exit-codes';
import type { Ledger } from './ledger';
import { type Execution, type Outcome, outcomeOf } from './outcome';
import { outputJson, outputKey, placeOutput } from './output';
import type { RunnerSettings } from './settings';

export interface ReportDeps {
  readonly settings: RunnerSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly writeOutput: (pointer: ObjectPointer, json: Uint8Array) => Promise<void>;
  /** What the task has used and had, as far as anybody says. */
  readonly readMemory: () => Promise<Pick<Ending, 'peakMemoryMiB' | 'memorySizeMiB'> | undefined>;
  /** Writes one line to stdout. */
  readonly print: (line: string) => void;
}

/** What became of a report. */
export interface Reported {
  /** The outcome's own, unless it could not be stored. */
  readonly exitReason: ExitReason;
  /** The row as it was closed, perhaps for another attempt; `undefined` where the ledger did not take that. */
  readonly closed: RunRecord | undefined;
  /** The output's JSON as UTF-8, wherever it is kept; `undefined` where there is none. */
  readonly output: Uint8Array | undefined;
}

/** Stores the outcome, closes the row, counts the run, and prints the outcome as the last line on stdout. */
export async function report(deps: ReportDeps, execution: Execution): Promise<Reported> {
  const { settings, clock, log } = deps;
  const outcome = outcomeOf(execution.happening, settings.run.runId);
  const stored = await store(deps, outcome);
  const ending: Ending = { ...stored.ending, exitCode: exitCode(stored.exitReason), ...(await deps.readMemory()) };
  const endedAt = clock();
  const { exitReason, closed } = await close(deps, ending, endedAt, stored.exitReason);
  if (closed !== undefined) {
    await countRun({ ...deps, ledgerTable: settings.ledgerTable }, closed, endedAt);
  }
  const { happening: _, ...timings } = execution;
  log.info('run.finished', { status: ending.status, exitReason, errorType: ending.error?.errorType, ...timings });
  deps.print(
    JSON.stringify({
      overtime: 'outcome',
      runId: settings.run.runId,
      attempt: settings.run.attempt,
      ...ending,
      endedAt,
      exitCode: exitCode(exitReason),
      ...timings,
    }),
  );
  return { exitReason, closed, output: stored.json };
}

interface Stored {
  readonly ending: Omit<Ending, 'exitCode'>;
  readonly exitReason: ExitReason;
  readonly json: Uint8Array | undefined;
}

/** Puts a large output where it belongs. An output that is lost is a failed run, whatever the handler answered. */
async function store({ settings, writeOutput, log }: ReportDeps, outcome: Outcome): Promise<Stored> {
  if (outcome.status !== 'SUCCEEDED') {
    return {
      ending: { status: outcome.status, error: boundedError(outcome.error) },
      exitReason: outcome.exitReason,
      json: undefined,
    };
  }
  const json = outputJson(outcome.body);
  const { runId, attempt } = settings.run;
  const output = placeOutput(json, { bucket: settings.payloadBucket, key: outputKey(runId, attempt) });
  try {
    if ('s3' in output) {
      await writeOutput(output.s3, json);
    }
    return {
      ending: { status: 'SUCCEEDED', output, outputBytes: json.byteLength },
      exitReason: 'succeeded',
      json,
    };
  } catch (thrown) {
    const error =
      thrown instanceof RunnerError
        ? thrown
        : new RunnerError('OUTPUT_NOT_STORED', messageOf(thrown), { cause: thrown });
    log.error('output.not-stored', { reason: error.message });
    return {
      ending: { status: 'FAILED', error: boundedError({ errorType: error.code, errorMessage: error.message }) },
      exitReason: error.exitReason,
      json: undefined,
    };
  }
}

async function close(
  { ledger, log }: ReportDeps,
  ending: Ending,
  endedAt: Date,
  exitReason: ExitReason,
): Promise<Omit<Reported, 'output'>> {
  try {
    const written = await ledger.end(ending, endedAt);
    if (written.kind === 'refused') {
      log.error('ledger.end-refused', { rowStatus: written.record?.status ?? 'no row' });
      return { exitReason: 'ledgerRefused', closed: undefined };
    }
    if (written.record.status === 'PENDING') {
      log.info('run.next-attempt', { nextAttempt: written.record.attempt, maxAttempts: written.record.maxAttempts });
    }
    return { exitReason, closed: written.record };
  } catch (thrown) {
    log.error('ledger.end-failed', { reason: messageOf(thrown) });
    return { exitReason: 'reportFailed', closed: await closeWithoutOutcome({ ledger, log }, ending, endedAt) };
  }
}

/**
 * DynamoDB may refuse a row for what is in it. Then the row at least says that the run has ended, and how the task did:
 * one that stays RUNNING makes its caller wait for ever.
 */
async function closeWithoutOutcome(
  { ledger, log }: Pick<ReportDeps, 'ledger' | 'log'>,
  ending: Ending,
  endedAt: Date,
): Promise<RunRecord | undefined> {
  const error = {
    errorType: 'OUTCOME_NOT_STORED',
    errorMessage: `The run ended ${ending.status}, and the ledger did not take its outcome: it is the last line of the task's log.`,
  };
  try {
    const written = await ledger.end({ status: 'FAILED', error, exitCode: exitCode('reportFailed') }, endedAt);
    return written.kind === 'written' ? written.record : undefined;
  } catch (thrown) {
    log.error('ledger.end-failed', { reason: messageOf(thrown) });
    return undefined;
  }
}
