/**
 * What a runtime may do when. Every transition is refused unless the table lists it, as in Lambda, so that a
 * misbehaving runtime is told at once rather than confused later.
 */
export type RuntimeState =
  | { readonly name: 'Started' }
  | { readonly name: 'InitError' }
  | { readonly name: 'Ready' }
  | { readonly name: 'Running'; readonly requestId: string }
  | { readonly name: 'ResponseSent'; readonly requestId: string };

export type RuntimeEvent =
  | { readonly name: 'next' }
  | { readonly name: 'initError' }
  | { readonly name: 'invoke'; readonly requestId: string }
  | { readonly name: 'response'; readonly requestId: string }
  | { readonly name: 'error'; readonly requestId: string };

export interface Refusal {
  readonly kind: 'refused';
  readonly httpStatus: 400 | 403;
  readonly errorType: 'InvalidStateTransition' | 'InvalidRequestID';
  readonly errorMessage: string;
}

export type Transition = { readonly kind: 'moved'; readonly state: RuntimeState } | Refusal;

type Targets = Readonly<Partial<Record<RuntimeEvent['name'], RuntimeState['name']>>>;

const ALLOWED: Readonly<Record<RuntimeState['name'], Targets>> = {
  Started: { next: 'Ready', initError: 'InitError' },
  InitError: {},
  // A runtime whose connection broke while it waited asks again.
  Ready: { next: 'Ready', invoke: 'Running' },
  Running: { response: 'ResponseSent', error: 'ResponseSent' },
  ResponseSent: { next: 'Ready' },
};

export const INITIAL_STATE: RuntimeState = { name: 'Started' };

/** The state after the event, or why the event is refused: in a wrong state (403), or for a wrong invocation (400). */
export function transition(state: RuntimeState, event: RuntimeEvent): Transition {
  const target = ALLOWED[state.name][event.name];
  if (target === undefined) {
    return {
      kind: 'refused',
      httpStatus: 403,
      errorType: 'InvalidStateTransition',
      errorMessage: `Transition from ${state.name} by ${event.name} is not allowed.`,
    };
  }
  if (state.name === 'Running' && 'requestId' in event && event.requestId !== state.requestId) {
    return { kind: 'refused', httpStatus: 400, errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' };
  }
  return { kind: 'moved', state: stateNamed(target, event) };
}

function stateNamed(name: RuntimeState['name'], event: RuntimeEvent): RuntimeState {
  if (name === 'Running' || name === 'ResponseSent') {
    return { name, requestId: 'requestId' in event ? event.requestId : '' };
  }
  return { name };
}
