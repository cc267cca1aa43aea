import type { Outcome } from '../../../../../handlers/runner/outcome';
import { CAME_TOO_LATE, tellingOf, untellable } from '../../../../../handlers/runner/worker/activity/outcome-call';

const NAMES = { requestId: 'request-1', taskToken: 'token-1', payloadBucket: 'payloads' };

const success = (text: string): Outcome => ({
  status: 'SUCCEEDED',
  exitReason: 'succeeded',
  body: new TextEncoder().encode(text),
});

test.each([
  ['nothing is null', '', 'null'],
  ['JSON stays as it is', '{"a": 1}', '{"a": 1}'],
  ['text becomes JSON', 'plain text', '"plain text"'],
])('of an output, %s', (_, body, output) => {
  expect(tellingOf(success(body), NAMES)).toEqual({
    call: { call: 'success', input: { taskToken: 'token-1', output } },
  });
});

describe('an output of 262,144 bytes and one more', () => {
  const fits = `"${'ü'.repeat(131_071)}"`;
  const large = `"${'ü'.repeat(131_071)}x"`;

  test('fits, and is told', () => {
    expect(tellingOf(success(fits), NAMES)).toEqual({
      call: { call: 'success', input: { taskToken: 'token-1', output: fits } },
    });
  });

  test('goes to the bucket, and a pointer to it is told', () => {
    const pointer = { bucket: 'payloads', key: 'outputs/request-1/1.json' };

    expect(tellingOf(success(large), NAMES)).toEqual({
      call: {
        call: 'success',
        input: {
          taskToken: 'token-1',
          output: JSON.stringify({ overtime: 'payload-pointer', runId: 'request-1', bytes: 262_145, ...pointer }),
        },
      },
      store: { pointer, text: large },
    });
  });

  test('fails the task where there is no bucket', () => {
    expect(tellingOf(success(large), { ...NAMES, payloadBucket: undefined })).toEqual({
      call: {
        call: 'failure',
        input: {
          taskToken: 'token-1',
          error: 'States.DataLimitExceeded',
          cause: expect.stringContaining('has 262145 bytes, and Step Functions takes 262144.'),
        },
      },
    });
  });
});

test.each([
  [
    "the handler's error, as Lambda reports it",
    {
      status: 'FAILED',
      exitReason: 'functionError',
      error: { errorType: 'OutOfGranules', errorMessage: 'none', stackTrace: ['at x'] },
    },
    'OutOfGranules',
    { errorType: 'OutOfGranules', errorMessage: 'none', trace: ['at x'] },
  ],
  [
    'that it took too long',
    { status: 'TIMED_OUT', exitReason: 'timedOut', error: { errorType: 'Sandbox.Timedout', errorMessage: 'too long' } },
    'Sandbox.Timedout',
    { errorType: 'Sandbox.Timedout', errorMessage: 'too long', trace: [] },
  ],
  [
    'that it was interrupted',
    {
      status: 'INTERRUPTED',
      exitReason: 'interrupted',
      error: { errorType: 'Overtime.Interrupted', errorMessage: 'stop' },
    },
    'Overtime.Interrupted',
    { errorType: 'Overtime.Interrupted', errorMessage: 'stop', trace: [] },
  ],
  [
    'that it came too late',
    CAME_TOO_LATE,
    'Overtime.Interrupted',
    {
      errorType: 'Overtime.Interrupted',
      errorMessage: 'The worker was being stopped when the task came: nothing of it was done.',
      trace: [],
    },
  ],
] as const)('of a task that failed, the state is told %s', (_, outcome, error, cause) => {
  const { call } = tellingOf(outcome, NAMES);

  expect(call).toEqual({ call: 'failure', input: { taskToken: 'token-1', error, cause: expect.any(String) } });
  expect(JSON.parse(call?.call === 'failure' ? (call.input.cause ?? '') : '')).toEqual(cause);
});

test('of a task that nobody waits for, nobody is told', () => {
  const error = { errorType: 'Overtime.CallerGone', errorMessage: 'gone' };

  expect(tellingOf({ status: 'CANCELLED', exitReason: 'callerGone', error }, NAMES)).toEqual({ call: undefined });
});

test('an error and its cause are cut to what Step Functions takes, between two characters', () => {
  const error = { errorType: `${'x'.repeat(255)}😀`, errorMessage: '😀'.repeat(40_000) };
  const { call } = tellingOf({ status: 'FAILED', exitReason: 'functionError', error }, NAMES);
  const input: { error?: string | undefined; cause?: string | undefined } = call?.call === 'failure' ? call.input : {};

  expect(input.error).toBe('x'.repeat(255));
  expect(input.cause?.length).toBeLessThanOrEqual(32_768);
  expect(JSON.parse(input.cause ?? '').errorMessage).toMatch(/^(😀)+$/u);
});

test('a success that is not taken is told as a failure, or the state would wait on', () => {
  expect(untellable('token-1', 'request-1', 'OUTPUT_NOT_STORED', 'no bucket')).toEqual({
    call: 'failure',
    input: {
      taskToken: 'token-1',
      error: 'OUTPUT_NOT_STORED',
      cause: JSON.stringify({
        errorType: 'OUTPUT_NOT_STORED',
        errorMessage: 'The task was done, and its output was not taken: no bucket',
        trace: [],
      }),
    },
  });
});
