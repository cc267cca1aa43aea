import type { ExtensionReport } from '../../../../handlers/runner/runtime-api/call';
import { type RuntimeApi, startRuntimeApi } from '../../../../handlers/runner/runtime-api/server';

const UNKNOWN_ID = '11111111-2222-3333-4444-555555555555';
const IDENTITY = { functionName: 'fn', functionVersion: '7', handler: 'a.b', accountId: '123456789012' };

let api: RuntimeApi;
let reports: ExtensionReport[];
let registeredTimes: number;

beforeEach(async () => {
  reports = [];
  registeredTimes = 0;
  api = await startRuntimeApi(
    { responseLimitBytes: 1_000, identity: IDENTITY, extensionNames: ['watcher'] },
    {
      onReady: () => undefined,
      onInitError: () => undefined,
      onAnswer: () => undefined,
      onTruncated: () => undefined,
      onExtensionsRegistered: () => {
        registeredTimes += 1;
      },
      onExtensionError: (report) => reports.push(report),
    },
  );
});

afterEach(() => api.close());

async function ask(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) {
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  const response = await fetch(`http://${api.address}/${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

async function register(name: string, events: readonly string[] = ['INVOKE']): Promise<string> {
  const answered = await ask(
    'POST',
    '2020-01-01/extension/register',
    { 'Lambda-Extension-Name': name },
    JSON.stringify({ events }),
  );
  return answered.headers.get('lambda-extension-identifier') ?? JSON.stringify(answered.body);
}

const refusal = (errorType: string, errorMessage: string) => ({ status: 403, body: { errorType, errorMessage } });

const REGISTER = '2020-01-01/extension/register';
const NEXT = '2020-01-01/extension/event/next';
const INIT_ERROR = '2020-01-01/extension/init/error';

test.each([
  {
    title: 'a registration without a name',
    request: ['POST', REGISTER, {}, '{}'] as const,
    answer: refusal('Extension.InvalidExtensionName', 'Empty extension name'),
  },
  {
    title: 'a registration that is no JSON',
    request: ['POST', REGISTER, { 'Lambda-Extension-Name': 'watcher' }, 'INVOKE'] as const,
    answer: refusal('InvalidRequestFormat', 'The body is not JSON of the form {"events": ["INVOKE", "SHUTDOWN"]}.'),
  },
  {
    title: 'a registration for an event that there is not',
    request: ['POST', REGISTER, { 'Lambda-Extension-Name': 'watcher' }, '{"events":["FREEZE"]}'] as const,
    answer: refusal('Extension.InvalidEventType', 'FREEZE: ErrorInvalidEventType'),
  },
  {
    title: 'a request for an event without an identifier',
    request: ['GET', NEXT, {}] as const,
    answer: refusal('Extension.MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header'),
  },
  {
    title: 'a request for an event with an identifier that is none',
    request: ['GET', NEXT, { 'Lambda-Extension-Identifier': 'watcher' }] as const,
    answer: refusal('Extension.InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier'),
  },
  {
    title: 'a request for an event by a stranger',
    request: ['GET', NEXT, { 'Lambda-Extension-Identifier': UNKNOWN_ID }] as const,
    answer: refusal('Extension.UnknownExtensionIdentifier', `Unknown extension ${UNKNOWN_ID}`),
  },
  {
    title: 'a stranger’s error',
    request: [
      'POST',
      INIT_ERROR,
      { 'Lambda-Extension-Identifier': UNKNOWN_ID, 'Lambda-Extension-Function-Error-Type': 'E' },
      '{}',
    ] as const,
    answer: refusal('Extension.UnknownExtensionIdentifier', 'Unknown Lambda-Extension-Identifier'),
  },
  {
    title: 'an error without a type',
    request: ['POST', INIT_ERROR, { 'Lambda-Extension-Identifier': UNKNOWN_ID }, '{}'] as const,
    answer: refusal('Extension.MissingHeader', 'Lambda-Extension-Function-Error-Type not found'),
  },
])('$title is refused as Lambda refuses it', async ({ request: [method, path, headers, body], answer }) => {
  const answered = await ask(method, path, headers, body);

  expect({ status: answered.status, body: answered.body }).toEqual(answer);
  expect(registeredTimes).toBe(0);
});

test('an extension is told of its function, and of its account where it asks for that', async () => {
  const plain = await ask('POST', REGISTER, { 'Lambda-Extension-Name': 'inside' }, '{"events":null}');
  const featured = await ask(
    'POST',
    REGISTER,
    { 'Lambda-Extension-Name': 'watcher', 'Lambda-Extension-Accept-Feature': 'other, accountId' },
    '{}',
  );

  const { accountId, ...others } = IDENTITY;
  expect([plain.status, plain.body, featured.status, featured.body]).toEqual([
    200,
    others,
    200,
    { ...others, accountId },
  ]);
  expect(registeredTimes).toBe(1);
});

test('an extension registers once', async () => {
  await register('watcher');
  await register('inside');

  expect(await register('watcher')).toContain(
    'State transition from Registered to Registered failed for extension watcher. Error: State transition is not allowed',
  );
  expect(await register('inside')).toContain('Extension with this name already registered');
});

test('more than ten extensions are refused', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `inside-${index}`);
  const answers: string[] = [];
  for (const name of names) {
    answers.push(await register(name));
  }

  expect(answers.filter((answer) => /^[0-9a-f-]{36}$/.test(answer))).toHaveLength(9);
  expect(answers.at(-1)).toContain('"errorType":"Extension.TooManyExtensions"');
});

test('an error is passed on with its reason, and no event follows it', async () => {
  const id = await register('watcher');
  const headers = { 'Lambda-Extension-Identifier': id, 'Lambda-Extension-Function-Error-Type': 'Fatal.NoNetwork' };
  const reported = await ask('POST', INIT_ERROR, headers, '{"errorMessage":"its own affair"}');
  const next = await ask('GET', NEXT, headers);

  expect([reported.status, reported.body]).toEqual([202, { status: 'OK' }]);
  expect(reports).toEqual([{ name: 'watcher', errorType: 'Extension.InitError', reason: 'Fatal.NoNetwork' }]);
  expect([next.status, next.body]).toEqual([
    403,
    {
      errorType: 'Extension.InvalidExtensionState',
      errorMessage: `State transition from InitError to Ready failed for extension ${id}. Error: State transition is not allowed`,
    },
  ]);
});

test.each([
  { path: '2020-08-15/logs', api: 'Logs' },
  { path: '2022-07-01/telemetry', api: 'Telemetry' },
])('a subscription to $api is taken and does nothing', async ({ path, api: name }) => {
  const answered = await ask('PUT', path, { 'Lambda-Extension-Identifier': UNKNOWN_ID }, '{}');

  expect([answered.status, answered.body]).toEqual([
    202,
    { errorType: `${name}.NotSupported`, errorMessage: `${name} API is not supported` },
  ]);
});
