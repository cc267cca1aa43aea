import { isWorker, readWorkerSettings } from '../../../../handlers/runner/worker/settings';

const ACTIVITY_ARN = 'arn:aws:states:eu-west-1:123456789012:activity:work';
const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:work';
const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/work';
const ACTIVITY = { OVERTIME_ACTIVITY_ARN: ACTIVITY_ARN, OVERTIME_FUNCTION_ARN: FUNCTION_ARN };

test('an activity and a function are all that a worker must be given', () => {
  expect(readWorkerSettings(ACTIVITY)).toMatchObject({
    source: { kind: 'activity', activityArn: ACTIVITY_ARN, region: 'eu-west-1' },
    work: { kind: 'function', functionName: FUNCTION_ARN },
    region: 'eu-west-1',
    concurrency: 1,
    heartbeatMilliseconds: 30_000,
    timeoutSeconds: 86_400,
    idleSeconds: undefined,
    payloadBucket: undefined,
    stopTimeoutSeconds: 30,
  });
});

test.each([
  ['a function alone', { OVERTIME_FUNCTION_ARN: FUNCTION_ARN }, false],
  ['a run', { OVERTIME_RUN: '{}' }, false],
  ['an empty variable', { OVERTIME_ACTIVITY_ARN: '' }, false],
  ['an activity', { OVERTIME_ACTIVITY_ARN: ACTIVITY_ARN, OVERTIME_RUN: '{}' }, true],
  ['a queue', { OVERTIME_QUEUE_URL: QUEUE_URL }, true],
  ['an event', { OVERTIME_EVENT: '{}' }, true],
])('with %s the runner is a worker: %j is %p', (_, environment, expected) => {
  expect(isWorker(environment)).toBe(expected);
});

describe('the Region', () => {
  const own = { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'eu-south-1' };

  test.each([
    ['of an activity is in its ARN', { ...ACTIVITY, ...own }, 'eu-west-1'],
    [
      'of a queue is in its host',
      { ...ACTIVITY, ...own, OVERTIME_ACTIVITY_ARN: '', OVERTIME_QUEUE_URL: QUEUE_URL },
      'eu-west-1',
    ],
    [
      'of a queue whose host does not say is AWS_REGION',
      { ...ACTIVITY, ...own, OVERTIME_ACTIVITY_ARN: '', OVERTIME_QUEUE_URL: 'http://localhost:4566/1/work' },
      'eu-north-1',
    ],
  ])('%s', (_, environment, region) => {
    expect(readWorkerSettings(environment).source).toMatchObject({ region });
  });

  const EVENT = { OVERTIME_EVENT: '{}', OVERTIME_FUNCTION_ARN: 'work' };

  test.each([
    ['AWS_REGION', { ...EVENT, ...own }, 'eu-north-1'],
    ['AWS_DEFAULT_REGION where AWS_REGION is not set', { ...EVENT, ...own, AWS_REGION: undefined }, 'eu-south-1'],
    ["the function's where nothing else is set", { ...EVENT, OVERTIME_FUNCTION_ARN: FUNCTION_ARN }, 'eu-central-1'],
  ])('of what names none is %s', (_, environment, region) => {
    expect(readWorkerSettings(environment).region).toBe(region);
  });

  test('is never guessed', () => {
    expect(() => readWorkerSettings(EVENT)).toThrow(
      'No Region is known: name the function by its ARN, give --region, or set AWS_REGION or AWS_DEFAULT_REGION.',
    );
  });
});

test.each([
  ['every 30 seconds', {}, 30_000],
  ["a third of the state's HeartbeatSeconds", { OVERTIME_HEARTBEAT_SECONDS: '60' }, 20_000],
  ['every 30 seconds at least', { OVERTIME_HEARTBEAT_SECONDS: '3600' }, 30_000],
  ['what the command line says', { OVERTIME_HEARTBEAT_SECONDS: '60', OVERTIME_HEARTBEAT_MILLISECONDS: '5000' }, 5_000],
])('heartbeats are sent %s', (_, environment, milliseconds) => {
  expect(readWorkerSettings({ ...ACTIVITY, ...environment }).heartbeatMilliseconds).toBe(milliseconds);
});

test('a command is a JSON list of words', () => {
  const environment = { OVERTIME_ACTIVITY_ARN: ACTIVITY_ARN, OVERTIME_COMMAND: '["python3", "work.py", ""]' };

  expect(readWorkerSettings(environment).work).toEqual({ kind: 'command', words: ['python3', 'work.py', ''] });
});

test.each([
  [
    'neither function nor command',
    { OVERTIME_FUNCTION_ARN: '' },
    /^Neither of OVERTIME_FUNCTION_ARN and OVERTIME_COMMAND/,
  ],
  ['function and command', { OVERTIME_COMMAND: '["a"]' }, /^Both of OVERTIME_FUNCTION_ARN and OVERTIME_COMMAND/],
  ['a shell line', { OVERTIME_FUNCTION_ARN: '', OVERTIME_COMMAND: 'a b' }, /^OVERTIME_COMMAND is no command/],
  ['no words', { OVERTIME_FUNCTION_ARN: '', OVERTIME_COMMAND: '[]' }, /^OVERTIME_COMMAND is no command/],
  [
    "a state machine's ARN",
    { OVERTIME_ACTIVITY_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:a' },
    /^OVERTIME_ACTIVITY_ARN is "arn/,
  ],
  [
    'no URL',
    { OVERTIME_ACTIVITY_ARN: '', OVERTIME_QUEUE_URL: 'work' },
    /^OVERTIME_QUEUE_URL is "work": give a queue's URL/,
  ],
  ['no name of a function', { OVERTIME_FUNCTION_ARN: 'a b' }, /^OVERTIME_FUNCTION_ARN is "a b": give an ARN/],
  ['no concurrency', { OVERTIME_CONCURRENCY: '0' }, /^OVERTIME_CONCURRENCY is "0": give a whole number from 1 to 1000/],
  ['no heartbeat', { OVERTIME_HEARTBEAT_MILLISECONDS: '1' }, /^OVERTIME_HEARTBEAT_MILLISECONDS is "1"/],
  [
    'two tasks at once for the one runtime of a container-image function',
    {
      OVERTIME_CONCURRENCY: '2',
      OVERTIME_RUNTIME_CONTAINER: 'image',
      OVERTIME_RUNTIME_API_PORT: '9001',
      OVERTIME_IMAGE_URI: 'example.org/function:1',
      OVERTIME_ENVIRONMENT_SHA256: 'abc',
      ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/id',
    },
    /^OVERTIME_CONCURRENCY is "2", and the container of a container-image function is one runtime/,
  ],
])('%s is refused', (_, environment, message) => {
  expect(() => readWorkerSettings({ ...ACTIVITY, ...environment })).toThrow(message);
});

test('in the container of a zip function’s runtimes several are started, so that a worker may do several tasks at once', () => {
  const container = { OVERTIME_RUNTIME_CONTAINER: 'package', OVERTIME_CONTROL_ROOT: '/overtime' };

  expect(readWorkerSettings({ ...ACTIVITY, ...container, OVERTIME_CONCURRENCY: '2' })).toMatchObject({
    concurrency: 2,
    runtimeContainer: { kind: 'package', controlRoot: '/overtime' },
  });
});
