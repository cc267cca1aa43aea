import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsRequest {
  readonly method: string;
  readonly url: string;
  /** X-Amz-Target without its version, such as RunTask; empty for REST services. */
  readonly action: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Aborted when the caller has left without its answer. */
  readonly gone: AbortSignal;
}

export interface AwsAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The connection breaks instead. */
  readonly isLost?: boolean;
}

export interface AwsServer {
  readonly endpoint: string;
  /** What came, in order. */
  readonly requests: readonly AwsRequest[];
  readonly close: () => Promise<void>;
}

/** A server on loopback that speaks AWS's JSON protocols as `answer` tells it, at once or later, for the real SDK clients. */
export async function startAwsServer(
  answer: (request: AwsRequest) => AwsAnswer | Promise<AwsAnswer>,
): Promise<AwsServer> {
  const requests: AwsRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        action: String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        gone: gone.signal,
      };
      requests.push(request);
      void respond(request);
    });
    const respond = async (request: AwsRequest) => {
      const { status = 200, headers = {}, body = {}, isLost = false } = await answer(request);
      if (isLost) {
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
      outgoing.end(JSON.stringify(body));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
