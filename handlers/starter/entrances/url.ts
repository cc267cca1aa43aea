import { CodedError } from '../../shared/errors';
import { InvalidInput } from '../errors';
import type { UrlRequest } from './aws-events';

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload */
export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** By code; errors.ts says what each one means. A code that is not here is no fault of the caller's. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  INVALID_INPUT: 400,
  FUNCTION_ACCESS_DENIED: 403,
  FUNCTION_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  IDEMPOTENCY_CONFLICT: 409,
  DESTINATION_NOT_ALLOWED: 403,
  IMAGE_ENVIRONMENT: 422,
  IMAGE_NOT_DEPLOYED: 422,
  OVERRIDES_TOO_LARGE: 422,
  RUNTIME_NOT_DEPLOYED: 422,
  SIZE_TOO_LARGE: 422,
  PAYLOAD_BUCKET_MISSING: 422,
  TASK_NOT_STARTED: 502,
  TASK_NOT_STOPPED: 502,
  FUNCTION_INCOMPLETE: 503,
};

const INTERNAL_ERROR = 500;

/** A function URL takes requests by POST alone: whatever starts a run is not for a browser's address bar. */
class MethodNotAllowed extends CodedError {
  readonly code = 'METHOD_NOT_ALLOWED';

  constructor(method: string) {
    super('METHOD_NOT_ALLOWED', `The method is ${method}: send the request as JSON with POST.`);
  }
}

/**
 * The request that an HTTP request carries.
 *
 * @throws {MethodNotAllowed} when it is no POST
 * @throws {InvalidInput} when its body is not JSON
 */
export function urlBody({ requestContext, body = '', isBase64Encoded }: UrlRequest): unknown {
  const { method } = requestContext.http;
  if (method !== 'POST') {
    throw new MethodNotAllowed(method);
  }
  // Lambda encodes the body of every content type that it does not know for text.
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  try {
    return JSON.parse(text);
  } catch {
    // The reason would quote the body, which may hold somebody's data.
    throw new InvalidInput('The body is not JSON: send a request such as {"arn": "my-function", "input": {}}.');
  }
}

export function urlSuccess(answer: unknown): UrlAnswer {
  return { statusCode: 200, headers: JSON_HEADERS, body: JSON.stringify(answer) };
}

/** An error's code and message; of an error that nobody foresaw only where to look, as it may tell of the inside. */
export function urlFailure(error: unknown, awsRequestId: string): UrlAnswer {
  const body =
    error instanceof CodedError
      ? { code: error.code, message: error.message }
      : { code: 'UNEXPECTED', message: `The starter failed: its log has the reason under ${awsRequestId}.` };
  const statusCode = STATUS_OF_CODE[body.code] ?? INTERNAL_ERROR;
  const allow = statusCode === STATUS_OF_CODE['METHOD_NOT_ALLOWED'] ? { allow: 'POST' } : {};
  return { statusCode, headers: { ...JSON_HEADERS, ...allow }, body: JSON.stringify(body) };
}
