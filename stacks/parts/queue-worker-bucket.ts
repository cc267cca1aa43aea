import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { type IResolvable, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { CheckException } from './check-exception';
import { closeBucket } from './closed-bucket';
import { UNFINISHED_UPLOAD_DAYS } from './payload-bucket';
import { expression } from './terraform-text';

export interface ObjectBucketProps {
  readonly noncurrentVersionDays: number;
  readonly forceDestroy: boolean | IResolvable;
}

export interface ObjectBucket {
  /** Null where there is none. */
  readonly name: string;
  /** Where there is none, that of no bucket, whose name has no capitals: IAM takes no statement without a resource. */
  readonly arn: string;
  /** Of what workers may write. */
  readonly outputsArn: string;
}

const arnOf = (name: string) => `join("", ["arn:", data.aws_partition.partition.partition, ":s3:::", ${name}])`;

/** The bucket whose objects are work: a new one, one that exists, or none. And the one of outputs. */
export function objectBucket(scope: Construct, props: ObjectBucketProps): ObjectBucket {
  newBucket(scope, props);
  const name = new TerraformLocal(
    scope,
    'bucket_name',
    expression('local.settings.bucket == "new" ? one(aws_s3_bucket.objects[*].bucket) : local.settings.bucket_name'),
  );
  const bucketArn = new TerraformLocal(scope, 'bucket_arn', expression(arnOf('coalesce(local.bucket_name, "NONE")')));
  const outputsArn = new TerraformLocal(
    scope,
    'outputs_arn',
    expression(
      `join("", [${arnOf('coalesce(local.settings.output_bucket_name, local.bucket_name, "NONE")')}, "/", local.settings.output_prefix == null ? "" : local.settings.output_prefix, "*"])`,
    ),
  );
  return { name: name.asString, arn: bucketArn.asString, outputsArn: outputsArn.asString };
}

/** What checkov asks of the bucket besides. */
export const OBJECT_BUCKET_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_18',
    asks: 'access logs of the bucket',
    at: /^queue-worker: aws_s3_bucket\.objects$/,
    why: 'They need a second bucket, which is of an account and no module. CloudTrail data events tell the same; a bucket with logs of its own is given as bucket_name.',
  },
  {
    rule: 'CKV_AWS_144',
    asks: 'replication to another region',
    at: /^queue-worker: aws_s3_bucket\.objects$/,
    why: 'It needs a bucket there and a role for S3. Who has to keep the objects replicates a bucket of their own and gives that.',
  },
  {
    rule: 'CKV2_AWS_62',
    asks: 'event notifications of the bucket',
    at: /^queue-worker: aws_s3_bucket\.objects$/,
    why: 'It has them: aws_s3_bucket_notification.notification names the bucket by a local, which checkov does not follow.',
  },
];

/**
 * Every version of an object is a job of its own, which a worker reads however often the object is written meanwhile: the
 * bucket keeps those that were replaced for a while.
 */
function newBucket(scope: Construct, props: ObjectBucketProps): void {
  const count = Token.asNumber(expression('local.settings.bucket == "new" ? 1 : 0'));
  new S3Bucket(scope, 'objects', {
    count,
    bucket: expression('local.settings.bucket_name'),
    bucketPrefix: expression(`local.settings.bucket_name == null ? join("-", [local.name, "objects", ""]) : null`),
    forceDestroy: props.forceDestroy,
  });
  const bucket = expression('aws_s3_bucket.objects[0].id');
  closeBucket(scope, 'objects', {
    count,
    bucket,
    bucketArn: new TerraformLocal(scope, 'new_bucket_arn', expression('one(aws_s3_bucket.objects[*].arn)')).asString,
    encryption: {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: expression('local.settings.bucket_kms_key_arn == null ? "AES256" : "aws:kms"'),
        kmsMasterKeyId: expression('local.settings.bucket_kms_key_arn'),
      },
      // Fewer calls of KMS: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
      bucketKeyEnabled: Token.asAny(expression('local.settings.bucket_kms_key_arn != null')),
    },
  });
  const versioning = new S3BucketVersioningA(scope, 'objects_versioning', {
    count,
    bucket,
    versioningConfiguration: { status: 'Enabled' },
  });
  new S3BucketLifecycleConfiguration(scope, 'objects_expiry', {
    count,
    bucket,
    rule: [
      {
        id: 'expire-noncurrent-versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionDays }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
      },
    ],
    dependsOn: [versioning],
  });
}
