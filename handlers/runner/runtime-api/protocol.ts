/** The Lambda Runtime API on the wire: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export const API_VERSION = '2018-06-01';

export const PATHS = {
  next: `/${API_VERSION}/runtime/invocation/next`,
  initError: `/${API_VERSION}/runtime/init/error`,
  /** The request id and the verb come after it. */
  invocation: `/${API_VERSION}/runtime/invocation/`,
} as const;

/** Headers of an invocation, as the runtime reads them. */
export const INVOCATION_HEADERS = {
  requestId: 'Lambda-Runtime-Aws-Request-Id',
  deadlineMs: 'Lambda-Runtime-Deadline-Ms',
  functionArn: 'Lambda-Runtime-Invoked-Function-Arn',
  traceId: 'Lambda-Runtime-Trace-Id',
} as const;

/** Header in which a runtime may name the type of an error. Node.js gives header names in lower case. */
export const ERROR_TYPE_HEADER = 'lambda-runtime-function-error-type';

/** The most that is read of an error's body; more of it is cut off, as nobody reads it. */
export const ERROR_BODY_LIMIT_BYTES = 256 * 1_024;

export interface Endpoint {
  readonly name: 'next' | 'response' | 'error' | 'initError';
  /** Of the invocation that is answered; '' where the endpoint has none. */
  readonly requestId: string;
}

/** What a request asks for, `undefined` for what the API does not have. */
export function matchEndpoint(method: string, url: string): Endpoint | undefined {
  const path = url.split('?')[0] ?? '';
  if (method === 'GET') {
    return path === PATHS.next ? { name: 'next', requestId: '' } : undefined;
  }
  if (method !== 'POST') {
    return undefined;
  }
  if (path === PATHS.initError) {
    return { name: 'initError', requestId: '' };
  }
  const match = path.startsWith(PATHS.invocation)
    ? /^([^/]+)\/(response|error)$/.exec(path.slice(PATHS.invocation.length))
    : null;
  const [, requestId, verb] = match ?? [];
  if (requestId === undefined) {
    return undefined;
  }
  return { name: verb === 'response' ? 'response' : 'error', requestId };
}
