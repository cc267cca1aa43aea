import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import {
  S3BucketServerSideEncryptionConfigurationA,
  type S3BucketServerSideEncryptionConfigurationRuleA,
} from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import type { Construct } from 'constructs';
import { denyPlainHttp } from './permissions';
import { policyDocument } from './policy-document';

export interface ClosedBucketProps {
  readonly bucket: string;
  readonly bucketArn: string;
  readonly encryption: S3BucketServerSideEncryptionConfigurationRuleA;
  /** @default - one */
  readonly count?: number;
}

/** What every bucket of ours has: it is encrypted, and closed to the public and to plain HTTP. */
export function closeBucket(scope: Construct, id: string, props: ClosedBucketProps): void {
  const { bucket, bucketArn } = props;
  const count = props.count === undefined ? {} : { count: props.count };
  new S3BucketServerSideEncryptionConfigurationA(scope, `${id}_encryption`, {
    ...count,
    bucket,
    rule: [props.encryption],
  });
  const block = new S3BucketPublicAccessBlock(scope, `${id}_public_access`, {
    ...count,
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketPolicy(scope, `${id}_policy`, {
    ...count,
    bucket,
    policy: policyDocument([denyPlainHttp('s3', [bucketArn, `${bucketArn}/*`])]),
    // S3 refuses two changes of a bucket's access at the same moment.
    dependsOn: [block],
  });
}
