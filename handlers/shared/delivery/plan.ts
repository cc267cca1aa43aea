import type { Delivery } from '../run';
import { callbackOutcomeCall } from './callback-outcome';
import { type Destination, parseDestination } from './destination';
import type { FinalRun } from './final-run';
import { CALLBACK, RECORD_BYTES, TASK_OUTCOME } from './limits';
import { type RunPayloads, recordSend } from './record-send';
import type { Send } from './send';
import { taskOutcomeCall } from './task-outcome';

/** Whom a run's outcome concerns: of the two destinations the one for how it ended. */
export interface Recipients {
  readonly taskToken: string | undefined;
  readonly callbackId: string | undefined;
  readonly destination: Destination | undefined;
}

/** @throws {Error} when the row names a destination that the starter would have refused */
export function recipientsOf(run: FinalRun): Recipients {
  const { taskToken, callbackId, onSuccess, onFailure }: Delivery = run.delivery ?? {};
  const arn = run.status === 'SUCCEEDED' ? onSuccess : onFailure;
  const destination = arn === undefined ? undefined : parseDestination(arn);
  if (arn !== undefined && destination === undefined) {
    throw new Error(`The run ${run.runId} names ${arn} as a destination, which takes no invocation records.`);
  }
  return { taskToken, callbackId, destination };
}

/** The largest input and output, in bytes, that a recipient takes: what is larger need not be fetched. */
export function payloadLimits({ taskToken, callbackId, destination }: Recipients) {
  const record = destination === undefined ? 0 : RECORD_BYTES[destination.kind];
  const task = taskToken === undefined ? 0 : TASK_OUTCOME.outputBytes;
  const callback = callbackId === undefined ? 0 : CALLBACK.resultBytes;
  return { inputBytes: record, outputBytes: Math.max(record, task, callback) };
}

/** Every call that a delivery takes. */
export function planSends(run: FinalRun, recipients: Recipients, payloads: RunPayloads): readonly Send[] {
  const { taskToken, callbackId, destination } = recipients;
  return [
    ...(taskToken === undefined
      ? []
      : [{ to: 'taskToken', ...taskOutcomeCall(run, taskToken, payloads.output) } as const]),
    ...(callbackId === undefined
      ? []
      : [{ to: 'callback', ...callbackOutcomeCall(run, callbackId, payloads.output) } as const]),
    ...(destination === undefined ? [] : [recordSend(run, destination, payloads)]),
  ];
}
