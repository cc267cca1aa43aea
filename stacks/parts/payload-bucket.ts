import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import type { IResolvable } from 'cdktf';
import type { Construct } from 'constructs';
import type { CheckException } from './check-exception';
import { closeBucket } from './closed-bucket';

export interface PayloadBucketProps {
  readonly name: string;
  readonly retentionDays: number;
  readonly forceDestroy: boolean | IResolvable;
}

/** A part of an upload that nobody finished is of no use to anybody. */
export const UNFINISHED_UPLOAD_DAYS = 1;

/** What checkov asks of the bucket besides. */
export const PAYLOAD_BUCKET_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_18',
    asks: 'access logs of the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'They need a second bucket, which would keep a line for each payload longer than the payload. CloudTrail data events tell the same, where an account wants them.',
  },
  {
    rule: 'CKV_AWS_21',
    asks: 'versions in the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'Each key names one run and is written once; an old version would only outlive its expiry.',
  },
  {
    rule: 'CKV_AWS_144',
    asks: 'replication to another region',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'Payloads are of use to runs of this region alone, and for a few days.',
  },
  {
    rule: 'CKV_AWS_145',
    asks: 'a KMS key for the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'S3 encrypts with a key of its own. A key of the account costs a request for each object, and every role and every destination would need rights to it.',
  },
  {
    rule: 'CKV2_AWS_62',
    asks: 'event notifications of the bucket',
    at: /^runner: aws_s3_bucket\.payloads$/,
    why: 'Nobody has to hear of a payload: who needs one is told its key.',
  },
  {
    rule: 'CKV_AWS_300',
    asks: 'an end of unfinished uploads in a rule for the whole bucket',
    at: /^runner: aws_s3_bucket_lifecycle_configuration\.payloads_expiry$/,
    why: 'The rules of inputs/ and outputs/ have one, which is where uploads go; the programs are put by Terraform, whole.',
  },
];

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
