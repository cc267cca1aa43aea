import type { BatchResultErrorEntry, Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

const TextsSchema = v.record(v.string(), v.string());

const AttributeSchema = v.object({
  DataType: v.string(),
  StringValue: v.exactOptional(v.string()),
  BinaryValue: v.exactOptional(v.string()),
});

/** What SQS's JSON has; the SDK's own reader would take most of the time of a call. */
const ReceivedSchema = v.object({
  Messages: v.optional(
    v.array(
      v.object({
        MessageId: v.string(),
        ReceiptHandle: v.string(),
        Body: v.string(),
        MD5OfBody: v.string(),
        MD5OfMessageAttributes: v.exactOptional(v.string()),
        Attributes: v.exactOptional(TextsSchema),
        MessageAttributes: v.exactOptional(v.record(v.string(), AttributeSchema)),
      }),
    ),
  ),
});

const DeletedSchema = v.object({
  Failed: v.optional(
    v.array(
      v.object({
        Id: v.string(),
        Code: v.string(),
        SenderFault: v.boolean(),
        Message: v.exactOptional(v.string()),
      }),
    ),
  ),
});

/**
 * The messages of an answer, as the SDK gives them. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 *
 * @returns `undefined` for what is no such answer
 */
export function receivedMessages(answer: unknown): readonly Message[] | undefined {
  const parsed = v.safeParse(ReceivedSchema, answer);
  return parsed.success
    ? (parsed.output.Messages ?? []).map(({ MessageAttributes, ...message }) =>
        MessageAttributes === undefined ? message : { ...message, MessageAttributes: attributes(MessageAttributes) },
      )
    : undefined;
}

/** @returns those that SQS did not delete; `undefined` for what is no such answer */
export function failedDeletions(answer: unknown): readonly BatchResultErrorEntry[] | undefined {
  const parsed = v.safeParse(DeletedSchema, answer);
  return parsed.success ? (parsed.output.Failed ?? []) : undefined;
}

function attributes(
  given: Readonly<Record<string, v.InferOutput<typeof AttributeSchema>>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue: Buffer.from(BinaryValue, 'base64') }),
      },
    ]),
  );
}
