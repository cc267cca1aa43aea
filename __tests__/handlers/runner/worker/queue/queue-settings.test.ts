import { readWorkerSettings } from '../../../../../handlers/runner/worker/settings';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/work';
const FIFO_URL = `${QUEUE_URL}.fifo`;
const DEAD_LETTERS = `${QUEUE_URL}-dead`;
const FUNCTION = { OVERTIME_FUNCTION_ARN: 'arn:aws:lambda:eu-west-1:123456789012:function:work' };
const QUEUE = { ...FUNCTION, OVERTIME_QUEUE_URL: QUEUE_URL };
const FIFO = { ...FUNCTION, OVERTIME_QUEUE_URL: FIFO_URL };

test('without a word a queue is read as by an event source mapping of Lambda', () => {
  expect(readWorkerSettings(QUEUE)).toMatchObject({
    timeoutSeconds: 42_600,
    source: {
      kind: 'queue',
      queueUrl: QUEUE_URL,
      region: 'eu-west-1',
      queueArn: 'arn:aws:sqs:eu-west-1:123456789012:work',
      isFifo: false,
      messageEvent: 'sqs',
      batchSize: 10,
      batchWindowSeconds: 0,
      reportsBatchItemFailures: true,
      deadLetterQueueUrl: undefined,
      maxReceiveCount: undefined,
      jobsTable: undefined,
      handOverSeconds: 39_600,
    },
  });
});

test('each setting has its variable', () => {
  expect(
    readWorkerSettings({
      ...QUEUE,
      OVERTIME_QUEUE_ARN: 'arn:aws-cn:sqs:cn-north-1:123456789012:other',
      OVERTIME_BATCH_SIZE: '10000',
      OVERTIME_BATCH_WINDOW_SECONDS: '300',
      OVERTIME_REPORT_BATCH_ITEM_FAILURES: 'false',
      OVERTIME_DEAD_LETTER_QUEUE_URL: DEAD_LETTERS,
      OVERTIME_MAX_RECEIVE_COUNT: '5',
      OVERTIME_JOBS_TABLE: 'jobs',
      OVERTIME_HAND_OVER_SECONDS: '60',
    }).source,
  ).toMatchObject({
    queueArn: 'arn:aws-cn:sqs:cn-north-1:123456789012:other',
    batchSize: 10_000,
    batchWindowSeconds: 300,
    reportsBatchItemFailures: false,
    deadLetterQueueUrl: DEAD_LETTERS,
    maxReceiveCount: 5,
    jobsTable: 'jobs',
    handOverSeconds: 60,
  });
});

test.each([
  ['body', FUNCTION],
  ['objects', { OVERTIME_COMMAND: '["work"]' }],
])('with %s each message is a job of its own', (messageEvent, work) => {
  const environment = { OVERTIME_QUEUE_URL: QUEUE_URL, OVERTIME_MESSAGE_EVENT: messageEvent, ...work };

  expect(readWorkerSettings(environment).source).toMatchObject({
    messageEvent,
    batchSize: 1,
    batchWindowSeconds: 0,
    reportsBatchItemFailures: false,
  });
});

test.each([
  ['a standard queue with a table', { ...QUEUE, OVERTIME_JOBS_TABLE: 'jobs' }, 86_400],
  ['a standard queue without one', QUEUE, 42_600],
  ['a FIFO queue', { ...FIFO, OVERTIME_JOBS_TABLE: 'jobs' }, 42_600],
])('of %s a job may take, where nobody says, %p s', (_, environment, seconds) => {
  expect(readWorkerSettings(environment).timeoutSeconds).toBe(seconds);
});

test('with a table a job of a standard queue may take two weeks', () => {
  const environment = { ...QUEUE, OVERTIME_JOBS_TABLE: 'jobs', OVERTIME_TIMEOUT_SECONDS: '1209600' };

  expect(readWorkerSettings(environment).timeoutSeconds).toBe(1_209_600);
});

test.each([
  [
    'twelve hours without a table',
    { ...QUEUE, OVERTIME_TIMEOUT_SECONDS: '43200' },
    'OVERTIME_TIMEOUT_SECONDS is "43200", and SQS hides a message for twelve hours: give at most 42600, or set OVERTIME_JOBS_TABLE.',
  ],
  [
    'twelve hours of a FIFO queue',
    { ...FIFO, OVERTIME_JOBS_TABLE: 'jobs', OVERTIME_TIMEOUT_SECONDS: '43200' },
    'OVERTIME_TIMEOUT_SECONDS is "43200", and SQS hides a message for twelve hours: give at most 42600 for a FIFO queue.',
  ],
  [
    'a batch of eleven without a window',
    { ...QUEUE, OVERTIME_BATCH_SIZE: '11' },
    'OVERTIME_BATCH_SIZE is "11": give at most 10, or set OVERTIME_BATCH_WINDOW_SECONDS to 1 or more.',
  ],
  [
    'a batch of eleven of a FIFO queue',
    { ...FIFO, OVERTIME_BATCH_SIZE: '11' },
    'OVERTIME_BATCH_SIZE is "11": give at most 10 for a FIFO queue.',
  ],
  [
    'a window of a FIFO queue',
    { ...FIFO, OVERTIME_BATCH_WINDOW_SECONDS: '1' },
    'OVERTIME_BATCH_WINDOW_SECONDS is "1": a FIFO queue has no window, leave it at 0.',
  ],
  [
    'a batch of bodies',
    { ...QUEUE, OVERTIME_MESSAGE_EVENT: 'body', OVERTIME_BATCH_SIZE: '2' },
    'OVERTIME_BATCH_SIZE is "2", and with OVERTIME_MESSAGE_EVENT "body" each message is a job of its own: give 1, or leave it out.',
  ],
  [
    'objects for a function',
    { ...QUEUE, OVERTIME_MESSAGE_EVENT: 'objects' },
    'OVERTIME_MESSAGE_EVENT is "objects", which are files for a command: set OVERTIME_COMMAND, or give a function its messages as "sqs".',
  ],
  [
    'another event',
    { ...QUEUE, OVERTIME_MESSAGE_EVENT: 'sns' },
    'OVERTIME_MESSAGE_EVENT is "sns": give one of sqs, body, objects.',
  ],
  [
    'a number of receives without a dead-letter queue',
    { ...QUEUE, OVERTIME_MAX_RECEIVE_COUNT: '5' },
    'OVERTIME_MAX_RECEIVE_COUNT is set, and OVERTIME_DEAD_LETTER_QUEUE_URL is not: give both, or none of them.',
  ],
  [
    'a URL without an account',
    { ...QUEUE, OVERTIME_QUEUE_URL: 'http://localhost:4566/work', AWS_REGION: 'eu-west-1' },
    'OVERTIME_QUEUE_URL is "http://localhost:4566/work", which does not end in /ACCOUNT/NAME: set OVERTIME_QUEUE_ARN as well.',
  ],
])('%s is refused', (_, environment, message) => {
  expect(() => readWorkerSettings(environment)).toThrow(message);
});
