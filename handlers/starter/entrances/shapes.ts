import * as v from 'valibot';
import {
  type BucketRecord,
  BucketRecordSchema,
  type BusEvent,
  BusEventSchema,
  type InvocationRecord,
  InvocationRecordSchema,
  NotificationSchema,
  QueuedNotificationSchema,
  type QueueMessage,
  QueueMessageSchema,
  type TopicMessage,
  type UrlRequest,
  UrlRequestSchema,
} from './aws-events';

/** A record as it came, which a function may get in its event, and what was read of it. */
interface Read<T> {
  readonly raw: unknown;
  readonly read: T;
}

/** A topic's message. One that came through a queue is in another form than functions get, so it has no record. */
export interface Notification {
  readonly record: unknown;
  readonly message: TopicMessage;
}

/** What an event is, by its shape alone. */
export type EventShape =
  | { readonly kind: 'request'; readonly event: unknown }
  | { readonly kind: 'queue'; readonly messages: readonly Read<QueueMessage>[] }
  | { readonly kind: 'topic'; readonly notifications: readonly Notification[] }
  | { readonly kind: 'bucket'; readonly records: readonly Read<BucketRecord>[] }
  /** S3 sends it when notifications are set up. */
  | { readonly kind: 'bucket-test' }
  | { readonly kind: 'bus'; readonly event: Read<BusEvent> }
  | { readonly kind: 'invocation-record'; readonly record: InvocationRecord }
  | { readonly kind: 'url'; readonly request: UrlRequest }
  | { readonly kind: 'unreadable'; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

interface Form {
  readonly name: string;
  /** Whether the event means to be of this form. Whether it is well formed is for `read` to say. */
  readonly isMeant: (event: Fields) => boolean;
  readonly read: (event: Fields) => EventShape;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads `value`, or says which field is wrong. Never what it holds: it may be somebody's data. */
function readAs<TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
  name: string,
  then: (read: v.InferOutput<TSchema>) => EventShape,
): EventShape {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) {
    return then(parsed.output);
  }
  const field = v.getDotPath(parsed.issues[0]);
  return {
    kind: 'unreadable',
    reason: `The event looks like ${name}, and its field ${field ?? '(the whole)'} is missing or of another type.`,
  };
}

const sourceOf = (record: unknown) => (isObject(record) ? (record['eventSource'] ?? record['EventSource']) : undefined);

function readRecords({ Records: records }: Fields): EventShape {
  if (!Array.isArray(records) || records.length === 0) {
    return { kind: 'unreadable', reason: "The event's Records are no list, or an empty one." };
  }
  const sources = new Set(records.map(sourceOf));
  const [source] = sources;
  if (sources.size > 1) {
    return {
      kind: 'unreadable',
      reason: "The event's Records are of several sources: send each source's in one event.",
    };
  }
  const withRaw = <T>(read: readonly T[]) => read.map((one, index) => ({ raw: records[index], read: one }));
  switch (source) {
    case 'aws:sqs':
      return readAs(v.array(QueueMessageSchema), records, 'one of SQS', (read) => ({
        kind: 'queue',
        messages: withRaw(read),
      }));
    case 'aws:sns':
      return readAs(v.array(NotificationSchema), records, 'one of SNS', (read) => ({
        kind: 'topic',
        notifications: read.map(({ Sns }, index) => ({ record: records[index], message: Sns })),
      }));
    case 'aws:s3':
      return readAs(v.array(BucketRecordSchema), records, 'one of S3', (read) => ({
        kind: 'bucket',
        records: withRaw(read),
      }));
    default:
      return {
        kind: 'unreadable',
        reason: `The event has Records of ${typeof source === 'string' ? JSON.stringify(source) : 'no named source'}: the starter reads those of aws:sqs, aws:sns and aws:s3.`,
      };
  }
}

const FORMS: readonly Form[] = [
  { name: 'Records', isMeant: (event) => 'Records' in event, read: readRecords },
  {
    name: 'a notification of SNS',
    isMeant: (event) => event['Type'] === 'Notification' && 'TopicArn' in event,
    read: (event) =>
      readAs(QueuedNotificationSchema, event, 'a notification of SNS', (read) => ({
        kind: 'topic',
        notifications: [{ record: undefined, message: read }],
      })),
  },
  {
    name: 'a test of S3',
    isMeant: (event) => event['Event'] === 's3:TestEvent',
    read: () => ({ kind: 'bucket-test' }),
  },
  {
    name: 'an event of EventBridge',
    isMeant: (event) => 'detail-type' in event && 'detail' in event,
    read: (event) =>
      readAs(BusEventSchema, event, 'one of EventBridge', (read) => ({ kind: 'bus', event: { raw: event, read } })),
  },
  {
    name: 'a record of an asynchronous invocation',
    isMeant: ({ requestContext: context }) => isObject(context) && 'condition' in context,
    read: (event) =>
      readAs(InvocationRecordSchema, event, "Lambda's record of an asynchronous invocation", (record) => ({
        kind: 'invocation-record',
        record,
      })),
  },
  {
    name: 'a request to a function URL',
    isMeant: ({ requestContext: context }) => isObject(context) && 'http' in context,
    read: (event) =>
      readAs(UrlRequestSchema, event, 'a request to a function URL (payload format 2.0)', (request) => ({
        kind: 'url',
        request,
      })),
  },
];

/** Whoever writes one of these means a request: request.ts refuses what else the event has. */
const MARKS_OF_A_REQUEST = ['arn', 'taskDefinition', 'action'];

/** Tells from which service an event came, by the marks that AWS's documented samples have. */
export function shapeOf(event: unknown): EventShape {
  if (!isObject(event) || MARKS_OF_A_REQUEST.some((field) => field in event)) {
    return { kind: 'request', event };
  }
  const [form, another] = FORMS.filter(({ isMeant }) => isMeant(event));
  if (form === undefined) {
    return { kind: 'request', event };
  }
  return another === undefined
    ? form.read(event)
    : { kind: 'unreadable', reason: `The event is ${form.name} and ${another.name} at once: send one of them.` };
}
