import * as v from 'valibot';
import { parseJson } from '../shared/parse-json';
import type { RefusalCode } from '../starter/errors';
import type { StartResult } from './ports';

/** What Lambda says of an invocation of the starter. */
export interface InvocationAnswer {
  /** How the function failed, if it did. */
  readonly functionError: string | undefined;
  readonly payload: string;
}

const StartedSchema = v.object({ runId: v.string() });
const ErrorSchema = v.object({
  errorType: v.optional(v.string(), 'Unknown'),
  errorMessage: v.optional(v.string(), ''),
});

/** Every code with which the starter refuses a request: the compiler asks for those that come later. */
const REFUSALS: Readonly<Record<RefusalCode, true>> = {
  IMAGE_NOT_DEPLOYED: true,
  IMAGE_ENVIRONMENT: true,
  RUNTIME_NOT_DEPLOYED: true,
  SIZE_TOO_LARGE: true,
  PAYLOAD_BUCKET_MISSING: true,
  OVERRIDES_TOO_LARGE: true,
  FUNCTION_INCOMPLETE: true,
  DESTINATION_NOT_ALLOWED: true,
  TASK_DEFINITION_NOT_ALLOWED: true,
  TASK_DEFINITION_INACTIVE: true,
  TASK_DEFINITION_MISMATCH: true,
  CONTAINER_NOT_FOUND: true,
};

/**
 * The starter's codes for requests that it takes at no time, or of which the ledger has the end: to ask again gives the
 * same answer. handlers/starter/errors.ts has their meanings.
 */
const FINAL_CODES = new Set([
  ...Object.keys(REFUSALS),
  'INVALID_INPUT',
  'FUNCTION_NOT_FOUND',
  'FUNCTION_ACCESS_DENIED',
  'TASK_DEFINITION_NOT_FOUND',
  'TASK_DEFINITION_ACCESS_DENIED',
  'TASK_NOT_STARTED',
]);

/** The key of the slot was used by an earlier try, for the request as the row had it then. */
const STARTED_BEFORE = 'IDEMPOTENCY_CONFLICT';

/**
 * What the starter's answer to a start means for the slot.
 *
 * @param runOfKey the run that has the slot's key, if there is one: the starter does not tell it where it refuses the key,
 * and the next slot is to know whether it is alive
 */
export function readStartAnswer({ functionError, payload }: InvocationAnswer, runOfKey: string): StartResult {
  const answer = parseJson(payload);
  if (functionError === undefined) {
    const started = v.safeParse(StartedSchema, answer);
    return started.success
      ? { kind: 'started', runId: started.output.runId }
      : { kind: 'failed', reason: 'the starter answered without a runId' };
  }
  const error = v.safeParse(ErrorSchema, answer);
  const { errorType, errorMessage } = error.success ? error.output : { errorType: functionError, errorMessage: '' };
  const reason = `${errorType}: ${errorMessage}`;
  if (errorType === STARTED_BEFORE) {
    return { kind: 'started', runId: runOfKey, reason: 'an earlier try started it, before the schedule was changed' };
  }
  return FINAL_CODES.has(errorType) ? { kind: 'refused', reason } : { kind: 'failed', reason };
}

/** There is nothing to cancel, or the run is cancelled and only its task could not be stopped yet. */
const CANCELLED_CODES = new Set(['RUN_NOT_FOUND', 'TASK_NOT_STOPPED']);

/** @throws {Error} when it is not known whether the run is cancelled */
export function readCancelAnswer({ functionError, payload }: InvocationAnswer): void {
  const error = v.safeParse(ErrorSchema, parseJson(payload));
  const errorType = error.success ? error.output.errorType : '';
  if (functionError !== undefined && !CANCELLED_CODES.has(errorType)) {
    throw new Error(
      `The run before was not cancelled: ${errorType}: ${error.success ? error.output.errorMessage : functionError}`,
    );
  }
}
