import { cut } from '../bounded-error';
import { parseFunctionName, qualifiedArn } from '../function-name';
import { utf8Bytes } from '../payload';
import { whatRan } from '../what-ran';
import { errorOf, type FinalRun, lambdaError } from './final-run';
import { type HeldPayload, pointerTo } from './held-payload';

/** How much of a message stays where the whole error does not fit. */
const BRIEF_MESSAGE_CHARACTERS = 1_024;

const LATEST = '$LATEST';

/**
 * The function's ARN, always with a qualifier, as Lambda's records have it. A container run has no function: the ARN of
 * its task definition stands there, so that one rule hears of both, and the ARN tells them apart.
 */
export function recordFunctionArn(run: FinalRun): string {
  const { arn } = whatRan(run);
  const isUnqualified = run.functionArn !== undefined && parseFunctionName(arn)?.qualifier === undefined;
  return isUnqualified ? qualifiedArn(arn, LATEST) : arn;
}

/** When the run ended, the same at each delivery: ISO 8601 in UTC. */
export function recordTime({ createdAt, endedAt }: FinalRun): string {
  return endedAt ?? createdAt;
}

function conditionOf({ status }: FinalRun): string {
  if (status === 'SUCCEEDED') {
    return 'Success';
  }
  return status === 'CANCELLED' ? 'Cancelled' : 'RetriesExhausted';
}

/** The version that ran. Which one an alias led to is not in the ledger, so it is left out. */
function executedVersion(run: FinalRun): { readonly executedVersion?: string } {
  const qualifier = parseFunctionName(recordFunctionArn(run))?.qualifier;
  return qualifier === LATEST || /^\d+$/.test(qualifier ?? '') ? { executedVersion: String(qualifier) } : {};
}

/** The ways to give a payload, as JSON text: a pointer is one only where it is shorter. */
function payloadTexts(runId: string, payload: HeldPayload): readonly string[] {
  const pointer = JSON.stringify(pointerTo(runId, payload));
  if (payload.text === undefined) {
    return [pointer];
  }
  return payload.bytes > pointer.length ? [payload.text, pointer] : [payload.text];
}

function responseTexts(run: FinalRun, output: HeldPayload | undefined): readonly string[] {
  const error = errorOf(run);
  if (error !== undefined) {
    const errorMessage = cut(error.errorMessage, BRIEF_MESSAGE_CHARACTERS);
    const brief = { ...error, errorMessage, stackTrace: [] };
    return [error, brief].map((one) => JSON.stringify(lambdaError(one)));
  }
  return output === undefined ? ['null'] : payloadTexts(run.runId, output);
}

// Spliced, not parsed and written anew: JSON.parse would change numbers past 2^53.
function recordText(run: FinalRun, requestPayload: string, responsePayload: string): string {
  const isSuccess = run.status === 'SUCCEEDED';
  const parts = {
    version: '"1.0"',
    timestamp: JSON.stringify(recordTime(run)),
    requestContext: JSON.stringify({
      requestId: run.runId,
      functionArn: recordFunctionArn(run),
      condition: conditionOf(run),
      approximateInvokeCount: run.attempt,
    }),
    requestPayload,
    responseContext: JSON.stringify({
      statusCode: 200,
      ...executedVersion(run),
      ...(isSuccess ? {} : { functionError: 'Unhandled' }),
    }),
    responsePayload,
  };
  return `{${Object.entries(parts)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(',')}}`;
}

/**
 * The record of a run as Lambda sends one of an asynchronous invocation, within so many bytes: a payload that does not
 * fit is replaced by a pointer, an error by its beginning. Of the records that fit, the longest is the fullest. One
 * condition is our own: `Cancelled`.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function invocationRecord(
  run: FinalRun,
  input: HeldPayload,
  output: HeldPayload | undefined,
  limitBytes: number,
): string {
  const responses = responseTexts(run, output);
  return payloadTexts(run.runId, input)
    .flatMap((request) => responses.map((response) => recordText(run, request, response)))
    .map((text) => ({ text, bytes: utf8Bytes(text) }))
    .reduce((best, one) => {
      const isLarger = one.bytes > best.bytes;
      const bothFit = Math.max(one.bytes, best.bytes) <= limitBytes;
      return isLarger === bothFit ? one : best;
    }).text;
}
