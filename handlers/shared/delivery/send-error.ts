import type { SendTarget } from './send';

/** What an error of a send means. */
export type SendFault =
  /** Nobody waits for the outcome any more: the token or callback has expired, or was answered. */
  | { readonly kind: 'gone'; readonly reason: string }
  /** It may go well later. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It goes well when somebody has mended something: a permission, or the destination itself. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * By target, the errors that say that nobody waits.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html#API_SendTaskHeartbeat_Errors,
 * https://docs.aws.amazon.com/lambda/latest/api/API_SendDurableExecutionCallbackHeartbeat.html and
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const GONE: Readonly<Partial<Record<SendTarget, readonly string[]>>> = {
  taskToken: ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'],
  callback: ['CallbackTimeoutException', 'ResourceNotFoundException'],
  // Of a message that was received: it is visible again, or deleted. A message that is sent knows neither.
  queue: ['ReceiptHandleIsInvalid', 'MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight'],
};

/**
 * Of a message that another has received since SQS says so in words alone, under the name of any wrong parameter.
 * Source: https://github.com/aws/aws-sdk-java/issues/1628 and https://github.com/mapbox/ecs-watchbot/issues/135
 */
const LOST_RECEIPT =
  /Message does not exist or is not available for visibility timeout change|The receipt handle has expired/;

/** As AWS's services name their throttling, whatever the HTTP status. */
const THROTTLING = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException/i;

/**
 * Credentials that ran out while the call was on its way: the client renews them for the next.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html, and for S3
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const EXPIRED = ['ExpiredTokenException', 'ExpiredToken', 'RequestExpired'];

const SERVER_FAULT = 500;

/** Whether the name of an error, or the code of a batch's entry, says that there were too many calls. */
export function isThrottling(name: string): boolean {
  return THROTTLING.test(name);
}

/** Of an SDK client's error; `undefined` where none came. */
export function httpStatusOf(error: object): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** Reads what a send threw. An error without an HTTP status never reached AWS, or its answer was lost. */
export function sendFault(to: SendTarget, thrown: unknown): SendFault {
  if (!(thrown instanceof Error)) {
    return { kind: 'failed', reason: String(thrown) };
  }
  const reason = `${thrown.name}: ${thrown.message}`;
  if (GONE[to]?.includes(thrown.name) === true || (to === 'queue' && LOST_RECEIPT.test(thrown.message))) {
    return { kind: 'gone', reason };
  }
  return { kind: isPassing(thrown) ? 'failed' : 'refused', reason };
}

/** Whether the same call may go well later: AWS was out of reach, busy, had enough calls for now, or the credentials ran out. */
export function isPassing(error: Error): boolean {
  const status = httpStatusOf(error);
  const isBusy = status === undefined || status >= SERVER_FAULT || status === 429;
  return isBusy || isThrottling(error.name) || EXPIRED.includes(error.name);
}
