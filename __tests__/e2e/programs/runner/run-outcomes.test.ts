import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { untilEnded } from '../../../support/processes';
import { closedRow, runToEnd } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const MILLISECONDS = expect.any(Number);

interface Seen {
  readonly variables: Readonly<Record<string, string>>;
  readonly context: unknown;
  readonly remainingMilliseconds: number;
}

describe('a handler that answers', () => {
  test.concurrent('is SUCCEEDED: exit code 0, its output in the row and in the last line, and every step in the log', async () => {
    const end = await runToEnd(aws, {
      functionName: 'echo-esm',
      envelope: { input: { inline: { text: 'grüße, 世界' } } },
    });

    const output = { inline: { event: { text: 'grüße, 世界' }, remaining: true } };
    const outputBytes = Buffer.byteLength(JSON.stringify(output.inline));
    expect(end.code).toBe(0);
    expect(end.row).toEqual({
      ...closedRow(end),
      status: 'SUCCEEDED',
      startedAt: TIME,
      invokedAt: TIME,
      endedAt: TIME,
      exitCode: 0,
      output,
      outputBytes,
    });
    expect(end.lastLine).toEqual({
      overtime: 'outcome',
      runId: end.runId,
      attempt: 1,
      status: 'SUCCEEDED',
      endedAt: end.row?.['endedAt'],
      exitCode: 0,
      output,
      outputBytes,
      fetchMilliseconds: MILLISECONDS,
      initMilliseconds: MILLISECONDS,
      durationMilliseconds: MILLISECONDS,
    });
    expect(end.events).toEqual([
      'run.begins',
      'package.fetched',
      'package.unpacked',
      'runtime.ready',
      'handler.invoked',
      'run.finished',
    ]);
    expect(end.stderr).not.toContain('grüße');
  });

  test.concurrent('sees the function’s own variables, a whole context and its deadline, and nothing of the runner’s', async () => {
    const variables = { TABLE: 'orders', AWS_ACCESS_KEY_ID: 'not the task’s' };
    const end = await runToEnd(aws, {
      functionName: 'environment',
      fake: { configuration: { Environment: { Variables: variables }, Version: '7' } },
      envelope: { timeoutSeconds: 1_000_000 },
    });

    const output = end.row?.['output'] as { inline: Seen };
    expect(output.inline.variables).toMatchObject({
      TABLE: 'orders',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_REGION: 'eu-west-1',
    });
    expect(Object.keys(output.inline.variables).filter((name) => name.startsWith('OVERTIME'))).toEqual([]);
    expect(output.inline.variables['_X_AMZN_TRACE_ID']).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
    expect(output.inline.context).toEqual({
      awsRequestId: end.runId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: end.functionArn.split(':')[6],
      functionVersion: '7',
      invokedFunctionArn: end.functionArn,
      logGroupName: `/aws/lambda/${end.functionArn.split(':')[6]}`,
      logStreamName: expect.stringMatching(new RegExp(`^\\d{4}/\\d\\d/\\d\\d/\\[7\\]${end.runId}$`)),
      memoryLimitInMB: '512',
    });
    expect(output.inline.remainingMilliseconds).toBeGreaterThan(999_000_000);
    expect(output.inline.remainingMilliseconds).toBeLessThanOrEqual(1_000_000_000);
  });

  test.concurrent('sees the caller’s variables over its own, but not in place of its credentials', async () => {
    const variables = { TABLE: 'orders', LEVEL: 'info' };
    const end = await runToEnd(aws, {
      functionName: 'environment',
      fake: { configuration: { Environment: { Variables: variables } } },
      envelope: { environment: { LEVEL: 'debug', AWS_ACCESS_KEY_ID: 'the caller’s' } },
    });

    const output = end.row?.['output'] as { inline: Seen };
    expect(output.inline.variables).toMatchObject({
      TABLE: 'orders',
      LEVEL: 'debug',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    });
  });

  test.concurrent('with undefined has the output null', async () => {
    const end = await runToEnd(aws, { functionName: 'returns-undefined' });

    expect([end.code, end.row?.['output']]).toEqual([0, { inline: null }]);
  });

  test.concurrent('with more than fits in a row has its output, byte for byte, in the payload bucket', async () => {
    const input = { inline: { text: 'ü世', times: 4_000 } };
    const end = await runToEnd(aws, { functionName: 'returns-text', envelope: { attempt: 3, input } });

    const text = JSON.stringify('ü世'.repeat(4_000));
    const pointer = { s3: { bucket: 'payloads', key: `outputs/${end.runId}/3.json` } };
    expect(end.code).toBe(0);
    expect(end.row).toMatchObject({ status: 'SUCCEEDED', output: pointer, outputBytes: Buffer.byteLength(text) });
    expect(end.lastLine).toMatchObject({ status: 'SUCCEEDED', attempt: 3, output: pointer });
    expect(aws.objects.get(`payloads/outputs/${end.runId}/3.json`)).toBe(text);
  });

  test.concurrent('gets an input that lies in the payload bucket', async () => {
    aws.objects.set('payloads/inputs/large.json', '{"text":"from the bucket","times":1}');

    const end = await runToEnd(aws, {
      functionName: 'returns-text',
      envelope: { input: { s3: { bucket: 'payloads', key: 'inputs/large.json' } } },
    });

    expect(end.row?.['output']).toEqual({ inline: 'from the bucket' });
  });

  test.concurrent('and leaves timers and a server open does not hold the task', async () => {
    const end = await runToEnd(aws, { functionName: 'leaves-timers' });

    expect([end.code, end.row?.['output']]).toEqual([0, { inline: 'done' }]);
  });

  test.concurrent('and prints 12 MiB loses none of it, and the outcome still has a line of its own', async () => {
    const end = await runToEnd(aws, {
      functionName: 'prints-megabytes',
      envelope: { input: { inline: { lines: 12_288 } } },
    });

    const line = '0123456789abcdef'.repeat(64);
    const lines = end.stdout.split('\n');
    expect(end.code).toBe(0);
    expect(lines.filter((text) => text === line)).toHaveLength(12_288);
    expect(lines[12_288]).toBe('no newline at the end');
    expect(end.stderr).toContain('the end of stderr\n');
    expect(end.lastLine).toMatchObject({ overtime: 'outcome', status: 'SUCCEEDED' });
  });

  test.concurrent('with more than the limit is FAILED as too large', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-text',
      envelope: { input: { inline: { text: 'x', times: 100_000 } } },
      environment: { OVERTIME_OUTPUT_LIMIT_BYTES: '50000' },
    });

    expect(end.code).toBe(73);
    expect(end.row).toMatchObject({
      status: 'FAILED',
      exitCode: 73,
      error: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (50000 bytes).',
      },
    });
  });
});

describe('a handler that does not answer', () => {
  test.concurrent('because it throws is FAILED with its error', async () => {
    const end = await runToEnd(aws, { functionName: 'throws' });

    expect(end.code).toBe(70);
    expect(end.row).toEqual({
      ...closedRow(end),
      status: 'FAILED',
      startedAt: TIME,
      invokedAt: TIME,
      endedAt: TIME,
      exitCode: 70,
      error: {
        errorType: 'RangeError',
        errorMessage: 'out of range',
        stackTrace: expect.arrayContaining(['RangeError: out of range']),
      },
    });
    expect(end.lastLine).toMatchObject({ status: 'FAILED', exitCode: 70, error: end.row?.['error'] });
  });

  test.concurrent.each([
    { functionName: 'exits', text: 'exit status 7' },
    { functionName: 'killed', text: 'signal: killed' },
  ])('because its runtime ended with "$text" is FAILED in Lambda’s words', async ({ functionName, text }) => {
    const end = await runToEnd(aws, { functionName });

    expect(end.code).toBe(71);
    expect(end.row).toMatchObject({
      status: 'FAILED',
      exitCode: 71,
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${end.runId} Error: Runtime exited with error: ${text}`,
      },
    });
  });

  test.concurrent('in time is TIMED_OUT, and its children are gone, also those in a session of their own, with and without environment', async () => {
    const end = await runToEnd(aws, { functionName: 'hangs', envelope: { timeoutSeconds: 5 } });

    const children = /children (\d+) (\d+) (\d+)/.exec(end.stdout)?.slice(1).map(Number) ?? [];
    expect(end.code).toBe(124);
    expect(end.row).toMatchObject({
      status: 'TIMED_OUT',
      exitCode: 124,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${end.runId} Error: Task timed out after 5.00 seconds`,
      },
    });
    expect(children).toHaveLength(3);
    expect(await untilEnded(children)).toEqual([]);
    expect(Number((end.lastLine as { durationMilliseconds: number }).durationMilliseconds)).toBeLessThan(60_000);
  });

  test.concurrent('because its module throws at the start is FAILED before it is invoked', async () => {
    const end = await runToEnd(aws, { functionName: 'throws-at-start' });

    expect(end.code).toBe(72);
    expect(end.row).toMatchObject({ status: 'FAILED', error: { errorType: 'TypeError', errorMessage: 'bad start' } });
    expect(end.row).not.toHaveProperty('invokedAt');
  });

  test.concurrent('because its module never ends its start is TIMED_OUT before it is invoked', async () => {
    const end = await runToEnd(aws, {
      functionName: 'start-never-ends',
      environment: { OVERTIME_INIT_TIMEOUT_SECONDS: '1' },
    });

    expect(end.code).toBe(124);
    expect(end.row).toMatchObject({
      status: 'TIMED_OUT',
      error: { errorMessage: `RequestId: ${end.runId} Error: Initialization timed out after 1.00 seconds` },
    });
    expect(end.row).not.toHaveProperty('invokedAt');
  });
});
