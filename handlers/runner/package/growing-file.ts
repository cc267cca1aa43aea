import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { deferred } from '../deferred';

/** A stretch of the file that is downloaded by itself, from `start` up to `end`. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** Up to where its bytes are there. */
  received: number;
}

/**
 * A file that others read while it is downloaded. A byte that is there never changes: what reads it early reads what is
 * verified in the end.
 */
export class GrowingFile {
  #ended: { readonly reason: unknown } | undefined;
  #grown = deferred<void>();

  private constructor(
    readonly handle: FileHandle,
    readonly bytes: number,
    readonly parts: readonly Part[],
  ) {}

  static async create(file: string, bytes: number, partBytes: number): Promise<GrowingFile> {
    return new GrowingFile(await open(file, 'w+'), bytes, partsOf(bytes, partBytes));
  }

  /**
   * Adds the next bytes of a part. It waits for the disk's cache to take them: a call that calls back costs three times
   * as much, and keeps many chunks in memory.
   */
  write(part: Part, chunk: Uint8Array): void {
    for (let written = 0; written < chunk.byteLength; ) {
      written += writeSync(this.handle.fd, chunk, written, chunk.byteLength - written, part.received + written);
    }
    part.received += chunk.byteLength;
    this.#tell();
  }

  /** Up to where everything from the beginning is there. */
  get frontier(): number {
    const gap = this.parts.find((part) => part.received < part.end);
    return gap === undefined ? this.bytes : gap.received;
  }

  /** Resolves once the bytes are there. Throws what {@link end} was given, if that comes first. */
  async available(start: number, end: number): Promise<void> {
    while (!this.#has(start, end)) {
      if (this.#ended !== undefined) {
        throw this.#ended.reason;
      }
      await this.#grown.promise;
    }
  }

  /** Resolves once there is more after `position` than before, up to where it is then. */
  async growth(position: number): Promise<number> {
    await this.available(0, Math.min(position + 1, this.bytes));
    return this.frontier;
  }

  /** No more will come. */
  end(reason: unknown): void {
    this.#ended ??= { reason };
    this.#tell();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  #has(start: number, end: number): boolean {
    return this.parts.every(
      (part) => part.end <= start || part.start >= end || part.received >= Math.min(end, part.end),
    );
  }

  #tell(): void {
    const { resolve } = this.#grown;
    this.#grown = deferred();
    resolve();
  }
}

function partsOf(bytes: number, partBytes: number): readonly Part[] {
  return Array.from({ length: Math.ceil(bytes / partBytes) }, (_, index) => {
    const start = index * partBytes;
    return { start, end: Math.min(start + partBytes, bytes), received: start };
  });
}
