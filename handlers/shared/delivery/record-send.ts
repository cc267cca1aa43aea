import { utf8Bytes } from '../payload';
import { whatRan } from '../what-ran';
import type { Destination } from './destination';
import type { FinalRun } from './final-run';
import type { HeldPayload } from './held-payload';
import { invocationRecord, recordFunctionArn, recordTime } from './invocation-record';
import { RECORD_BYTES } from './limits';
import type { Send } from './send';

export interface RunPayloads {
  readonly input: HeldPayload;
  /** `undefined` where the run has none. */
  readonly output: HeldPayload | undefined;
}

/** What PutEvents counts for the time of an entry: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const EVENT_TIME_BYTES = 14;

/** In a FIFO queue or topic the runs of a function, or of a task definition, keep their order, and a record that is sent again is dropped. */
function fifoFields(run: FinalRun, isFifo: boolean) {
  return isFifo ? { MessageGroupId: whatRan(run).name, MessageDeduplicationId: `${run.runId}-${run.attempt}` } : {};
}

/**
 * Key of the object of a record, as Lambda names its own; the run's id stands for the random part, so that a record
 * that is sent again replaces itself.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function objectKey(run: FinalRun): string {
  const time = recordTime(run);
  const [date = '', clock = ''] = time.split('T');
  const seconds = clock.slice(0, 'HH:MM:SS'.length).replaceAll(':', '.');
  return `aws/lambda/async/${whatRan(run).name}/${date.replaceAll('-', '/')}/${date}T${seconds}-${run.runId}`;
}

/** The invocation record of a run for a destination. */
export function recordSend(run: FinalRun, destination: Destination, { input, output }: RunPayloads): Send {
  const record = (limitBytes: number) => invocationRecord(run, input, output, limitBytes);
  switch (destination.kind) {
    case 'queue': {
      const { region, account, name, isFifo } = destination;
      const message = { MessageBody: record(RECORD_BYTES.queue), ...fifoFields(run, isFifo) };
      return { to: 'queue', region, account, name, input: message };
    }
    case 'topic': {
      const { region, arn, isFifo } = destination;
      const message = { TopicArn: arn, Message: record(RECORD_BYTES.topic), ...fifoFields(run, isFifo) };
      return { to: 'topic', region, input: message };
    }
    case 'eventBus': {
      const result = run.status === 'SUCCEEDED' ? 'Success' : 'Failure';
      const entry = {
        EventBusName: destination.arn,
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${result}`,
        Resources: [destination.arn, recordFunctionArn(run)],
        Time: new Date(recordTime(run)),
      };
      const others = [entry.Source, entry.DetailType, ...entry.Resources].map(utf8Bytes);
      const taken = others.reduce((sum, bytes) => sum + bytes, EVENT_TIME_BYTES);
      const Detail = record(RECORD_BYTES.eventBus - taken);
      return { to: 'eventBus', region: destination.region, entry: { ...entry, Detail } };
    }
    case 'function': {
      const Payload = new TextEncoder().encode(record(RECORD_BYTES.function));
      const input = { FunctionName: destination.arn, InvocationType: 'Event', Payload } as const;
      return { to: 'function', region: destination.region, input };
    }
    case 'bucket': {
      const { bucket: Bucket } = destination;
      const Body = record(RECORD_BYTES.bucket);
      return { to: 'bucket', input: { Bucket, Key: objectKey(run), Body, ContentType: 'application/json' } };
    }
  }
}
