import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { messageOf, STORAGE_FULL, systemCodeOf } from '../errors';
import type { GrowingFile, Part } from './growing-file';
import { httpGet } from './http';
import { freeYoungMemory } from './memory';

/** A download that went wrong. A permanent one goes wrong the same way again. */
export class DownloadError extends Error {
  constructor(
    readonly kind: 'permanent' | 'transient' | 'corrupt' | 'storage-full' | 'ranges-ignored',
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

/**
 * S3 gives one connection some 85 MB/s, and advises to fetch parts of 8 or 16 MB side by side.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html
 */
export const PART_BYTES = 8 * 1_024 * 1_024;
const CONNECTIONS = 4;

/** How long a download may go without a byte. */
const STALL_MILLISECONDS = 30_000;

// 403 is what S3 says of a link that has expired; the next attempt has a new one.
const WORTH_ANOTHER_ATTEMPT: ReadonlySet<number> = new Set([403, 408, 429]);

/** The bytes of a file from `start` up to `end`. */
export type Stretch = Pick<Part, 'start' | 'end'>;

/** Asks for a stretch of a file. A {@link DownloadError} of its own says whether another attempt may go better. */
export type ByteSource = (stretch: Stretch, signal: AbortSignal) => Promise<Readable>;

/**
 * Downloads what is missing of `file`, its parts side by side. The last part comes first, as a zip's table of contents
 * lies there.
 *
 * @throws {DownloadError} for what the source, the network or the disk did
 */
export async function download(source: ByteSource, file: GrowingFile, signal: AbortSignal): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new Error(`no byte for ${STALL_MILLISECONDS} ms`)), STALL_MILLISECONDS);
  const failure = new AbortController();
  const any = AbortSignal.any([signal, stall.signal, failure.signal]);
  const missing = file.parts.filter((part) => part.received < part.end);
  const queue = [...missing.slice(-1), ...missing.slice(0, -1)];
  const connection = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      await downloadPart(source, file, part, any, () => timer.refresh());
    }
  };
  let first: { readonly thrown: unknown } | undefined;
  const connections = Array.from({ length: CONNECTIONS }, () =>
    connection().catch((thrown: unknown) => {
      first ??= { thrown };
      failure.abort();
    }),
  );
  await Promise.all(connections);
  clearTimeout(timer);
  signal.throwIfAborted();
  if (first !== undefined) {
    throw downloadError(stall.signal.aborted ? stall.signal.reason : first.thrown);
  }
}

async function downloadPart(
  source: ByteSource,
  file: GrowingFile,
  part: Part,
  signal: AbortSignal,
  onBytes: () => void,
): Promise<void> {
  const body = await source({ start: part.received, end: part.end }, signal);
  const ended = finished(body);
  let failure: { readonly thrown: unknown } | undefined;
  // Written in the call that brings it, a chunk waits nowhere: of 8 MB that a turn of the loop may bring from all
  // connections V8 would take much for old, and not look at it again for long.
  body.on('data', (chunk: Buffer) => {
    onBytes();
    try {
      take(chunk, file, part);
    } catch (thrown) {
      failure ??= { thrown };
      body.destroy();
    }
  });
  try {
    await ended;
  } catch (thrown) {
    failure ??= { thrown };
  } finally {
    body.destroy();
  }
  if (failure !== undefined) {
    throw failure.thrown;
  }
  if (part.received < part.end) {
    const received = file.parts.reduce((sum, each) => sum + each.received - each.start, 0);
    throw new DownloadError('transient', `The download was cut short at ${received} of ${file.bytes} bytes`);
  }
}

function take(chunk: Buffer, file: GrowingFile, part: Part): void {
  if (part.received + chunk.byteLength > part.end) {
    throw new DownloadError('corrupt', `The server sent more than the ${file.bytes} bytes that were announced`);
  }
  file.write(part, chunk);
  freeYoungMemory(chunk.byteLength);
}

/**
 * The bytes behind a link: of a file in one part the whole, of one in several each stretch by its range. The link is a
 * secret for ten minutes, so no message names it.
 */
export function linkSource(url: string, { parts }: Pick<GrowingFile, 'parts'>): ByteSource {
  const isWhole = parts.length === 1;
  return async ({ start, end }, signal) => {
    const response = await httpGet(url, isWhole ? {} : { Range: `bytes=${start}-${end - 1}` }, signal);
    try {
      check(response, start, isWhole);
      return response;
    } catch (thrown) {
      response.destroy();
      throw thrown;
    }
  };
}

function check({ statusCode = 0, headers }: IncomingMessage, start: number, isWhole: boolean): void {
  const wanted = isWhole ? 200 : 206;
  if (statusCode === 200 && !isWhole) {
    throw new DownloadError('ranges-ignored', 'The server does not serve parts of a file');
  }
  if (statusCode !== wanted) {
    const isTransient = statusCode >= 500 || WORTH_ANOTHER_ATTEMPT.has(statusCode);
    throw new DownloadError(isTransient ? 'transient' : 'permanent', `The server answered HTTP ${statusCode}`);
  }
  const range = headers['content-range'];
  if (!isWhole && range?.startsWith(`bytes ${start}-`) !== true) {
    throw new DownloadError('transient', `The server sent the range "${range}" for one that begins at ${start}`);
  }
}

function downloadError(thrown: unknown): DownloadError {
  if (thrown instanceof DownloadError) {
    return thrown;
  }
  return systemCodeOf(thrown) === STORAGE_FULL
    ? new DownloadError('storage-full', messageOf(thrown), { cause: thrown })
    : new DownloadError('transient', `The connection broke: ${messageOf(thrown)}`, { cause: thrown });
}

const HASHED_AT_A_TIME_BYTES = 256 * 1_024;

/**
 * Reads the file as it comes and compares it with what Lambda says of it.
 *
 * @throws {DownloadError} for other bytes; what the file's download ended with, if that comes first
 */
export async function verify(file: GrowingFile, expected: Expected): Promise<void> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(HASHED_AT_A_TIME_BYTES, file.bytes));
  for (let position = 0; position < file.bytes; ) {
    const end = await file.growth(position);
    while (position < end) {
      const { bytesRead } = await file.handle.read(buffer, 0, Math.min(buffer.byteLength, end - position), position);
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  }
  const sha256 = hash.digest('base64');
  if (sha256 !== expected.sha256) {
    throw new DownloadError(
      'corrupt',
      `The package has ${file.bytes} bytes and SHA-256 ${sha256}; Lambda says ${expected.bytes} and ${expected.sha256}`,
    );
  }
}
