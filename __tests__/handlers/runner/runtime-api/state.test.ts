import { type RuntimeEvent, type RuntimeState, transition } from '../../../../handlers/runner/runtime-api/state';

const STATES: readonly RuntimeState[] = [
  { name: 'Started' },
  { name: 'InitError' },
  { name: 'Ready' },
  { name: 'Running', requestId: 'one' },
  { name: 'ResponseSent', requestId: 'one' },
];

const EVENTS: readonly RuntimeEvent[] = [
  { name: 'next' },
  { name: 'initError' },
  { name: 'invoke', requestId: 'one' },
  { name: 'response', requestId: 'one' },
  { name: 'error', requestId: 'one' },
];

test('a runtime can do what the protocol has it do, and nothing else', () => {
  const table = Object.fromEntries(
    STATES.map((state) => [
      state.name,
      Object.fromEntries(
        EVENTS.map((event) => {
          const result = transition(state, event);
          return [event.name, result.kind === 'moved' ? result.state.name : result.httpStatus];
        }),
      ),
    ]),
  );

  expect(table).toEqual({
    Started: { next: 'Ready', initError: 'InitError', invoke: 403, response: 400, error: 400 },
    InitError: { next: 403, initError: 403, invoke: 403, response: 400, error: 400 },
    Ready: { next: 'Ready', initError: 403, invoke: 'Running', response: 400, error: 400 },
    Running: { next: 'Running', initError: 403, invoke: 403, response: 'ResponseSent', error: 'ResponseSent' },
    ResponseSent: { next: 'Ready', initError: 403, invoke: 403, response: 403, error: 403 },
  });
});

test.each(['response', 'error'] as const)(
  'a %s to an invocation that is not there is refused in every state',
  (name) => {
    for (const state of STATES) {
      expect(transition(state, { name, requestId: 'two' })).toEqual({
        kind: 'refused',
        httpStatus: 400,
        errorType: 'InvalidRequestID',
        errorMessage: 'Invalid request ID',
      });
    }
  },
);

test('a second answer is refused in the words of Lambda’s server', () => {
  expect(transition({ name: 'ResponseSent', requestId: 'one' }, { name: 'response', requestId: 'one' })).toEqual({
    kind: 'refused',
    httpStatus: 403,
    errorType: 'InvalidStateTransition',
    errorMessage:
      'State transition from RuntimeResponseSentState to InvocationResponse failed for runtime. ' +
      'Error: State transition is not allowed',
  });
});

test('the state knows which invocation it is of, also when the runtime asks for it again', () => {
  const running = { kind: 'moved', state: { name: 'Running', requestId: 'two' } };

  expect(transition({ name: 'Ready' }, { name: 'invoke', requestId: 'two' })).toEqual(running);
  expect(transition({ name: 'Running', requestId: 'two' }, { name: 'next' })).toEqual(running);
});
