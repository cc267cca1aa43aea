import type { Answer, Invocation } from '../../../../handlers/runner/runtime-api/exchange';
import { type RuntimeApi, startRuntimeApi } from '../../../../handlers/runner/runtime-api/server';
import { eventually } from '../../../support/eventually';
import { chunkedRequest, sendAndBreak, sendRaw } from '../../../support/raw-http';

const LIMIT_BYTES = 1_000;
const INVOCATION = {
  requestId: 'request-1',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn:live',
  deadline: new Date(1_800_000_000_123),
  traceId: 'Root=1-x;Sampled=0',
  input: '{"ü":1}',
};

let api: RuntimeApi;
let heard: (Answer | { kind: 'ready' } | { kind: 'truncated' } | { kind: 'init-error'; error: unknown })[];
let hearReady: () => void;

beforeEach(async () => {
  heard = [];
  hearReady = () => undefined;
  const identity = { functionName: 'fn', functionVersion: '7', handler: 'a.b', accountId: '123456789012' };
  api = await startRuntimeApi(
    { responseLimitBytes: LIMIT_BYTES, identity, extensionNames: [] },
    {
      onReady: () => {
        heard.push({ kind: 'ready' });
        hearReady();
      },
      onInitError: (error) => heard.push({ kind: 'init-error', error }),
      onAnswer: (answer) => heard.push(answer),
      onTruncated: () => heard.push({ kind: 'truncated' }),
      onExtensionsRegistered: () => undefined,
      onExtensionError: () => undefined,
    },
  );
});

afterEach(() => api.close());

function call(method: string, path: string, body?: string) {
  return fetch(`http://${api.address}/2018-06-01/runtime/${path}`, { method, ...(body === undefined ? {} : { body }) });
}

/** Takes the API's one invocation, as a runtime does. */
async function takeInvocation(invocation: Invocation = INVOCATION) {
  const ready = new Promise<void>((resolve) => {
    hearReady = resolve;
  });
  const asked = call('GET', 'invocation/next');
  await ready;
  api.send(invocation);
  return asked;
}

test('hands out an invocation with all its headers', async () => {
  const response = await takeInvocation();

  expect(response.status).toBe(200);
  expect(await response.text()).toBe('{"ü":1}');
  expect(
    Object.fromEntries(
      [...response.headers].filter(([name]) => name.startsWith('lambda-runtime') || name === 'content-type'),
    ),
  ).toEqual({
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': 'request-1',
    'lambda-runtime-deadline-ms': '1800000000123',
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:fn:live',
    'lambda-runtime-trace-id': 'Root=1-x;Sampled=0',
  });
});

test.each([
  {
    title: 'a response',
    path: 'invocation/request-1/response',
    body: '[1]',
    status: 202,
    answer: '{"status":"OK"}',
    heardLast: { kind: 'response', body: Buffer.from('[1]') },
  },
  {
    title: 'an error',
    path: 'invocation/request-1/error',
    body: '{"errorType":"E","errorMessage":"m"}',
    status: 202,
    answer: '{"status":"OK"}',
    heardLast: { kind: 'reported', error: { errorType: 'E', errorMessage: 'm' } },
  },
  {
    title: 'a response of one byte more than the limit',
    path: 'invocation/request-1/response',
    body: 'x'.repeat(LIMIT_BYTES + 1),
    status: 413,
    answer:
      '{"errorMessage":"Exceeded maximum allowed payload size (1000 bytes).","errorType":"RequestEntityTooLarge"}',
    heardLast: { kind: 'response-too-large', limitBytes: 1_000 },
  },
  {
    title: 'a response to another invocation',
    path: 'invocation/request-2/response',
    body: '1',
    status: 400,
    answer: '{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}',
    heardLast: { kind: 'ready' },
  },
  {
    title: 'an error at the start, too late',
    path: 'init/error',
    body: '{}',
    status: 403,
    answer:
      '{"errorMessage":"State transition from Running to InitError failed for runtime. ' +
      'Error: State transition is not allowed","errorType":"InvalidStateTransition"}',
    heardLast: { kind: 'ready' },
  },
])('answers $title as Lambda does', async ({ path, body, status, answer, heardLast }) => {
  await takeInvocation();
  const response = await call('POST', path, body);

  expect([response.status, await response.text()]).toEqual([status, answer]);
  expect(heard.at(-1)).toEqual(heardLast);
});

test('hears of an error at the start', async () => {
  const response = await call('POST', 'init/error', '{"errorType":"Runtime.ImportModuleError","errorMessage":"m"}');

  expect(response.status).toBe(202);
  expect(heard).toEqual([{ kind: 'init-error', error: { errorType: 'Runtime.ImportModuleError', errorMessage: 'm' } }]);
});

test('forgets a request for work whose connection broke, and serves the next', async () => {
  const abort = new AbortController();
  const ready = new Promise<void>((resolve) => {
    hearReady = resolve;
  });
  const broken = fetch(`http://${api.address}/2018-06-01/runtime/invocation/next`, { signal: abort.signal }).catch(
    (error: Error) => error.name,
  );
  await ready;
  abort.abort();

  expect(await broken).toBe('AbortError');
  expect((await takeInvocation()).status).toBe(200);
});

test('a body that breaks off moves nothing: the answer can still be given', async () => {
  await takeInvocation();
  const answered = await sendRaw(api.address, `${RESPONSE_LINE}Content-Length: 99\r\n\r\nhalf`);

  expect(answered).toMatch(/^HTTP\/1\.1 400 [\s\S]*"errorType":"TruncatedHTTPRequest"}$/);
  expect((await call('POST', 'invocation/request-1/response', '2')).status).toBe(202);
  expect(heard.at(-1)).toEqual({ kind: 'response', body: Buffer.from('2') });
});

describe('an invocation', () => {
  test('of a caller with a client context and an identity names them, whatever their characters', async () => {
    const response = await takeInvocation({
      ...INVOCATION,
      clientContext: '{"custom":\n{"city":"Zürich 世界"}}',
      cognitoIdentity: '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
    });
    const utf8 = (name: string) => Buffer.from(response.headers.get(name) ?? '', 'latin1').toString('utf8');

    expect(utf8('lambda-runtime-client-context')).toBe('{"custom": {"city":"Zürich 世界"}}');
    expect(utf8('lambda-runtime-cognito-identity')).toBe('{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}');
  });

  test('whose runtime lost its connection while it waited goes out when it asks again', async () => {
    const ready = new Promise<void>((resolve) => {
      hearReady = resolve;
    });
    const abort = new AbortController();
    const broken = fetch(`http://${api.address}/2018-06-01/runtime/invocation/next`, { signal: abort.signal });
    await ready;
    abort.abort();
    await expect(broken).rejects.toThrow('aborted');
    await eventually('the broken connection is noticed', async () => ((await connections()) === 0 ? true : undefined));
    api.send(INVOCATION);

    expect(api.isDelivered()).toBe(false);
    expect(await (await call('GET', 'invocation/next')).text()).toBe('{"ü":1}');
    expect(api.isDelivered()).toBe(true);
  });

  test('goes out again, the same, to a runtime that asks before it has answered', async () => {
    const first = await takeInvocation();
    const second = await call('GET', 'invocation/next');

    expect(second.headers.get('lambda-runtime-aws-request-id')).toBe('request-1');
    expect(await second.text()).toBe(await first.text());
    expect((await call('POST', 'invocation/request-1/response', '1')).status).toBe(202);
  });
});

const STREAMING = { 'Lambda-Runtime-Function-Response-Mode': 'streaming' };
const RESPONSE_PATH = '/2018-06-01/runtime/invocation/request-1/response';
const RESPONSE_LINE = `POST ${RESPONSE_PATH} HTTP/1.1\r\nHost: x\r\n`;

describe('a streamed response', () => {
  test('is collected', async () => {
    await takeInvocation();
    const answered = await sendRaw(api.address, chunkedRequest(RESPONSE_PATH, STREAMING, ['{"a":', '1}']));

    expect(answered).toMatch(/^HTTP\/1\.1 202 /);
    expect(heard.at(-1)).toEqual({ kind: 'response', body: Buffer.from('{"a":1}') });
  });

  test('with the error trailers is the error that they hold, however long its trace', async () => {
    const trace = Array.from({ length: 40 }, (_, line) => `line ${line} ${'x'.repeat(1_000)}`);
    const error = { errorType: 'RangeError', errorMessage: 'in the middle: ü', trace };
    await takeInvocation();
    const answered = await sendRaw(
      api.address,
      chunkedRequest(RESPONSE_PATH, STREAMING, ['half of it'], {
        'Lambda-Runtime-Function-Error-Type': 'Runtime.StreamError',
        'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(error)).toString('base64'),
      }),
    );

    expect(answered).toMatch(/^HTTP\/1\.1 202 /);
    expect(heard.at(-1)).toEqual({
      kind: 'reported',
      error: { errorType: 'RangeError', errorMessage: 'in the middle: ü', stackTrace: trace.map((line) => line) },
    });
  });

  test('with the error’s type alone is an error of that type', async () => {
    await takeInvocation();
    const trailers = { 'Lambda-Runtime-Function-Error-Type': 'Runtime.StreamError' };
    await sendRaw(api.address, chunkedRequest(RESPONSE_PATH, STREAMING, ['half'], trailers));

    expect(heard.at(-1)).toEqual({
      kind: 'reported',
      error: { errorType: 'Runtime.StreamError', errorMessage: '' },
    });
  });

  test('of more than the limit is refused, and the runtime hears so', async () => {
    await takeInvocation();
    const chunks = ['x'.repeat(600), 'y'.repeat(600)];
    const answered = await sendRaw(api.address, chunkedRequest(RESPONSE_PATH, STREAMING, chunks));

    expect(answered).toMatch(/^HTTP\/1\.1 413 [\s\S]*"errorType":"RequestEntityTooLarge"}$/);
    expect(heard.at(-1)).toEqual({ kind: 'response-too-large', limitBytes: LIMIT_BYTES });
  });

  test('that breaks off is over, and cannot be answered again', async () => {
    await takeInvocation();
    const half = chunkedRequest(RESPONSE_PATH, STREAMING, ['half']).subarray(0, -5);
    await sendAndBreak(api.address, half);
    await eventually('the end is noticed', async () => (heard.at(-1)?.kind === 'truncated' ? true : undefined));

    expect((await call('POST', 'invocation/request-1/response', '2')).status).toBe(403);
  });

  test('for a function URL becomes the document that its HTTP response is made of', async () => {
    await takeInvocation();
    const headers = { ...STREAMING, 'Content-Type': 'application/vnd.awslambda.http-integration-response' };
    const prelude = JSON.stringify({ statusCode: 201, headers: { 'X-A': 'b' }, cookies: ['c=d'] });
    await sendRaw(api.address, chunkedRequest(RESPONSE_PATH, headers, [prelude, new Uint8Array(8), 'grüße, ', '世界']));

    const answer = heard.at(-1);
    expect(answer?.kind === 'response' ? JSON.parse(answer.body.toString('utf8')) : answer).toEqual({
      statusCode: 201,
      headers: { 'X-A': 'b' },
      cookies: ['c=d'],
      body: 'grüße, 世界',
      isBase64Encoded: false,
    });
  });

  test('of another mode than Lambda knows fails the invocation', async () => {
    await takeInvocation();
    const headers = { 'Lambda-Runtime-Function-Response-Mode': 'buffered' };
    const answered = await sendRaw(api.address, chunkedRequest(RESPONSE_PATH, headers, ['1']));

    expect(answered).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*{"errorMessage":"Invalid function response mode","errorType":"InvalidFunctionResponseMode"}$/,
    );
    expect(heard.at(-1)).toEqual({
      kind: 'reported',
      error: {
        errorType: 'Runtime.InvalidResponseModeHeader',
        errorMessage: 'The runtime sent the response mode "buffered": Lambda knows "streaming" alone.',
      },
    });
  });
});

test('an error with a cause for X-Ray in a header of a megabyte is taken', async () => {
  await takeInvocation();
  const answered = await sendRaw(
    api.address,
    'POST /2018-06-01/runtime/invocation/request-1/error HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
      `Lambda-Runtime-Function-XRay-Error-Cause: ${'x'.repeat(1_024 * 1_024 - 100)}\r\n` +
      'Lambda-Runtime-Function-Error-Type: E\r\nContent-Length: 2\r\n\r\n{}',
  );

  expect(answered).toMatch(/^HTTP\/1\.1 202 /);
  expect(heard.at(-1)).toEqual({ kind: 'reported', error: { errorType: 'E', errorMessage: '' } });
});

/** How many connections the server holds: it drains when there is none. */
async function connections(): Promise<number> {
  const isDrained = await Promise.race([api.drained().then(() => true), Promise.resolve().then(() => false)]);
  return isDrained ? 0 : 1;
}
