import { lambdaError } from '../../shared/delivery/final-run';
import type { Log } from '../../shared/log';
import type { ExitReason } from '../exit-codes';
import { outputText } from '../output';
import { carryOut } from './carry-out';
import type { Executor, Job } from './executor';

export interface EventDeps {
  readonly executor: Executor;
  readonly log: Log;
  /** Writes one line to stdout, where nothing else is written. */
  readonly print: (line: string) => void;
  /** Writes one line to stderr. */
  readonly complain: (line: string) => void;
}

/** Does the one job of a run that nobody keeps a row of: its result is printed, and its exit code says how it went. */
export async function attendEvent(
  { executor, log, print, complain }: EventDeps,
  job: Omit<Job, 'callerGone'>,
): Promise<ExitReason> {
  const { outcome } = await carryOut(executor, { ...job, callerGone: new AbortController().signal }, log);
  if (outcome.status === 'SUCCEEDED') {
    print(outputText(outcome.body));
  } else {
    complain(JSON.stringify(lambdaError(outcome.error)));
  }
  return outcome.exitReason;
}
