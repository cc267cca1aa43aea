import type { Log } from '../../shared/log';
import { messageOf } from '../errors';
import type { Outcome } from '../outcome';
import type { Executor, Job } from './executor';

/** Does a job. A fault of ours is an outcome, too: whoever waits must hear of it. */
export async function carryOut(executor: Executor, job: Job, log: Log): Promise<Outcome> {
  log.info('task.begins');
  try {
    const { outcome, timings } = await executor.carryOut(job);
    const errorType = outcome.status === 'SUCCEEDED' ? undefined : outcome.error.errorType;
    log.info('task.finished', { status: outcome.status, errorType, ...timings });
    return outcome;
  } catch (thrown) {
    const errorMessage = `The runner failed: ${messageOf(thrown)}`;
    log.error('runner.failed', { reason: errorMessage, stack: thrown instanceof Error ? thrown.stack : undefined });
    return { status: 'FAILED', exitReason: 'internalError', error: { errorType: 'INTERNAL_ERROR', errorMessage } };
  }
}
