import { writeSync } from 'node:fs';

/** How long a full pipe may stay full before a line is given up. */
const PATIENCE_MILLISECONDS = 10_000;
const WAIT_MILLISECONDS = 5;

/**
 * Writes all of `text` to a file descriptor before it returns, as a process that is about to exit must. The handler's
 * own output may have filled the pipe, which then answers EAGAIN: it waits for the reader.
 */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  const giveUpAt = Date.now() + PATIENCE_MILLISECONDS;
  let written = 0;
  while (written < bytes.byteLength && Date.now() < giveUpAt) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN')) {
        // Nobody reads any more. The error has its own way to the runner.
        return;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
    }
  }
}
