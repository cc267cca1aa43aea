import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StarterPorts } from '../ports';

/** Puts inputs into the payload bucket. */
export function s3Inputs(client: S3Client): StarterPorts['uploadInput'] {
  return async ({ bucket, key, body }) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
  };
}
