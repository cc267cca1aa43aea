import { boundedError } from '../../../shared/bounded-error';
import type { HeldPayload } from '../../../shared/delivery/held-payload';
import { TASK_OUTCOME } from '../../../shared/delivery/limits';
import { type TaskOutcomeCall, taskOutcomeCall } from '../../../shared/delivery/task-outcome';
import { utf8Bytes } from '../../../shared/payload';
import type { ObjectPointer } from '../../../shared/run';
import type { Outcome } from '../../outcome';
import { outputKey, outputText } from '../../output';

/** What is told of an outcome, and what has to be stored before. */
export interface Telling {
  /** `undefined` where nobody waits any more. */
  readonly call: TaskOutcomeCall | undefined;
  readonly store?: { readonly pointer: ObjectPointer; readonly text: string };
}

/** What came when the worker was stopping: a state that names it under Retry has another worker do it. */
export const CAME_TOO_LATE: Outcome = {
  status: 'INTERRUPTED',
  exitReason: 'interrupted',
  error: {
    errorType: 'Overtime.Interrupted',
    errorMessage: 'The worker was being stopped when the task came: nothing of it was done.',
  },
};

/**
 * What Step Functions is told. An output that it does not take goes to the payload bucket, and a pointer to it is the
 * state's output, in the form that runs of the starter have.
 */
export function tellingOf(
  outcome: Outcome,
  { requestId, taskToken, payloadBucket }: { requestId: string; taskToken: string; payloadBucket: string | undefined },
): Telling {
  if (outcome.status !== 'SUCCEEDED') {
    const { status, exitReason, error } = outcome;
    const run = { status, runId: requestId, error: boundedError(error) };
    return { call: exitReason === 'callerGone' ? undefined : taskOutcomeCall(run, taskToken, undefined) };
  }
  const text = outputText(outcome.body);
  const bytes = utf8Bytes(text);
  const location =
    payloadBucket === undefined || bytes <= TASK_OUTCOME.outputBytes
      ? undefined
      : { bucket: payloadBucket, key: outputKey(requestId, 1) };
  const held: HeldPayload = { bytes, text, location };
  return {
    call: taskOutcomeCall({ status: 'SUCCEEDED', runId: requestId }, taskToken, held),
    ...(location === undefined ? {} : { store: { pointer: location, text } }),
  };
}

/** The failure that is told of a task whose success Step Functions, or the payload bucket, does not take. */
export function untellable(taskToken: string, requestId: string, errorType: string, reason: string): TaskOutcomeCall {
  const error = boundedError({ errorType, errorMessage: `The task was done, and its output was not taken: ${reason}` });
  return taskOutcomeCall({ status: 'FAILED', runId: requestId, error }, taskToken, undefined);
}
