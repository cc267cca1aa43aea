/** One entry of a zip, and where it goes. The path is relative to the root and has no `..`. */
export interface PackedEntry {
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly path: string;
  readonly mode: number;
  readonly isDeflated: boolean;
  /** Of the entry's own header, which is followed by its name and its content. */
  readonly headerOffset: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of the content. Some writers of zips are careless with it. */
  readonly crc32: number;
}

/** Entries that one thread unpacks at a time. */
export interface Batch {
  /** Of the zip. Threads of a process share its descriptors. */
  readonly descriptor: number;
  /** Up to where the zip may be read: what comes after may not be there yet. */
  readonly readableEnd: number;
  readonly root: string;
  readonly entries: readonly PackedEntry[];
  /** Whether what lies there already gives way: of two entries with the same name the later counts. */
  readonly replaces: boolean;
}

export interface PackedLink {
  readonly path: string;
  readonly target: string;
}

export type BatchResult =
  | {
      readonly kind: 'unpacked';
      /** Symbolic links are left to the caller, who writes them when all else is there. */
      readonly links: readonly PackedLink[];
      /** Files that were not written, as there was one already. */
      readonly repeated: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: 'corrupt' | 'storage-full'; readonly message: string };

/** Unpacks batches, here or in other threads. */
export interface Unpacker {
  readonly unpack: (batch: Batch) => Promise<BatchResult>;
  /** How many batches it can work on. */
  readonly capacity: number;
}

/** The entry's own header before its name: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7 */
export const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const LONGEST_FIELD_BYTES = 0xffff;

/** Up to where an entry may reach: its own header may have other fields than the table of contents says. */
export function furthestEnd(entry: PackedEntry): number {
  return entry.headerOffset + LOCAL_HEADER_BYTES + 2 * LONGEST_FIELD_BYTES + entry.packedBytes;
}

/**
 * Where an entry's content begins, given its own header. Nothing else of that header is read: a zip that was written
 * as a stream has no sizes there, and one that lies has others than its table of contents.
 */
export function contentOffset(entry: PackedEntry, header: Buffer): number {
  if (header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE) {
    throw new Error(`there is no entry at ${entry.headerOffset}, where the zip says ${JSON.stringify(entry.path)} is`);
  }
  return entry.headerOffset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}
