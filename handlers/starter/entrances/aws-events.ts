import * as v from 'valibot';

// AWS's events, after their documented samples. Not strict: AWS adds fields to its events without notice.

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export const QueueMessageSchema = v.object({
  eventSource: v.literal('aws:sqs'),
  eventSourceARN: v.string(),
  messageId: v.string(),
  body: v.string(),
  messageAttributes: v.optional(v.record(v.string(), v.object({ stringValue: v.optional(v.string()) })), {}),
});

const TopicAttributesSchema = v.optional(v.record(v.string(), v.object({ Value: v.optional(v.string()) })), {});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const NotificationSchema = v.object({
  EventSource: v.literal('aws:sns'),
  Sns: v.object({
    MessageId: v.string(),
    TopicArn: v.string(),
    Message: v.string(),
    MessageAttributes: TopicAttributesSchema,
  }),
});

/**
 * What SNS puts into a queue whose subscription has no raw message delivery.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html#http-notification-json
 */
export const QueuedNotificationSchema = v.object({
  Type: v.literal('Notification'),
  MessageId: v.string(),
  TopicArn: v.string(),
  Message: v.string(),
  MessageAttributes: TopicAttributesSchema,
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const BucketRecordSchema = v.object({
  eventSource: v.literal('aws:s3'),
  eventName: v.string(),
  eventTime: v.string(),
  s3: v.object({
    bucket: v.object({ name: v.string(), arn: v.string() }),
    object: v.object({
      key: v.string(),
      versionId: v.optional(v.string()),
      // Only of events that write or delete an object.
      sequencer: v.optional(v.string()),
    }),
  }),
});

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export const BusEventSchema = v.object({
  id: v.string(),
  source: v.string(),
  'detail-type': v.string(),
  resources: v.optional(v.array(v.string()), []),
  detail: v.unknown(),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export const InvocationRecordSchema = v.object({
  requestContext: v.object({ requestId: v.string(), functionArn: v.string(), condition: v.string() }),
  requestPayload: v.unknown(),
  responsePayload: v.optional(v.unknown()),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload */
export const UrlRequestSchema = v.object({
  version: v.literal('2.0'),
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  body: v.optional(v.string()),
  isBase64Encoded: v.optional(v.boolean(), false),
});

export type QueueMessage = v.InferOutput<typeof QueueMessageSchema>;
export type TopicMessage = v.InferOutput<typeof NotificationSchema>['Sns'];
export type BucketRecord = v.InferOutput<typeof BucketRecordSchema>;
export type BusEvent = v.InferOutput<typeof BusEventSchema>;
export type InvocationRecord = v.InferOutput<typeof InvocationRecordSchema>;
export type UrlRequest = v.InferOutput<typeof UrlRequestSchema>;
