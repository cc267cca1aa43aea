import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isPassing, isThrottling } from '../../shared/delivery/send-error';
import { reasonOf } from '../../shared/reason';
import type { ObjectMessage } from '../batches';
import type { DispatcherPorts, UnsentMessage } from '../ports';

const entryOf = ({ id, body, order }: ObjectMessage) => ({
  Id: id,
  MessageBody: body,
  ...(order === undefined ? {} : { MessageGroupId: order.groupId, MessageDeduplicationId: order.deduplicationId }),
});

/** Sends batches to the queue. A call that fails as a whole has brought no message of it for certain. */
export function queueSender(client: SQSClient, queueUrl: string): DispatcherPorts['sendBatch'] {
  return async (messages) => {
    try {
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: messages.map(entryOf) });
      const { Failed = [] } = await client.send(command);
      return Failed.map(({ Id = '', Code = 'Unknown', Message, SenderFault = false }): UnsentMessage => {
        const reason = Message === undefined ? Code : `${Code}: ${Message}`;
        // SQS counts it as the sender's fault that it, or the key of an encrypted queue, is called too often.
        return { id: Id, reason, isPassing: !SenderFault || isThrottling(Code) };
      });
    } catch (error) {
      const mayPass = !(error instanceof Error) || isPassing(error);
      return messages.map(({ id }) => ({ id, reason: reasonOf(error), isPassing: mayPass }));
    }
  };
}

const COUNTS = {
  waiting: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export function queueDepthOf(client: SQSClient, queueUrl: string): DispatcherPorts['queueDepth'] {
  return async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: Object.values(COUNTS) });
    const { Attributes = {} } = await client.send(command);
    const number = (name: (typeof COUNTS)[keyof typeof COUNTS]) => Number(Attributes[name] ?? 0);
    return { waiting: number(COUNTS.waiting), inFlight: number(COUNTS.inFlight), delayed: number(COUNTS.delayed) };
  };
}
