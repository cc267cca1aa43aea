import type { Ending } from '../shared/ledger/ending';
import { runMetrics } from '../shared/metrics';
import { isFinal, type RunRecord } from '../shared/run';
import type { WatcherDeps } from './ports';

interface AttemptEnd {
  /** The row of the attempt that has ended. */
  readonly before: RunRecord;
  /** The row after it: final, or of the next attempt. */
  readonly after: RunRecord;
  readonly ending: Ending;
}

/** Every attempt that the watcher ends is reported here, once: the one place for what is counted of them. */
export function reportEnd(deps: WatcherDeps, { before, after, ending }: AttemptEnd): void {
  const { log, print, ledgerTable, now } = deps;
  const { runId, attempt, taskArn } = before;
  const { status, error, exitCode, stopCode } = ending;
  const fields = { runId, attempt, status, errorType: error?.errorType, exitCode, stopCode, taskArn };
  if (after.attempt !== attempt) {
    log.warn('attempt.ended', { ...fields, nextAttempt: after.attempt });
    return;
  }
  const write = status === 'SUCCEEDED' ? log.info : log.error;
  write('run.ended', fields);
  if (isFinal(after.status)) {
    runMetrics({ ...after, status: after.status }, ledgerTable, now()).forEach(print);
  }
}
