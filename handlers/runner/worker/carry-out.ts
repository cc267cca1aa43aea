import type { Log } from '../../shared/log';
import { messageOf } from '../errors';
import type { Carried, Executor, Job } from './executor';

/** Does a job. A fault of ours is an outcome, too: whoever waits must hear of it. */
export async function carryOut(executor: Executor, job: Job, log: Log): Promise<Pick<Carried, 'outcome' | 'verdict'>> {
  log.info('task.begins');
  try {
    const { outcome, timings, verdict } = await executor.carryOut(job);
    const errorType = outcome.status === 'SUCCEEDED' ? undefined : outcome.error.errorType;
    log.info('task.finished', { status: outcome.status, errorType, ...timings });
    return { outcome, verdict };
  } catch (thrown) {
    const errorMessage = `The runner failed: ${messageOf(thrown)}`;
    log.error('runner.failed', { reason: errorMessage, stack: thrown instanceof Error ? thrown.stack : undefined });
    return {
      outcome: { status: 'FAILED', exitReason: 'internalError', error: { errorType: 'INTERNAL_ERROR', errorMessage } },
    };
  }
}
