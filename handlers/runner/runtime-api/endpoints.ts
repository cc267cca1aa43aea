import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from './exchange';
import { readBody, sendAccepted, sendError } from './http';
import { type Endpoint, ERROR_BODY_LIMIT_BYTES, ERROR_TYPE_HEADER } from './protocol';
import { parseReportedError } from './reported-error';
import type { RuntimeEvent } from './state';

export interface Call {
  readonly exchange: Exchange;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

export const ENDPOINTS: Readonly<Record<Endpoint['name'], (call: Call) => Promise<void>>> = {
  next,
  response: respond,
  error: reportError,
  initError: reportInitError,
};

/** The runtime asks for work: the answer comes when there is some. */
async function next({ exchange, request, response }: Call): Promise<void> {
  await readBody(request, 0);
  if (accepts(exchange, response, { name: 'next' })) {
    exchange.wait(response);
  }
}

/** The handler's result. Bodies are read before the state moves: moves cannot be undone, and a body can break off. */
async function respond({ exchange, request, response, requestId }: Call): Promise<void> {
  const body = await readBody(request, exchange.responseLimitBytes);
  if (!accepts(exchange, response, { name: 'response', requestId })) {
    return;
  }
  if (body.kind === 'whole') {
    sendAccepted(response);
    exchange.listener.onAnswer({ kind: 'response', body: body.bytes });
    return;
  }
  const limitBytes = exchange.responseLimitBytes;
  sendError(response, 413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${limitBytes} bytes).`);
  exchange.listener.onAnswer({ kind: 'response-too-large', limitBytes });
}

async function reportError({ exchange, request, response, requestId }: Call): Promise<void> {
  const error = await readError(request);
  if (accepts(exchange, response, { name: 'error', requestId })) {
    sendAccepted(response);
    exchange.listener.onAnswer({ kind: 'reported', error });
  }
}

async function reportInitError({ exchange, request, response }: Call): Promise<void> {
  const error = await readError(request);
  if (accepts(exchange, response, { name: 'initError' })) {
    sendAccepted(response);
    exchange.listener.onInitError(error);
  }
}

async function readError(request: IncomingMessage) {
  const body = await readBody(request, ERROR_BODY_LIMIT_BYTES);
  const typeHeader = request.headers[ERROR_TYPE_HEADER];
  const text =
    body.kind === 'whole'
      ? body.bytes.toString('utf8')
      : `The runtime reported an error of more than ${ERROR_BODY_LIMIT_BYTES} bytes, which was dropped.`;
  return parseReportedError(text, typeof typeHeader === 'string' ? typeHeader : undefined);
}

function accepts(exchange: Exchange, response: ServerResponse, event: RuntimeEvent): boolean {
  const refusal = exchange.take(event);
  if (refusal !== undefined) {
    sendError(response, refusal.httpStatus, refusal.errorType, refusal.errorMessage);
  }
  return refusal === undefined;
}
