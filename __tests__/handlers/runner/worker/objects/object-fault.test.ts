import { objectFault } from '../../../../../handlers/runner/worker/objects/object-fault';

const named = (name: string) => Object.assign(new Error('the message'), { name });

test.each([
  ['NoSuchKey', 'gone'],
  ['NoSuchVersion', 'gone'],
  ['MethodNotAllowed', 'gone'],
  ['PreconditionFailed', 'superseded'],
  ['InvalidRange', 'empty'],
  // A bucket does not go while it is in use: whoever named it was wrong.
  ['NoSuchBucket', 'failed'],
  ['AccessDenied', 'failed'],
  ['SlowDown', 'failed'],
  ['constructor', 'failed'],
])('%s says that the object is %s', (name, kind) => {
  expect(objectFault(named(name)).kind).toBe(kind);
});

test.each([
  ['AccessDenied', /^AccessDenied: the message Let the role of the worker do s3:GetObject, .* that is gone\.$/],
  ['InvalidObjectState', /^InvalidObjectState: the message The object is archived: restore it/],
  ['SlowDown', /^SlowDown: the message$/],
])('of %s is said what to do', (name, reason) => {
  expect(objectFault(named(name))).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) });
});
