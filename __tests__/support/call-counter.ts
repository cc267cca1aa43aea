import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CallCounter {
  /** What a function of {@link COUNTED_FUNCTION} calls. */
  readonly url: string;
  /** How often each name was called. */
  readonly counts: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

/** Counts what it is asked for: a function that calls it cannot run twice unseen. */
export async function startCallCounter(): Promise<CallCounter> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A function that says that it was called, under its run's id, and takes as long as its event says. */
export const COUNTED_FUNCTION = `
  export const handler = async ({ counter, milliseconds = 0 }, context) => {
    await fetch(counter + '/' + context.awsRequestId);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return { counted: true };
  };`;
