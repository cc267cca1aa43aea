import type { Log } from '../log';
import { payloadText } from '../payload';
import type { ObjectPointer, Payload } from '../run';
import type { FinalRun } from './final-run';
import { type HeldPayload, locationOf } from './held-payload';
import { payloadLimits, planSends, type Recipients, recipientsOf } from './plan';
import type { RunPayloads } from './record-send';
import type { Send, SendTarget } from './send';
import { type SendFault, sendFault } from './send-error';

/** All that a delivery does to the world. */
export interface DeliveryPorts {
  /** The run's input: the runner has it in its envelope, others in the row. `undefined` where it is known no more. */
  readonly inputOf: (run: FinalRun) => Payload | undefined;
  /** Reads an object of the payload bucket. */
  readonly fetchText: (pointer: ObjectPointer) => Promise<string>;
  /** Makes one call, with as many tries as are sensible at once. */
  readonly send: (send: Send) => Promise<void>;
  readonly log: Log;
}

interface DeliveryProblem {
  readonly to: SendTarget | 'all';
  readonly kind: 'failed' | 'refused';
  readonly reason: string;
}

export type DeliveryResult =
  /** Everybody has heard, or waits no longer: `deliveredAt` may be written. */
  | { readonly kind: 'delivered' }
  /** Somebody has not heard. The row stays open, and the sweep delivers again: to all, as at least once allows. */
  | { readonly kind: 'undelivered'; readonly problems: readonly DeliveryProblem[] };

/** The text of a payload up to so many bytes. */
async function hold(payload: Payload, bytes: number, limitBytes: number, ports: DeliveryPorts): Promise<HeldPayload> {
  const text = bytes > limitBytes ? undefined : await payloadText(payload, ports.fetchText);
  return { bytes, text, location: locationOf(payload) };
}

/** A record whose input has gone is better than none. */
async function holdInput(run: FinalRun, limitBytes: number, ports: DeliveryPorts): Promise<HeldPayload> {
  const payload = ports.inputOf(run);
  const unheld = { bytes: run.inputBytes, text: undefined, location: locationOf(payload) };
  if (payload === undefined || limitBytes === 0) {
    return unheld;
  }
  try {
    return await hold(payload, run.inputBytes, limitBytes, ports);
  } catch (thrown) {
    ports.log.warn('delivery.input-unreadable', { reason: String(thrown) });
    return unheld;
  }
}

async function holdPayloads(run: FinalRun, recipients: Recipients, ports: DeliveryPorts): Promise<RunPayloads> {
  const limits = payloadLimits(recipients);
  const { output, outputBytes = 0 } = run;
  return {
    input: await holdInput(run, limits.inputBytes, ports),
    output: output === undefined ? undefined : await hold(output, outputBytes, limits.outputBytes, ports),
  };
}

async function sendOne(send: Send, { send: act, log }: DeliveryPorts): Promise<SendFault | undefined> {
  try {
    await act(send);
    log.info('delivery.sent', { to: send.to });
    return undefined;
  } catch (thrown) {
    const fault = sendFault(send.to, thrown);
    const write = fault.kind === 'gone' ? log.warn : log.error;
    write(`delivery.${fault.kind}`, { to: send.to, reason: fault.reason });
    return fault;
  }
}

/**
 * Tells everybody whom a run's delivery names what became of it. It never throws: what went wrong is in the log and in
 * the answer.
 */
export async function deliver(run: FinalRun, ports: DeliveryPorts): Promise<DeliveryResult> {
  let sends: readonly Send[];
  try {
    const recipients = recipientsOf(run);
    sends = planSends(run, recipients, await holdPayloads(run, recipients, ports));
  } catch (thrown) {
    const reason = String(thrown);
    ports.log.error('delivery.failed', { to: 'all', reason });
    return { kind: 'undelivered', problems: [{ to: 'all', kind: 'failed', reason }] };
  }
  const faults = await Promise.all(sends.map(async (send) => ({ to: send.to, fault: await sendOne(send, ports) })));
  const problems = faults.flatMap(({ to, fault }) =>
    fault === undefined || fault.kind === 'gone' ? [] : [{ to, kind: fault.kind, reason: fault.reason }],
  );
  return problems.length === 0 ? { kind: 'delivered' } : { kind: 'undelivered', problems };
}
