import type { SendTaskFailureCommandInput, SendTaskSuccessCommandInput } from '@aws-sdk/client-sfn';
import { cut } from '../bounded-error';
import { utf8Bytes } from '../payload';
import type { ReportedError } from '../run';
import { errorOf, type FinalRun, lambdaError } from './final-run';
import { type HeldPayload, pointerTo } from './held-payload';
import { TASK_OUTCOME } from './limits';

/** What Step Functions is told about the task that waits for a run. */
export type TaskOutcomeCall =
  | { readonly call: 'success'; readonly input: SendTaskSuccessCommandInput }
  | { readonly call: 'failure'; readonly input: SendTaskFailureCommandInput };

/**
 * The error as JSON within so many characters: lines of the trace are left out from its end, then the message is cut,
 * so that it stays JSON for `States.StringToJson`.
 */
export function causeText(error: ReportedError, characters: number): string {
  const { trace, ...rest } = lambdaError(error);
  const bare = JSON.stringify({ ...rest, trace: [] });
  if (bare.length > characters) {
    // An escaped character takes more than one: so much less of the message is always enough.
    const room = Math.max(rest.errorMessage.length - (bare.length - characters), 0);
    return JSON.stringify({ ...rest, errorMessage: cut(rest.errorMessage, room), trace: [] });
  }
  const kept: string[] = [];
  let length = bare.length;
  for (const line of trace) {
    length += JSON.stringify(line).length + (kept.length === 0 ? 0 : 1);
    if (length > characters) {
      break;
    }
    kept.push(line);
  }
  return JSON.stringify({ ...rest, trace: kept });
}

function failure(taskToken: string, error: ReportedError): TaskOutcomeCall {
  const { errorType, errorMessage } = error;
  // `ErrorEquals` compares `error`. The cause repeats it as it is there.
  const name = cut(errorType, TASK_OUTCOME.errorCharacters);
  const cause = causeText({ ...error, errorType: name, errorMessage }, TASK_OUTCOME.causeCharacters);
  return { call: 'failure', input: { taskToken, error: name, cause } };
}

/**
 * The outcome of a run for its task token. An output that Step Functions does not take becomes a pointer to the object
 * that holds it; where there is none, the task fails as it would in Step Functions itself, with
 * `States.DataLimitExceeded`.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function taskOutcomeCall(
  run: Pick<FinalRun, 'status' | 'error' | 'runId'>,
  taskToken: string,
  output: HeldPayload | undefined,
): TaskOutcomeCall {
  const error = errorOf(run);
  if (error !== undefined) {
    return failure(taskToken, error);
  }
  // A handler that returns nothing has the output null.
  const text = output === undefined ? 'null' : output.text;
  if (text !== undefined && utf8Bytes(text) <= TASK_OUTCOME.outputBytes) {
    return { call: 'success', input: { taskToken, output: text } };
  }
  return output?.location === undefined
    ? failure(taskToken, {
        errorType: 'States.DataLimitExceeded',
        errorMessage: `The output of the run ${run.runId} has ${output?.bytes ?? 0} bytes, and Step Functions takes ${TASK_OUTCOME.outputBytes}.`,
      })
    : { call: 'success', input: { taskToken, output: JSON.stringify(pointerTo(run.runId, output)) } };
}
