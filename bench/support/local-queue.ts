import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalQueue {
  readonly endpoint: string;
  readonly url: string;
  /** Puts so many messages there. */
  readonly fill: (count: number) => void;
  /** How many requests have come. */
  readonly calls: () => number;
  /** Resolves when so many messages in all have been deleted. */
  readonly deleted: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const BODY = JSON.stringify({ id: 1, text: 'x'.repeat(80) });
const BODY_MD5 = createHash('md5').update(BODY).digest('hex');
const HOLD_MILLISECONDS = 20_000;

interface Request {
  readonly MaxNumberOfMessages?: number;
  readonly Entries?: readonly { readonly Id: string }[];
}

/**
 * As much of SQS as a worker that never fails needs, with no work for the server but JSON: the emulator of the
 * end-to-end tests, a Python program, takes longer for a call than any of the subjects.
 */
export async function startLocalQueue(): Promise<LocalQueue> {
  const changes = new EventEmitter().setMaxListeners(0);
  let waiting = 0;
  let given = 0;
  let gone = 0;
  let requests = 0;

  const receive = async (most: number, response: ServerResponse) => {
    const over = AbortSignal.timeout(HOLD_MILLISECONDS);
    while (waiting === 0 && !over.aborted && !response.destroyed) {
      const left = new AbortController();
      response.once('close', () => left.abort());
      await once(changes, 'filled', { signal: AbortSignal.any([over, left.signal]) }).catch(() => undefined);
    }
    const count = response.destroyed ? 0 : Math.min(most, waiting);
    waiting -= count;
    given += count;
    return {
      Messages: Array.from({ length: count }, (_, index) => ({
        MessageId: `00000000-0000-4000-8000-${String(given - index).padStart(12, '0')}`,
        ReceiptHandle: `AQEB${given - index}`,
        Body: BODY,
        MD5OfBody: BODY_MD5,
        Attributes: {
          SenderId: 'AIDAIENQZJOLO23YVJ4VO',
          ApproximateFirstReceiveTimestamp: '1545082649185',
          ApproximateReceiveCount: '1',
          SentTimestamp: '1545082649183',
        },
      })),
    };
  };

  const answer = async (action: string, request: Request, response: ServerResponse) => {
    const { Entries = [] } = request;
    switch (action) {
      case 'ReceiveMessage':
        return receive(request.MaxNumberOfMessages ?? 1, response);
      case 'DeleteMessage':
        gone += 1;
        changes.emit('deleted');
        return {};
      case 'DeleteMessageBatch':
        gone += Entries.length;
        changes.emit('deleted');
        return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
      default:
        return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    }
  };

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      requests += 1;
      const action = String(incoming.headers['x-amz-target']).replace(/^.*\./, '');
      const body = await answer(action, JSON.parse(Buffer.concat(chunks).toString('utf8')), outgoing);
      outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      outgoing.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    url: `${endpoint}/123456789012/bench`,
    fill: (count) => {
      waiting += count;
      changes.emit('filled');
    },
    calls: () => requests,
    deleted: async (count) => {
      while (gone < count) {
        await once(changes, 'deleted');
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
