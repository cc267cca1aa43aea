import fc from 'fast-check';
import { clientToken, identify } from '../../../handlers/starter/identity';
import { startRequest } from '../../support/starter/examples';

const runIdOf = (fields: Record<string, unknown>, awsRequestId = 'id-1', table = 'ledger') =>
  identify(startRequest(fields), awsRequestId, table).runId;

describe("a run's identity", () => {
  // As sha256sum gives them for the JSON texts: another value after an upgrade would start a retried run twice.
  test('is the hash of the ledger and the key', () => {
    expect(identify(startRequest({ idempotencyKey: 'order-7' }), 'id-1', 'ledger')).toEqual({
      runId: 'run-470c8c53c2224c5c120244de1a3dcfd0',
      requestHash: 'ad3d6bd44762a68c672f962c823798b6387b51edde1d630180fe68f8e7f1ff01',
    });
  });

  // As the version without container runs gave it.
  test('is the same hash for a request with fields of every kind, though others were added since', () => {
    const fields = {
      arn: 'resize:live',
      input: { b: 1, a: [2] },
      taskDefinition: 'mine:3',
      capacity: 'EC2',
      cpu: 512,
      retries: 2,
      environment: { MODE: 'x' },
      tags: { team: 'a' },
      heartbeatSeconds: 60,
      onFailure: 'arn:aws:s3:::results',
      idempotencyKey: 'k',
    };

    expect(identify(startRequest(fields), 'id-1', 'ledger').requestHash).toBe(
      '15bf7881029378cbfa7deffb590f6aa7987d68ab875f77f4aa6431512b43c76a',
    );
  });

  test.each([
    ['the same key in another invocation', { idempotencyKey: 'k' }, 'id-2', 'ledger', true],
    ['the same key for another function', { idempotencyKey: 'k', arn: 'other' }, 'id-1', 'ledger', true],
    ['another key', { idempotencyKey: 'l' }, 'id-1', 'ledger', false],
    ['the same key in another deployment', { idempotencyKey: 'k' }, 'id-1', 'ledger-2', false],
    ['an invocation whose id is the key', {}, 'k', 'ledger', false],
  ])('with %s', (_, fields, awsRequestId, table, isSame) => {
    expect(runIdOf(fields, awsRequestId, table) === runIdOf({ idempotencyKey: 'k' })).toBe(isSame);
  });

  test('without a key is of the invocation, which Lambda repeats under the same id', () => {
    expect(runIdOf({}, 'id-1')).toBe(runIdOf({}, 'id-1'));
    expect(runIdOf({}, 'id-1')).not.toBe(runIdOf({}, 'id-2'));
  });

  test('fits startedBy (128 of A-Z a-z 0-9 - / _) and clientToken (64 of ASCII 33 to 126), whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), (idempotencyKey) => {
        const { runId } = identify(startRequest({ idempotencyKey }), 'id-1', 'ledger');

        expect(runId).toMatch(/^[A-Za-z0-9/_-]{1,128}$/);
        expect(clientToken({ runId, attempt: 11, variant: 1_000_000 })).toMatch(/^[!-~]{1,64}$/);
      }),
    );
  });
});

test.each([
  [1, 0, 'run-1-1'],
  [2, 0, 'run-1-2'],
  [1, 3, 'run-1-1-v3'],
])('the client token of attempt %i at place %i is %s', (attempt, variant, token) => {
  expect(clientToken({ runId: 'run-1', attempt, variant })).toBe(token);
});

describe("a request's hash", () => {
  const hashOf = (fields: Record<string, unknown>) =>
    identify(startRequest({ idempotencyKey: 'k', ...fields }), 'id-1', 'ledger').requestHash;

  test.each([
    ['keys in another order', { input: { b: { d: 1, c: 2 }, a: 1 } }, true],
    ['its defaults written out', { input: { a: 1, b: { c: 2, d: 1 } }, capacity: 'FARGATE', action: 'start' }, true],
    ['another idempotency key', { input: { a: 1, b: { c: 2, d: 1 } }, idempotencyKey: 'l' }, true],
    ['somebody who waits for it', { input: { a: 1, b: { c: 2, d: 1 } }, wait: true }, true],
    ['another value', { input: { a: 1, b: { c: 2, d: 2 } } }, false],
    ['another size', { input: { a: 1, b: { c: 2, d: 1 } }, memoryMiB: 1024 }, false],
    ['another function', { input: { a: 1, b: { c: 2, d: 1 } }, arn: 'other' }, false],
  ])('with %s', (_, fields, isSame) => {
    expect(hashOf(fields) === hashOf({ input: { a: 1, b: { c: 2, d: 1 } } })).toBe(isSame);
  });

  test('without a key goes by the id alone, as a message that comes again is not quite the same', () => {
    const withoutKey = (input: unknown, requestId: string) => identify(startRequest({ input }), requestId, 'ledger');

    expect(withoutKey({ receiptHandle: 'a' }, 'sqs:1')).toEqual(withoutKey({ receiptHandle: 'b' }, 'sqs:1'));
    expect(withoutKey({}, 'sqs:1').requestHash).not.toBe(withoutKey({}, 'sqs:2').requestHash);
  });

  test('tells lists of another order apart', () => {
    expect(hashOf({ input: [1, 2] })).not.toBe(hashOf({ input: [2, 1] }));
  });
});
