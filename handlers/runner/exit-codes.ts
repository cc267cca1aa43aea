/**
 * Every exit code of the runner. Zero means SUCCEEDED, or a worker that ended as it should, and nothing else. The others keep clear of the codes that mean
 * something already: 2 to 14 (Node.js itself), 125 to 127 (container engines), 128 and 129 (Lambda's Node.js runtime).
 */
export const EXIT_CODES = {
  succeeded: {
    code: 0,
    meaning:
      'The handler returned, and its output is where it belongs; or a worker idled out, or was stopped between tasks.',
  },
  internalError: { code: 1, meaning: 'A fault of the runner itself; the log names it.' },
  invalidSettings: { code: 64, meaning: 'An environment variable or a word of the command line is missing or wrong.' },
  ledgerRefused: { code: 65, meaning: 'The ledger has no such run waiting, or the run was closed by somebody else.' },
  functionUnavailable: { code: 66, meaning: 'The function or its package could not be fetched.' },
  unsupportedFunction: { code: 67, meaning: 'The function is of a kind that the runner does not run.' },
  inputUnavailable: { code: 68, meaning: 'The input could not be read.' },
  functionError: { code: 70, meaning: 'The handler reported an error.' },
  runtimeExited: { code: 71, meaning: 'The runtime ended before the handler answered.' },
  initError: { code: 72, meaning: 'The runtime or the function could not start.' },
  responseTooLarge: { code: 73, meaning: 'The output is larger than the runner takes.' },
  reportFailed: { code: 74, meaning: 'The outcome could not be stored; the last line on stdout has it.' },
  extensionFailed: { code: 75, meaning: 'An extension of the function ended, or reported that it gave up.' },
  callerGone: { code: 76, meaning: 'Nobody waits for the run any more: its task token or callback is dead.' },
  pollRefused: { code: 77, meaning: 'The activity or queue is not there, or the worker may not take work from it.' },
  commandFailed: { code: 78, meaning: 'The command could not be started, or did not end well.' },
  runtimeSpent: {
    code: 79,
    meaning: 'The one runtime of a container-image function ended, and its worker with it: ECS starts another task.',
  },
  timedOut: { code: 124, meaning: 'The run took longer than its timeout.' },
  interrupted: { code: 143, meaning: 'The task was stopped (SIGTERM) before the handler answered.' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type ExitReason = keyof typeof EXIT_CODES;

export function exitCode(reason: ExitReason): number {
  return EXIT_CODES[reason].code;
}

export type FailureReason = Exclude<ExitReason, 'succeeded'>;
