import { type Ended, settlementOf } from '../../../../../handlers/runner/worker/queue/settlement';

const DEAD_LETTERS = { deadLetterQueueUrl: 'https://example.org/dead', maxReceiveCount: 3 };
const REJECTS_ONLY = { ...DEAD_LETTERS, maxReceiveCount: undefined };
const NONE = { deadLetterQueueUrl: undefined, maxReceiveCount: undefined };

const error = { errorType: 'E', errorMessage: 'm' };
const SUCCEEDED: Ended = { status: 'SUCCEEDED', error: undefined, verdict: undefined };
const FORGOTTEN: Ended = { ...SUCCEEDED, verdict: 'forget' };
const FAILED: Ended = { status: 'FAILED', error, verdict: undefined };
const TIMED_OUT: Ended = { ...FAILED, status: 'TIMED_OUT' };
const INTERRUPTED: Ended = { ...FAILED, status: 'INTERRUPTED' };
const CANCELLED: Ended = { ...FAILED, status: 'CANCELLED' };
const REJECTED: Ended = { ...FAILED, verdict: 'reject' };
const RETURNED: Ended = { ...FAILED, verdict: 'return' };

const DONE = { kind: 'done' };
const DEAD = { kind: 'dead', error };
const later = (seconds: number) => ({ kind: 'back', seconds, wasTried: true });
const AT_ONCE = { kind: 'back', seconds: 0, wasTried: false };

test.each([
  ['succeeded is deleted', SUCCEEDED, 3, DEAD_LETTERS, DONE],
  ['found nothing to do is deleted, and may be asked for again', FORGOTTEN, 1, DEAD_LETTERS, { kind: 'forgotten' }],
  ['failed comes back later', FAILED, 1, DEAD_LETTERS, later(2)],
  ['failed again comes back later still', FAILED, 2, DEAD_LETTERS, later(4)],
  ['failed for the last time is dead', FAILED, 3, DEAD_LETTERS, DEAD],
  ['timed out for the last time is dead', TIMED_OUT, 3, DEAD_LETTERS, DEAD],
  [
    'failed very often comes back within the quarter of an hour where no number is set',
    FAILED,
    500,
    REJECTS_ONLY,
    later(900),
  ],
  ['failed very often comes back where there is no dead-letter queue', FAILED, 500, NONE, later(900)],
  ['can never work is dead at once', REJECTED, 1, DEAD_LETTERS, DEAD],
  ['can never work is dead at once where no number is set', REJECTED, 1, REJECTS_ONLY, DEAD],
  [
    'can never work comes back where there is no dead-letter queue, for the redrive policy',
    REJECTED,
    1,
    NONE,
    later(2),
  ],
  ['is given back by its command is back at once, however often it was tried', RETURNED, 9, DEAD_LETTERS, AT_ONCE],
  ['was interrupted is back at once, however often it was tried', INTERRUPTED, 9, DEAD_LETTERS, AT_ONCE],
  ['another worker has is left to it', CANCELLED, 9, DEAD_LETTERS, { kind: 'gone' }],
])('a message whose job %s', (_, ended, attempt, settings, settlement) => {
  expect(settlementOf(ended, attempt, settings)).toEqual(settlement);
});
