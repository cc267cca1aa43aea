import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from './errors';

/** A download that went wrong. A permanent one goes wrong the same way again. */
export class DownloadError extends Error {
  constructor(
    readonly kind: 'permanent' | 'transient' | 'corrupt',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DownloadError';
  }
}

export interface Expected {
  /** Base64, as Lambda's CodeSha256. */
  readonly sha256: string;
  readonly bytes: number;
}

/** How long a download may go without a byte. */
const STALL_MILLISECONDS = 30_000;

// 403 is what S3 says of a link that has expired; the next attempt has a new one.
const WORTH_ANOTHER_ATTEMPT: ReadonlySet<number> = new Set([403, 408, 429]);

/**
 * Downloads `url` to `file` and checks its size and SHA-256 on the way. The link is a secret for ten minutes, so no
 * message names it.
 *
 * @throws {DownloadError} for what the server, the network or the hash did
 */
export async function download(url: string, file: string, expected: Expected, signal: AbortSignal): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new Error(`no byte for ${STALL_MILLISECONDS} ms`)), STALL_MILLISECONDS);
  const either = AbortSignal.any([signal, stall.signal]);
  try {
    const body = await open(url, either);
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = async function* (source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        timer.refresh();
        hash.update(chunk);
        bytes += chunk.byteLength;
        yield chunk;
      }
    };
    await pipeline(body, measure, createWriteStream(file), { signal: either });
    check({ sha256: hash.digest('base64'), bytes }, expected);
  } catch (cause) {
    if (cause instanceof DownloadError || signal.aborted) {
      throw cause;
    }
    throw new DownloadError('transient', `The connection broke: ${reasonOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function open(url: string, signal: AbortSignal): Promise<Readable> {
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    const isTransient = response.status >= 500 || WORTH_ANOTHER_ATTEMPT.has(response.status);
    throw new DownloadError(isTransient ? 'transient' : 'permanent', `The server answered HTTP ${response.status}`);
  }
  return Readable.fromWeb(response.body);
}

function check(actual: Expected, expected: Expected): void {
  if (actual.bytes < expected.bytes) {
    throw new DownloadError('transient', `The download was cut short at ${actual.bytes} of ${expected.bytes} bytes`);
  }
  if (actual.sha256 !== expected.sha256 || actual.bytes !== expected.bytes) {
    throw new DownloadError(
      'corrupt',
      `The package has ${actual.bytes} bytes and SHA-256 ${actual.sha256}; Lambda says ${expected.bytes} and ${expected.sha256}`,
    );
  }
}

// fetch says "fetch failed" and keeps what happened in the cause.
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause === undefined ? messageOf(thrown) : `${messageOf(thrown)} (${messageOf(cause)})`;
}
