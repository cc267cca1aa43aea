import * as v from 'valibot';

// Not strict: AWS adds fields to its events without notice. What no part of this project needs may be missing, as in an
// event that somebody wrote by hand; `null` stands for it in the events of some services that speak S3's protocol.

const text = v.pipe(v.string(), v.minLength(1));

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const NotificationRecordSchema = v.object({
  eventName: text,
  eventTime: v.nullish(v.string()),
  awsRegion: v.nullish(v.string()),
  s3: v.object({
    bucket: v.object({ name: text }),
    object: v.object({
      key: text,
      versionId: v.nullish(v.string()),
      eTag: v.nullish(v.string()),
      // Only of events that write or delete an object.
      sequencer: v.nullish(v.string()),
      // None where the object is gone.
      size: v.nullish(v.number()),
    }),
  }),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const BusEventSchema = v.object({
  source: v.literal('aws.s3'),
  'detail-type': text,
  time: v.nullish(v.string()),
  region: v.nullish(v.string()),
  detail: v.object({
    bucket: v.object({ name: text }),
    object: v.object({
      key: text,
      'version-id': v.nullish(v.string()),
      etag: v.nullish(v.string()),
      sequencer: v.nullish(v.string()),
      size: v.nullish(v.number()),
    }),
  }),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export const QueueRecordSchema = v.object({ body: v.string() });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const TopicRecordSchema = v.object({ Sns: v.object({ Message: v.string() }) });

/**
 * What SNS puts into a queue whose subscription has no raw message delivery.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html#http-notification-json
 */
export const QueuedNotificationSchema = v.object({ Type: v.literal('Notification'), Message: v.string() });
