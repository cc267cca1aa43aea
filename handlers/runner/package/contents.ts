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

const WINDOW_BYTES = 128 * 1_024;

/** Lets yauzl read a file that is still being downloaded: what it asks for is waited for. */
class GrowingReader extends RandomAccessReader {
  readonly #file: GrowingFile;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(file: GrowingFile) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
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
    const buffer = Buffer.allocUnsafeSlow(Math.max(end - position, 0));
    const { bytesRead } = await this.#file.handle.read(buffer, 0, buffer.byteLength, position);
    this.#window = buffer.subarray(0, bytesRead);
    this.#start = position;
  }
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
  const zip = await fromRandomAccessReaderPromise(new GrowingReader(file), file.bytes, options);
  for (let left = zip.entryCount; left > 0; ) {
    const entries = await nextEntries(zip, Math.min(left, ENTRIES_AT_ONCE));
    left -= entries.length;
    yield entries.map((entry) => packedEntry(subject, entry));
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

function packedEntry(subject: string, entry: Entry): PackedEntry {
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
    headerOffset: entry.relativeOffsetOfLocalHeader,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32,
  };
}

export function unsafe(subject: string, name: string, reason: string): RunnerError {
  return new RunnerError('PACKAGE_UNSAFE', `${subject} holds ${JSON.stringify(name)}, and ${reason}.`);
}
