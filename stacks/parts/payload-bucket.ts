import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import type { IResolvable } from 'cdktf';
import type { Construct } from 'constructs';
import { denyPlainHttp } from './permissions';
import { policyDocument } from './policy-document';

export interface PayloadBucketProps {
  readonly name: string;
  readonly retentionDays: number;
  readonly forceDestroy: boolean | IResolvable;
}

// A part of an upload that nobody finished is of no use to anybody.
const UNFINISHED_UPLOAD_DAYS = 1;

/**
 * The bucket of inputs and outputs that are too large to pass inline. It keeps no versions: a key names one run, and
 * an output its attempt too, so that nothing is written twice, and an old version would only outlive its expiry.
 */
export function payloadBucket(scope: Construct, props: PayloadBucketProps): S3Bucket {
  const bucket = new S3Bucket(scope, 'payloads', {
    bucketPrefix: `${props.name}-payloads-`,
    forceDestroy: props.forceDestroy,
  });
  new S3BucketServerSideEncryptionConfigurationA(scope, 'payloads_encryption', {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  const block = new S3BucketPublicAccessBlock(scope, 'payloads_public_access', {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketPolicy(scope, 'payloads_policy', {
    bucket: bucket.id,
    policy: policyDocument([denyPlainHttp(bucket.arn)]),
    // S3 refuses two changes of a bucket's access at the same moment.
    dependsOn: [block],
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
