import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ResponseUrl {
  readonly url: string;
  /** What was put to it, in order. */
  readonly answers: readonly Readonly<Record<string, unknown>>[];
  readonly close: () => void;
}

/** Where CloudFormation waits for a custom resource's answer: takes what is put, if its length is what it says. */
export async function startResponseUrl(): Promise<ResponseUrl> {
  const answers: Readonly<Record<string, unknown>>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isWhole = request.method === 'PUT' && Number(request.headers['content-length']) === body.length;
      if (isWhole) {
        answers.push(JSON.parse(body.toString()) as Readonly<Record<string, unknown>>);
      }
      response.writeHead(isWhole ? 200 : 400).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/answer?signature=1`, answers, close: () => server.close() };
}
