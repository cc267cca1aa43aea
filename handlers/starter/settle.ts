import { isDeliveryDue } from '../shared/ledger/delivery-due';
import type { Log } from '../shared/log';
import type { FinalStatus, RunRecord } from '../shared/run';
import type { StarterPorts } from './ports';

/** Has the outcome of a run delivered that the starter has closed, if anybody is to hear of it. */
export async function settleOutcome(
  { runId, delivery, deliveredAt }: Pick<RunRecord, 'runId' | 'delivery' | 'deliveredAt'>,
  status: FinalStatus,
  { ports, log }: { readonly ports: Pick<StarterPorts, 'settle'>; readonly log: Log },
): Promise<void> {
  if (!isDeliveryDue(delivery, status) || deliveredAt !== undefined) {
    return;
  }
  try {
    await ports.settle(runId);
  } catch (error) {
    // The sweep finds the row, which stays open until its outcome is delivered.
    const reason = error instanceof Error ? error.message : String(error);
    log.error('run-not-settled', { runId, reason });
  }
}
