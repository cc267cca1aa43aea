// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { viewQueueWorker } from '../support/queue-worker';

const worker = viewQueueWorker({ bucket: 'new', noncurrentVersionDays: 9 });

const IF_NEW = '${local.settings.bucket == "new" ? 1 : 0}';
const BUCKET = '${aws_s3_bucket.objects[0].id}';
const DISPATCHER = '${aws_lambda_function.dispatcher_function.arn}';

describe('the bucket of objects', () => {
  test('is new where it is to be, and is destroyed with objects in it by nobody who did not say so', () => {
    expect(worker.only('aws_s3_bucket')).toEqual({
      count: IF_NEW,
      bucket: '${local.settings.bucket_name}',
      bucket_prefix: '${local.settings.bucket_name == null ? join("-", [local.name, "objects", ""]) : null}',
      force_destroy: false,
    });
    expect(viewQueueWorker({ bucket: 'new', bucketForceDestroy: true }).only('aws_s3_bucket')['force_destroy']).toBe(
      true,
    );
  });

  test('keeps the versions that were replaced for noncurrentVersionDays, and unfinished uploads for a day', () => {
    expect(worker.only('aws_s3_bucket_versioning')).toEqual({
      count: IF_NEW,
      bucket: BUCKET,
      versioning_configuration: { status: 'Enabled' },
    });
    expect(worker.only('aws_s3_bucket_lifecycle_configuration')).toEqual({
      count: IF_NEW,
      bucket: BUCKET,
      rule: [
        {
          id: 'expire-noncurrent-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrent_version_expiration: [{ noncurrent_days: 9 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
        },
      ],
      depends_on: ['aws_s3_bucket_versioning.objects_versioning'],
    });
  });

  test('is encrypted by S3 itself, or with the key that is given', () => {
    expect(worker.only('aws_s3_bucket_server_side_encryption_configuration')).toEqual({
      count: IF_NEW,
      bucket: BUCKET,
      rule: [
        {
          apply_server_side_encryption_by_default: {
            sse_algorithm: '${local.settings.bucket_kms_key_arn == null ? "AES256" : "aws:kms"}',
            kms_master_key_id: '${local.settings.bucket_kms_key_arn}',
          },
          bucket_key_enabled: '${local.settings.bucket_kms_key_arn != null}',
        },
      ],
    });
  });

  test('is closed to the public first, and then to plain HTTP', () => {
    expect(worker.only('aws_s3_bucket_public_access_block')).toEqual({
      count: IF_NEW,
      bucket: BUCKET,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(worker.only('aws_s3_bucket_policy')).toEqual({
      count: IF_NEW,
      bucket: BUCKET,
      policy: expect.anything(),
      depends_on: ['aws_s3_bucket_public_access_block.objects_public_access'],
    });
    expect(worker.json('aws_s3_bucket_policy.objects_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'DenyPlainHttp',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: ['${local.new_bucket_arn}', '${local.new_bucket_arn}/*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});

describe('the dispatcher hears of objects', () => {
  test('by notifications of the bucket of this account, once S3 may invoke it', () => {
    expect(worker.at('aws_lambda_permission.notification_permission')).toEqual({
      count: '${local.bucket_events == "notification" ? 1 : 0}',
      statement_id: 'bucket',
      action: 'lambda:InvokeFunction',
      function_name: '${aws_lambda_function.dispatcher_function.function_name}',
      principal: 's3.amazonaws.com',
      source_arn: '${local.bucket_arn}',
      source_account: '${data.aws_caller_identity.account.account_id}',
    });
    expect(worker.only('aws_s3_bucket_notification')).toEqual({
      count: '${local.bucket_events == "notification" || local.settings.bucket == "new" ? 1 : 0}',
      bucket: '${local.bucket_name}',
      eventbridge: '${local.bucket_events == "eventbridge"}',
      dynamic: {
        lambda_function: {
          for_each: '${[for pair in local.key_filters : pair if local.bucket_events == "notification"]}',
          iterator: 'pair',
          content: {
            lambda_function_arn: DISPATCHER,
            events: ['s3:ObjectCreated:*'],
            filter_prefix: '${pair.value[0] == "" ? null : replace(urlencode(pair.value[0]), "%2F", "/")}',
            filter_suffix: '${pair.value[1] == "" ? null : replace(urlencode(pair.value[1]), "%2F", "/")}',
          },
        },
      },
      depends_on: ['aws_lambda_permission.notification_permission'],
    });
  });

  test('by a rule of EventBridge, once that may invoke it', () => {
    const count = '${local.bucket_events == "eventbridge" ? 1 : 0}';

    expect(worker.at('aws_lambda_permission.object_events_permission')).toEqual({
      count,
      statement_id: 'object_events-rule',
      action: 'lambda:InvokeFunction',
      function_name: '${aws_lambda_function.dispatcher_function.function_name}',
      principal: 'events.amazonaws.com',
      source_arn: '${aws_cloudwatch_event_rule.object_events[0].arn}',
    });
    expect(worker.at('aws_cloudwatch_event_target.object_events_target')).toEqual({
      count,
      rule: '${aws_cloudwatch_event_rule.object_events[0].name}',
      arn: DISPATCHER,
      depends_on: ['aws_lambda_permission.object_events_permission'],
    });
  });
});
