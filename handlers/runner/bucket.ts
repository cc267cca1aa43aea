import { GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { ObjectPointer } from '../shared/run';

/** Objects of text in S3. */
export interface Bucket {
  readonly get: (pointer: ObjectPointer, signal: AbortSignal) => Promise<string>;
  /** @param text bytes are its UTF-8 */
  readonly put: (pointer: ObjectPointer, text: string | Uint8Array) => Promise<void>;
}

/** A module of its own, as it is loaded only where it is needed: see `bucketPayloads`. */
export function openBucket(options: S3ClientConfig): Bucket {
  const client = new S3Client(options);
  return {
    get: async ({ bucket, key }, signal) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      if (Body === undefined) {
        throw new Error('S3 answered without a body');
      }
      return Body.transformToString('utf8');
    },
    put: async ({ bucket, key }, text) => {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' }),
      );
    },
  };
}
