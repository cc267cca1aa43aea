import { RunnerError } from '../../../../../handlers/runner/errors';
import type { Failure } from '../../../../../handlers/runner/outcome';
import {
  messageResult,
  type ObjectResult,
  resultOfError,
} from '../../../../../handlers/runner/worker/objects/object-result';

const DONE: ObjectResult = { kind: 'done', outputs: ['s3://b/1.png'] };
const GONE: ObjectResult = { kind: 'skipped', reason: 'gone' };

type Verdict = 'reject' | 'return' | undefined;

function failed(errorMessage: string, verdict?: Verdict, status: Failure['status'] = 'FAILED'): ObjectResult {
  const failure: Failure = { status, exitReason: 'commandFailed', error: { errorType: 'E', errorMessage } };
  return { kind: 'failed', failure, verdict };
}

const FAILED = failed('later');
const RETURNED = failed('not yet', 'return');
const REJECTED = failed('never', 'reject');
const LATE = failed('too slow', undefined, 'TIMED_OUT');
const STOPPED = failed('stopped', undefined, 'INTERRUPTED');
const LOST = failed('lost', undefined, 'CANCELLED');

const ends = (results: readonly ObjectResult[]) =>
  results.map((result, index) => ({ object: { bucket: 'b', key: String(index + 1) }, result }));

test.each([
  ['no object', [], 'SUCCEEDED', undefined],
  ['objects that are all done', [DONE, DONE], 'SUCCEEDED', undefined],
  ['an object that is gone', [DONE, GONE], 'SUCCEEDED', 'forget'],
  ['one that failed', [DONE, FAILED], 'FAILED', undefined],
  ['one that took too long', [LATE, DONE], 'TIMED_OUT', undefined],
  ['one that can never work, the others done', [DONE, REJECTED, GONE], 'FAILED', 'reject'],
  ['one that can never work, and one that may later', [REJECTED, FAILED], 'FAILED', undefined],
  ['one that can never work, and one that is given back', [REJECTED, RETURNED], 'FAILED', 'return'],
  ['one that is given back, and one that failed', [RETURNED, FAILED], 'FAILED', undefined],
  ['one that failed before the worker was stopped', [FAILED, STOPPED], 'INTERRUPTED', undefined],
  ['one that is poison before the worker was stopped', [REJECTED, STOPPED], 'INTERRUPTED', undefined],
  ['one that failed before the message was lost', [FAILED, LOST], 'CANCELLED', undefined],
] as const)('a message with %s is that', (_, results, status, verdict) => {
  const { outcome, verdict: said } = messageResult(ends(results));

  expect([outcome.status, said]).toEqual([status, verdict]);
});

test('the reason names the objects that decided, where there are several', () => {
  const { outcome } = messageResult(ends([REJECTED, DONE, failed('no scene', 'reject')]));

  expect(outcome).toMatchObject({ error: { errorType: 'E', errorMessage: 's3://b/1: never\ns3://b/3: no scene' } });
  expect(messageResult(ends([REJECTED])).outcome).toMatchObject({ error: { errorMessage: 'never' } });
});

test('a success tells what became of each object', () => {
  const { outcome } = messageResult(ends([DONE, GONE]));

  expect(outcome.status === 'SUCCEEDED' && JSON.parse(Buffer.from(outcome.body).toString())).toEqual({
    objects: [
      { bucket: 'b', key: '1', kind: 'done', outputs: ['s3://b/1.png'] },
      { bucket: 'b', key: '2', kind: 'skipped', reason: 'gone' },
    ],
  });
});

test.each([
  ['PACKAGE_CORRUPT', 'ARCHIVE_CORRUPT', 'reject'],
  ['PACKAGE_UNSAFE', 'ARCHIVE_UNSAFE', 'reject'],
  ['INPUT_UNAVAILABLE', 'INPUT_UNAVAILABLE', undefined],
  ['STORAGE_FULL', 'STORAGE_FULL', undefined],
  ['OUTPUT_NOT_STORED', 'OUTPUT_NOT_STORED', undefined],
] as const)('%s is told as %s, and its verdict is %p', (code, errorType, verdict) => {
  const result = resultOfError(new RunnerError(code, 'why'));

  expect(result).toMatchObject({ kind: 'failed', failure: { error: { errorType, errorMessage: 'why' } } });
  expect(result.kind === 'failed' && result.verdict).toBe(verdict);
});
