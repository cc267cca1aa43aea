import { payloadText } from '../shared/payload';
import type { ObjectPointer, Payload } from '../shared/run';
import type { Bucket } from './bucket';
import { messageOf, RunnerError } from './errors';

/** Inputs and outputs on their way from and to the payload bucket. */
export interface Payloads {
  readonly read: (payload: Payload, signal: AbortSignal) => Promise<string>;
  /** @param text bytes are its UTF-8 */
  readonly write: (pointer: ObjectPointer, text: string | Uint8Array) => Promise<void>;
}

/**
 * S3's client is loaded by the first payload that lies in a bucket: most do not, and it is a third of what the runner
 * would load before it does anything.
 *
 * @throws {RunnerError} INPUT_UNAVAILABLE or OUTPUT_NOT_STORED, after the client's own retries
 */
export function bucketPayloads(open: () => Promise<Bucket>): Payloads {
  let opened: Promise<Bucket> | undefined;
  const bucket = () => {
    opened ??= open();
    return opened;
  };
  return {
    read: async (payload, signal) => {
      try {
        return asJson(await payloadText(payload, async (pointer) => (await bucket()).get(pointer, signal)));
      } catch (cause) {
        signal.throwIfAborted();
        throw new RunnerError(
          'INPUT_UNAVAILABLE',
          `The input${whereOf(payload)} could not be read: ${messageOf(cause)}`,
          {
            cause,
          },
        );
      }
    },
    write: async (pointer, text) => {
      try {
        await (await bucket()).put(pointer, text);
      } catch (cause) {
        throw new RunnerError(
          'OUTPUT_NOT_STORED',
          `The output could not be stored as s3://${pointer.bucket}/${pointer.key}: ${messageOf(cause)}`,
          { cause },
        );
      }
    },
  };
}

function whereOf(payload: Payload): string {
  return 's3' in payload ? ` s3://${payload.s3.bucket}/${payload.s3.key}` : '';
}

// The parser's own message quotes the text, and inputs do not belong in logs.
function asJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  return text;
}
