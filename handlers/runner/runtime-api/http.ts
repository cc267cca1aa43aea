import type { IncomingMessage, ServerResponse } from 'node:http';

export type Body = { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'too-large' };

/**
 * The request's body, up to `limitBytes`. What comes after the limit is read and dropped, so that the sender gets to
 * hear the answer.
 *
 * @throws when the sender breaks off
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length <= limitBytes) {
      chunks.push(chunk);
    } else {
      chunks.length = 0;
    }
  }
  return length <= limitBytes ? { kind: 'whole', bytes: Buffer.concat(chunks) } : { kind: 'too-large' };
}

function sendJson(response: ServerResponse, httpStatus: number, document: unknown): void {
  const body = JSON.stringify(document);
  response.writeHead(httpStatus, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function sendError(response: ServerResponse, httpStatus: number, errorType: string, errorMessage: string): void {
  sendJson(response, httpStatus, { errorMessage, errorType });
}

/** What Lambda answers to a response or an error that it took. */
export function sendAccepted(response: ServerResponse): void {
  sendJson(response, 202, { status: 'OK' });
}
