import { pollFault } from '../../../../handlers/runner/worker/poll-fault';

function fault(name: string, httpStatusCode?: number): Error {
  const metadata = httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } };
  return Object.assign(new Error('a fault'), { name, ...metadata });
}

test.each([
  ['the network is out of reach', fault('TimeoutError'), 'later'],
  ['AWS has a fault', fault('InternalServerError', 500), 'later'],
  ['AWS is throttling', fault('ThrottlingException', 400), 'later'],
  ['there are too many calls', fault('Other', 429), 'later'],
  ['there are too many workers', fault('ActivityWorkerLimitExceeded', 400), 'later'],
  ['the credentials have just expired', fault('ExpiredTokenException', 400), 'later'],
  ['the activity is gone', fault('ActivityDoesNotExist', 400), 'refused'],
  ['the worker may not poll', fault('AccessDeniedException', 400), 'refused'],
  ['the key may not be used', fault('KmsAccessDeniedException', 400), 'refused'],
  ['the queue is gone', fault('QueueDoesNotExist', 400), 'refused'],
])('when %s, the poll is tried again later or ends the worker: %s', (_, thrown, kind) => {
  expect(pollFault(thrown)).toEqual({ kind, reason: `${thrown.name}: a fault` });
});

test('what is no error at all is tried again', () => {
  expect(pollFault('odd')).toEqual({ kind: 'later', reason: 'odd' });
});
