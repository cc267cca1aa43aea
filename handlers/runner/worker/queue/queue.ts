import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import type { Clock } from '../../../shared/clock';
import { type PollFault, pollFault } from '../poll-fault';
import { BatchedCalls, type EntryFault } from './batched-calls';
import { type QueueMessage, queueMessage } from './message';
import type { OutgoingMessage } from './message-copy';
import { failedDeletions, receivedMessages } from './quick-answers';
import { QuickCalls } from './quick-calls';

/** What one long poll has brought; no messages where nothing came. */
type Received = { readonly kind: 'messages'; readonly messages: readonly QueueMessage[] } | PollFault;

/** An SQS queue, as its worker sees it. What SQS says of one message of several is thrown for that one. */
export interface Queue {
  /** @param most from 1 to 10 */
  readonly receive: (most: number, cutOff: AbortSignal) => Promise<Received>;
  /** Keeps the message hidden for so long from now. */
  readonly renew: (message: QueueMessage, seconds: number) => Promise<void>;
  /** Lets others see the message after so long; 0 gives it back at once. */
  readonly giveBack: (message: QueueMessage, seconds: number) => Promise<void>;
  readonly remove: (message: QueueMessage) => Promise<void>;
  /** Puts a message into this queue. */
  readonly send: (message: OutgoingMessage) => Promise<void>;
  /** Puts a message into the dead-letter queue, where there is one. */
  readonly sendDead: (message: OutgoingMessage) => Promise<void>;
  /** Sends at once what waits for company: nothing more is to come. */
  readonly flush: () => void;
}

interface QueueOptions {
  readonly queueUrl: string;
  readonly region: string;
  readonly deadLetterQueueUrl: string | undefined;
  readonly visibilitySeconds: number;
  /** How many polls may wait side by side, each on a connection of its own. */
  readonly polls: number;
  /** How long a deletion may wait for others to go with it. */
  readonly lingerMilliseconds: number;
  readonly clock: Clock;
  readonly poll: SQSClientConfig;
  readonly renewal: SQSClientConfig;
  readonly tell: SQSClientConfig;
}

/** The longest that SQS holds a poll: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const WAIT_SECONDS = 20;
const POLL_MILLISECONDS = 30_000;

/** Clients as for an activity: see `openActivity`. */
export function openQueue(options: QueueOptions): Queue {
  const { queueUrl: QueueUrl, deadLetterQueueUrl, polls, clock, lingerMilliseconds } = options;
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
  const quickly = { region: options.region, connections: polls, timeoutMilliseconds: POLL_MILLISECONDS };
  const quickPoller = new QuickCalls({ ...quickly, client: poller });
  const quickTeller = new QuickCalls({ ...quickly, client: teller });
  const hides = (client: SQSClient) =>
    new BatchedCalls<{ readonly message: QueueMessage; readonly seconds: number }>({
      lingerMilliseconds: 0,
      call: async (entries) => {
        const Entries = entries.map(({ message: { receiptHandle: ReceiptHandle }, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: seconds,
        }));
        const { Failed } = await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
        return entryFaults(Failed);
      },
    });
  const renewals = hides(renewer);
  const returns = hides(teller);
  const removals = new BatchedCalls<QueueMessage>({
    lingerMilliseconds,
    call: async (messages) => {
      const Entries = messages.map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      const input = { QueueUrl, Entries };
      const failed =
        failedDeletions(await quickTeller.call('DeleteMessageBatch', input)) ??
        (await teller.send(new DeleteMessageBatchCommand(input))).Failed;
      return entryFaults(failed);
    },
  });
  return {
    receive: async (most, cutOff) => {
      try {
        const input: ReceiveMessageCommandInput = {
          QueueUrl,
          MaxNumberOfMessages: most,
          WaitTimeSeconds: WAIT_SECONDS,
          VisibilityTimeout: options.visibilitySeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        };
        const Messages =
          receivedMessages(await quickPoller.call('ReceiveMessage', input, cutOff)) ??
          (await poller.send(new ReceiveMessageCommand(input), { abortSignal: cutOff })).Messages ??
          [];
        const receivedAt = clock().getTime();
        const messages = Messages.flatMap((message) => queueMessage(message, receivedAt) ?? []);
        return { kind: 'messages', messages };
      } catch (thrown) {
        return pollFault(thrown);
      }
    },
    renew: (message, seconds) => renewals.add({ message, seconds }),
    giveBack: (message, seconds) => returns.add({ message, seconds }),
    remove: (message) => removals.add(message),
    send: async (message) => {
      await teller.send(new SendMessageCommand({ QueueUrl, ...message }));
    },
    sendDead: async (message) => {
      await teller.send(new SendMessageCommand({ QueueUrl: deadLetterQueueUrl, ...message }));
    },
    flush: () => removals.flush(),
  };
}

function entryFaults(failed: readonly BatchResultErrorEntry[] | undefined): readonly EntryFault[] {
  return (failed ?? []).map(({ Id, Code, Message, SenderFault }) => ({
    index: Number(Id),
    code: Code ?? 'Unknown',
    message: Message ?? 'SQS gives no reason.',
    isSenders: SenderFault ?? false,
  }));
}
