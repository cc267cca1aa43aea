import type {
  SendDurableExecutionCallbackFailureCommandInput,
  SendDurableExecutionCallbackSuccessCommandInput,
} from '@aws-sdk/client-lambda';
import { utf8Bytes } from '../payload';
import type { ReportedError } from '../run';
import { errorOf, type FinalRun } from './final-run';
import { type HeldPayload, pointerTo } from './held-payload';
import { CALLBACK } from './limits';

/** What a durable function is told that waits for a run. */
export type CallbackOutcomeCall =
  | { readonly call: 'success'; readonly input: SendDurableExecutionCallbackSuccessCommandInput }
  | { readonly call: 'failure'; readonly input: SendDurableExecutionCallbackFailureCommandInput };

function failure(callbackId: string, { errorType, errorMessage, stackTrace }: ReportedError): CallbackOutcomeCall {
  const brief = { ErrorType: errorType, ErrorMessage: errorMessage };
  const whole = { ...brief, ...(stackTrace === undefined ? {} : { StackTrace: [...stackTrace] }) };
  // The ledger's own bounds keep type and message far under the limit.
  const fits = utf8Bytes(JSON.stringify(whole)) <= CALLBACK.errorBytes;
  return { call: 'failure', input: { CallbackId: callbackId, Error: fits ? whole : brief } };
}

/** The outcome of a run for its callback; an output that Lambda does not take becomes a pointer to it. */
export function callbackOutcomeCall(
  run: FinalRun,
  callbackId: string,
  output: HeldPayload | undefined,
): CallbackOutcomeCall {
  const error = errorOf(run);
  if (error !== undefined) {
    return failure(callbackId, error);
  }
  const text = output === undefined ? 'null' : output.text;
  const fits = text !== undefined && utf8Bytes(text) <= CALLBACK.resultBytes;
  const result = fits || output === undefined ? text : JSON.stringify(pointerTo(run.runId, output));
  return { call: 'success', input: { CallbackId: callbackId, Result: new TextEncoder().encode(result) } };
}
