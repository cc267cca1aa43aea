import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The least that serves a runtime its invocations: no states, no limits, no errors. What it takes is the floor. */
export interface PlainApi {
  readonly address: string;
  readonly invoke: (requestId: string, input: string) => Promise<Buffer>;
  readonly close: () => void;
}

export async function startPlainApi(): Promise<PlainApi> {
  let waiting: ServerResponse | undefined;
  let onWaiting: (() => void) | undefined;
  let onAnswer: ((body: Buffer) => void) | undefined;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'GET') {
      waiting = response;
      onWaiting?.();
      return;
    }
    void buffer(request).then((body) => {
      response.writeHead(202).end();
      onAnswer?.(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    invoke: async (requestId, input) => {
      if (waiting === undefined) {
        await new Promise<void>((resolve) => {
          onWaiting = resolve;
        });
      }
      const response = waiting;
      waiting = undefined;
      const answered = new Promise<Buffer>((resolve) => {
        onAnswer = resolve;
      });
      response?.writeHead(200, {
        'Lambda-Runtime-Aws-Request-Id': requestId,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + 60_000),
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:echo',
        'Content-Length': Buffer.byteLength(input),
      });
      response?.end(input);
      return answered;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
