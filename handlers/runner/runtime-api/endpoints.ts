import type { IncomingMessage } from 'node:http';
import { type Call, notifyIfReady } from './call';
import type { Answer } from './exchange';
import { type Body, readBody, sendAccepted, sendError, sendRefusal, textOf } from './http';
import { HTTP_INTEGRATION_TYPE, httpIntegrationOutput } from './http-integration';
import {
  ERROR_BODY_LIMIT_BYTES,
  ERROR_BODY_TRAILER,
  ERROR_TYPE_HEADER,
  RESPONSE_MODE_HEADER,
  STREAMING_MODE,
} from './protocol';
import { parseReportedError } from './reported-error';
import type { RuntimeEvent } from './state';

/** The runtime asks for work: the answer comes when there is some. */
export async function next(call: Call): Promise<void> {
  const { session, request, response } = call;
  await readBody(request, 0);
  if (accepts(call, { name: 'next' })) {
    session.extensions.closeRegistration();
    session.exchange.wait(response);
    notifyIfReady(session);
  }
}

/**
 * The handler's result, whole or as a stream, which is collected. Bodies are read before the state moves: moves cannot
 * be undone, and a body can break off. A whole one may be sent again; a stream that breaks off is the answer itself, as
 * in Lambda, where its beginning has been passed on.
 */
export async function respond(call: Call): Promise<void> {
  const { session, request, requestId } = call;
  const mode = textOf(request.headers, RESPONSE_MODE_HEADER);
  let body: Body;
  try {
    body = await readBody(request, session.responseLimitBytes);
  } catch (thrown) {
    if (mode === STREAMING_MODE && session.exchange.take({ name: 'response', requestId }) === undefined) {
      session.listener.onTruncated();
    }
    throw thrown;
  }
  if (accepts(call, { name: 'response', requestId })) {
    answer(call, mode, body);
  }
}

function answer({ session, request, response }: Call, mode: string | undefined, body: Body): void {
  const { listener, responseLimitBytes: limitBytes } = session;
  if (mode !== undefined && mode !== STREAMING_MODE) {
    sendError(response, 400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
    const errorMessage = `The runtime sent the response mode "${mode}": Lambda knows "${STREAMING_MODE}" alone.`;
    listener.onAnswer({ kind: 'reported', error: { errorType: 'Runtime.InvalidResponseModeHeader', errorMessage } });
  } else if (body.kind === 'too-large') {
    sendError(response, 413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${limitBytes} bytes).`);
    listener.onAnswer({ kind: 'response-too-large', limitBytes });
  } else {
    sendAccepted(response);
    listener.onAnswer(wholeAnswer(request, body.bytes));
  }
}

/** A stream ends with an error where its trailers say so. */
function wholeAnswer(request: IncomingMessage, bytes: Buffer): Answer {
  const errorType = textOf(request.trailers, ERROR_TYPE_HEADER);
  const errorBody = textOf(request.trailers, ERROR_BODY_TRAILER);
  if (errorType !== undefined || errorBody !== undefined) {
    const text = Buffer.from(errorBody ?? '', 'base64').toString('utf8');
    return { kind: 'reported', error: parseReportedError(text, errorType) };
  }
  const isIntegration = textOf(request.headers, 'Content-Type') === HTTP_INTEGRATION_TYPE;
  return { kind: 'response', body: isIntegration ? httpIntegrationOutput(bytes) : bytes };
}

/** The handler's error. */
export async function reportError(call: Call): Promise<void> {
  const error = await readError(call.request);
  if (accepts(call, { name: 'error', requestId: call.requestId })) {
    sendAccepted(call.response);
    call.session.listener.onAnswer({ kind: 'reported', error });
  }
}

/** The runtime could not start. */
export async function reportInitError(call: Call): Promise<void> {
  const error = await readError(call.request);
  if (accepts(call, { name: 'initError' })) {
    sendAccepted(call.response);
    call.session.listener.onInitError(error);
  }
}

async function readError(request: IncomingMessage) {
  const body = await readBody(request, ERROR_BODY_LIMIT_BYTES);
  const text =
    body.kind === 'whole'
      ? body.bytes.toString('utf8')
      : `The runtime reported an error of more than ${ERROR_BODY_LIMIT_BYTES} bytes, which was dropped.`;
  return parseReportedError(text, textOf(request.headers, ERROR_TYPE_HEADER));
}

function accepts({ session, response }: Call, event: RuntimeEvent): boolean {
  const refusal = session.exchange.take(event);
  if (refusal !== undefined) {
    sendRefusal(response, refusal);
  }
  return refusal === undefined;
}
