import type { RunRecord } from '../shared/run';
import { TaskNotStarted } from './errors';
import type { StarterDeps } from './ports';
import { settleOutcome } from './settle';

/** When the sweep looks after a launch that waits in the queue: later than any but the longest line is through. */
const QUEUED_CHECK_MILLISECONDS = 15 * 60 * 1000;

export function launchId({ runId, attempt }: Pick<RunRecord, 'runId' | 'attempt'>): string {
  return `${runId}-${attempt}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Puts a launch at the end of the queue. The line is joined first: from then on no newcomer overtakes it. A message
 * too many is dropped by the consumer, and one that was lost is made up for by the sweep.
 *
 * @param isAgain whether it came from the queue: SQS takes the same id once in five minutes
 */
export async function queueLaunch(row: RunRecord, reason: string, isAgain: boolean, deps: StarterDeps): Promise<void> {
  const { ports, log, now } = deps;
  const { runId, attempt } = row;
  const id = launchId(row);
  await ports.pacer.joinLine(id);
  await ports.queueLaunch({ version: 1, runId, attempt }, isAgain ? `${id}-${now().getTime()}` : id);
  log.info('launch-queued', { runId, attempt, reason });
  try {
    await ports.ledger.postponeCheck(row, new Date(now().getTime() + QUEUED_CHECK_MILLISECONDS).toISOString());
  } catch (error) {
    log.warn('check-not-postponed', { runId, attempt, reason: reasonOf(error) });
  }
}

/** Closes a run whose task can never be, and gives the error that says so. */
export async function closeRefused(row: RunRecord, reason: string, deps: StarterDeps): Promise<TaskNotStarted> {
  const { ports, log, now } = deps;
  const { runId } = row;
  const error = new TaskNotStarted(`ECS started no task for the run ${runId}: ${reason}`);
  const reported = { errorType: error.code, errorMessage: reason };
  const closed = await ports.ledger.markFailed(row, reported, now());
  log.error('run-not-started', { runId, attempt: row.attempt, reason });
  if (closed === undefined) {
    return error;
  }
  await ports.countRun({ ...closed, status: 'FAILED' });
  await settleOutcome(closed, 'FAILED', deps);
  return error;
}
