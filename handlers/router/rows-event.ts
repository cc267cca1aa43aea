import * as v from 'valibot';
import type { RowMessage } from './ports';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
const QueueEventSchema = v.object({
  Records: v.pipe(
    v.array(
      v.object({
        eventSource: v.literal('aws:sqs'),
        eventSourceARN: v.string(),
        messageId: v.string(),
        body: v.string(),
      }),
    ),
    v.minLength(1),
  ),
});

const RowMessageSchema = v.pipe(v.string(), v.parseJson(), v.strictObject({ window: v.string(), row: v.string() }));

export interface QueuedRow {
  readonly messageId: string;
  /** `undefined` where the text is no message of the router's. */
  readonly message: RowMessage | undefined;
}

/** Account and name, in which a queue's ARN and URL agree. */
function queueOf(text: string, separator: string): string {
  return text.split(separator).slice(-2).join(':');
}

/** The messages of the router's own queue in an event; `undefined` when it is another event. */
export function queuedRows(event: unknown, queueUrl: string): readonly QueuedRow[] | undefined {
  const parsed = v.safeParse(QueueEventSchema, event);
  const queue = queueOf(queueUrl, '/');
  if (!parsed.success || parsed.output.Records.some(({ eventSourceARN }) => queueOf(eventSourceARN, ':') !== queue)) {
    return undefined;
  }
  return parsed.output.Records.map(({ messageId, body }) => {
    const message = v.safeParse(RowMessageSchema, body);
    return { messageId, message: message.success ? message.output : undefined };
  });
}
