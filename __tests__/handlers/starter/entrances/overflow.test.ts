import { decideOverflow, type FailedInvocation, overflowCause } from '../../../../handlers/starter/entrances/overflow';

const ID = 'e4b46cbf-b738-xmpl-8880-a18cdf61200e';

describe("Lambda's words for a failure", () => {
  test.each([
    [
      'today, of a time-out',
      'Sandbox.Timedout',
      `RequestId: ${ID} Error: Task timed out after 3.00 seconds`,
      'timeout',
    ],
    ['before, of a time-out', undefined, `2020-11-10T05:46:57.874Z ${ID} Task timed out after 3.07 seconds`, 'timeout'],
    [
      'today, of a kill for memory',
      'Runtime.OutOfMemory',
      `RequestId: ${ID} Error: Runtime exited with error: signal: killed`,
      'memory',
    ],
    [
      'before, of a kill for memory',
      'Runtime.ExitError',
      `RequestId: ${ID} Error: Runtime exited with error: signal: killed`,
      'memory',
    ],
    [
      'in a dead letter, of a kill for memory',
      undefined,
      `RequestId: ${ID} Error: Runtime exited with error: signal: killed`,
      'memory',
    ],
    ['of Java', 'java.lang.OutOfMemoryError', 'Java heap space', 'memory'],
    ['of .NET', 'OutOfMemoryException', 'Insufficient memory', 'memory'],
    ['of Python', 'MemoryError', '', 'memory'],
    ['of Ruby', 'Function<NoMemoryError>', 'failed to allocate memory', 'memory'],
    [
      'of a process that aborted',
      'Runtime.ExitError',
      `RequestId: ${ID} Error: Runtime exited with error: signal: aborted (core dumped)`,
      undefined,
    ],
    [
      'of a process that exited',
      'Runtime.ExitError',
      `RequestId: ${ID} Error: Runtime exited with error: exit status 1`,
      undefined,
    ],
    ["of a function's own error", 'TypeError', 'order is undefined', undefined],
    [
      "of a function's own error that sounds like Lambda's",
      'Error',
      'upstream: Task timed out after 3.00 seconds',
      undefined,
    ],
    ['of nothing', undefined, undefined, undefined],
  ])('%s', (_, errorType, errorMessage, cause) => {
    expect(overflowCause({ errorType, errorMessage })).toBe(cause);
  });
});

describe('a failed invocation', () => {
  const timedOut: FailedInvocation = {
    functionName: 'resize',
    requestId: ID,
    errorType: 'Sandbox.Timedout',
    errorMessage: undefined,
  };
  const policy = { causes: ['timeout'], ownFunctionName: 'overtime-starter' } as const;

  test('goes on as a run where its cause is one that the deployment names', () => {
    expect(decideOverflow(timedOut, policy)).toEqual({
      kind: 'run',
      cause: 'timeout',
      requestId: `overflow:resize:${ID}`,
    });
  });

  test.each([
    [
      'overflow is off',
      timedOut,
      { ...policy, causes: [] },
      `The invocation ${ID} of resize failed, and overflow is off: OVERTIME_OVERFLOW_CAUSES names no cause.`,
    ],
    [
      'it is of the starter itself, and would go round for ever',
      timedOut,
      { ...policy, ownFunctionName: 'resize' },
      `The invocation ${ID} of resize is one of the starter itself.`,
    ],
    [
      'its cause is another than those named',
      timedOut,
      { ...policy, causes: ['memory' as const] },
      `The invocation ${ID} of resize failed by timeout, and overflow is for memory.`,
    ],
    [
      'it would fail again',
      { ...timedOut, errorType: 'TypeError' },
      policy,
      `The invocation ${ID} of resize failed by TypeError, and overflow is for timeout.`,
    ],
  ])('is left alone where %s', (_, failed, overflow, reason) => {
    expect(decideOverflow(failed, overflow)).toEqual({ kind: 'ignore', reason });
  });
});
