import type { MessageAttributeValue, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { storable } from '../../../shared/bounded-error';
import type { ReportedError } from '../../../shared/run';
import { COPY_ATTRIBUTES, type QueueMessage } from './message';

/** A message for SendMessage, whose queue the caller knows. */
export type OutgoingMessage = Omit<SendMessageCommandInput, 'QueueUrl'>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_ATTRIBUTES = 10;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const MOST_DELAY_SECONDS = 900;

/** Long enough for an error and the end of a stack, and short beside a message's 1 MiB. */
const REASON_CHARACTERS = 2_048;
const CODE_CHARACTERS = 256;
const BEGINNING_CHARACTERS = 512;
const GAP = '\n...\n';

/** What SQS takes as text is what XML 1.0 does: same page as above. */
const NO_TEXT = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * The message once more, to be seen after so long, of the same job and with the receives of this one counted.
 *
 * @returns `undefined` where it has too many attributes of its own to say so
 */
export function messageCopy(
  message: QueueMessage,
  delaySeconds: number,
  receiveCount: number,
): OutgoingMessage | undefined {
  const own = {
    [COPY_ATTRIBUTES.firstMessageId]: textAttribute(message.firstMessageId),
    [COPY_ATTRIBUTES.receiveCount]: { DataType: 'Number', StringValue: String(receiveCount) },
  };
  const attributes = { ...message.attributes, ...own };
  return Object.keys(attributes).length > MOST_ATTRIBUTES
    ? undefined
    : { ...outgoing(message, attributes), DelaySeconds: Math.min(Math.max(delaySeconds, 0), MOST_DELAY_SECONDS) };
}

/**
 * The message as it was, for the dead-letter queue, with why it is there as far as its own attributes leave room.
 *
 * @param error `undefined` leaves out why
 */
export function deadLetter(message: QueueMessage, error: ReportedError | undefined, isFifo: boolean): OutgoingMessage {
  const why = error === undefined ? [] : reasonAttributes(error);
  const { attributes } = message;
  const room = Math.max(MOST_ATTRIBUTES - Object.keys(attributes).length, 0);
  return {
    ...outgoing(message, { ...attributes, ...Object.fromEntries(why.slice(0, room)) }),
    ...(isFifo ? { MessageDeduplicationId: message.messageId } : {}),
  };
}

function reasonAttributes({ errorType, errorMessage }: ReportedError) {
  return [
    ['overtime-code', textAttribute(storable(errorType, CODE_CHARACTERS))],
    ['overtime-reason', textAttribute(storable(inBrief(errorMessage), REASON_CHARACTERS))],
  ] as const;
}

/** Its beginning, which says what failed, and its end: commands say last why. */
function inBrief(reason: string): string {
  return reason.length <= REASON_CHARACTERS
    ? reason
    : `${reason.slice(0, BEGINNING_CHARACTERS)}${GAP}${reason.slice(BEGINNING_CHARACTERS + GAP.length - REASON_CHARACTERS)}`;
}

function outgoing(
  { body, system }: QueueMessage,
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): OutgoingMessage {
  const { MessageGroupId, AWSTraceHeader } = system;
  return {
    MessageBody: body,
    MessageAttributes: attributes,
    ...(MessageGroupId === undefined ? {} : { MessageGroupId }),
    ...(AWSTraceHeader === undefined
      ? {}
      : { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader } } }),
  };
}

function textAttribute(text: string): MessageAttributeValue {
  const valid = text.replaceAll(NO_TEXT, '\u{FFFD}');
  // SQS takes no empty value.
  return { DataType: 'String', StringValue: valid === '' ? '-' : valid };
}
