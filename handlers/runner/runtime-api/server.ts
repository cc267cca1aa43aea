import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ENDPOINTS } from './endpoints';
import { Exchange, type ExchangeListener, type Invocation } from './exchange';
import { sendError } from './http';
import { matchEndpoint } from './protocol';

export interface RuntimeApi {
  /** Host and port, as AWS_LAMBDA_RUNTIME_API wants them. */
  readonly address: string;
  /** Hands an invocation to the runtime, which must be waiting for one. */
  readonly send: (invocation: Invocation) => void;
  /** Resolves once no connection is open: everything that a runtime sent before it ended has then been read. */
  readonly drained: () => Promise<void>;
  /** Ends every connection. */
  readonly close: () => void;
}

/** Serves the Lambda Runtime API on a free port of the loopback interface, to one runtime. */
export async function startRuntimeApi(responseLimitBytes: number, listener: ExchangeListener): Promise<RuntimeApi> {
  const exchange = new Exchange(responseLimitBytes, listener);
  const server = createServer((request, response) => {
    answer(exchange, request, response).catch(() => {
      // The sender broke off, so there is nobody to answer.
      response.destroy();
    });
  });
  // A runtime may take as long as it likes between requests, and for sending one: the run's deadline ends it.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  const connections = new Set<Socket>();
  const whenDrained: (() => void)[] = [];
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      if (connections.size === 0) {
        for (const resolve of whenDrained.splice(0)) {
          resolve();
        }
      }
    });
  });
  server.on('clientError', (_error, socket) => {
    socket.destroy();
  });
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    send: (invocation) => exchange.send(invocation),
    drained: () =>
      connections.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            whenDrained.push(resolve);
          }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(exchange: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const endpoint = matchEndpoint(request.method ?? '', request.url ?? '');
  if (endpoint === undefined) {
    request.resume();
    sendError(response, 404, 'NotFound', 'The Lambda Runtime API has no such path and method.');
    return;
  }
  await ENDPOINTS[endpoint.name]({ exchange, request, response, requestId: endpoint.requestId });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('The Runtime API has no port.'));
        return;
      }
      resolve(address.port);
    });
  });
}
