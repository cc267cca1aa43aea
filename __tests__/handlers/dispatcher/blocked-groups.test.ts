import {
  type Blocked,
  type BlockedView,
  busyWorkers,
  nextBlocked,
  worthStarting,
} from '../../../handlers/dispatcher/blocked-groups';

const LIMITS = { least: 0, messagesPerWorker: 10 };

/** Messages wait, and the one worker has a message. */
const VIEW: BlockedView = { waiting: 9, running: 1, busy: 1, starting: 0, ended: 0 };

test.each([
  ['each has a lane, and a message in it', 3, 5, 1, 3],
  ['one has all its lanes taken', 4, 5, 4, 1],
  ['more messages are in flight than there are lanes', 9, 2, 1, 2],
  ['none is in flight', 0, 2, 1, 0],
])('workers are busy where %s', (_, inFlight, running, concurrency, busy) => {
  expect(busyWorkers(inFlight, running, concurrency)).toBe(busy);
});

test.each<[string, Blocked | undefined, Partial<BlockedView>, Blocked | undefined]>([
  ['is known where nothing waits', { seenAt: 40_000, busy: 1, spare: 1 }, { waiting: 0 }, undefined],
  ['is held against messages that are seen for the first time', undefined, { ended: 1 }, { seenAt: 100_000, busy: 1 }],
  [
    'is left of what was known of other messages: in between none waited',
    { seenAt: 10_000, busy: 1, spare: 1 },
    { ended: 1 },
    { seenAt: 100_000, busy: 1 },
  ],
])('nothing %s', (_, known, view, expected) => {
  expect(nextBlocked(known, { ...VIEW, ...view }, 100_000)).toEqual(expected);
});

test.each<[string, Blocked, Partial<BlockedView>, Blocked]>([
  [
    'one more, when workers have ended while messages waited',
    { seenAt: 40_000, busy: 1 },
    { ended: 3 },
    { seenAt: 100_000, busy: 1, spare: 1 },
  ],
  [
    'as many as there are messages for, when one is free for the first time',
    { seenAt: 40_000, busy: 1 },
    { running: 2 },
    { seenAt: 100_000, busy: 1, freeSince: 100_000 },
  ],
  [
    'as many as there are messages for, when one has been free for a moment',
    { seenAt: 99_000, busy: 1, freeSince: 99_000 },
    { running: 2 },
    { seenAt: 100_000, busy: 1, freeSince: 99_000 },
  ],
  [
    'one more, when one has been free for a minute',
    { seenAt: 40_000, busy: 1, freeSince: 40_000 },
    { running: 2 },
    { seenAt: 100_000, busy: 1, freeSince: 40_000, spare: 1 },
  ],
  [
    'as many as there are messages for, when the free ones have just been started',
    { seenAt: 40_000, busy: 1, freeSince: 40_000 },
    { running: 2, starting: 1 },
    { seenAt: 100_000, busy: 1 },
  ],
  [
    'one more still, while that is on its way',
    { seenAt: 40_000, busy: 1, spare: 1 },
    { running: 2, starting: 1 },
    { seenAt: 100_000, busy: 1, spare: 1 },
  ],
  [
    'two more, when that has found work',
    { seenAt: 40_000, busy: 1, spare: 1 },
    { running: 2, busy: 2 },
    { seenAt: 100_000, busy: 2, spare: 2 },
  ],
  [
    'one more still, when it has ended unseen',
    { seenAt: 40_000, busy: 1, spare: 1 },
    {},
    { seenAt: 100_000, busy: 1, spare: 1 },
  ],
  [
    'one more, when all the others have found none',
    { seenAt: 40_000, busy: 1, spare: 8 },
    { ended: 8 },
    { seenAt: 100_000, busy: 1, spare: 1 },
  ],
])('for messages of a FIFO queue there are to be %s', (_, known, view, expected) => {
  expect(nextBlocked(known, { ...VIEW, ...view }, 100_000)).toEqual(expected);
});

test.each<[string, number, Blocked | undefined, number, number, number]>([
  ['as many as are wanted where nothing is known', 5, { seenAt: 0, busy: 1 }, 1, 0, 5],
  ['as many as are wanted where nothing waits', 5, undefined, 1, 0, 5],
  ['one more than are busy', 5, { seenAt: 0, busy: 1, spare: 1 }, 2, 0, 3],
  ['no more than are wanted', 2, { seenAt: 0, busy: 1, spare: 8 }, 2, 0, 2],
  ['enough for what was just sent', 9, { seenAt: 0, busy: 1, spare: 1 }, 2, 31, 6],
])('there are to be %s', (_, wanted, blocked, busy, sent, expected) => {
  expect(worthStarting(wanted, blocked, busy, sent, LIMITS)).toBe(expected);
});

test('there is always the least', () => {
  expect(worthStarting(5, { seenAt: 0, busy: 1, spare: 1 }, 0, 0, { ...LIMITS, least: 4 })).toBe(4);
});
