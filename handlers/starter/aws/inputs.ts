import { PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { StarterPorts } from '../ports';

/** Puts inputs into the payload bucket. */
export function s3Inputs(settings: S3ClientConfig): StarterPorts['uploadInput'] {
  const client = new S3Client(settings);
  return async ({ bucket, key, body }) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
  };
}
