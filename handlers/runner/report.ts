import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import { utf8Bytes } from '../shared/payload';
import type { ObjectPointer } from '../shared/run';
import { messageOf, RunnerError } from './errors';
import { type ExitReason, exitCode } from './exit-codes';
import type { Ledger } from './ledger';
import type { Ending } from './ledger-updates';
import { type Execution, type Outcome, outcomeOf } from './outcome';
import { outputKey, outputText, placeOutput } from './output';
import { boundedError } from './runtime-api/reported-error';
import type { RunnerSettings } from './settings';

export interface ReportDeps {
  readonly settings: RunnerSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly writeOutput: (pointer: ObjectPointer, text: string) => Promise<void>;
  /** Writes one line to stdout. */
  readonly print: (line: string) => void;
}

/**
 * Stores the outcome, closes the row, and prints the outcome as the last line on stdout.
 *
 * @returns the runner's exit reason: the outcome's own, unless it could not be stored
 */
export async function report(deps: ReportDeps, execution: Execution): Promise<ExitReason> {
  const { settings, clock, log } = deps;
  const outcome = outcomeOf(execution.happening, settings.run.runId);
  const stored = await store(deps, outcome);
  const ending: Ending = {
    ...stored.ending,
    endedAt: clock(),
    exitCode: exitCode(stored.exitReason),
  };
  const exitReason = await close(deps, ending, stored.exitReason);
  const { happening: _, ...timings } = execution;
  log.info('run.finished', { status: ending.status, exitReason, errorType: ending.error?.errorType, ...timings });
  deps.print(
    JSON.stringify({
      overtime: 'outcome',
      runId: settings.run.runId,
      attempt: settings.run.attempt,
      ...ending,
      exitCode: exitCode(exitReason),
      ...timings,
    }),
  );
  return exitReason;
}

interface Stored {
  readonly ending: Omit<Ending, 'endedAt' | 'exitCode'>;
  readonly exitReason: ExitReason;
}

/** Puts a large output where it belongs. An output that is lost is a failed run, whatever the handler answered. */
async function store({ settings, writeOutput, log }: ReportDeps, outcome: Outcome): Promise<Stored> {
  if (outcome.status !== 'SUCCEEDED') {
    return {
      ending: { status: outcome.status, error: boundedError(outcome.error) },
      exitReason: outcome.exitReason,
    };
  }
  const text = outputText(outcome.body);
  const { runId, attempt } = settings.run;
  const output = placeOutput(text, { bucket: settings.payloadBucket, key: outputKey(runId, attempt) });
  try {
    if ('s3' in output) {
      await writeOutput(output.s3, text);
    }
    return {
      ending: { status: 'SUCCEEDED', output, outputBytes: utf8Bytes(text) },
      exitReason: 'succeeded',
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
    };
  }
}

async function close({ ledger, log }: ReportDeps, ending: Ending, exitReason: ExitReason): Promise<ExitReason> {
  try {
    const written = await ledger.end(ending);
    if (written.kind === 'written') {
      return exitReason;
    }
    log.error('ledger.end-refused', { rowStatus: written.status ?? 'no row' });
    return 'ledgerRefused';
  } catch (thrown) {
    log.error('ledger.end-failed', { reason: messageOf(thrown) });
    await closeWithoutOutcome({ ledger, log }, ending);
    return 'reportFailed';
  }
}

/**
 * DynamoDB may refuse a row for what is in it. Then the row at least says that the run has ended, and how the task did:
 * one that stays RUNNING makes its caller wait for ever.
 */
async function closeWithoutOutcome({ ledger, log }: Pick<ReportDeps, 'ledger' | 'log'>, ending: Ending): Promise<void> {
  const error = {
    errorType: 'OUTCOME_NOT_STORED',
    errorMessage: `The run ended ${ending.status}, and the ledger did not take its outcome: it is the last line of the task's log.`,
  };
  try {
    await ledger.end({ status: 'FAILED', error, endedAt: ending.endedAt, exitCode: exitCode('reportFailed') });
  } catch (thrown) {
    log.error('ledger.end-failed', { reason: messageOf(thrown) });
  }
}
