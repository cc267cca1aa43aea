import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { RunnerError } from '../errors';
import type { PackedEntry } from './batch';
import type { GrowingFile } from './growing-file';
import { placeEntry } from './zip-entry';
import { TABLE_SIGNATURE, TAIL_BYTES, tablePlace } from './zip-prefix';

const WINDOW_BYTES = 128 * 1_024;

/** Lets yauzl read a file that is still being downloaded: what it asks for is waited for. */
class GrowingReader extends RandomAccessReader {
  readonly #file: GrowingFile;
  readonly #prefixBytes: number;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(file: GrowingFile, prefixBytes: number) {
    super();
    this.#file = file;
    this.#prefixBytes = prefixBytes;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    positionInZip: number,
    callback: (error: Error | null) => void,
  ): void {
    const position = positionInZip + this.#prefixBytes;
    const inWindow = () => position >= this.#start && position + length <= this.#start + this.#window.byteLength;
    const copy = () => {
      const from = position - this.#start;
      this.#window.copy(buffer, offset, from, from + length);
      callback(null);
    };
    if (inWindow()) {
      copy();
      return;
    }
    this.#load(position, length).then(
      () => (inWindow() ? copy() : callback(new Error('unexpected end of the zip'))),
      callback,
    );
  }

  async #load(position: number, length: number): Promise<void> {
    const end = Math.min(position + Math.max(length, WINDOW_BYTES), this.#file.bytes);
    await this.#file.available(position, end);
    this.#window = await read(this.#file, position, end);
    this.#start = position;
  }
}

/** The bytes that are there, which are to be waited for before. */
async function read(file: GrowingFile, start: number, end: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(end - start, 0));
  const { bytesRead } = await file.handle.read(buffer, 0, buffer.byteLength, start);
  return buffer.subarray(0, bytesRead);
}

/**
 * How many bytes stand before the zip. A program that unpacks itself begins with its own code, a jar that is to be started
 * like one with a script, and the zip's offsets may or may not count them: where a table of contents is found at the
 * offset that the zip gives, they do.
 */
async function prefixBytesOf(file: GrowingFile): Promise<number> {
  const tailStart = Math.max(file.bytes - TAIL_BYTES, 0);
  await file.available(tailStart, file.bytes);
  const place = tablePlace(await read(file, tailStart, file.bytes), file.bytes);
  if (place === undefined || place.found <= place.said) {
    return 0;
  }
  const { said, found } = place;
  await file.available(said, said + TABLE_SIGNATURE.length);
  const there = await read(file, said, said + TABLE_SIGNATURE.length);
  return there.toString('latin1') === TABLE_SIGNATURE ? 0 : found - said;
}

const STORED = 0;
const DEFLATED = 8;

const ENTRIES_AT_ONCE = 64;

/**
 * The entries of a zip, some at a time, by its table of contents at the end, in the order that it has. What stands before
 * each entry is not believed: a zip that was written as a stream has no sizes there, and other readers do not look at it.
 *
 * @throws {RunnerError} PACKAGE_UNSAFE for an entry outside the root
 */
export async function* contentsOf(subject: string, file: GrowingFile): AsyncGenerator<readonly PackedEntry[]> {
  // The names are checked in placeEntry, with a reason that says more.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  const prefixBytes = await prefixBytesOf(file);
  const reader = new GrowingReader(file, prefixBytes);
  const zip = await fromRandomAccessReaderPromise(reader, file.bytes - prefixBytes, options);
  for (let left = zip.entryCount; left > 0; ) {
    const entries = await nextEntries(zip, Math.min(left, ENTRIES_AT_ONCE));
    left -= entries.length;
    yield entries.map((entry) => packedEntry(subject, entry, prefixBytes));
  }
}

/**
 * The next `count` entries. By yauzl's own iterator each would be waited for by itself, which takes as long as reading it:
 * a quarter of a second for a package of forty thousand files.
 */
function nextEntries(zip: ZipFile, count: number): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    let isWaiting = false;
    const finish = (settle: () => void) => {
      zip.off('entry', onEntry);
      zip.off('error', onError);
      settle();
    };
    // An entry that is in memory already comes before readEntry returns.
    const readOn = () => {
      while (entries.length < count) {
        const before = entries.length;
        zip.readEntry();
        if (entries.length === before) {
          isWaiting = true;
          return;
        }
      }
      finish(() => resolve(entries));
    };
    const onEntry = (entry: Entry) => {
      entries.push(entry);
      if (isWaiting) {
        isWaiting = false;
        readOn();
      }
    };
    const onError = (error: unknown) => finish(() => reject(error));
    zip.on('entry', onEntry);
    zip.on('error', onError);
    readOn();
  });
}

function packedEntry(subject: string, entry: Entry, prefixBytes: number): PackedEntry {
  const fileName = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  const { compressionMethod, externalFileAttributes, versionMadeBy } = entry;
  const placement = placeEntry({ fileName, externalFileAttributes, versionMadeBy, isEncrypted: entry.isEncrypted() });
  if (placement.kind === 'refused') {
    throw unsafe(subject, fileName, placement.reason);
  }
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw new Error(
      `${JSON.stringify(fileName)} is compressed by method ${compressionMethod}; the runner knows 0 and 8`,
    );
  }
  return {
    kind: placement.kind,
    path: placement.path,
    mode: placement.kind === 'file' ? placement.mode : 0,
    isDeflated: compressionMethod === DEFLATED,
    headerOffset: prefixBytes + entry.relativeOffsetOfLocalHeader,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32,
  };
}

export function unsafe(subject: string, name: string, reason: string): RunnerError {
  return new RunnerError('PACKAGE_UNSAFE', `${subject} holds ${JSON.stringify(name)}, and ${reason}.`);
}
