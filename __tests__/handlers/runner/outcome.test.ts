import { EXIT_CODES } from '../../../handlers/runner/exit-codes';
import { type Happening, outcomeOf } from '../../../handlers/runner/outcome';

const ERROR = { errorType: 'TypeError', errorMessage: 'm' };

test.each<{ title: string; happening: Happening; outcome: readonly unknown[] }>([
  { title: 'an answer', happening: { kind: 'response', body: Buffer.from('1') }, outcome: ['SUCCEEDED', 0] },
  { title: 'an error of the handler', happening: { kind: 'reported', error: ERROR }, outcome: ['FAILED', 70, ERROR] },
  { title: 'an error at the start', happening: { kind: 'init-error', error: ERROR }, outcome: ['FAILED', 72, ERROR] },
  {
    title: 'an exit with 1',
    happening: { kind: 'exited', phase: 'invoke', code: 1, signal: null },
    outcome: [
      'FAILED',
      71,
      { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: r Error: Runtime exited with error: exit status 1' },
    ],
  },
  {
    title: 'an exit with 0, which is no success',
    happening: { kind: 'exited', phase: 'invoke', code: 0, signal: null },
    outcome: [
      'FAILED',
      71,
      { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: r Error: Runtime exited without providing a reason' },
    ],
  },
  {
    title: 'an end by SIGSEGV at the start',
    happening: { kind: 'exited', phase: 'init', code: null, signal: 'SIGSEGV' },
    outcome: [
      'FAILED',
      72,
      {
        errorType: 'Runtime.ExitError',
        errorMessage: 'RequestId: r Error: Runtime exited with error: signal: segmentation fault (core dumped)',
      },
    ],
  },
  {
    title: 'the end of an extension',
    happening: { kind: 'extension-failed', name: 'x', errorType: 'Extension.Crash', text: 'exit code 0' },
    outcome: ['FAILED', 75, { errorType: 'Extension.Crash', errorMessage: 'RequestId: r Error: exit code 0' }],
  },
  {
    title: 'the deadline',
    happening: { kind: 'deadline', phase: 'invoke', seconds: 3 },
    outcome: [
      'TIMED_OUT',
      124,
      { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: r Error: Task timed out after 3.00 seconds' },
    ],
  },
  {
    title: 'SIGTERM during the download',
    happening: { kind: 'interrupted', phase: 'fetch' },
    outcome: [
      'INTERRUPTED',
      143,
      {
        errorType: 'INTERRUPTED',
        errorMessage:
          "The task was stopped while the function's package was being fetched: the handler was not called.",
      },
    ],
  },
  {
    title: 'a function that is not there',
    happening: { kind: 'not-run', code: 'FUNCTION_NOT_FOUND', exitReason: 'functionUnavailable', message: 'm' },
    outcome: ['FAILED', 66, { errorType: 'FUNCTION_NOT_FOUND', errorMessage: 'm' }],
  },
])('$title', ({ happening, outcome: [status, code, error] }) => {
  const actual = outcomeOf(happening, 'r');

  expect({
    status: actual.status,
    code: EXIT_CODES[actual.exitReason].code,
    error: 'error' in actual ? actual.error : undefined,
  }).toEqual({ status, code, error });
});

test('exit codes are distinct, 0 is success alone, and none is one of Node.js’s, an engine’s or the runtime’s own', () => {
  const codes = Object.values(EXIT_CODES).map(({ code }) => code);
  const taken = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 125, 126, 127, 128, 129, 137];

  expect(new Set(codes).size).toBe(codes.length);
  expect(EXIT_CODES.succeeded.code).toBe(0);
  expect(codes.filter((code) => taken.includes(code) || code > 255)).toEqual([]);
});
