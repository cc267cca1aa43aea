import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import type { IResolvable } from 'cdktf';
import type { Construct } from 'constructs';
import { closeBucket } from './closed-bucket';

export interface PayloadBucketProps {
  readonly name: string;
  readonly retentionDays: number;
  readonly forceDestroy: boolean | IResolvable;
}

/** A part of an upload that nobody finished is of no use to anybody. */
export const UNFINISHED_UPLOAD_DAYS = 1;

/**
 * The bucket of inputs and outputs that are too large to pass inline. It keeps no versions: a key names one run, and
 * an output its attempt too, so that nothing is written twice, and an old version would only outlive its expiry.
 */
export function payloadBucket(scope: Construct, props: PayloadBucketProps): S3Bucket {
  const bucket = new S3Bucket(scope, 'payloads', {
    bucketPrefix: `${props.name}-payloads-`,
    forceDestroy: props.forceDestroy,
  });
  closeBucket(scope, 'payloads', {
    bucket: bucket.id,
    bucketArn: bucket.arn,
    encryption: { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
  });
  const expiry = (prefix: string) => ({
    id: `expire-${prefix}`,
    status: 'Enabled',
    filter: [{ prefix: `${prefix}/` }],
    expiration: [{ days: props.retentionDays }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
  });
  new S3BucketLifecycleConfiguration(scope, 'payloads_expiry', {
    bucket: bucket.id,
    rule: [expiry('inputs'), expiry('outputs')],
  });
  return bucket;
}
