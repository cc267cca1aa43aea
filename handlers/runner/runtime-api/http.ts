import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal';

export type Body = { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'too-large' };

/**
 * The request's body, up to `limitBytes`. What comes after the limit is read and dropped, so that the sender gets to
 * hear the answer.
 *
 * @throws when the sender breaks off
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Body> {
  // What says how long it is goes where it stays; the parts of a stream are joined, which takes as much memory again.
  const said = Number(request.headers['content-length'] ?? 0);
  const whole = said > 0 && said <= limitBytes ? Buffer.allocUnsafe(said) : undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (whole !== undefined) {
      whole.set(chunk, length);
    } else if (length + chunk.byteLength <= limitBytes) {
      chunks.push(chunk);
    } else {
      chunks.length = 0;
    }
    length += chunk.byteLength;
  }
  return length <= limitBytes ? { kind: 'whole', bytes: whole ?? Buffer.concat(chunks) } : { kind: 'too-large' };
}

/** The value of a header or trailer; `undefined` where it is missing, empty, or there more than once. */
export function textOf(values: IncomingMessage['headers'], name: string): string | undefined {
  const value = values[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A text as the value of a header: its UTF-8, as Lambda sends it, byte by byte. Line breaks, which only ever stand
 * between the parts of a JSON text, become spaces.
 */
export function headerValue(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a header may not hold
  return Buffer.from(text.replaceAll(/[\x00-\x1f\x7f]/g, ' '), 'utf8').toString('latin1');
}

export function sendJson(
  response: ServerResponse,
  httpStatus: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(document);
  response.writeHead(httpStatus, {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function sendError(response: ServerResponse, httpStatus: number, errorType: string, errorMessage: string): void {
  sendJson(response, httpStatus, { errorMessage, errorType });
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  sendError(response, refusal.httpStatus, refusal.errorType, refusal.errorMessage);
}

/** What Lambda answers to a response or an error that it took. */
export function sendAccepted(response: ServerResponse): void {
  sendJson(response, 202, { status: 'OK' });
}
