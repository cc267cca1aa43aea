import * as v from 'valibot';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
const LaunchEventSchema = v.object({
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

type LaunchEvent = v.InferOutput<typeof LaunchEventSchema>;

/** Account and name, in which a queue's ARN and URL agree. */
function queueOf(text: string, separator: string): string {
  return text.split(separator).slice(-2).join(':');
}

/** The messages of the launch queue in an event; `undefined` when it is another event. */
export function launchRecords(event: unknown, queueUrl: string): LaunchEvent['Records'] | undefined {
  const parsed = v.safeParse(LaunchEventSchema, event);
  const queue = queueOf(queueUrl, '/');
  return parsed.success && parsed.output.Records.every(({ eventSourceARN }) => queueOf(eventSourceARN, ':') === queue)
    ? parsed.output.Records
    : undefined;
}
