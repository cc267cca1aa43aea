import { once } from 'node:events';
import { createConnection } from 'node:net';
import fc from 'fast-check';
import type { Answer } from '../../../../handlers/runner/runtime-api/exchange';
import { type RuntimeApi, startRuntimeApi } from '../../../../handlers/runner/runtime-api/server';

const LIMIT_BYTES = 1_000;
const INVOCATION = {
  requestId: 'request-1',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn:live',
  deadline: new Date(1_800_000_000_123),
  traceId: 'Root=1-x;Sampled=0',
  input: '{"ü":1}',
};

let api: RuntimeApi;
let heard: (Answer | { kind: 'ready' } | { kind: 'init-error'; error: unknown })[];
let hearReady: () => void;

beforeEach(async () => {
  heard = [];
  hearReady = () => undefined;
  api = await startRuntimeApi(LIMIT_BYTES, {
    onReady: () => {
      heard.push({ kind: 'ready' });
      hearReady();
    },
    onInitError: (error) => heard.push({ kind: 'init-error', error }),
    onAnswer: (answer) => heard.push(answer),
  });
});

afterEach(() => api.close());

function call(method: string, path: string, body?: string) {
  return fetch(`http://${api.address}/2018-06-01/runtime/${path}`, { method, ...(body === undefined ? {} : { body }) });
}

/** Takes the API's one invocation, as a runtime does. */
async function takeInvocation() {
  const ready = new Promise<void>((resolve) => {
    hearReady = resolve;
  });
  const asked = call('GET', 'invocation/next');
  await ready;
  api.send(INVOCATION);
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
      '{"errorMessage":"Transition from Running by initError is not allowed.","errorType":"InvalidStateTransition"}',
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
  const [host, port] = api.address.split(':');
  const socket = createConnection({ host: host ?? '', port: Number(port) });
  socket.end(
    'POST /2018-06-01/runtime/invocation/request-1/response HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nhalf',
  );
  await once(socket.resume(), 'close');

  expect((await call('POST', 'invocation/request-1/response', '2')).status).toBe(202);
  expect(heard.at(-1)).toEqual({ kind: 'response', body: Buffer.from('2') });
});

test('garbage on the wire is refused or dropped, and the server lives on', async () => {
  const path = fc.oneof(
    fc.constantFrom('invocation/next/', 'invocation//response', 'invocation/%00/response', 'init/error/..', ''),
    fc.webPath(),
    fc.string(),
  );
  const request = fc.record({
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'CONNECT', 'HEAD'), fc.string({ maxLength: 8 })),
    path,
    header: fc.string({ maxLength: 40 }),
    body: fc.string({ maxLength: 200 }),
    isHttp: fc.boolean(),
  });
  const [host, port] = api.address.split(':');

  await fc.assert(
    fc.asyncProperty(request, async ({ method, path: target, header, body, isHttp }) => {
      const socket = createConnection({ host: host ?? '', port: Number(port) });
      socket.on('error', () => undefined);
      const head = `${method} /2018-06-01/runtime/${target} HTTP/1.1\r\nHost: x\r\nX-Fuzz: ${header}\r\nConnection: close\r\n`;
      socket.end(
        isHttp ? `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}` : `${target}${body}\r\n\r\n`,
      );
      await once(socket.resume(), 'close');
    }),
    { numRuns: 150 },
  );

  // Nothing of it was taken for an answer, and a runtime can still start.
  expect(heard.filter(({ kind }) => kind === 'response' || kind === 'reported')).toEqual([]);
  expect((await takeInvocation()).status).toBe(200);
});
