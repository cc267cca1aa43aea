/**
 * A signal that aborts at Ctrl-C and the like. The commands of this folder run programs in process groups of their own,
 * which the terminal does not reach: whoever starts them ends them.
 */
export function abortOnInterruption(onInterruption: () => void = () => undefined): AbortSignal {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      onInterruption();
      abort.abort();
    });
  }
  return abort.signal;
}

/** What a shell expects of a program that Ctrl-C ended. */
export const EXIT_CODE_WHEN_INTERRUPTED = 130;
