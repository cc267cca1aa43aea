import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { pollFault } from '../poll-fault';
import type { Polled } from '../poll-loop';

/** A message that a poll has brought: hidden from other workers for a while. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
}

/** An SQS queue, as its worker sees it. */
export interface Queue {
  readonly poll: (cutOff: AbortSignal) => Promise<Polled<QueueMessage>>;
  /** Hides the message for so long from now; 0 gives it back at once. */
  readonly hide: (message: QueueMessage, seconds: number, signal?: AbortSignal) => Promise<void>;
  readonly remove: (message: QueueMessage) => Promise<void>;
}

interface QueueOptions {
  readonly queueUrl: string;
  readonly visibilitySeconds: number;
  /** How many polls wait side by side, each on a connection of its own. */
  readonly polls: number;
  readonly poll: SQSClientConfig;
  readonly renewal: SQSClientConfig;
  readonly tell: SQSClientConfig;
}

/** The longest that SQS holds a poll: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const WAIT_SECONDS = 20;
const POLL_MILLISECONDS = 30_000;

/** Clients as for an activity: see `openActivity`. */
export function openQueue(options: QueueOptions): Queue {
  const { queueUrl: QueueUrl, polls } = options;
  // A queue's URL says where it is, and is not where it is reached through another endpoint.
  const shared = { useQueueUrlAsEndpoint: false };
  const poller = new SQSClient({
    ...options.poll,
    ...shared,
    maxAttempts: 1,
    requestHandler: {
      ...options.poll.requestHandler,
      requestTimeout: POLL_MILLISECONDS,
      httpAgent: { keepAlive: true, maxSockets: polls },
      httpsAgent: { keepAlive: true, maxSockets: polls },
    },
  });
  const renewer = new SQSClient({ ...options.renewal, ...shared });
  const teller = new SQSClient({ ...options.tell, ...shared });
  return {
    poll: async (cutOff) => {
      try {
        const receive = new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: WAIT_SECONDS,
          VisibilityTimeout: options.visibilitySeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        });
        const { Messages: [message] = [] } = await poller.send(receive, { abortSignal: cutOff });
        if (message?.ReceiptHandle === undefined) {
          return { kind: 'nothing' };
        }
        const task = {
          messageId: message.MessageId ?? '',
          receiptHandle: message.ReceiptHandle,
          body: message.Body ?? '',
          receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
        };
        return { kind: 'task', task };
      } catch (thrown) {
        return pollFault(thrown);
      }
    },
    hide: async ({ receiptHandle: ReceiptHandle }, VisibilityTimeout, signal) => {
      const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
      await (signal === undefined
        ? teller.send(new ChangeMessageVisibilityCommand(input))
        : renewer.send(new ChangeMessageVisibilityCommand(input), { abortSignal: signal }));
    },
    remove: async ({ receiptHandle: ReceiptHandle }) => {
      await teller.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
  };
}
