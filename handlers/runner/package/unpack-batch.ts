import { closeSync, createReadStream, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { messageOf, STORAGE_FULL, systemCodeOf } from '../errors';
import {
  type Batch,
  type BatchResult,
  contentOffset,
  LOCAL_HEADER_BYTES,
  type PackedEntry,
  type PackedLink,
} from './batch';
import { GzipMembers } from './gzip-members';
import { freeYoungMemory } from './memory';

/** What is larger, packed or not, is unpacked as a stream. */
const AT_ONCE_BYTES = 256 * 1_024;
const WINDOW_BYTES = 2 * AT_ONCE_BYTES;

/** Smallest buffer that zlib takes. */
const SMALLEST_CHUNK_BYTES = 64;

let last: Promise<unknown> = Promise.resolve();

/**
 * Unpacks one batch. Mostly with calls that wait: a package of ten thousand small files is bound by what each call
 * costs, and one that waits costs a third of one that calls back. So it belongs into a thread of its own.
 *
 * In a thread one batch follows another, whatever zips they are of: the buffers are the thread's, and a large file lets
 * others run before it is whole.
 */
export function unpackBatch(batch: Batch): Promise<BatchResult> {
  const result = last.then(() => unpackNow(batch));
  last = result.catch(() => undefined);
  return result;
}

async function unpackNow(batch: Batch): Promise<BatchResult> {
  const links: PackedLink[] = [];
  const repeated: string[] = [];
  const zip = new ZipWindow(batch);
  const made = new Set<string>();
  const makeFolder = (folder: string) => {
    if (!made.has(folder)) {
      mkdirSync(folder, { recursive: true });
      made.add(folder);
    }
  };
  const members = new GzipMembers();
  const write = async (entry: PackedEntry, content?: Buffer) => {
    const place = path.join(batch.root, entry.path);
    makeFolder(path.dirname(place));
    if (!(await writeFile(zip, entry, place, { content, replaces: batch.replaces }))) {
      repeated.push(entry.path);
    }
  };
  const writeMembers = async () => {
    const contents = members.entries.length === 0 ? [] : (members.contents() ?? []);
    for (const [index, entry] of members.entries.entries()) {
      await write(entry, contents[index]);
    }
    members.clear();
  };
  try {
    for (const entry of batch.entries) {
      if (entry.kind === 'directory') {
        makeFolder(path.join(batch.root, entry.path));
      } else if (entry.kind === 'symlink') {
        links.push({ path: entry.path, target: contentOf(zip, entry).toString('utf8') });
      } else if (entry.isDeflated && isSmall(entry)) {
        if (!members.hasRoomFor(entry)) {
          await writeMembers();
        }
        members.add(entry, packedOf(zip, entry));
      } else {
        await write(entry);
      }
    }
    await writeMembers();
    return { kind: 'unpacked', links, repeated };
  } catch (thrown) {
    const reason = systemCodeOf(thrown) === STORAGE_FULL ? 'storage-full' : 'corrupt';
    return { kind: 'failed', reason, message: messageOf(thrown) };
  }
}

/** @returns whether the file was written: not where there was one */
async function writeFile(
  zip: ZipWindow,
  entry: PackedEntry,
  place: string,
  { content, replaces }: { readonly content: Buffer | undefined; readonly replaces: boolean },
): Promise<boolean> {
  if (replaces) {
    rmSync(place, { force: true });
  }
  const descriptor = createFile(place, entry.mode);
  if (descriptor === undefined) {
    return false;
  }
  try {
    if (isSmall(entry)) {
      writeWhole(descriptor, content ?? contentOf(zip, entry));
    } else if (entry.isDeflated) {
      await inflateInto(descriptor, zip, entry);
    } else {
      copyInto(descriptor, zip, entry);
    }
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function createFile(place: string, mode: number): number | undefined {
  try {
    return openSync(place, 'wx', mode);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EEXIST') {
      return undefined;
    }
    throw thrown;
  }
}

function isSmall({ packedBytes, bytes }: PackedEntry): boolean {
  return Math.max(packedBytes, bytes) <= AT_ONCE_BYTES;
}

/** The bytes of a small entry, until the next are read. */
function packedOf(zip: ZipWindow, entry: PackedEntry): Buffer {
  return zip.read(zip.contentOffset(entry), entry.packedBytes);
}

function contentOf(zip: ZipWindow, entry: PackedEntry): Buffer {
  if (!isSmall(entry)) {
    throw new Error(`the symbolic link ${JSON.stringify(entry.path)} has ${entry.bytes} bytes`);
  }
  const packed = packedOf(zip, entry);
  if (!entry.isDeflated) {
    return packed;
  }
  // One byte more than there is, for zlib to see the end without another buffer.
  const chunkSize = Math.max(SMALLEST_CHUNK_BYTES, entry.bytes + 1);
  const content = inflateRawSync(packed, { chunkSize, maxOutputLength: chunkSize });
  freeYoungMemory(chunkSize);
  checkLength(entry, content.byteLength);
  return content;
}

function copyInto(descriptor: number, zip: ZipWindow, entry: PackedEntry): void {
  const end = zip.contentOffset(entry) + entry.packedBytes;
  for (let position = end - entry.packedBytes; position < end; position += AT_ONCE_BYTES) {
    writeWhole(descriptor, zip.read(position, Math.min(AT_ONCE_BYTES, end - position)));
  }
}

async function inflateInto(descriptor: number, zip: ZipWindow, entry: PackedEntry): Promise<void> {
  const start = zip.contentOffset(entry);
  const packed = createReadStream('', {
    fd: zip.descriptor,
    autoClose: false,
    start,
    end: start + entry.packedBytes - 1,
    highWaterMark: AT_ONCE_BYTES,
  });
  let bytes = 0;
  const file = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.byteLength;
      try {
        // Before the disk is filled by what inflates to more than it says.
        checkLength(entry, Math.max(bytes, entry.bytes));
        writeWhole(descriptor, chunk);
        freeYoungMemory(chunk.byteLength);
        done();
      } catch (thrown) {
        done(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    },
  });
  await pipeline(packed, createInflateRaw({ chunkSize: AT_ONCE_BYTES }), file);
  checkLength(entry, bytes);
}

function checkLength(entry: PackedEntry, bytes: number): void {
  if (bytes !== entry.bytes) {
    throw new Error(`${JSON.stringify(entry.path)} has ${bytes} bytes or more, and the zip says ${entry.bytes}`);
  }
}

function writeWhole(descriptor: number, content: Buffer): void {
  for (let written = 0; written < content.byteLength; ) {
    written += writeSync(descriptor, content, written);
  }
}

let sharedWindow: Buffer | undefined;

/** Reads a zip from front to back, many small entries by one call. */
class ZipWindow {
  readonly #buffer: Buffer;
  readonly #readableEnd: number;
  #start = 0;
  #end = 0;
  readonly descriptor: number;

  constructor({ descriptor, readableEnd }: Batch) {
    sharedWindow ??= Buffer.allocUnsafeSlow(WINDOW_BYTES);
    this.#buffer = sharedWindow;
    this.#readableEnd = readableEnd;
    this.descriptor = descriptor;
  }

  contentOffset(entry: PackedEntry): number {
    return contentOffset(entry, this.read(entry.headerOffset, LOCAL_HEADER_BYTES));
  }

  /** The bytes, until the next are read. */
  read(position: number, length: number): Buffer {
    if (position < this.#start || position + length > this.#end) {
      this.#fill(position);
    }
    if (position + length > this.#end) {
      throw new Error(`the zip ends at ${this.#end}, and an entry at ${position + length}`);
    }
    return this.#buffer.subarray(position - this.#start, position - this.#start + length);
  }

  #fill(position: number): void {
    this.#start = position;
    this.#end = position;
    const end = Math.min(position + this.#buffer.byteLength, this.#readableEnd);
    while (this.#end < end) {
      const bytes = readSync(this.descriptor, this.#buffer, this.#end - position, end - this.#end, this.#end);
      if (bytes === 0) {
        break;
      }
      this.#end += bytes;
    }
  }
}
