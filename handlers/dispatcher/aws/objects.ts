import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { httpStatusOf } from '../../shared/delivery/send-error';
import { isOwnOutput } from '../../shared/object-event/output-mark';
import type { DispatcherPorts } from '../ports';

/**
 * Not found; and not allowed, of a version that is a delete marker.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, on x-amz-delete-marker
 */
const GONE: readonly unknown[] = [404, 405];

/** The answer to HEAD has no body, so an error's name is made of its status. Without ListBucket a 404 comes as 403. */
function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.includes(httpStatusOf(error));
}

/** Asks S3 about objects: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function storedObjects(client: S3Client, queueUrl: string): DispatcherPorts['headObject'] {
  return async ({ bucket, key, versionId }) => {
    try {
      const answer = await client.send(
        new HeadObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(versionId === undefined ? {} : { VersionId: versionId }),
        }),
      );
      return {
        kind: 'there',
        isOutput: isOwnOutput(answer.Metadata ?? {}, queueUrl),
        versionId: answer.VersionId,
        eTag: answer.ETag?.replaceAll('"', ''),
        sizeBytes: answer.ContentLength,
        modifiedAt: answer.LastModified?.toISOString(),
      };
    } catch (error) {
      if (isGone(error)) {
        return { kind: 'gone' };
      }
      throw error;
    }
  };
}
