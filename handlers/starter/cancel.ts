import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import { isFinal, type ReportedError, type RunRecord, type RunStatus } from '../shared/run';
import { RunNotFound } from './errors';
import type { StarterPorts } from './ports';
import { settleOutcome } from './settle';

/** What became of a request to cancel. */
export interface CancelAnswer {
  readonly runId: string;
  /** CANCELLED, also when it was so before; any other means that the run had ended already. */
  readonly status: RunStatus;
  readonly taskArns: readonly string[];
}

export interface CancelDeps {
  readonly ports: Pick<StarterPorts, 'ledger' | 'runs' | 'stopTask' | 'settle' | 'countRun'>;
  readonly now: Clock;
  readonly log: Log;
  /** Of the deployment, for rows that name none. */
  readonly cluster: string;
  readonly awsRequestId: string;
}

const CANCELLED: ReportedError = {
  errorType: 'CANCELLED',
  errorMessage: 'The run was cancelled through the starter.',
};

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html: DescribeTasks shows it as stoppedReason. */
function stopReason(runId: string): string {
  return `Overtime: the run ${runId} was cancelled`;
}

/**
 * Stops the task of a run that was cancelled. Whoever learns of a cancelled run's task calls it: the cancel itself, or
 * a start that hears from ECS only after the cancel.
 *
 * @throws {TaskNotStopped} when ECS does not stop it
 */
export async function stopCancelled(
  { runId, cluster, taskArn }: { readonly runId: string; readonly cluster: string; readonly taskArn: string },
  { ports, log }: { readonly ports: Pick<StarterPorts, 'stopTask'>; readonly log: Log },
): Promise<void> {
  await ports.stopTask({ cluster, taskArn, reason: stopReason(runId) });
  log.info('task-stopped', { runId, taskArn });
}

/** The row after the cancel; `undefined` where there is none. */
async function cancelled(runId: string, deps: CancelDeps): Promise<RunRecord | undefined> {
  const { ports, now, awsRequestId } = deps;
  const known = await ports.ledger.find(runId);
  if (known === undefined || isFinal(known.status)) {
    return known;
  }
  const result = await ports.runs.cancel(known, { id: awsRequestId, error: CANCELLED }, now());
  if (result.kind === 'written') {
    await ports.countRun({ ...result.record, status: 'CANCELLED' });
  }
  return result.record;
}

/**
 * Ends a run: first in the ledger, so that nothing starts it any more, then in ECS. Asked again it gives the same answer,
 * and stops what an earlier try could not. A run that has ended stays as it is.
 *
 * @throws {RunNotFound} when the ledger has no such run
 * @throws {TaskNotStopped} when the run is CANCELLED and ECS did not stop its task: ask again
 */
export async function cancelRun(runId: string, deps: CancelDeps): Promise<CancelAnswer> {
  const { log, cluster } = deps;
  const record = await cancelled(runId, deps);
  if (record === undefined) {
    throw new RunNotFound(runId);
  }
  const { status, taskArn } = record;
  const taskArns = taskArn === undefined ? [] : [taskArn];
  if (status !== 'CANCELLED') {
    log.info('run-not-cancelled', { runId, status });
    return { runId, status, taskArns };
  }
  log.info('run-cancelled', { runId });
  if (taskArn !== undefined) {
    await stopCancelled({ runId, cluster: record.cluster ?? cluster, taskArn }, deps);
  }
  await settleOutcome(record, status, deps);
  return { runId, status, taskArns };
}
