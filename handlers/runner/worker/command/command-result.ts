import { exitFailureText } from '../../exit-text';
import { type Failure, type Outcome, outcomeOf } from '../../outcome';
import type { Carried } from '../executor';

/** How much of its stdout and stderr is kept of a command that runs. What is larger goes through the output file. */
export const OUTPUT_TAIL_BYTES = 1_024 * 1_024;
export const ERROR_TAIL_BYTES = 8 * 1_024;

/** A command that has ended by itself, and what it left. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Of the output file; `undefined` where the command wrote none. */
  readonly file: { readonly bytes: number; readonly content: Uint8Array | undefined } | undefined;
  readonly stdout: { readonly text: string; readonly isCut: boolean };
  readonly stderr: string;
}

/**
 * What a command comes to. Its output is the file that it wrote; without one the last line of its stdout, so that a
 * program that prints its result, last, needs no change. Either may be JSON or plain text, and nothing at all is `null`.
 */
export function commandOutcome(end: CommandEnd, limitBytes: number, requestId: string): Outcome {
  const failure = exitFailure(end);
  if (failure !== undefined) {
    return failure;
  }
  if (end.file !== undefined) {
    return end.file.content === undefined
      ? outcomeOf({ kind: 'response-too-large', limitBytes }, requestId)
      : success(end.file.content);
  }
  const lines = end.stdout.text.trimEnd().split('\n');
  return end.stdout.isCut && lines.length === 1
    ? outcomeOf({ kind: 'response-too-large', limitBytes: OUTPUT_TAIL_BYTES }, requestId)
    : success(new TextEncoder().encode(lines.at(-1) ?? ''));
}

/** How a command failed, with what it said last; `undefined` for one that ended well. */
export function exitFailure({
  code,
  signal,
  stderr,
}: Pick<CommandEnd, 'code' | 'signal' | 'stderr'>): Failure | undefined {
  const failure = exitFailureText(code, signal);
  return failure === undefined
    ? undefined
    : commandFailure(`${failure}${stderr.trim() === '' ? '' : `\n${stderr.trimEnd()}`}`);
}

/**
 * Exit codes by which a command says what becomes of the message that it works on, as commands of mapbox/ecs-watchbot
 * do: https://github.com/mapbox/ecs-watchbot/blob/master/docs/worker-runtime-details.md
 */
const VERDICTS: ReadonlyMap<number | null, Carried['verdict']> = new Map([
  [3, 'reject'],
  [4, 'return'],
]);

export function commandVerdict(code: number | null): Carried['verdict'] {
  return VERDICTS.get(code);
}

export function commandFailure(errorMessage: string): Failure {
  return {
    status: 'FAILED',
    exitReason: 'commandFailed',
    error: { errorType: 'Overtime.CommandFailed', errorMessage },
  };
}

function success(body: Uint8Array): Outcome {
  return { status: 'SUCCEEDED', exitReason: 'succeeded', body };
}
