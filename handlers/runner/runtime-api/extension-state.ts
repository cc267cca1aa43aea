import { type Refusal, refused } from './refusal';

/**
 * What an extension may do when. States and words are those of AWS's own server:
 * https://github.com/aws/aws-lambda-runtime-interface-emulator, internal/lambda/core/externalagent_states.go
 */
export type ExtensionState = 'Started' | 'Registered' | 'Ready' | 'Running' | 'InitError' | 'ExitError';

/** `event`: one is handed to it. */
export type ExtensionAction = 'register' | 'next' | 'event' | 'initError' | 'exitError';

type Targets = Readonly<Partial<Record<ExtensionAction, ExtensionState>>>;

const ALLOWED: Readonly<Record<ExtensionState, Targets>> = {
  Started: { register: 'Registered' },
  Registered: { next: 'Ready', initError: 'InitError', exitError: 'ExitError' },
  Ready: { event: 'Running', exitError: 'ExitError' },
  Running: { next: 'Ready', exitError: 'ExitError' },
  // An error may be reported again; the first one counts.
  InitError: { initError: 'InitError' },
  ExitError: { exitError: 'ExitError' },
};

const TARGET_WORDS: Readonly<Record<ExtensionAction, string>> = {
  register: 'Registered',
  next: 'Ready',
  event: 'Running',
  initError: 'InitError',
  exitError: 'Exited',
};

/** The state after the action, or why it is refused. `who` is the extension's name where it registers, else its id. */
export function extensionTransition(
  state: ExtensionState,
  action: ExtensionAction,
  who: string,
): { readonly kind: 'moved'; readonly state: ExtensionState } | Refusal {
  const target = ALLOWED[state][action];
  return target === undefined
    ? refused(
        403,
        'Extension.InvalidExtensionState',
        `State transition from ${state} to ${TARGET_WORDS[action]} failed for extension ${who}. ` +
          'Error: State transition is not allowed',
      )
    : { kind: 'moved', state: target };
}

/** An event that an extension can register for. */
export type ExtensionEvent = 'INVOKE' | 'SHUTDOWN';

/** The events among `names`, or why they are refused: internal extensions end with the runtime, and hear of no end. */
export function acceptedEvents(
  names: readonly string[],
  isExternal: boolean,
): { readonly kind: 'events'; readonly events: ReadonlySet<ExtensionEvent> } | Refusal {
  const events = new Set<ExtensionEvent>();
  for (const name of names) {
    if (name !== 'INVOKE' && name !== 'SHUTDOWN') {
      return refused(403, 'Extension.InvalidEventType', `${name}: ErrorInvalidEventType`);
    }
    if (name === 'SHUTDOWN' && !isExternal) {
      return refused(403, 'Extension.InvalidEventType', `${name}: ShutdownEventNotSupportedForInternalExtension`);
    }
    events.add(name);
  }
  return { kind: 'events', events };
}
