import { sendFault } from '../../../../handlers/shared/delivery/send-error';

function error(name: string, httpStatusCode?: number): Error {
  const thrown = Object.assign(new Error('why'), httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } });
  thrown.name = name;
  return thrown;
}

test.each([
  ['taskToken', 'TaskTimedOut', 400, 'gone'],
  ['taskToken', 'TaskDoesNotExist', 400, 'gone'],
  ['taskToken', 'InvalidToken', 400, 'gone'],
  ['callback', 'CallbackTimeoutException', 400, 'gone'],
  ['callback', 'ResourceNotFoundException', 404, 'gone'],
  ['function', 'ResourceNotFoundException', 404, 'refused'],
  ['queue', 'TaskTimedOut', 400, 'refused'],
  ['taskToken', 'ThrottlingException', 400, 'failed'],
  ['taskToken', 'KmsThrottlingException', 400, 'failed'],
  ['taskToken', 'AccessDeniedException', 400, 'refused'],
  ['taskToken', 'ExpiredTokenException', 403, 'failed'],
  ['bucket', 'ExpiredToken', 400, 'failed'],
  ['queue', 'RequestExpired', 400, 'failed'],
  ['callback', 'TooManyRequestsException', 429, 'failed'],
  ['topic', 'Throttled', 400, 'failed'],
  ['topic', 'AuthorizationError', 403, 'refused'],
  ['queue', 'QueueDoesNotExist', 400, 'refused'],
  ['queue', 'RequestThrottled', 403, 'failed'],
  ['bucket', 'SlowDown', 503, 'failed'],
  ['bucket', 'NoSuchBucket', 404, 'refused'],
  ['eventBus', 'InternalException', 500, 'failed'],
  ['queue', 'TimeoutError', undefined, 'failed'],
  ['queue', 'Error', undefined, 'failed'],
] as const)('to a %s, %s with HTTP %p is %s', (to, name, status, kind) => {
  expect(sendFault(to, error(name, status))).toEqual({ kind, reason: `${name}: why` });
});

test('what is no error may go well later', () => {
  expect(sendFault('queue', 'why')).toEqual({ kind: 'failed', reason: 'why' });
});

test.each([
  'Value AQEB for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
  'Value AQEB for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
])('a queue that says "%s" has given the message to another, whatever name it gives that', (message) => {
  const thrown = Object.assign(new Error(message), {
    name: 'InvalidParameterValue',
    $metadata: { httpStatusCode: 400 },
  });

  expect(sendFault('queue', thrown).kind).toBe('gone');
  expect(sendFault('bucket', thrown).kind).toBe('refused');
});

test('a visibility above twelve hours is refused, and the message is still held', () => {
  const message =
    'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';
  const thrown = Object.assign(new Error(message), {
    name: 'InvalidParameterValue',
    $metadata: { httpStatusCode: 400 },
  });

  expect(sendFault('queue', thrown).kind).toBe('refused');
});
