import type { QueueMessage } from '../../../handlers/runner/worker/queue/message';
import type { QueueSettings } from '../../../handlers/runner/worker/queue/queue-settings';

/** A message as a poll brings it, but for what is given. */
export function queueMessageOf(id: string, given: Partial<QueueMessage> = {}): QueueMessage {
  return {
    messageId: id,
    receiptHandle: `handle of ${id}`,
    body: '{}',
    bodyMd5: 'md5',
    attributesMd5: undefined,
    system: {},
    attributes: {},
    firstMessageId: id,
    receiveCount: 1,
    isCopy: false,
    sentAt: 0,
    receivedAt: 0,
    ...given,
  };
}

export const QUEUE_SETTINGS: QueueSettings = {
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/work',
  region: 'eu-west-1',
  queueArn: 'arn:aws:sqs:eu-west-1:123456789012:work',
  isFifo: false,
  messageEvent: 'body',
  batchSize: 1,
  batchWindowSeconds: 0,
  reportsBatchItemFailures: false,
  deadLetterQueueUrl: undefined,
  maxReceiveCount: undefined,
  jobsTable: undefined,
  handOverSeconds: 39_600,
  defaultTimeoutSeconds: 42_600,
};
