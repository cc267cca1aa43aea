import * as v from 'valibot';
import { show } from '../show';
import type { ObjectEvents } from './object-event';
import { type Found, readBusEvent, readNotification } from './read-object';
import {
  BusEventSchema,
  NotificationRecordSchema,
  QueuedNotificationSchema,
  QueueRecordSchema,
  TopicRecordSchema,
} from './schemas';

type Fields = Readonly<Record<string, unknown>>;

const FORMS =
  "an S3 notification, an S3 event of EventBridge, or one of them in SNS's or SQS's wrapping, such as " +
  '{"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "my-bucket"}, "object": {"key": "my+key"}}}]}';

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a text not even its beginning: it may be somebody's secret, and the problem is logged. */
function kindOf(value: unknown): string {
  return typeof value === 'string' ? 'a text' : show(value);
}

function problem(text: string): readonly Found[] {
  return [{ kind: 'problem', problem: text }];
}

/** Reads a part, or names every field of it that is wrong. Never what it holds: it may be somebody's data. */
function readAs<TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
  where: string,
  then: (read: v.InferOutput<TSchema>) => readonly Found[],
): readonly Found[] {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) {
    return then(parsed.output);
  }
  const fields = [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the whole'))];
  return problem(`In ${where} is missing or of another type: ${fields.join(', ')}`);
}

function readText(text: string, where: string): readonly Found[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The reason would quote the text.
    return problem(`There is no JSON in ${where}: give ${FORMS}`);
  }
  return readEvent(value, where);
}

function readRecord(record: unknown, where: string): readonly Found[] {
  if (isObject(record) && 's3' in record) {
    return readAs(NotificationRecordSchema, record, where, (read) => [readNotification(record, read, where)]);
  }
  if (isObject(record) && 'Sns' in record) {
    return readAs(TopicRecordSchema, record, where, ({ Sns }) => readText(Sns.Message, `the Message of ${where}`));
  }
  if (isObject(record) && 'body' in record) {
    return readAs(QueueRecordSchema, record, where, ({ body }) => readText(body, `the body of ${where}`));
  }
  return problem(`There is ${kindOf(record)} in ${where} that is no record of S3, SNS or SQS: give ${FORMS}`);
}

function readEvent(event: unknown, where: string): readonly Found[] {
  if (!isObject(event)) {
    return problem(`There is ${kindOf(event)} in ${where}: give ${FORMS}`);
  }
  if (event['Event'] === 's3:TestEvent') {
    return [{ kind: 'test' }];
  }
  const { Records: records } = event;
  if (Array.isArray(records)) {
    return records.flatMap((record, index) => readRecord(record, `Records[${index}] of ${where}`));
  }
  if ('detail-type' in event) {
    return readAs(BusEventSchema, event, where, (read) => [readBusEvent(event, read, where)]);
  }
  if ('Type' in event && 'Message' in event) {
    return readAs(QueuedNotificationSchema, event, where, ({ Message }) =>
      readText(Message, `the Message of ${where}`),
    );
  }
  return problem(`There is an object in ${where} without Records: give ${FORMS}`);
}

/**
 * The objects that S3 tells of, in order: of a notification with any number of records, of an event of EventBridge, and
 * of what SNS and SQS wrap around either. A text is read as JSON. Where any part cannot be read, none counts: whoever
 * puts the whole aside has lost nothing.
 */
export function parseObjectEvents(body: unknown): ObjectEvents {
  const found = typeof body === 'string' ? readText(body, 'the text') : readEvent(body, 'the event');
  const problems = found.flatMap((one) => (one.kind === 'problem' ? [one.problem] : []));
  if (problems.length > 0) {
    return { kind: 'not-objects', problems };
  }
  if (found.length === 0) {
    return { kind: 'not-objects', problems: [`The event's Records are an empty list: give ${FORMS}`] };
  }
  if (found.every(({ kind }) => kind === 'test')) {
    return { kind: 'test' };
  }
  return {
    kind: 'objects',
    objects: found.flatMap((one) => (one.kind === 'object' ? [one.object] : [])),
    skipped: found.flatMap((one) => (one.kind === 'skipped' ? [one.skipped] : [])),
  };
}
