// Signals as Go's os/exec words them, which is what Lambda prints.
const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted (core dumped)',
  SIGBUS: 'bus error (core dumped)',
  SIGFPE: 'floating point exception (core dumped)',
  SIGILL: 'illegal instruction (core dumped)',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault (core dumped)',
  SIGTERM: 'terminated',
};

/** A process that did not end well, in Lambda's words; `undefined` for one that did. */
export function exitFailureText(code: number | null, signal: string | null): string | undefined {
  if (signal !== null) {
    return `signal: ${SIGNAL_TEXTS[signal] ?? signal}`;
  }
  return code === 0 || code === null ? undefined : `exit status ${code}`;
}

/** How a runtime ended, in Lambda's words. */
export function runtimeExitText(code: number | null, signal: string | null): string {
  const failure = exitFailureText(code, signal);
  return failure === undefined ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${failure}`;
}

/** How an extension ended, in Lambda's words: https://github.com/DataDog/datadog-lambda-extension/issues/263 */
export function extensionExitText(code: number | null, signal: string | null): string {
  return exitFailureText(code, signal) ?? 'exit code 0';
}
