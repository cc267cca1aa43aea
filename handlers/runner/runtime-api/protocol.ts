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
  clientContext: 'Lambda-Runtime-Client-Context',
  cognitoIdentity: 'Lambda-Runtime-Cognito-Identity',
} as const;

/** Header, or trailer of a stream, in which a runtime names the type of an error. Node.js gives names in lower case. */
export const ERROR_TYPE_HEADER = 'lambda-runtime-function-error-type';

/** Trailer of a stream that holds an error: base64 of its JSON. */
export const ERROR_BODY_TRAILER = 'lambda-runtime-function-error-body';

/**
 * Header that says how a response comes.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
 */
export const RESPONSE_MODE_HEADER = 'lambda-runtime-function-response-mode';
export const STREAMING_MODE = 'streaming';

/** The most that is read of an error's body; more of it is cut off, as nobody reads it. */
export const ERROR_BODY_LIMIT_BYTES = 256 * 1_024;

/**
 * The most that the headers or trailers of one request may take. AWS's clients put an error's cause for X-Ray into a
 * header of up to 1 MiB: https://github.com/awslabs/aws-lambda-cpp, src/runtime.cpp. Node.js takes 16 KiB by itself.
 */
export const HEADERS_LIMIT_BYTES = 2 * 1_024 * 1_024;

/** Headers of the Extensions API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html */
export const EXTENSION_HEADERS = {
  name: 'lambda-extension-name',
  identifier: 'Lambda-Extension-Identifier',
  eventIdentifier: 'Lambda-Extension-Event-Identifier',
  errorType: 'Lambda-Extension-Function-Error-Type',
  features: 'lambda-extension-accept-feature',
} as const;

/** How many extensions a function may have: the page above, "Init phase". */
export const EXTENSION_LIMIT = 10;

/** What the server has besides the answers to an invocation. */
const FIXED_ENDPOINTS = {
  [`GET ${PATHS.next}`]: 'next',
  [`POST ${PATHS.initError}`]: 'initError',
  'POST /2020-01-01/extension/register': 'registerExtension',
  'GET /2020-01-01/extension/event/next': 'nextEvent',
  'POST /2020-01-01/extension/init/error': 'extensionInitError',
  'POST /2020-01-01/extension/exit/error': 'extensionExitError',
  'PUT /2020-08-15/logs': 'logs',
  'PUT /2022-07-01/telemetry': 'telemetry',
} as const;

export interface Endpoint {
  /** Whose request it is. */
  readonly api: 'runtime' | 'extensions';
  readonly name: (typeof FIXED_ENDPOINTS)[keyof typeof FIXED_ENDPOINTS] | 'response' | 'error';
  /** Of the invocation that is answered; '' where the endpoint has none. */
  readonly requestId: string;
}

const FIXED: ReadonlyMap<string, Endpoint['name']> = new Map(Object.entries(FIXED_ENDPOINTS));

/** What a request asks for, `undefined` for what the server does not have. */
export function matchEndpoint(method: string, url: string): Endpoint | undefined {
  const path = url.split('?')[0] ?? '';
  const fixed = FIXED.get(`${method} ${path}`);
  if (fixed !== undefined) {
    return { api: path.startsWith(`/${API_VERSION}/`) ? 'runtime' : 'extensions', name: fixed, requestId: '' };
  }
  const match =
    method === 'POST' && path.startsWith(PATHS.invocation)
      ? /^([^/]+)\/(response|error)$/.exec(path.slice(PATHS.invocation.length))
      : null;
  const [, requestId, verb] = match ?? [];
  if (requestId === undefined) {
    return undefined;
  }
  return { api: 'runtime', name: verb === 'response' ? 'response' : 'error', requestId };
}
