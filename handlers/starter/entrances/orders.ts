import { createHash } from 'node:crypto';
import { parseFunctionName } from '../../shared/function-name';
import type { BucketRecord, InvocationRecord, QueueMessage } from './aws-events';
import type { EventRequest, EventRequests } from './event-requests';
import {
  decideOverflow,
  type FailedInvocation,
  type OverflowPolicy,
  readDeadLetter,
  readInvocationRecord,
  unqualified,
} from './overflow';
import { type EventShape, type Notification, shapeOf } from './shapes';

/** What one record of an event asks of the starter. */
export type Order =
  /** `requestId` says which runs are one and the same where the request has no idempotencyKey. */
  | { readonly kind: 'request'; readonly event: unknown; readonly requestId: string }
  | { readonly kind: 'ignore'; readonly reason: string }
  | { readonly kind: 'refuse'; readonly reason: string };

export interface OrderSettings {
  readonly eventRequests: EventRequests;
  readonly overflow: OverflowPolicy;
}

const refuse = (reason: string): Order => ({ kind: 'refuse', reason });

const FIX = 'give the source a request in OVERTIME_EVENT_REQUESTS (eventRequests of the starter module)';

function overflowOrder(
  failed: FailedInvocation,
  request: EventRequest,
  input: unknown,
  settings: OrderSettings,
): Order {
  const decision = decideOverflow(failed, settings.overflow);
  return decision.kind === 'ignore'
    ? decision
    : { kind: 'request', event: { ...request, input }, requestId: decision.requestId };
}

/** A function's on-failure destination. The record names the function; a request under its ARN says how to run it. */
function invocationRecordOrder(record: InvocationRecord, settings: OrderSettings): Order {
  const read = readInvocationRecord(record);
  if (read.kind !== 'failed') {
    return read;
  }
  const request = settings.eventRequests.get(unqualified(read.functionArn)) ?? { arn: read.functionArn };
  return overflowOrder(read.failed, request, record.requestPayload, settings);
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** A text that a queue or topic carried: one more event, or what a function could not do, or its source's own input. */
interface Carried {
  readonly text: string;
  readonly sourceArn: string;
  /** As a function that the source invokes would get it; `undefined` where the text alone came through. */
  readonly functionEvent: unknown;
  readonly attributes: Attributes;
  readonly requestId: string;
  readonly what: string;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The reason would quote the text, which may be somebody's data.
    return undefined;
  }
}

function deadLetterOrder(
  letter: Pick<FailedInvocation, 'requestId' | 'errorType' | 'errorMessage'>,
  { text, sourceArn, what }: Carried,
  settings: OrderSettings,
): Order {
  const request = settings.eventRequests.get(sourceArn);
  const functionName = parseFunctionName(request?.arn ?? '')?.functionName;
  if (request === undefined || functionName === undefined) {
    return refuse(
      `${what} is a dead letter of the invocation ${letter.requestId}, and does not name the function: ${FIX}.`,
    );
  }
  const payload = parseJson(text);
  return payload === undefined
    ? refuse(`${what} is a dead letter whose body is not JSON.`)
    : overflowOrder({ functionName, ...letter }, request, payload.value, settings);
}

function carriedOrders(carried: Carried, settings: OrderSettings): readonly Order[] {
  const { text, sourceArn, functionEvent, requestId, what } = carried;
  const letter = readDeadLetter(carried.attributes);
  if (letter !== undefined) {
    return [deadLetterOrder(letter, carried, settings)];
  }
  const request = settings.eventRequests.get(sourceArn);
  if (request !== undefined && functionEvent !== undefined) {
    return [{ kind: 'request', event: { ...request, input: functionEvent }, requestId }];
  }
  const parsed = parseJson(text);
  if (parsed === undefined) {
    return [refuse(`${what} is not JSON: send a request such as {"arn": "my-function", "input": {}}, or ${FIX}.`)];
  }
  const inner = shapeOf(parsed.value);
  return inner.kind === 'queue' || inner.kind === 'url'
    ? [refuse(`${what} holds an event that only Lambda itself makes.`)]
    : ordersOf(inner, requestId, settings);
}

/** What a message of a queue asks for. */
export function queueMessageOrders(raw: unknown, message: QueueMessage, settings: OrderSettings): readonly Order[] {
  const { messageId, eventSourceARN, body, messageAttributes } = message;
  return carriedOrders(
    {
      text: body,
      sourceArn: eventSourceARN,
      functionEvent: { Records: [raw] },
      attributes: Object.fromEntries(
        Object.entries(messageAttributes).map(([name, { stringValue }]) => [name, stringValue]),
      ),
      requestId: `sqs:${messageId}`,
      what: `The message ${messageId} of ${eventSourceARN}`,
    },
    settings,
  );
}

function notificationOrders({ record, message }: Notification, settings: OrderSettings): readonly Order[] {
  const { MessageId, TopicArn, Message, MessageAttributes } = message;
  return carriedOrders(
    {
      text: Message,
      sourceArn: TopicArn,
      functionEvent: record === undefined ? undefined : { Records: [record] },
      attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value])),
      requestId: `sns:${MessageId}`,
      what: `The message ${MessageId} of ${TopicArn}`,
    },
    settings,
  );
}

/**
 * S3 may send an event more than once, without an id. The sequencer orders the writes of one key, so that it tells them
 * apart; events without one differ in their time.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
function bucketRequestId({ eventName, eventTime, s3: { bucket, object } }: BucketRecord): string {
  const { key, versionId, sequencer } = object;
  const identity = JSON.stringify([bucket.name, key, versionId ?? null, sequencer ?? eventTime, eventName]);
  return `s3:${createHash('sha256').update(identity, 'utf8').digest('hex')}`;
}

function bucketOrder(raw: unknown, record: BucketRecord, { eventRequests }: OrderSettings): Order {
  const { arn } = record.s3.bucket;
  const request = eventRequests.get(arn);
  return request === undefined
    ? refuse(`S3 does not say which function its events are for: ${FIX}, under ${arn}.`)
    : { kind: 'request', event: { ...request, input: { Records: [raw] } }, requestId: bucketRequestId(record) };
}

function busOrders(
  { raw, read }: Extract<EventShape, { kind: 'bus' }>['event'],
  settings: OrderSettings,
): readonly Order[] {
  const { id, resources, detail } = read;
  const requestId = `eventbridge:${id}`;
  const [request] = resources.flatMap((arn) => settings.eventRequests.get(arn) ?? []);
  if (request !== undefined) {
    return [{ kind: 'request', event: { ...request, input: raw }, requestId }];
  }
  // Lambda sends its records of invocations as the detail of an event, too.
  const inner = shapeOf(detail);
  return inner.kind === 'request' || inner.kind === 'invocation-record'
    ? ordersOf(inner, requestId, settings)
    : [refuse(`The detail of the event ${id} is no request: send one such as {"arn": "my-function"}, or ${FIX}.`)];
}

type OrderShape = Exclude<EventShape, { kind: 'queue' | 'url' }>;

/** What an event asks for, record by record; `requestId` is that of what brought it. */
export function ordersOf(shape: OrderShape, requestId: string, settings: OrderSettings): readonly Order[] {
  switch (shape.kind) {
    case 'request':
      return [{ kind: 'request', event: shape.event, requestId }];
    case 'topic':
      return shape.notifications.flatMap((one) => notificationOrders(one, settings));
    case 'bucket':
      return shape.records.map(({ raw, read }) => bucketOrder(raw, read, settings));
    case 'bucket-test':
      return [{ kind: 'ignore', reason: 'S3 tests whether its notifications arrive: they do.' }];
    case 'bus':
      return busOrders(shape.event, settings);
    case 'invocation-record':
      return [invocationRecordOrder(shape.record, settings)];
    case 'unreadable':
      return [refuse(shape.reason)];
  }
}
