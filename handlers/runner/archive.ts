import pRetry, { AbortError } from 'p-retry';
import type { Log } from '../shared/log';
import { DownloadError, download, type Expected } from './download';
import { messageOf, RunnerError } from './errors';

/** Where a zip of Lambda's can be downloaded for ten minutes, and what it must be. */
export interface ArchiveLink extends Expected {
  readonly url: string;
}

export interface ArchiveRequest {
  /** What it is, for messages: "The package of ARN". */
  readonly subject: string;
  /** Where it is downloaded to. */
  readonly file: string;
  /** Asks Lambda for a link. An error of its own is final. */
  readonly locate: (signal: AbortSignal) => Promise<ArchiveLink>;
}

const DOWNLOAD_RETRIES = 3;
const FIRST_WAIT_MILLISECONDS = 200;

/**
 * Downloads a zip and verifies it. Each attempt asks for a new link, as the last one may have expired.
 *
 * @returns its size in bytes
 * @throws {RunnerError} when it cannot; `signal.reason` when it was aborted
 */
export async function fetchArchive(request: ArchiveRequest, log: Log, signal: AbortSignal): Promise<number> {
  const options = { retries: DOWNLOAD_RETRIES, minTimeout: FIRST_WAIT_MILLISECONDS, randomize: true, signal };
  return pRetry((attempt) => attemptFetch(request, log, attempt, signal), options).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw archiveError(request.subject, thrown);
  });
}

async function attemptFetch(
  { subject, file, locate }: ArchiveRequest,
  log: Log,
  attempt: number,
  signal: AbortSignal,
): Promise<number> {
  try {
    const { url, ...expected } = await locate(signal);
    await download(url, file, expected, signal);
    return expected.bytes;
  } catch (thrown) {
    const isWorthAnother = thrown instanceof DownloadError && thrown.kind !== 'permanent';
    if (!isWorthAnother) {
      throw new AbortError(thrown instanceof Error ? thrown : String(thrown));
    }
    log.warn('package.attempt-failed', { subject, attempt, reason: thrown.message });
    throw thrown;
  }
}

function archiveError(subject: string, thrown: unknown): RunnerError {
  if (thrown instanceof RunnerError) {
    return thrown;
  }
  const isCorrupt = thrown instanceof DownloadError && thrown.kind === 'corrupt';
  return new RunnerError(
    isCorrupt ? 'PACKAGE_CORRUPT' : 'PACKAGE_DOWNLOAD_FAILED',
    `${subject} could not be downloaded: ${messageOf(thrown)}.`,
    { cause: thrown },
  );
}
