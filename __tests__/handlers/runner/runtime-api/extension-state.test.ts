import {
  acceptedEvents,
  type ExtensionAction,
  type ExtensionState,
  extensionTransition,
} from '../../../../handlers/runner/runtime-api/extension-state';

const STATES: readonly ExtensionState[] = ['Started', 'Registered', 'Ready', 'Running', 'InitError', 'ExitError'];
const ACTIONS: readonly ExtensionAction[] = ['register', 'next', 'event', 'initError', 'exitError'];

test('an extension can do what the protocol has it do, and nothing else', () => {
  const table = Object.fromEntries(
    STATES.map((state) => [
      state,
      ACTIONS.map((action) => {
        const result = extensionTransition(state, action, 'x');
        return result.kind === 'moved' ? result.state : result.httpStatus;
      }),
    ]),
  );

  expect(table).toEqual({
    //           register       next     event      initError    exitError
    Started: ['Registered', 403, 403, 403, 403],
    Registered: [403, 'Ready', 403, 'InitError', 'ExitError'],
    Ready: [403, 403, 'Running', 403, 'ExitError'],
    Running: [403, 'Ready', 403, 403, 'ExitError'],
    InitError: [403, 403, 403, 'InitError', 403],
    ExitError: [403, 403, 403, 403, 'ExitError'],
  });
});

test('a refusal is in the words of Lambda’s server', () => {
  expect(extensionTransition('Running', 'register', 'watcher')).toEqual({
    kind: 'refused',
    httpStatus: 403,
    errorType: 'Extension.InvalidExtensionState',
    errorMessage:
      'State transition from Running to Registered failed for extension watcher. Error: State transition is not allowed',
  });
});

test.each([
  { names: ['INVOKE', 'SHUTDOWN'], isExternal: true, result: ['INVOKE', 'SHUTDOWN'] },
  { names: [], isExternal: true, result: [] },
  { names: ['INVOKE'], isExternal: false, result: ['INVOKE'] },
  {
    names: ['INVOKE', 'SHUTDOWN'],
    isExternal: false,
    result: 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
  },
  { names: ['FREEZE'], isExternal: true, result: 'FREEZE: ErrorInvalidEventType' },
])('the events $names of an extension that is external: $isExternal', ({ names, isExternal, result }) => {
  const accepted = acceptedEvents(names, isExternal);

  expect(accepted.kind === 'events' ? [...accepted.events] : accepted.errorMessage).toEqual(result);
});
