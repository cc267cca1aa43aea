import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueMessage } from './message';
import type { QueueSettings } from './queue-settings';

/**
 * The event that an event source mapping of Lambda makes of these messages, as JSON text. A copy of a message looks as
 * the message itself would if it had been received so often: functions tell by the id what they have seen before.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsEvent(
  messages: readonly QueueMessage[],
  { queueArn, region }: Pick<QueueSettings, 'queueArn' | 'region'>,
): string {
  return JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.firstMessageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: { ...message.system, ApproximateReceiveCount: String(message.receiveCount) },
      messageAttributes: messageAttributes(message.attributes),
      ...(message.attributesMd5 === undefined ? {} : { md5OfMessageAttributes: message.attributesMd5 }),
      md5OfBody: message.bodyMd5,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  });
}

function messageAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}
