import type { Message } from '@aws-sdk/client-sqs';
import { queueMessage } from '../../../../../handlers/runner/worker/queue/message';
import { sqsEvent } from '../../../../../handlers/runner/worker/queue/sqs-event';
import fifo from '../../../../support/events/sqs-fifo.json';
import standard from '../../../../support/events/sqs-standard.json';
import { queueMessageOf } from '../../../../support/worker/queue-messages';

interface EventRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, { readonly stringValue: string; readonly dataType: string }>>;
  readonly md5OfBody: string;
}

/** The message as SQS would have given it to whoever made that record of it. */
const asReceived = (record: EventRecord): Message => ({
  MessageId: record.messageId,
  ReceiptHandle: record.receiptHandle,
  Body: record.body,
  MD5OfBody: record.md5OfBody,
  Attributes: { ...record.attributes },
  MessageAttributes: Object.fromEntries(
    Object.entries(record.messageAttributes).map(([name, { stringValue, dataType }]) => [
      name,
      { StringValue: stringValue, DataType: dataType },
    ]),
  ),
});

test.each([
  ['a standard queue', standard],
  ['a FIFO queue', fifo],
])('the event of %s is the one that AWS documents', (_, event) => {
  const records: readonly (EventRecord & { readonly eventSourceARN: string; readonly awsRegion: string })[] =
    event.Records;
  const messages = records.flatMap((record) => queueMessage(asReceived(record), 0) ?? []);
  const [first] = records;

  expect(
    JSON.parse(sqsEvent(messages, { queueArn: first?.eventSourceARN ?? '', region: first?.awsRegion ?? '' })),
  ).toEqual(event);
});

test('bytes are base64, and the sum of the attributes is there where SQS gives it', () => {
  const message = queueMessageOf('m', {
    attributes: { bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) } },
    attributesMd5: 'sum',
  });

  expect(JSON.parse(sqsEvent([message], { queueArn: 'arn', region: 'r' })).Records[0]).toMatchObject({
    messageAttributes: {
      bytes: { binaryValue: 'AQID', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
    },
    md5OfMessageAttributes: 'sum',
  });
});

test('a copy looks as the first message would that was received so often', () => {
  const copy = queueMessageOf('copy', {
    firstMessageId: 'first',
    receiveCount: 7,
    isCopy: true,
    system: { ApproximateReceiveCount: '1', SentTimestamp: '5' },
  });

  expect(JSON.parse(sqsEvent([copy], { queueArn: 'arn', region: 'r' })).Records[0]).toMatchObject({
    messageId: 'first',
    receiptHandle: 'handle of copy',
    attributes: { ApproximateReceiveCount: '7', SentTimestamp: '5' },
  });
});
