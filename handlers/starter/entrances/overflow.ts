import { parseFunctionName, qualifiedArn } from '../../shared/function-name';
import type { InvocationRecord } from './aws-events';

/** Why Lambda gave an asynchronous invocation up, where a longer or larger run may succeed. */
export const OVERFLOW_CAUSES = ['timeout', 'memory'] as const;

export type OverflowCause = (typeof OVERFLOW_CAUSES)[number];

/** An asynchronous invocation that failed for good, however the starter heard of it. */
export interface FailedInvocation {
  /** Name of the function, without qualifier: both ways to hear of a failure know it. */
  readonly functionName: string;
  /** Lambda's id of the invocation: its retries had the same. */
  readonly requestId: string;
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
}

// Lambda's own wordings. Today "RequestId: ... Error: Task timed out after 3.00 seconds" with the type
// Sandbox.Timedout; before that "2020-11-10T05:46:57.874Z ... Task timed out after 3.07 seconds" and no type.
// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html#troubleshooting-timeouts
// https://github.com/alexa-samples/skill-sample-nodejs-smarthome-switch/issues/18
const TIMEOUT_TYPE = 'Sandbox.Timedout';
const TIMEOUT_MESSAGE = /(?:^|\s)Task timed out after \d+(?:\.\d+)? seconds\s*$/;

// The kernel's kill is Runtime.OutOfMemory today, and was Runtime.ExitError with "signal: killed" before. What the
// languages throw by themselves follows: Java, .NET, Python, Ruby. "signal: aborted", which Node.js ends with when its
// heap is full, is not among them: every failed assertion in native code ends so too.
// https://github.com/nasa-gcn/gcn.nasa.gov/pull/3628, https://github.com/DataBiosphere/azul/issues/3485
const MEMORY_TYPES = [
  'Runtime.OutOfMemory',
  'java.lang.OutOfMemoryError',
  'OutOfMemoryException',
  'System.OutOfMemoryException',
  'MemoryError',
  'Function<NoMemoryError>',
];
const KILLED_MESSAGE = /Runtime exited with error: signal: killed\s*$/;

/** `undefined` for every other cause: the same input would fail again. */
export function overflowCause({
  errorType,
  errorMessage = '',
}: Pick<FailedInvocation, 'errorType' | 'errorMessage'>): OverflowCause | undefined {
  // A type of its own shows that the function threw: its message may then hold anything.
  const isOfLambda = errorType === undefined || errorType === TIMEOUT_TYPE || errorType.startsWith('Runtime.');
  if (errorType === TIMEOUT_TYPE || (isOfLambda && TIMEOUT_MESSAGE.test(errorMessage))) {
    return 'timeout';
  }
  const isOutOfMemory = errorType !== undefined && MEMORY_TYPES.includes(errorType);
  return isOutOfMemory || (isOfLambda && KILLED_MESSAGE.test(errorMessage)) ? 'memory' : undefined;
}

/** What a failed invocation comes to: the input goes on as a run, or it is left, and why. */
export type OverflowDecision =
  | { readonly kind: 'run'; readonly cause: OverflowCause; readonly requestId: string }
  | { readonly kind: 'ignore'; readonly reason: string };

/** Who the starter is, and for which causes it takes failed invocations over; none means that overflow is off. */
export interface OverflowPolicy {
  readonly causes: readonly OverflowCause[];
  /** A failure of the starter itself that came back to it would go round for ever. */
  readonly ownFunctionName: string;
}

/** Decides by the cause alone. The id makes one run of however many notices of one failure. */
export function decideOverflow(
  failed: FailedInvocation,
  { causes, ownFunctionName }: OverflowPolicy,
): OverflowDecision {
  const who = `The invocation ${failed.requestId} of ${failed.functionName}`;
  if (causes.length === 0) {
    return { kind: 'ignore', reason: `${who} failed, and overflow is off: OVERTIME_OVERFLOW_CAUSES names no cause.` };
  }
  if (failed.functionName === ownFunctionName) {
    return { kind: 'ignore', reason: `${who} is one of the starter itself.` };
  }
  const cause = overflowCause(failed);
  if (cause === undefined || !causes.includes(cause)) {
    const why = cause ?? failed.errorType ?? 'another cause';
    return { kind: 'ignore', reason: `${who} failed by ${why}, and overflow is for ${causes.join(' and ')}.` };
  }
  return { kind: 'run', cause, requestId: `overflow:${failed.functionName}:${failed.requestId}` };
}

function textOf(payload: unknown, field: string): string | undefined {
  const value = typeof payload === 'object' && payload !== null ? Reflect.get(payload, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The conditions of a failure: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const FAILURE_CONDITIONS = ['RetriesExhausted', 'EventAgeExceeded'];

/** What Lambda's record of an invocation says, or why that is nothing to act on. */
export function readInvocationRecord(
  record: InvocationRecord,
):
  | { readonly kind: 'failed'; readonly failed: FailedInvocation; readonly functionArn: string }
  | { readonly kind: 'ignore'; readonly reason: string }
  | { readonly kind: 'refuse'; readonly reason: string } {
  const { requestId, functionArn, condition } = record.requestContext;
  const functionName = parseFunctionName(functionArn)?.functionName;
  if (functionName === undefined) {
    return { kind: 'refuse', reason: `The record of the invocation ${requestId} names no function by ARN.` };
  }
  if (!FAILURE_CONDITIONS.includes(condition)) {
    return { kind: 'ignore', reason: `The invocation ${requestId} of ${functionName} ended with ${condition}.` };
  }
  return {
    kind: 'failed',
    functionArn,
    failed: {
      functionName,
      requestId,
      errorType: textOf(record.responsePayload, 'errorType'),
      errorMessage: textOf(record.responsePayload, 'errorMessage'),
    },
  };
}

/** Without qualifier: the key of the function's request in OVERTIME_EVENT_REQUESTS. */
export const unqualified = (functionArn: string) => qualifiedArn(functionArn, undefined);

/**
 * What Lambda adds to a message of a dead-letter queue, whose body is the event as it was. The function is not named.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
 */
export function readDeadLetter(
  attributes: Readonly<Record<string, string | undefined>>,
): Pick<FailedInvocation, 'requestId' | 'errorType' | 'errorMessage'> | undefined {
  const { RequestID: requestId, ErrorCode: errorCode, ErrorMessage: errorMessage } = attributes;
  return requestId === undefined || errorCode === undefined
    ? undefined
    : { requestId, errorType: undefined, errorMessage };
}
