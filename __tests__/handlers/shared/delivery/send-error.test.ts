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
