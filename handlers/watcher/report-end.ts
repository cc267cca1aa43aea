import type { Ending } from '../shared/ledger/ending';
import type { Log } from '../shared/log';
import type { RunRecord } from '../shared/run';

/** Every attempt that the watcher ends is reported here, once: the one place for what is counted of them. */
export function reportEnd(log: Log, record: RunRecord, ending: Ending, nextAttempt: number | undefined): void {
  const { runId, attempt, taskArn } = record;
  const { status, error, exitCode, stopCode } = ending;
  const fields = { runId, attempt, status, errorType: error?.errorType, exitCode, stopCode, taskArn };
  if (nextAttempt === undefined) {
    log.error('run.ended', fields);
  } else {
    log.warn('attempt.ended', { ...fields, nextAttempt });
  }
}
