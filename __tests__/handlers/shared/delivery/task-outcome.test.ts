import { causeText, taskOutcomeCall } from '../../../../handlers/shared/delivery/task-outcome';
import { failed, held, jsonOfBytes, stored, succeeded } from '../../../support/delivery/runs';

const TOKEN = 'a-token';

test('the output is passed on as the text that the handler gave, numbers past 2^53 too', () => {
  const output = held('{"id": 12345678901234567890}');

  expect(taskOutcomeCall(succeeded(), TOKEN, output)).toEqual({
    call: 'success',
    input: { taskToken: TOKEN, output: '{"id": 12345678901234567890}' },
  });
});

test('a run without an output has the output null', () => {
  expect(taskOutcomeCall(succeeded(), TOKEN, undefined)).toEqual({
    call: 'success',
    input: { taskToken: TOKEN, output: 'null' },
  });
});

test('an output of 262,144 bytes is passed on as it is, one of 262,145 as a pointer to its object', () => {
  const fits = jsonOfBytes(262_144);
  const tooLarge = jsonOfBytes(262_145);

  expect([fits, tooLarge].map((text) => Buffer.byteLength(text))).toEqual([262_144, 262_145]);
  expect(taskOutcomeCall(succeeded(), TOKEN, stored(fits)).input).toEqual({ taskToken: TOKEN, output: fits });
  expect(taskOutcomeCall(succeeded(), TOKEN, stored(tooLarge))).toEqual({
    call: 'success',
    input: {
      taskToken: TOKEN,
      output: JSON.stringify({
        overtime: 'payload-pointer',
        runId: 'run-1',
        bytes: 262_145,
        bucket: 'payloads',
        key: 'outputs/run-1/2.json',
      }),
    },
  });
});

test('an output that was not fetched becomes a pointer', () => {
  const output = { ...stored('""'), bytes: 9_000_000, text: undefined };

  expect(taskOutcomeCall(succeeded(), TOKEN, output).input).toEqual({
    taskToken: TOKEN,
    output: expect.stringContaining('"bytes":9000000,"bucket":"payloads"'),
  });
});

test('an output that is too large and lies in no object fails the task as Step Functions would', () => {
  const { call, input } = taskOutcomeCall(succeeded(), TOKEN, held(jsonOfBytes(262_145)));

  expect([call, input]).toEqual([
    'failure',
    {
      taskToken: TOKEN,
      error: 'States.DataLimitExceeded',
      cause: JSON.stringify({
        errorType: 'States.DataLimitExceeded',
        errorMessage: 'The output of the run run-1 has 262145 bytes, and Step Functions takes 262144.',
        trace: [],
      }),
    },
  ]);
});

test('an error is named as the function names it, and its cause is what Lambda reports', () => {
  expect(taskOutcomeCall(failed(), TOKEN, undefined)).toEqual({
    call: 'failure',
    input: {
      taskToken: TOKEN,
      error: 'RangeError',
      cause: '{"errorType":"RangeError","errorMessage":"out of range","trace":["RangeError: out of range"]}',
    },
  });
});

test.each([
  ['FAILED', 'Overtime.Failed'],
  ['TIMED_OUT', 'Overtime.TimedOut'],
  ['INTERRUPTED', 'Overtime.Interrupted'],
  ['CANCELLED', 'Overtime.Cancelled'],
  ['LOST', 'Overtime.Lost'],
] as const)('a run that ended %s without an error fails the task with %s', (status, error) => {
  const { error: _, ...row } = failed({ status });

  expect(taskOutcomeCall(row, TOKEN, undefined).input).toEqual({
    taskToken: TOKEN,
    error,
    cause: JSON.stringify({ errorType: error, errorMessage: `The run run-1 ended ${status}.`, trace: [] }),
  });
});

test('the name of an error is cut to 256 characters, never in the middle of one', () => {
  const error = { errorType: `${'e'.repeat(255)}😀`, errorMessage: '' };

  expect(taskOutcomeCall(failed({ error }), TOKEN, undefined).input).toMatchObject({ error: 'e'.repeat(255) });
});

describe('a cause', () => {
  const bareLength = JSON.stringify({ errorType: 'E', errorMessage: '', trace: [] }).length;

  test('of exactly the limit is left whole', () => {
    const error = { errorType: 'E', errorMessage: 'm'.repeat(32_768 - bareLength) };

    expect(causeText(error, 32_768)).toBe(JSON.stringify({ ...error, trace: [] }));
  });

  test('of one character more loses the last character of the message', () => {
    const error = { errorType: 'E', errorMessage: 'm'.repeat(32_769 - bareLength) };

    expect(JSON.parse(causeText(error, 32_768))).toEqual({
      errorType: 'E',
      errorMessage: 'm'.repeat(32_768 - bareLength),
      trace: [],
    });
  });

  test('is cut before a character that would not fit whole', () => {
    const error = { errorType: 'E', errorMessage: `${'m'.repeat(32_767 - bareLength)}😀` };
    const text = causeText(error, 32_768);

    expect(JSON.parse(text)).toEqual({ errorType: 'E', errorMessage: 'm'.repeat(32_767 - bareLength), trace: [] });
  });

  test('of characters that JSON escapes keeps within the limit', () => {
    const text = causeText({ errorType: 'E', errorMessage: '\u0001'.repeat(32_768) }, 32_768);

    expect(text.length).toBeLessThanOrEqual(32_768);
    expect(JSON.parse(text)).toEqual({ errorType: 'E', errorMessage: expect.any(String), trace: [] });
  });

  test('loses lines from the end of its trace before any of its message', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `${index}`.padEnd(1_024, 's'));
    const error = { errorType: 'E', errorMessage: 'm'.repeat(1_000), stackTrace: lines };
    const cause = JSON.parse(causeText(error, 32_768)) as { errorMessage: string; trace: string[] };

    expect(cause.errorMessage).toBe(error.errorMessage);
    expect(cause.trace).toEqual(lines.slice(0, 30));
    expect(JSON.stringify({ ...cause, trace: lines.slice(0, 31) }).length).toBeGreaterThan(32_768);
  });
});
