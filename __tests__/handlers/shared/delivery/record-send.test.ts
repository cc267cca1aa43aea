import { parseDestination } from '../../../../handlers/shared/delivery/destination';
import type { FinalRun } from '../../../../handlers/shared/delivery/final-run';
import { RECORD_BYTES } from '../../../../handlers/shared/delivery/limits';
import { type RunPayloads, recordSend } from '../../../../handlers/shared/delivery/record-send';
import { FUNCTION_ARN, failed, held, jsonOfBytes, stored, succeeded } from '../../../support/delivery/runs';

const PLACE = 'eu-west-1:123456789012';
const PAYLOADS = { input: held('{"day":1}'), output: held('{"rows":3}') };

function send(run: FinalRun, arn: string, payloads: RunPayloads = PAYLOADS) {
  const destination = parseDestination(arn);
  if (destination === undefined) {
    throw new Error(`${arn} is no destination`);
  }
  return recordSend(run, destination, payloads);
}

/** What a queue gets, read. */
function record(run: FinalRun, payloads: RunPayloads = PAYLOADS): unknown {
  const sent = send(run, `arn:aws:sqs:${PLACE}:results`, payloads);
  return JSON.parse(sent.to === 'queue' ? String(sent.input.MessageBody) : '');
}

const SUCCESS_RECORD = {
  version: '1.0',
  timestamp: '2026-11-20T12:34:56.789Z',
  requestContext: {
    requestId: 'run-1',
    functionArn: `${FUNCTION_ARN}:$LATEST`,
    condition: 'Success',
    approximateInvokeCount: 2,
  },
  requestPayload: { day: 1 },
  responseContext: { statusCode: 200, executedVersion: '$LATEST' },
  responsePayload: { rows: 3 },
};

describe('the record', () => {
  test('of a success is as Lambda’s', () => {
    expect(record(succeeded())).toEqual(SUCCESS_RECORD);
  });

  test('of a failure is as Lambda’s', () => {
    expect(record(failed({ functionArn: `${FUNCTION_ARN}:7` }))).toEqual({
      ...SUCCESS_RECORD,
      requestContext: {
        ...SUCCESS_RECORD.requestContext,
        functionArn: `${FUNCTION_ARN}:7`,
        condition: 'RetriesExhausted',
      },
      responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'out of range', trace: ['RangeError: out of range'] },
    });
  });

  test('of a container run has its task definition in place of the function, and no version', () => {
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/nightly:12';
    const { functionArn: _, output: __, ...row } = succeeded({ container: 'app', taskDefinition: arn });
    const fifo = send(row, `arn:aws:sqs:${PLACE}:results.fifo`, { input: held('null'), output: undefined });
    const object = send(row, 'arn:aws:s3:::results');

    expect(record(row, { input: held('null'), output: undefined })).toEqual({
      ...SUCCESS_RECORD,
      requestContext: { ...SUCCESS_RECORD.requestContext, functionArn: arn },
      requestPayload: null,
      responseContext: { statusCode: 200 },
      responsePayload: null,
    });
    expect(fifo).toMatchObject({ input: { MessageGroupId: 'nightly' } });
    expect(object).toMatchObject({ input: { Key: expect.stringMatching(/^aws\/lambda\/async\/nightly\//) } });
  });

  test('of a run through an alias does not say which version ran', () => {
    expect(record(succeeded({ functionArn: `${FUNCTION_ARN}:live` }))).toMatchObject({
      requestContext: { functionArn: `${FUNCTION_ARN}:live` },
      responseContext: { statusCode: 200 },
    });
    expect(record(succeeded({ functionArn: `${FUNCTION_ARN}:live` }))).not.toHaveProperty(
      'responseContext.executedVersion',
    );
  });

  test('of a cancelled run says so', () => {
    expect(record(failed({ status: 'CANCELLED' }))).toMatchObject({ requestContext: { condition: 'Cancelled' } });
  });

  test('has payloads as they were, numbers past 2^53 too', () => {
    const sent = send(succeeded(), `arn:aws:sqs:${PLACE}:results`, {
      ...PAYLOADS,
      output: held('12345678901234567890'),
    });

    expect(sent).toMatchObject({
      input: { MessageBody: expect.stringContaining('"responsePayload":12345678901234567890}') },
    });
  });
});

describe('a record that is too large', () => {
  const large = (share: number) => jsonOfBytes(Math.floor(RECORD_BYTES.queue * share));
  const pointer = (bytes: number, key: string) => ({
    overtime: 'payload-pointer',
    runId: 'run-1',
    bytes,
    bucket: 'payloads',
    key,
  });

  test('has a pointer for the one payload that makes it fit with the least loss', () => {
    const input = stored(large(0.4), 'inputs/run-1.json');

    expect(record(succeeded(), { input, output: stored(large(0.7)) })).toEqual({
      ...SUCCESS_RECORD,
      requestPayload: pointer(input.bytes, 'inputs/run-1.json'),
      responsePayload: JSON.parse(large(0.7)),
    });
    expect(record(succeeded(), { input, output: stored(large(1)) })).toEqual({
      ...SUCCESS_RECORD,
      requestPayload: JSON.parse(large(0.4)),
      responsePayload: pointer(Buffer.byteLength(large(1)), 'outputs/run-1/2.json'),
    });
  });

  test('has pointers for both where neither fits', () => {
    const payloads = { input: stored(large(1), 'inputs/run-1.json'), output: stored(large(1)) };
    const bytes = Buffer.byteLength(large(1));

    expect(record(succeeded(), payloads)).toEqual({
      ...SUCCESS_RECORD,
      requestPayload: pointer(bytes, 'inputs/run-1.json'),
      responsePayload: pointer(bytes, 'outputs/run-1/2.json'),
    });
  });

  test('of an input that lies in no object says how large it was', () => {
    expect(
      record(succeeded(), { ...PAYLOADS, input: { bytes: 9_000_000, text: undefined, location: undefined } }),
    ).toEqual({
      ...SUCCESS_RECORD,
      requestPayload: { overtime: 'payload-pointer', runId: 'run-1', bytes: 9_000_000 },
    });
  });

  test('because of its error has the beginning of it', () => {
    const error = { errorType: 'E', errorMessage: 'm'.repeat(32_768), stackTrace: ['s'] };
    const input = held(jsonOfBytes(RECORD_BYTES.topic - 10_000));
    const sent = send(failed({ error }), `arn:aws:sns:${PLACE}:results`, { input, output: undefined });

    expect(sent.to === 'topic' ? JSON.parse(String(sent.input.Message)) : undefined).toMatchObject({
      requestPayload: JSON.parse(input.text ?? ''),
      responsePayload: { errorType: 'E', errorMessage: 'm'.repeat(1_024), trace: [] },
    });
  });

  test.each([
    ['fits to the byte', 0, 'whole'],
    ['is one byte longer', 1, 'as a pointer'],
  ])('begins beyond the limit: an input that %s is sent %s', (_, more, how) => {
    const own = JSON.stringify({ ...SUCCESS_RECORD, requestPayload: 0 }).length - 1;
    const input = stored(jsonOfBytes(RECORD_BYTES.queue - own + more), 'inputs/run-1.json');
    const { requestPayload } = record(succeeded(), { ...PAYLOADS, input }) as { requestPayload: unknown };

    expect(requestPayload).toEqual(
      how === 'whole' ? JSON.parse(input.text ?? '') : pointer(input.bytes, 'inputs/run-1.json'),
    );
  });
});

describe('goes', () => {
  const text = JSON.stringify(SUCCESS_RECORD);

  test('to a queue', () => {
    expect(send(succeeded(), `arn:aws:sqs:${PLACE}:results`)).toEqual({
      to: 'queue',
      region: 'eu-west-1',
      account: '123456789012',
      name: 'results',
      input: { MessageBody: text },
    });
  });

  test('to a FIFO queue, in one group for each function, once for each run', () => {
    expect(send(succeeded(), `arn:aws:sqs:${PLACE}:results.fifo`)).toMatchObject({
      input: { MessageBody: text, MessageGroupId: 'report', MessageDeduplicationId: 'run-1-2' },
    });
  });

  test('to a topic', () => {
    expect(send(succeeded(), `arn:aws:sns:${PLACE}:results`)).toEqual({
      to: 'topic',
      region: 'eu-west-1',
      input: { TopicArn: `arn:aws:sns:${PLACE}:results`, Message: text },
    });
  });

  test('to a FIFO topic, in one group for each function, once for each run', () => {
    expect(send(succeeded(), `arn:aws:sns:${PLACE}:results.fifo`)).toMatchObject({
      input: { MessageGroupId: 'report', MessageDeduplicationId: 'run-1-2' },
    });
  });

  test.each([
    ['Success', succeeded()],
    ['Failure', failed()],
  ])('to an event bus as Lambda’s own event of a %s', (result, run) => {
    const bus = `arn:aws:events:${PLACE}:event-bus/default`;

    expect(send(run, bus)).toEqual({
      to: 'eventBus',
      region: 'eu-west-1',
      entry: {
        EventBusName: bus,
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${result}`,
        Resources: [bus, `${FUNCTION_ARN}:$LATEST`],
        Time: new Date('2026-11-20T12:34:56.789Z'),
        Detail: JSON.stringify(record(run)),
      },
    });
  });

  test('to an event bus in an entry of less than 1 MB, all of its fields counted', () => {
    const bus = `arn:aws:events:${PLACE}:event-bus/default`;
    const sent = send(succeeded(), bus, { ...PAYLOADS, input: stored(jsonOfBytes(999_700)) });

    expect(sent).toMatchObject({ entry: { Detail: expect.stringContaining('"overtime":"payload-pointer"') } });
  });

  test('to a function, asynchronously', () => {
    const FunctionName = `arn:aws:lambda:${PLACE}:function:after:live`;

    expect(send(succeeded(), FunctionName)).toEqual({
      to: 'function',
      region: 'eu-west-1',
      input: { FunctionName, InvocationType: 'Event', Payload: new TextEncoder().encode(text) },
    });
  });

  test('to a bucket, under Lambda’s own kind of key', () => {
    expect(send(succeeded(), 'arn:aws:s3:::results')).toEqual({
      to: 'bucket',
      input: {
        Bucket: 'results',
        Key: 'aws/lambda/async/report/2026/11/20/2026-11-20T12.34.56-run-1',
        Body: text,
        ContentType: 'application/json',
      },
    });
  });
});
