import type { ReportedError } from '../shared/run';
import type { RunnerErrorCode } from './errors';
import type { FailureReason } from './exit-codes';
import { runtimeExitText } from './exit-text';
import type { ExtensionFailure } from './extension-failure';

export type Phase = 'fetch' | 'init' | 'invoke';

/** What happened to a run. */
export type Happening =
  | { readonly kind: 'response'; readonly body: Uint8Array }
  | { readonly kind: 'reported'; readonly error: ReportedError }
  | { readonly kind: 'response-too-large'; readonly limitBytes: number }
  | { readonly kind: 'init-error'; readonly error: ReportedError }
  | {
      readonly kind: 'exited';
      readonly phase: Phase;
      /** `null` when a signal ended it. */
      readonly code: number | null;
      readonly signal: string | null;
    }
  | ExtensionFailure
  | { readonly kind: 'deadline'; readonly phase: Phase; readonly seconds: number }
  | { readonly kind: 'interrupted'; readonly phase: Phase }
  /** Its token or callback has expired, or was answered. */
  | { readonly kind: 'caller-gone' }
  | {
      readonly kind: 'not-run';
      readonly code: RunnerErrorCode;
      readonly exitReason: FailureReason;
      readonly message: string;
    };

/** What happened, and how long its parts took; a part that was not reached, or not needed, is left out. */
export interface Execution {
  readonly happening: Happening;
  readonly fetchMilliseconds?: number;
  readonly initMilliseconds?: number;
  /** From the invocation to its answer. */
  readonly durationMilliseconds?: number;
}

/** What the run comes to. */
export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly exitReason: 'succeeded'; readonly body: Uint8Array }
  | Failure;

/** What the run comes to where it does not succeed. */
export interface Failure {
  readonly status: 'FAILED' | 'TIMED_OUT' | 'INTERRUPTED' | 'CANCELLED';
  readonly exitReason: FailureReason;
  readonly error: ReportedError;
}

/** What happened, in the words that Lambda has for it where it has any. */
export function outcomeOf(happening: Exclude<Happening, { kind: 'response' }>, requestId: string): Failure;
export function outcomeOf(happening: Happening, requestId: string): Outcome;
export function outcomeOf(happening: Happening, requestId: string): Outcome {
  switch (happening.kind) {
    case 'response':
      return { status: 'SUCCEEDED', exitReason: 'succeeded', body: happening.body };
    case 'reported':
      return { status: 'FAILED', exitReason: 'functionError', error: happening.error };
    case 'init-error':
      return { status: 'FAILED', exitReason: 'initError', error: happening.error };
    case 'response-too-large':
      return failed('responseTooLarge', {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${happening.limitBytes} bytes).`,
      });
    case 'exited':
      return failed(happening.phase === 'invoke' ? 'runtimeExited' : 'initError', {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: ${runtimeExitText(happening.code, happening.signal)}`,
      });
    case 'extension-failed':
      return failed('extensionFailed', {
        errorType: happening.errorType,
        errorMessage: `RequestId: ${requestId} Error: ${happening.text}`,
      });
    case 'deadline':
      return {
        status: 'TIMED_OUT',
        exitReason: 'timedOut',
        error: {
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${requestId} Error: ${deadlineText(happening.phase, happening.seconds)}`,
        },
      };
    case 'interrupted':
      return {
        status: 'INTERRUPTED',
        exitReason: 'interrupted',
        // Not the function's doing: a name of our own, by which a state can choose to try again.
        error: { errorType: 'Overtime.Interrupted', errorMessage: INTERRUPTION_TEXTS[happening.phase] },
      };
    case 'caller-gone':
      // Not a failure that another attempt could mend.
      return {
        status: 'CANCELLED',
        exitReason: 'callerGone',
        error: {
          errorType: 'Overtime.CallerGone',
          errorMessage: 'Nobody waits for the run any more: its task token or callback has expired, or was answered.',
        },
      };
    case 'not-run':
      return {
        status: 'FAILED',
        exitReason: happening.exitReason,
        error: { errorType: happening.code, errorMessage: happening.message },
      };
  }
}

function failed(exitReason: FailureReason, error: ReportedError): Failure {
  return { status: 'FAILED', exitReason, error };
}

function deadlineText(phase: Phase, seconds: number): string {
  const after = `timed out after ${seconds.toFixed(2)} seconds`;
  return phase === 'invoke' ? `Task ${after}` : `Initialization ${after}`;
}

const INTERRUPTION_TEXTS: Readonly<Record<Phase, string>> = {
  fetch: "The task was stopped while the function's package was being fetched: the handler was not called.",
  init: 'The task was stopped while the runtime was starting: the handler was not called.',
  invoke: 'The task was stopped, and the handler did not finish in the time that was left to it.',
};
