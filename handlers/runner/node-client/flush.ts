import type { Writable } from 'node:stream';

/** Resolves once all that was written to the streams has left the process: a pipe may have had no room for it. */
export async function flushed(streams: readonly Writable[]): Promise<void> {
  await Promise.all(
    streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.writableLength === 0 || stream.destroyed) {
            resolve();
          } else {
            stream.write('', () => resolve());
          }
        }),
    ),
  );
}
