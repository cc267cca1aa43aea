import pRetry, { AbortError } from 'p-retry';
import type { Log } from '../../shared/log';
import { DownloadError } from './download';

const RETRIES = 3;
const FIRST_WAIT_MILLISECONDS = 200;

export interface AttemptOptions {
  /** What is downloaded, for the log. */
  readonly subject: string;
  /** What the log calls an attempt that failed, such as `package.attempt-failed`. */
  readonly event: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Tries a download until it goes well, or fails in a way that another attempt does not mend, or has failed too often.
 *
 * @throws what the last attempt threw; `signal.reason` when it was aborted
 */
export async function inAttempts<T>(
  attempt: () => Promise<T>,
  { subject, event, log, signal }: AttemptOptions,
): Promise<T> {
  const logged = async (number: number) => {
    try {
      return await attempt();
    } catch (thrown) {
      const isWorthAnother = thrown instanceof DownloadError && ['transient', 'corrupt'].includes(thrown.kind);
      if (!isWorthAnother) {
        throw new AbortError(thrown instanceof Error ? thrown : String(thrown));
      }
      log.warn(event, { subject, attempt: number, reason: thrown.message });
      throw thrown;
    }
  };
  return pRetry(logged, { retries: RETRIES, minTimeout: FIRST_WAIT_MILLISECONDS, randomize: true, signal });
}
