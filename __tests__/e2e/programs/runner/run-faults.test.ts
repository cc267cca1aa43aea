import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { textPackage } from '../../../support/function-package';
import { closedRow, runToEnd } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

describe('a function that cannot be run is FAILED, and says why', () => {
  test.concurrent.each([
    {
      title: 'Lambda does not know it',
      options: {},
      code: 66,
      errorType: 'FUNCTION_NOT_FOUND',
      message: /^There is no function arn:aws:lambda:eu-west-1:123456789012:function:fn-\d+: check its name/,
    },
    {
      title: 'the task role may not read it',
      options: { functionName: 'throws', fake: { lookupFaults: ['AccessDeniedException' as const] } },
      code: 66,
      errorType: 'FUNCTION_ACCESS_DENIED',
      message: /^The task role may not call lambda:GetFunction on arn:/,
    },
    {
      title: 'it is a container image',
      options: {
        functionName: 'throws',
        fake: { imageUri: 'repo:tag', configuration: { PackageType: 'Image' } },
      },
      code: 67,
      errorType: 'IMAGE_PACKAGE_NOT_SUPPORTED',
      message: /is a container image \(repo:tag\)/,
    },
    {
      title: 'its package writes outside the task root',
      options: { functionName: 'throws', fake: { package: textPackage({ '../escaped.js': '' }) } },
      code: 66,
      errorType: 'PACKAGE_UNSAFE',
      message: /"\.\.\/escaped\.js", and it lies outside the zip/,
    },
    {
      title: 'its input is not in the bucket',
      options: { functionName: 'throws', envelope: { input: { s3: { bucket: 'payloads', key: 'inputs/none.json' } } } },
      code: 68,
      errorType: 'INPUT_UNAVAILABLE',
      message: /^The input s3:\/\/payloads\/inputs\/none\.json could not be read/,
    },
  ])('$title', async ({ options, code, errorType, message }) => {
    const end = await runToEnd(aws, options);

    expect(end.code).toBe(code);
    expect(end.row).toEqual({
      ...closedRow(end),
      status: 'FAILED',
      startedAt: expect.any(String),
      endedAt: expect.any(String),
      exitCode: code,
      error: { errorType, errorMessage: expect.stringMatching(message) },
    });
    expect(end.lastLine).toMatchObject({ status: 'FAILED', exitCode: code, error: end.row?.['error'] });
  });
});

describe('a download', () => {
  test.concurrent('that fails in every way in turn is tried again, each time with a new link', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      fake: { downloadFaults: ['expired', 'cut-short', 'unavailable'] },
    });

    const asked = aws.requests.filter((request) => request === `GetFunction ${end.functionArn}`);
    expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
    expect(asked).toHaveLength(4);
    expect(end.events.filter((event) => event === 'package.attempt-failed')).toHaveLength(3);
  });

  test.concurrent('that breaks off, and a look-up that is throttled, are tried again', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      fake: { downloadFaults: ['reset'], lookupFaults: ['TooManyRequestsException'] },
    });

    expect(end.code).toBe(0);
  });

  test.concurrent('of other bytes than Lambda’s hash says fails after four attempts', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      fake: { downloadFaults: ['wrong-bytes', 'wrong-bytes', 'wrong-bytes', 'wrong-bytes'] },
    });

    expect(end.code).toBe(66);
    expect(end.row).toMatchObject({
      status: 'FAILED',
      error: { errorType: 'PACKAGE_CORRUPT', errorMessage: expect.stringMatching(/Lambda says \d+ and /) },
    });
    expect(end.events.filter((event) => event === 'package.attempt-failed')).toHaveLength(4);
  });
});

describe('the ledger', () => {
  test.concurrent.each([
    { title: 'has no row', row: 'none' as const, after: undefined },
    { title: 'says CANCELLED', row: { status: 'CANCELLED' }, after: 'CANCELLED' },
    { title: 'says RUNNING, as another runner has the run', row: { status: 'RUNNING' }, after: 'RUNNING' },
  ])('that $title keeps the function from being run', async ({ row, after }) => {
    const end = await runToEnd(aws, { functionName: 'returns-undefined', row });

    expect(end.code).toBe(65);
    expect(end.row?.['status']).toBe(after);
    expect(end.stdout).toBe('');
    expect(end.events).toEqual(['run.begins', 'ledger.begin-refused']);
  });

  test.concurrent('that fails for a while at the begin finds the function looked up when it takes the run', async () => {
    const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:looked-up-early';
    const [lookUp, write] = [`GetFunction ${functionArn}`, 'UpdateItem outage-begin'];
    aws.outages.set(write, { after: 0, count: 3 });
    // The look-up waits for none of the writes: the first of them has its answer when the function is being looked up.
    aws.holds.set(write, () => aws.seen(lookUp));

    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      functionArn,
      envelope: { runId: 'outage-begin' },
    });

    // Three that fail, and those of the begin, the invocation and the end.
    const requests = aws.requests.filter((request) => [lookUp, write].includes(request));
    expect([end.code, requests]).toEqual([0, expect.arrayContaining([lookUp, write])]);
    expect(requests.filter((request) => request === lookUp)).toHaveLength(1);
    expect(requests.filter((request) => request === write)).toHaveLength(6);
  });

  test.concurrent('that fails for a while at the end gets the outcome all the same', async () => {
    // The writes of a run are: begin, invoked, end.
    aws.outages.set('UpdateItem outage-short', { after: 2, count: 2 });

    const end = await runToEnd(aws, { functionName: 'returns-undefined', envelope: { runId: 'outage-short' } });

    expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
  });

  test.concurrent('that takes no outcome makes a successful run fail, and the last line still has its output', async () => {
    aws.outages.set('UpdateItem outage-long', { after: 2, count: 100 });

    const end = await runToEnd(aws, { functionName: 'returns-undefined', envelope: { runId: 'outage-long' } });

    expect(end.code).toBe(74);
    expect(end.lastLine).toMatchObject({ status: 'SUCCEEDED', exitCode: 74, output: { inline: null } });
    expect(end.events).toContain('ledger.end-failed');
  });
});

test.concurrent('a row that DynamoDB refuses for its output is closed without it, and the last line has it', async () => {
  aws.ledger.refusedAttributes.set('row-refused', 'output');

  const end = await runToEnd(aws, { functionName: 'returns-undefined', envelope: { runId: 'row-refused' } });

  expect(end.code).toBe(74);
  expect(end.row).toMatchObject({ status: 'FAILED', exitCode: 74, error: { errorType: 'OUTCOME_NOT_STORED' } });
  expect(end.lastLine).toMatchObject({ status: 'SUCCEEDED', exitCode: 74, output: { inline: null } });
});

test.concurrent('an output that cannot be stored makes the run FAILED', async () => {
  aws.outages.set('PutObject outputs/put-outage/1.json', { after: 0, count: 100 });

  const end = await runToEnd(aws, {
    functionName: 'returns-text',
    envelope: { runId: 'put-outage', input: { inline: { text: 'x', times: 20_000 } } },
  });

  expect(end.code).toBe(74);
  expect(end.row).toMatchObject({ status: 'FAILED', exitCode: 74, error: { errorType: 'OUTPUT_NOT_STORED' } });
});

test.concurrent('without a run it does nothing and exits with 64', async () => {
  const end = await runToEnd(aws, { functionName: 'throws', environment: { OVERTIME_RUN: '' } });

  expect([end.code, end.stdout, end.row?.['status']]).toEqual([64, '', 'STARTING']);
  expect(end.stderr).toContain('OVERTIME_RUN is not set.');
});
