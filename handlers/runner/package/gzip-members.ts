import { gunzipSync } from 'node:zlib';
import type { PackedEntry } from './batch';
import { freeYoungMemory } from './memory';

/**
 * What stands before a member of a gzip file: the method, deflate as in a zip, and that there is nothing else to say. What
 * stands after it is the CRC and the length of its content.
 * Source: https://www.rfc-editor.org/rfc/rfc1952, 2.3
 */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const TRAILER_BYTES = 8;
const AROUND_BYTES = HEADER.byteLength + TRAILER_BYTES;

/** Of a batch's contents; and packed, with what stands around it, the largest small entry fits by itself. */
const MOST_BYTES = 262_144;
const MOST_PACKED_BYTES = MOST_BYTES + AROUND_BYTES;

/** Smallest buffer that zlib takes. */
const SMALLEST_CHUNK_BYTES = 64;

let sharedBuffer: Buffer | undefined;

/**
 * Small deflated entries of a zip that are inflated by one call. A gzip file may have many members, and such an entry is
 * one but for what stands around it. Most of what inflating a file of 4 kB by itself takes is the making of zlib's state
 * and its end.
 */
export class GzipMembers {
  readonly #entries: PackedEntry[] = [];
  readonly #buffer: Buffer;
  #packedBytes = 0;
  #bytes = 0;

  constructor() {
    sharedBuffer ??= Buffer.allocUnsafeSlow(MOST_PACKED_BYTES);
    this.#buffer = sharedBuffer;
  }

  get entries(): readonly PackedEntry[] {
    return this.#entries;
  }

  hasRoomFor({ packedBytes, bytes }: PackedEntry): boolean {
    return this.#packedBytes + packedBytes + AROUND_BYTES <= MOST_PACKED_BYTES && this.#bytes + bytes <= MOST_BYTES;
  }

  add(entry: PackedEntry, packed: Buffer): void {
    HEADER.copy(this.#buffer, this.#packedBytes);
    packed.copy(this.#buffer, this.#packedBytes + HEADER.byteLength);
    const end = this.#packedBytes + HEADER.byteLength + packed.byteLength;
    this.#buffer.writeUInt32LE(entry.crc32, end);
    this.#buffer.writeUInt32LE(entry.bytes, end + 4);
    this.#packedBytes = end + TRAILER_BYTES;
    this.#bytes += entry.bytes;
    this.#entries.push(entry);
  }

  /** Takes the next entries. Of the contents of the last ones nothing is kept. */
  clear(): void {
    freeYoungMemory(this.#bytes);
    this.#entries.length = 0;
    this.#packedBytes = 0;
    this.#bytes = 0;
  }

  /** The contents of the entries, in their order; `undefined` where one of them is not what the zip says of it. */
  contents(): readonly Buffer[] | undefined {
    // One byte more than there is, for zlib to see the end without another buffer.
    const chunkSize = Math.max(SMALLEST_CHUNK_BYTES, this.#bytes + 1);
    const all = inflated(this.#buffer.subarray(0, this.#packedBytes), chunkSize);
    if (all?.byteLength !== this.#bytes) {
      return undefined;
    }
    let end = 0;
    return this.#entries.map(({ bytes }) => {
      end += bytes;
      return all.subarray(end - bytes, end);
    });
  }
}

function inflated(members: Buffer, chunkSize: number): Buffer | undefined {
  try {
    return gunzipSync(members, { chunkSize, maxOutputLength: chunkSize });
  } catch {
    // Which of them it was is found out by whoever takes them one by one.
    return undefined;
  }
}
