import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { textPackage } from '../../../support/function-package';
import { runToEnd } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const OS_ONLY = { Runtime: 'provided.al2023', Handler: 'any.thing' };

test.concurrent('a function with a bootstrap of its own runs, and its scripts can write to /dev/stdout and /dev/stderr', async () => {
  const end = await runToEnd(aws, {
    functionName: 'bootstrap',
    fake: { configuration: OS_ONLY },
    envelope: { input: { inline: { a: 1 } } },
    environment: { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' },
  });

  expect(end.row).toMatchObject({
    status: 'SUCCEEDED',
    output: { inline: { event: { a: 1 }, handler: 'any.thing', executionEnvironment: null } },
  });
  expect(end.stdout.split('\n')[0]).toBe('stdout by path');
  expect(end.stderr.split('\n')).toContain('stderr by path');
});

test.concurrent.each([
  {
    title: 'has no bootstrap',
    configuration: OS_ONLY,
    package: textPackage({ 'index.js': '' }),
    code: 72,
    errorType: 'BOOTSTRAP_INVALID',
    message: /^Couldn't find valid bootstrap\(s\): \[\/.*\/task\/bootstrap \/.*\/opt\/bootstrap\]\. /,
  },
  {
    title: 'has a bootstrap without execute permission',
    configuration: OS_ONLY,
    package: textPackage({ bootstrap: '#!/bin/sh\n' }),
    code: 72,
    errorType: 'BOOTSTRAP_INVALID',
    message: /\/task\/bootstrap may not be executed: give it its execute permission \(chmod 755\)/,
  },
  {
    title: 'has a bootstrap for another machine',
    configuration: OS_ONLY,
    package: textPackage({ bootstrap: `\x7fELF${'\0'.repeat(60)}` }, 0o100755),
    code: 72,
    errorType: 'BOOTSTRAP_INVALID',
    message: /\/task\/bootstrap was built for another architecture than this task's: build it anew, or/,
  },
  {
    title: 'has a bootstrap whose interpreter is not there',
    configuration: OS_ONLY,
    package: textPackage({ bootstrap: '#!/no/such/shell\n' }, 0o100755),
    code: 72,
    errorType: 'RUNTIME_START_FAILED',
    message: /\/task\/bootstrap, or the interpreter that its first line names, is not there\./,
  },
  {
    title: 'is for another runtime than the task has',
    configuration: { Runtime: 'ruby3.4' },
    package: textPackage({ 'index.rb': '' }),
    code: 67,
    errorType: 'RUNTIME_MISMATCH',
    message: /has the runtime ruby3\.4, and this task's image is for nodejs: .* public\.ecr\.aws\/lambda\/ruby:3\.4 /,
  },
])('a function that $title is FAILED, and says why', async ({ configuration, code, errorType, message, ...fake }) => {
  const environment = errorType === 'RUNTIME_MISMATCH' ? { OVERTIME_RUNTIME: 'nodejs22.x' } : {};
  const end = await runToEnd(aws, { functionName: 'bootstrap', fake: { ...fake, configuration }, environment });

  expect(end.code).toBe(code);
  expect(end.row).toMatchObject({
    status: 'FAILED',
    exitCode: code,
    error: { errorType, errorMessage: expect.stringMatching(message) },
  });
  expect(end.row).not.toHaveProperty('invokedAt');
});

test.concurrent.each([
  { end: 'ends', code: 0, row: { status: 'SUCCEEDED', output: { inline: { half: 'of it' } } } },
  {
    end: 'fails',
    code: 70,
    row: {
      status: 'FAILED',
      error: { errorType: 'RangeError', errorMessage: 'in the middle', stackTrace: ['a line'] },
    },
  },
  {
    end: 'breaks',
    code: 70,
    row: {
      status: 'FAILED',
      error: {
        errorType: 'Runtime.TruncatedResponse',
        errorMessage: "The runtime broke off its streamed response: the stream's end did not come.",
      },
    },
  },
  {
    end: 'dies',
    code: 71,
    row: {
      status: 'FAILED',
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: .* Error: Runtime exited with error: exit status 3$/),
      },
    },
  },
])('a custom runtime that streams and then $end has the outcome that Lambda gives it', async ({ end, code, row }) => {
  const finished = await runToEnd(aws, {
    functionName: 'raw-streams',
    fake: { configuration: { ...OS_ONLY, Handler: `app.${end}` } },
    environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '10' },
  });

  expect(finished.code).toBe(code);
  expect(finished.row).toMatchObject(row);
});
