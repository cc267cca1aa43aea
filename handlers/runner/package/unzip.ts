import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RunnerError, storageFull } from '../errors';
import { furthestEnd, type PackedEntry, type PackedLink, type Unpacker } from './batch';
import { contentsOf, unsafe } from './contents';
import type { GrowingFile } from './growing-file';
import { linkStaysInside } from './zip-entry';

export interface UnzipRequest {
  /** What it is, for messages: "The package of ARN". */
  readonly subject: string;
  readonly file: GrowingFile;
  /** An empty folder. */
  readonly root: string;
  readonly unpacker: Unpacker;
  readonly signal: AbortSignal;
  /** What it may hold. @default - as much as it says, as Lambda has looked at its packages */
  readonly limits?: UnzipLimits;
}

/** More than this is a bomb, or work for another machine. */
export interface UnzipLimits {
  readonly entries: number;
  /** Unpacked. No entry gives more than the zip says of it. */
  readonly bytes: number;
}

/** A batch ends when it has so many bytes, packed or not, or so many entries: some 10 ms of work. */
const BATCH_BYTES = 1_024 * 1_024;
const BATCH_ENTRIES = 256;

/**
 * Unpacks a zip into an empty folder, with execute permissions and symbolic links, while it is downloaded. Of entries
 * with the same name the last counts. Links come last, so that nothing is written through one. When it returns or
 * throws, nothing is being written any more.
 *
 * @throws {RunnerError} PACKAGE_UNSAFE for an entry outside the root, PACKAGE_CORRUPT for what is no zip, STORAGE_FULL
 *   when the disk is
 */
export async function unzip(request: UnzipRequest): Promise<void> {
  const { subject, file, signal } = request;
  const batches = new Batches(request);
  const within = limitCheck(request);
  try {
    for await (const entries of contentsOf(subject, file)) {
      for (const entry of entries) {
        signal.throwIfAborted();
        within(entry);
        await batches.add(entry);
      }
    }
    await batches.finish();
    await writeRepeated(request, batches.repeated);
    for (const link of batches.links) {
      await writeLink(request, link);
    }
  } catch (cause) {
    await batches.settled();
    if (cause instanceof RunnerError || signal.aborted) {
      throw cause;
    }
    throw new RunnerError('PACKAGE_CORRUPT', `${subject} could not be unpacked: ${messageOf(cause)}`, { cause });
  }
}

/** Refuses the first entry that is too much, before it is written. */
function limitCheck({ subject, limits }: UnzipRequest): (entry: PackedEntry) => void {
  let entries = 0;
  let bytes = 0;
  return (entry) => {
    entries += 1;
    bytes += entry.bytes;
    if (limits !== undefined && entries > limits.entries) {
      throw new RunnerError('PACKAGE_UNSAFE', `${subject} holds more than ${limits.entries} entries.`);
    }
    if (limits !== undefined && bytes > limits.bytes) {
      throw new RunnerError('PACKAGE_UNSAFE', `${subject} holds more than ${limits.bytes} bytes when it is unpacked.`);
    }
  };
}

/** Gathers entries into batches, and has each unpacked once its bytes are there. */
class Batches {
  readonly links: PackedLink[] = [];
  readonly repeated = new Set<string>();
  readonly #request: UnzipRequest;
  readonly #working = new Set<Promise<void>>();
  #failure: { readonly thrown: unknown } | undefined;
  #entries: PackedEntry[] = [];
  #bytes = 0;

  constructor(request: UnzipRequest) {
    this.#request = request;
  }

  async add(entry: PackedEntry): Promise<void> {
    this.#entries.push(entry);
    this.#bytes += Math.max(entry.packedBytes, entry.bytes);
    if (this.#bytes >= BATCH_BYTES || this.#entries.length >= BATCH_ENTRIES) {
      await this.#send();
    }
  }

  async finish(): Promise<void> {
    await this.#send();
    await this.settled();
    this.#throwFailure();
  }

  /** Resolves once no batch is being unpacked. */
  async settled(): Promise<void> {
    await Promise.all(this.#working);
  }

  async #send(): Promise<void> {
    const { file, unpacker } = this.#request;
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    while (this.#working.size >= unpacker.capacity) {
      await Promise.race(this.#working);
    }
    this.#throwFailure();
    const readableEnd = entries.reduce((end, entry) => Math.max(end, Math.min(furthestEnd(entry), file.bytes)), 0);
    const start = entries.reduce((least, entry) => Math.min(least, entry.headerOffset), readableEnd);
    await file.available(start, readableEnd);
    const work = this.#unpack(entries, readableEnd).catch((thrown: unknown) => {
      this.#failure ??= { thrown };
    });
    const done = work.then(() => {
      this.#working.delete(done);
    });
    this.#working.add(done);
  }

  async #unpack(entries: readonly PackedEntry[], readableEnd: number): Promise<void> {
    const { links, repeated } = await unpackNow(this.#request, entries, readableEnd, false);
    this.links.push(...links);
    for (const name of repeated) {
      this.repeated.add(name);
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) {
      throw this.#failure.thrown;
    }
  }
}

async function unpackNow(
  { subject, file, root, unpacker }: UnzipRequest,
  entries: readonly PackedEntry[],
  readableEnd: number,
  replaces: boolean,
) {
  const result = await unpacker.unpack({ descriptor: file.handle.fd, readableEnd, root, entries, replaces });
  if (result.kind === 'failed') {
    throw result.reason === 'storage-full' ? storageFull(subject, result.message) : new Error(result.message);
  }
  return result;
}

/** Threads unpack in no order, so which of the files with one name came first is seen only now. */
async function writeRepeated(request: UnzipRequest, names: ReadonlySet<string>): Promise<void> {
  if (names.size === 0) {
    return;
  }
  const last = new Map<string, PackedEntry>();
  for await (const entries of contentsOf(request.subject, request.file)) {
    for (const entry of entries) {
      if (entry.kind === 'file' && names.has(entry.path)) {
        last.set(entry.path, entry);
      }
    }
  }
  await unpackNow(request, [...last.values()], request.file.bytes, true);
}

async function writeLink({ subject, root }: UnzipRequest, link: PackedLink): Promise<void> {
  const parent = path.join(root, path.dirname(link.path));
  await mkdir(parent, { recursive: true });
  const place = path.join(await realpath(parent), path.basename(link.path));
  if (!linkStaysInside(path.relative(await realpath(root), place), link.target)) {
    throw unsafe(subject, link.path, 'it is a symbolic link that leads outside the zip');
  }
  await rm(place, { force: true });
  await symlink(link.target, place);
}
