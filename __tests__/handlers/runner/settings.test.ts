import { drainMilliseconds, readSettings } from '../../../handlers/runner/settings';

const RUN = {
  version: 1,
  runId: 'run-1',
  attempt: 1,
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn:live',
  timeoutSeconds: 3_600,
  input: { inline: { a: 1 } },
};

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  OVERTIME_LEDGER_TABLE: 'runs',
  OVERTIME_PAYLOAD_BUCKET: 'payloads',
  OVERTIME_STOP_TIMEOUT_SECONDS: '120',
};

function settings(run: object, environment: Readonly<Record<string, string>> = {}) {
  return readSettings({ ...ENVIRONMENT, OVERTIME_RUN: JSON.stringify({ ...RUN, ...run }), ...environment });
}

test('are read whole, with the defaults of the image', () => {
  expect(settings({})).toEqual({
    run: RUN,
    region: 'us-east-1',
    ledgerTable: 'runs',
    payloadBucket: 'payloads',
    stopTimeoutSeconds: 120,
    initTimeoutSeconds: 3_600,
    codeCheckSeconds: 60,
    maxAttempts: 40,
    outputLimitBytes: 67_108_864,
    taskRoot: '/var/task',
    layersRoot: '/opt',
    workRoot: '/tmp/overtime',
    runtime: undefined,
    bootstrap: undefined,
  });
});

test('have the caller’s variables, whatever they are called', () => {
  expect(settings({ environment: { LEVEL: 'debug', constructor: '' } }).run.environment).toEqual({
    LEVEL: 'debug',
    constructor: '',
  });
});

test('know the runtime that the image was built for', () => {
  expect(settings({}, { OVERTIME_RUNTIME: 'python3.13' }).runtime).toEqual({ family: 'python', version: '3.13' });
  expect(() => settings({}, { OVERTIME_RUNTIME: 'python' })).toThrow(
    'OVERTIME_RUNTIME is "python": give a runtime of Lambda, a version of nodejs, python, ruby, java, dotnet, provided, such as python3.13.',
  );
});

test('let a short run’s runtime start as long as Lambda does', () => {
  expect(settings({ timeoutSeconds: 3 }).initTimeoutSeconds).toBe(130);
});

test.each([
  { wrong: 'version', run: { version: 2 } },
  { wrong: 'runId', run: { runId: '../other' } },
  { wrong: 'attempt', run: { attempt: 0 } },
  { wrong: 'functionArn', run: { functionArn: 'arn:aws:s3:::bucket' } },
  { wrong: 'timeoutSeconds', run: { timeoutSeconds: 1_209_601 } },
  { wrong: 'input', run: { input: { inline: 1, gzip: '' } } },
  { wrong: 'input', run: { input: {} } },
  { wrong: 'environment', run: { environment: { LEVEL: 1 } } },
  { wrong: 'extra', run: { extra: true } },
])('refuse a run with a wrong $wrong: $run', ({ wrong, run }) => {
  expect(() => settings(run)).toThrow(
    `OVERTIME_RUN is not a run of version 1 (wrong: ${wrong}). Deploy the starter and the runner from the same release.`,
  );
});

test('never quote the input in a refusal', () => {
  expect(() => readSettings({ ...ENVIRONMENT, OVERTIME_RUN: '{"input":"secret' })).toThrow(/^(?!.*secret)/);
});

test('have no Region of their own', () => {
  expect(() => settings({}, { AWS_REGION: '' })).toThrow('AWS_DEFAULT_REGION is not set.');
});

test.each([
  { stop: 120, drain: 115_000 },
  { stop: 30, drain: 25_000 },
  { stop: 6, drain: 3_000 },
  { stop: 2, drain: 1_000 },
])('of $stop s until SIGKILL, a handler gets $drain ms', ({ stop, drain }) => {
  expect(drainMilliseconds(stop)).toBe(drain);
});
