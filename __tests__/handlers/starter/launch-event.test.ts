import { launchRecords } from '../../../handlers/starter/launch-event';
import { createStarter } from '../../../handlers/starter/starter';
import { SETTINGS } from '../../support/starter/examples';
import { fakeWorld, invocation } from '../../support/starter/fake-world';

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:overtime-launches.fifo';

/** As https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-fifo-message-event has it. */
const event = (eventSourceARN = ARN, eventSource = 'aws:sqs') => ({
  Records: [
    {
      messageId: '11d6ee51-4cc7-4302-9e22-7cd8afdaadf5',
      receiptHandle: 'AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw...',
      body: 'Test message.',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1573251510774',
        SequenceNumber: '18849496460467696128',
        MessageGroupId: '1',
        SenderId: 'AIDAIO23YVJENQZJOL4VO',
        MessageDeduplicationId: '1',
        ApproximateFirstReceiveTimestamp: '1573251510774',
      },
      messageAttributes: {},
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      eventSource,
      eventSourceARN,
      awsRegion: 'eu-west-1',
    },
  ],
});

test("the launch queue's messages are known by its account and name", () => {
  expect(launchRecords(event(), SETTINGS.launchQueueUrl)).toMatchObject([
    { messageId: '11d6ee51-4cc7-4302-9e22-7cd8afdaadf5', body: 'Test message.' },
  ]);
  expect(launchRecords(event(), 'http://127.0.0.1:4566/123456789012/overtime-launches.fifo')).toHaveLength(1);
});

test.each([
  ['of another queue', event('arn:aws:sqs:eu-west-1:123456789012:overtime-requests')],
  ['of another account', event('arn:aws:sqs:eu-west-1:210987654321:overtime-launches.fifo')],
  ['of S3', event(ARN, 'aws:s3')],
  ['without messages', { Records: [] }],
  ['of a direct invocation', { arn: 'resize' }],
  ['that is nothing', null],
])('an event %s is not for the launch queue', (_, other) => {
  expect(launchRecords(other, SETTINGS.launchQueueUrl)).toBeUndefined();
});

test('the starter answers them as the event source mapping wants it', async () => {
  expect(await createStarter(fakeWorld().deps)(event(), invocation())).toEqual({ batchItemFailures: [] });
});
