/** How long the outcome waits for a heartbeat that is on its way. */
const GRACE_MILLISECONDS = 1_000;

/**
 * Aborted a little later than the signal. A heartbeat that is cut off may still arrive, after the outcome, and costs its
 * connection: for a task of a few milliseconds the next connection is dearer than the wait.
 */
export function withGrace(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => late.abort(), GRACE_MILLISECONDS).unref(), { once: true });
  return late.signal;
}
