import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';

export interface ReceivedAnswer {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ResponseServer {
  readonly url: string;
  readonly received: readonly ReceivedAnswer[];
  /** What is done with the answers to come; after them each is taken. */
  readonly behaviours: (number | 'hang' | 'reset')[];
  readonly close: () => Promise<void>;
}

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Where the certificate lies, for NODE_EXTRA_CA_CERTS. */
  readonly file: string;
}

/** A certificate for localhost, made by openssl; `undefined` where there is none. */
export function localCertificate(): Certificate | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-certificate-'));
  const [keyFile, file] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', keyFile, '-out', file],
  ]);
  return made.status === 0 ? { key: readFileSync(keyFile), cert: readFileSync(file), file } : undefined;
}

/** Plays the bucket that CloudFormation signs its address for: over HTTPS with a certificate, else over HTTP. */
export async function startResponseServer(certificate?: Certificate): Promise<ResponseServer> {
  const received: ReceivedAnswer[] = [];
  const behaviours: ResponseServer['behaviours'] = [];
  const listener: RequestListener = async (request, response) => {
    received.push({ method: request.method ?? '', headers: request.headers, body: await buffer(request) });
    const behaviour = behaviours.shift() ?? 200;
    if (behaviour === 'reset') {
      request.socket.destroy();
    }
    if (typeof behaviour === 'number') {
      response.writeHead(behaviour).end();
    }
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = certificate === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://localhost:${port}/answer?X-Amz-Signature=0`,
    received,
    behaviours,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
