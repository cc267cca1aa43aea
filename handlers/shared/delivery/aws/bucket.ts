import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SendTo } from '../send';
import type { ClientOptions } from './client-options';

export async function putIntoBucket(
  options: ClientOptions,
  { input }: SendTo<'bucket'>,
  forcePathStyle: boolean,
): Promise<void> {
  // A bucket's ARN does not say its region.
  const client = new S3Client({ ...options, forcePathStyle, followRegionRedirects: true });
  await client.send(new PutObjectCommand(input));
}
