import { outputText } from '../../../../../handlers/runner/output';
import {
  type CommandEnd,
  commandOutcome,
  commandVerdict,
  OUTPUT_TAIL_BYTES,
} from '../../../../../handlers/runner/worker/command/command-result';

const LIMIT_BYTES = 100;
const ENDED: CommandEnd = { code: 0, signal: null, file: undefined, stdout: { text: '', isCut: false }, stderr: '' };

const file = (text: string) => ({ bytes: text.length, content: new TextEncoder().encode(text) });
const printed = (text: string, isCut = false) => ({ text, isCut });

test.each([
  ['the file that it wrote', { file: file('{"a":1}'), stdout: printed('{"b":2}') }, '{"a":1}'],
  ['the file as text, where it is no JSON', { file: file('done') }, '"done"'],
  ['null, where the file is empty', { file: file(''), stdout: printed('{"b":2}') }, 'null'],
  ['the last line of its stdout, where it wrote no file', { stdout: printed('at work\n{"b":2}\n\n') }, '{"b":2}'],
  ['that line as text, where it is no JSON', { stdout: printed('at work\ndone') }, '"done"'],
  ['the last line, though earlier ones were left out', { stdout: printed('work\n[1]', true) }, '[1]'],
  ['null, where it said nothing', {}, 'null'],
] as const)('the output of a command is %s', (_, end, output) => {
  const outcome = commandOutcome({ ...ENDED, ...end }, LIMIT_BYTES, 'request-1');

  expect(outcome.status === 'SUCCEEDED' ? outputText(outcome.body) : outcome).toBe(output);
});

test.each([
  ['a file', { file: { bytes: 101, content: undefined } }, LIMIT_BYTES],
  ['a line', { stdout: printed('x', true) }, OUTPUT_TAIL_BYTES],
])('%s that is too large fails the task', (_, end, limitBytes) => {
  expect(commandOutcome({ ...ENDED, ...end }, LIMIT_BYTES, 'request-1')).toMatchObject({
    status: 'FAILED',
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`,
    },
  });
});

test.each([
  ['an exit code with what it said last', { code: 3, stderr: 'no such scene\n' }, 'exit status 3\nno such scene'],
  ['an exit code alone', { code: 3 }, 'exit status 3'],
  ['a signal', { code: null, signal: 'SIGKILL' }, 'signal: killed'],
])('a command that fails is told with %s, whatever it wrote', (_, end, errorMessage) => {
  expect(commandOutcome({ ...ENDED, file: file('{}'), ...end }, LIMIT_BYTES, 'request-1')).toEqual({
    status: 'FAILED',
    exitReason: 'commandFailed',
    error: { errorType: 'Overtime.CommandFailed', errorMessage },
  });
});

test.each([
  [0, undefined],
  [1, undefined],
  [2, undefined],
  [3, 'reject'],
  [4, 'return'],
  [5, undefined],
  [null, undefined],
])('the exit code %p says of the message: %p', (code, verdict) => {
  expect(commandVerdict(code)).toBe(verdict);
});
