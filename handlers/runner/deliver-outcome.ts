import type { Clock } from '../shared/clock';
import { deliver } from '../shared/delivery/deliver';
import { isFinalRun } from '../shared/delivery/final-run';
import type { Send } from '../shared/delivery/send';
import { isDeliveryDue } from '../shared/ledger/delivery-due';
import type { Log } from '../shared/log';
import type { ObjectPointer, RunRecord } from '../shared/run';
import { messageOf } from './errors';
import type { Ledger } from './ledger';
import type { RunnerSettings } from './settings';

export interface DeliverDeps {
  readonly settings: RunnerSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly send: (send: Send) => Promise<void>;
  /** Reads an input from the payload bucket. */
  readonly fetchText: (pointer: ObjectPointer) => Promise<string>;
}

/**
 * Tells those whom the row names of a run's outcome, unless another attempt follows. What the runner cannot deliver stays
 * in the row for the watcher, and changes nothing about the run.
 *
 * @param output its JSON as UTF-8: the runner wrote the object, and has no right to read it
 */
export async function deliverOutcome(deps: DeliverDeps, run: RunRecord, output: Uint8Array | undefined): Promise<void> {
  const { settings, clock, log, ledger, send } = deps;
  if (!isFinalRun(run) || !isDeliveryDue(run.delivery, run.status)) {
    return;
  }
  const own = run.output !== undefined && 's3' in run.output ? run.output.s3.key : undefined;
  const result = await deliver(run, {
    inputOf: () => settings.run.input,
    fetchText: async (pointer) =>
      pointer.key === own && output !== undefined ? new TextDecoder().decode(output) : deps.fetchText(pointer),
    send,
    log,
  });
  if (result.kind === 'undelivered') {
    return;
  }
  try {
    const written = await ledger.markDelivered(run, clock());
    if (written.kind === 'refused') {
      log.warn('ledger.delivered-refused', { rowStatus: written.record?.status ?? 'no row' });
    }
  } catch (thrown) {
    log.error('ledger.delivered-not-written', { reason: messageOf(thrown) });
  }
}
