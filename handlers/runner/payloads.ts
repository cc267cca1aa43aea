import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { payloadText } from '../shared/payload';
import type { ObjectPointer, Payload } from '../shared/run';
import { messageOf, RunnerError } from './errors';

/** Inputs and outputs on their way from and to the payload bucket. */
export interface Payloads {
  readonly read: (payload: Payload, signal: AbortSignal) => Promise<string>;
  readonly write: (pointer: ObjectPointer, text: string) => Promise<void>;
}

/** @throws {RunnerError} INPUT_UNAVAILABLE or OUTPUT_NOT_STORED, after the client's own retries */
export function bucketPayloads(client: S3Client): Payloads {
  const fetchText = async (pointer: ObjectPointer, signal: AbortSignal) => {
    const command = new GetObjectCommand({ Bucket: pointer.bucket, Key: pointer.key });
    const { Body } = await client.send(command, { abortSignal: signal });
    if (Body === undefined) {
      throw new Error('S3 answered without a body');
    }
    return Body.transformToString('utf8');
  };
  return {
    read: async (payload, signal) => {
      try {
        return asJson(await payloadText(payload, (pointer) => fetchText(pointer, signal)));
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
    write: async ({ bucket, key }, text) => {
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' }),
        );
      } catch (cause) {
        throw new RunnerError(
          'OUTPUT_NOT_STORED',
          `The output could not be stored as s3://${bucket}/${key}: ${messageOf(cause)}`,
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
