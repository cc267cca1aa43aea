import { type Refusal, refused } from './refusal';

/**
 * What a runtime may do when. Every transition is refused unless the table lists it, as in Lambda, so that a
 * misbehaving runtime is told at once rather than confused later. States, codes and words are those of AWS's own
 * server: https://github.com/aws/aws-lambda-runtime-interface-emulator, internal/lambda/core/states.go and
 * internal/lambda/rapi/middleware/middleware.go.
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

export type Transition = { readonly kind: 'moved'; readonly state: RuntimeState } | Refusal;

type Targets = Readonly<Partial<Record<RuntimeEvent['name'], RuntimeState['name']>>>;

const ALLOWED: Readonly<Record<RuntimeState['name'], Targets>> = {
  Started: { next: 'Ready', initError: 'InitError' },
  InitError: {},
  // A runtime whose connection broke while it waited asks again.
  Ready: { next: 'Ready', invoke: 'Running' },
  // One whose connection broke while the invocation was on its way asks again, and gets the same.
  Running: { next: 'Running', response: 'ResponseSent', error: 'ResponseSent' },
  ResponseSent: { next: 'Ready' },
};

/** What AWS's server calls the states and those that the events lead to. */
const STATE_WORDS: Readonly<Record<RuntimeState['name'], string>> = {
  Started: 'Started',
  InitError: 'InitError',
  Ready: 'Ready',
  Running: 'Running',
  ResponseSent: 'RuntimeResponseSentState',
};
const TARGET_WORDS: Readonly<Record<RuntimeEvent['name'], string>> = {
  next: 'Ready',
  initError: 'InitError',
  invoke: 'Running',
  response: 'InvocationResponse',
  error: 'InvocationErrorResponse',
};

export const INITIAL_STATE: RuntimeState = { name: 'Started' };

/** The state after the event, or why the event is refused: for a wrong invocation (400), or in a wrong state (403). */
export function transition(state: RuntimeState, event: RuntimeEvent): Transition {
  const isAnswer = event.name === 'response' || event.name === 'error';
  if (isAnswer && event.requestId !== requestIdOf(state)) {
    return refused(400, 'InvalidRequestID', 'Invalid request ID');
  }
  const target = ALLOWED[state.name][event.name];
  if (target === undefined) {
    return refused(
      403,
      'InvalidStateTransition',
      `State transition from ${STATE_WORDS[state.name]} to ${TARGET_WORDS[event.name]} failed for runtime. ` +
        'Error: State transition is not allowed',
    );
  }
  return { kind: 'moved', state: stateNamed(target, state, event) };
}

function requestIdOf(state: RuntimeState): string | undefined {
  return 'requestId' in state ? state.requestId : undefined;
}

function stateNamed(name: RuntimeState['name'], from: RuntimeState, event: RuntimeEvent): RuntimeState {
  if (name === 'Running' || name === 'ResponseSent') {
    const requestId = 'requestId' in event ? event.requestId : requestIdOf(from);
    return { name, requestId: requestId ?? '' };
  }
  return { name };
}
