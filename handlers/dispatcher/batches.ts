import { createHash } from 'node:crypto';
import { objectJobId } from '../shared/object-event/job-id';
import type { ObjectEvent } from '../shared/object-event/object-event';
import { utf8Bytes } from '../shared/payload';

/** A message for one object. */
export interface ObjectMessage {
  /** Within one batch. */
  readonly id: string;
  readonly body: string;
  /** Of a FIFO queue alone. */
  readonly order: { readonly groupId: string; readonly deduplicationId: string } | undefined;
}

/**
 * Of a message, and of a batch in all.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const MESSAGE_BYTES = 1_048_576;
const BATCH_ENTRIES = 10;

/** The two that SQS does not take as they are, though JSON holds them. */
const NOT_OF_SQS = /[\uFFFE\uFFFF]/g;

const EVENT_OF_THE_BUS = 'detail-type';

/** The event of one object, as its source would send it alone: S3's in a list of one record, EventBridge's as it is. */
function eventOf({ source }: ObjectEvent): unknown {
  const isOfTheBus = typeof source === 'object' && source !== null && EVENT_OF_THE_BUS in source;
  return isOfTheBus ? source : { Records: [source] };
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What happens to one object keeps its order; S3 may send an event twice, and that is one message. */
function orderOf(object: ObjectEvent): ObjectMessage['order'] {
  return {
    groupId: digest(JSON.stringify([object.bucket, object.key])),
    deduplicationId: digest(JSON.stringify([objectJobId(object), object.sequencer ?? null])),
  };
}

export function objectMessage(object: ObjectEvent, id: string, isFifo: boolean): ObjectMessage {
  const body = JSON.stringify(eventOf(object)).replace(
    NOT_OF_SQS,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
  return { id, body, order: isFifo ? orderOf(object) : undefined };
}

/**
 * Parts messages, in their order, into what one call takes. Two of one group are never in one batch: if the first of
 * them has to be sent again, the second must not be in the queue yet.
 */
export function batchesOf(messages: readonly ObjectMessage[]): readonly (readonly ObjectMessage[])[] {
  const batches: ObjectMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = utf8Bytes(message.body);
    const last = batches.at(-1);
    const hasRoom =
      last !== undefined &&
      last.length < BATCH_ENTRIES &&
      bytes + size <= MESSAGE_BYTES &&
      !last.some(({ order }) => order !== undefined && order.groupId === message.order?.groupId);
    if (hasRoom) {
      last.push(message);
      bytes += size;
    } else {
      batches.push([message]);
      bytes = size;
    }
  }
  return batches;
}
