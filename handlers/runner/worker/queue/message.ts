import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** A message that a poll has brought: hidden from other workers for a while. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributesMd5: string | undefined;
  /** SQS's own, such as `SentTimestamp`. */
  readonly system: Readonly<Record<string, string>>;
  /** The sender's own, without ours. */
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** Of the message that this one is a copy of, however many copies ago; its own where it is none. */
  readonly firstMessageId: string;
  /** How often it has been received, this time included, and its copies before it. */
  readonly receiveCount: number;
  readonly isCopy: boolean;
  /** By SQS's clock; milliseconds since 1970. */
  readonly sentAt: number;
  /** SQS's twelve hours begin then; milliseconds since 1970. */
  readonly receivedAt: number;
}

/** The attributes by which a copy of a message says what it is a copy of, and how often that was received. */
export const COPY_ATTRIBUTES = { firstMessageId: 'overtime-message', receiveCount: 'overtime-attempt' } as const;

/** @returns `undefined` where SQS gave nothing by which it could be deleted */
export function queueMessage(message: Message, receivedAt: number): QueueMessage | undefined {
  const { MessageId: messageId, ReceiptHandle: receiptHandle } = message;
  if (messageId === undefined || receiptHandle === undefined) {
    return undefined;
  }
  const system = message.Attributes ?? {};
  const {
    [COPY_ATTRIBUTES.firstMessageId]: first,
    [COPY_ATTRIBUTES.receiveCount]: before,
    ...own
  } = message.MessageAttributes ?? {};
  return {
    messageId,
    receiptHandle,
    body: message.Body ?? '',
    bodyMd5: message.MD5OfBody ?? '',
    attributesMd5: first === undefined ? message.MD5OfMessageAttributes : undefined,
    system,
    attributes: own,
    firstMessageId: first?.StringValue ?? messageId,
    receiveCount: count(before?.StringValue, 0) + count(system['ApproximateReceiveCount'], 1),
    isCopy: first !== undefined,
    sentAt: count(system['SentTimestamp'], receivedAt),
    receivedAt,
  };
}

/** Anybody may send such an attribute: what is no whole number counts as none. */
function count(text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback);
  return Number.isSafeInteger(value) && value >= 0 ? value : fallback;
}

/** What must be done in order; `undefined` for a message that stands for itself. */
export function groupOf({ system }: Pick<QueueMessage, 'system'>): string | undefined {
  return system['MessageGroupId'];
}
