import { type QueueMessage, queueMessage } from '../../../handlers/runner/worker/queue/message';
import type { OutgoingMessage } from '../../../handlers/runner/worker/queue/message-copy';

type Attributes = OutgoingMessage['MessageAttributes'];

interface Stored {
  readonly body: string;
  readonly attributes: Attributes;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  receivedAt: number;
  receipt: string | undefined;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_DELAY_SECONDS = 900;
const MOST_HIDDEN_MILLISECONDS = 43_200_000;

function refusal(name: string): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });
}

/** SQS, as far as a standard queue's promises go: what is not deleted in time is seen again. */
export class ModelQueue {
  readonly messages = new Map<string, Stored>();
  /** What lies in its dead-letter queue. */
  dead: { readonly body: string; readonly attributes: Attributes }[] = [];
  /** How many messages have been received. */
  receives = 0;
  /** How long the oldest message that was ever received had been in the queue. */
  oldestMilliseconds = 0;
  #ids = 0;

  constructor(readonly visibilitySeconds: number) {}

  send(body: string, attributes: Attributes = {}, delaySeconds = 0): void {
    if (delaySeconds > MOST_DELAY_SECONDS) {
      throw refusal('InvalidParameterValue');
    }
    this.#ids += 1;
    const sentAt = Date.now();
    this.messages.set(`m${this.#ids}`, {
      body,
      attributes,
      sentAt,
      visibleAt: sentAt + delaySeconds * 1_000,
      receiveCount: 0,
      receivedAt: 0,
      receipt: undefined,
    });
  }

  receive(): QueueMessage | undefined {
    const now = Date.now();
    const found = [...this.messages].find(([, { visibleAt }]) => visibleAt <= now);
    if (found === undefined) {
      return undefined;
    }
    const [id, message] = found;
    this.#ids += 1;
    this.receives += 1;
    this.oldestMilliseconds = Math.max(this.oldestMilliseconds, now - message.sentAt);
    message.receiveCount += 1;
    message.receivedAt = now;
    message.receipt = `${id}/${this.#ids}`;
    message.visibleAt = now + this.visibilitySeconds * 1_000;
    return queueMessage(
      {
        MessageId: id,
        ReceiptHandle: message.receipt,
        Body: message.body,
        Attributes: { ApproximateReceiveCount: String(message.receiveCount), SentTimestamp: String(message.sentAt) },
        ...(message.attributes === undefined ? {} : { MessageAttributes: message.attributes }),
      },
      now,
    );
  }

  hide({ messageId, receiptHandle }: QueueMessage, seconds: number): void {
    const now = Date.now();
    const message = this.messages.get(messageId);
    if (message === undefined || message.receipt !== receiptHandle) {
      throw refusal('ReceiptHandleIsInvalid');
    }
    if (now + seconds * 1_000 - message.receivedAt > MOST_HIDDEN_MILLISECONDS) {
      throw refusal('InvalidParameterValue');
    }
    message.visibleAt = now + seconds * 1_000;
  }

  remove({ messageId, receiptHandle }: QueueMessage): void {
    if (this.messages.get(messageId)?.receipt === receiptHandle) {
      this.messages.delete(messageId);
    }
  }

  bury(body: string, attributes: Attributes): void {
    this.dead.push({ body, attributes });
  }

  /** Moves the dead letters back: each is a new message then. */
  redrive(): void {
    const moved = this.dead;
    this.dead = [];
    for (const { body, attributes } of moved) {
      this.send(body, attributes);
    }
  }
}
