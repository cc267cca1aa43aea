import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { HTTP_INTEGRATION_TYPE } from '../runtime-api/http-integration';
import type { BaseContext } from './context';
import { RuntimeError } from './errors';
import { isThenable, type OnEmptyEventLoop, type Settlement } from './invoke';
import type { Handler } from './load-handler';

/** How Lambda marks a handler that streams: its libraries and bundlers know the name. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const RESPONSE = 'response';
const DEFAULT_TYPE = 'application/octet-stream';
const PRELUDE_DELIMITER = new Uint8Array(8);

/** What a streaming handler writes to. It is collected, and sent when it is whole. */
class ResponseStream extends Writable {
  readonly #chunks: Buffer[] = [];
  #contentType = DEFAULT_TYPE;
  #prelude: string | undefined;

  constructor() {
    super({ objectMode: true, decodeStrings: false });
    // Whoever waits for the stream's end hears of its errors; another listener is not needed.
    this.on('error', () => undefined);
  }

  setContentType(contentType: string): void {
    if (this.#chunks.length > 0) {
      throw new RuntimeError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    }
    this.#contentType = contentType;
  }

  /** Puts what an HTTP response has besides its body before the first chunk. */
  setPrelude(prelude: unknown): void {
    this.setContentType(HTTP_INTEGRATION_TYPE);
    this.#prelude = JSON.stringify(prelude);
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#prelude !== undefined) {
      this.#chunks.push(Buffer.from(this.#prelude), Buffer.from(PRELUDE_DELIMITER));
      this.#prelude = undefined;
    }
    this.#chunks.push(bytesOf(chunk, encoding));
    done();
  }

  collected(): Extract<Settlement, { kind: 'streamed' }> {
    return { kind: 'streamed', body: Buffer.concat(this.#chunks), contentType: this.#contentType };
  }
}

function bytesOf(chunk: unknown, encoding: BufferEncoding): Buffer {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, encoding);
  }
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(JSON.stringify(chunk));
}

/**
 * What Lambda's Node.js has as the global `awslambda`.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export const AWSLAMBDA = {
  streamifyResponse: (handler: Handler): Handler => Object.assign(handler, { [STREAMING]: RESPONSE }),
  HttpResponseStream: {
    from: (stream: ResponseStream, prelude: unknown): ResponseStream => {
      stream.setPrelude(prelude);
      return stream;
    },
  },
};

/** @throws {RuntimeError} when the handler is marked as streaming something else than its response */
export function isStreaming(handler: Handler): boolean {
  const mark: unknown = Object.getOwnPropertyDescriptor(handler, STREAMING)?.value;
  if (mark !== undefined && mark !== RESPONSE) {
    throw new RuntimeError('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.');
  }
  return mark === RESPONSE;
}

/** Calls a streaming handler. It has settled when its promise has, and its stream is ended. */
export function invokeStreaming(
  handler: Handler,
  event: unknown,
  context: BaseContext,
  onEmptyEventLoop: OnEmptyEventLoop,
): Promise<Settlement> {
  const stream = new ResponseStream();
  const call = async (): Promise<Settlement> => {
    const result = handler(event, stream, context);
    if (!isThenable(result)) {
      throw new Error('Streaming does not support non-async handlers.');
    }
    await result;
    await finished(stream);
    return stream.collected();
  };
  return new Promise((resolve) => {
    const notFinished = () => resolve({ kind: 'threw', thrown: new Error('Response stream is not finished.') });
    const empty = onEmptyEventLoop(notFinished);
    const settle = (settlement: Settlement) => {
      empty.cancel();
      resolve(settlement);
    };
    call().then(settle, (thrown: unknown) => settle({ kind: 'threw', thrown }));
  });
}
