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
    Started: { next: 'Ready', initError: 'InitError', invoke: 403, response: 403, error: 403 },
    InitError: { next: 403, initError: 403, invoke: 403, response: 403, error: 403 },
    Ready: { next: 'Ready', initError: 403, invoke: 'Running', response: 403, error: 403 },
    Running: { next: 403, initError: 403, invoke: 403, response: 'ResponseSent', error: 'ResponseSent' },
    ResponseSent: { next: 'Ready', initError: 403, invoke: 403, response: 403, error: 403 },
  });
});

test.each(['response', 'error'] as const)('a %s to another invocation is refused as Lambda refuses it', (name) => {
  expect(transition({ name: 'Running', requestId: 'one' }, { name, requestId: 'two' })).toEqual({
    kind: 'refused',
    httpStatus: 400,
    errorType: 'InvalidRequestID',
    errorMessage: 'Invalid request ID',
  });
});

test('a refusal names the state and the event', () => {
  expect(transition({ name: 'Ready' }, { name: 'response', requestId: 'one' })).toEqual({
    kind: 'refused',
    httpStatus: 403,
    errorType: 'InvalidStateTransition',
    errorMessage: 'Transition from Ready by response is not allowed.',
  });
});

test('the state knows which invocation it is of', () => {
  const invoked = transition({ name: 'Ready' }, { name: 'invoke', requestId: 'two' });

  expect(invoked).toEqual({ kind: 'moved', state: { name: 'Running', requestId: 'two' } });
});
