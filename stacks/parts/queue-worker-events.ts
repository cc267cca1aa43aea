import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Fn, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { Place } from './place';
import type { ObjectBucket } from './queue-worker-bucket';
import { invokeByRule } from './rule-target';
import { expression } from './terraform-text';

const EVENTS =
  'local.settings.bucket == "none" ? "none" : local.settings.bucket_events != null ? local.settings.bucket_events : local.settings.bucket == "new" ? "notification" : "eventbridge"';

/** In either case of letters the dispatcher alone tells what is meant. */
const partsOf = (list: string) =>
  `local.settings.ignore_case || length(local.settings.${list}) == 0 ? [""] : local.settings.${list}`;

/**
 * S3 compares keys as they stand in its events, encoded like the value of a form, but for the slashes.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
const filterValue = (part: string) => `${part} == "" ? null : replace(urlencode(${part}), "%2F", "/")`;

/** EventBridge compares keys as they are; in a wildcard these two characters are no text. */
const text = (part: string) => `replace(replace(${part}, "\\\\", "\\\\\\\\"), "*", "\\\\*")`;

/**
 * Of several matchers one has to fit: a prefix and a suffix together are one wildcard.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
const MATCHER = `pair[0] == "" ? { suffix = pair[1] } : pair[1] == "" ? { prefix = pair[0] } : { wildcard = join("*", [${text('pair[0]')}, ${text('pair[1]')}]) }`;

/** Has the dispatcher hear of objects: by the bucket's notifications, or by a rule. The dispatcher looks at each key itself. */
export function objectEvents(
  scope: Construct,
  name: string,
  place: Place,
  bucket: ObjectBucket,
  dispatcher: LambdaFunction,
): void {
  new TerraformLocal(scope, 'bucket_events', expression(EVENTS));
  new TerraformLocal(scope, 'key_filters', expression(`setproduct(${partsOf('prefixes')}, ${partsOf('suffixes')})`));
  notifications(scope, place, bucket, dispatcher);
  rule(scope, name, bucket, dispatcher);
}

/**
 * Terraform writes a bucket's whole configuration of notifications: what it had before is gone. A new bucket had none, and
 * has to be told to send events to EventBridge too.
 */
function notifications(scope: Construct, place: Place, bucket: ObjectBucket, dispatcher: LambdaFunction): void {
  const isNotified = 'local.bucket_events == "notification"';
  const permission = new LambdaPermission(scope, 'notification_permission', {
    count: Token.asNumber(expression(`${isNotified} ? 1 : 0`)),
    statementId: 'bucket',
    action: 'lambda:InvokeFunction',
    functionName: dispatcher.functionName,
    principal: 's3.amazonaws.com',
    sourceArn: bucket.arn,
    // The name of a bucket that is deleted may become somebody else's.
    sourceAccount: place.account,
  });
  const notification = new S3BucketNotification(scope, 'notification', {
    count: Token.asNumber(expression(`${isNotified} || local.settings.bucket == "new" ? 1 : 0`)),
    bucket: bucket.name,
    eventbridge: Token.asAny(expression('local.bucket_events == "eventbridge"')),
    dependsOn: [permission],
  });
  notification.addOverride('dynamic.lambda_function', {
    for_each: expression(`[for pair in local.key_filters : pair if ${isNotified}]`),
    iterator: 'pair',
    content: {
      lambda_function_arn: dispatcher.arn,
      events: ['s3:ObjectCreated:*'],
      filter_prefix: expression(filterValue('pair.value[0]')),
      filter_suffix: expression(filterValue('pair.value[1]')),
    },
  });
}

function rule(scope: Construct, name: string, bucket: ObjectBucket, dispatcher: LambdaFunction): void {
  const count = Token.asNumber(expression('local.bucket_events == "eventbridge" ? 1 : 0'));
  const keys = new TerraformLocal(
    scope,
    'object_detail',
    // Without a filter there is no `object` to match.
    expression(
      `{ for field, value in { object = { key = [for pair in local.key_filters : ${MATCHER} if pair[0] != "" || pair[1] != ""] } } : field => value if length(value.key) > 0 }`,
    ),
  );
  new CloudwatchEventRule(scope, 'object_events', {
    count,
    name: `${name}-objects`,
    description: 'Objects that are work for Overtime.',
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    eventPattern: Fn.jsonencode({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: Fn.merge([{ bucket: { name: [bucket.name] } }, keys.expression]),
    }),
  });
  invokeByRule(scope, 'object_events', {
    count,
    rule: {
      name: expression('aws_cloudwatch_event_rule.object_events[0].name'),
      arn: expression('aws_cloudwatch_event_rule.object_events[0].arn'),
    },
    target: dispatcher,
  });
}
