import fc from 'fast-check';
import type { WorkerLimits } from '../../../handlers/dispatcher/settings';
import { decideService, QUIET_MILLISECONDS, wantedWorkers } from '../../../handlers/dispatcher/wanted-workers';

const LIMITS: WorkerLimits = { least: 0, most: 10, messagesPerWorker: 1, concurrency: 1 };
const TENS = { ...LIMITS, messagesPerWorker: 10 };

describe('how many workers there should be', () => {
  test.each([
    ['none where nothing waits', { waiting: 0, inFlight: 0, running: 0 }, LIMITS, 0],
    ['one for a message', { waiting: 1, inFlight: 0, running: 0 }, LIMITS, 1],
    ['one for each message', { waiting: 3, inFlight: 0, running: 0 }, LIMITS, 3],
    ['the most for many', { waiting: 300, inFlight: 0, running: 0 }, LIMITS, 10],
    ['one for each ten, rounded up', { waiting: 21, inFlight: 0, running: 0 }, TENS, 3],
    ['no more where the free ones will do', { waiting: 2, inFlight: 0, running: 2 }, LIMITS, 2],
    ['as many as are busy where nothing waits', { waiting: 0, inFlight: 4, running: 4 }, LIMITS, 4],
    ['one beside the one that is busy for 20 hours', { waiting: 1, inFlight: 1, running: 1 }, LIMITS, 2],
    ['the same where that one might be thought to get to ten', { waiting: 5, inFlight: 1, running: 1 }, TENS, 2],
    ['none for failed messages that are hidden', { waiting: 0, inFlight: 5, running: 0 }, LIMITS, 0],
    ['for what waits beside hidden ones, one', { waiting: 1, inFlight: 5, running: 0 }, LIMITS, 1],
    ['the least, whatever waits', { waiting: 0, inFlight: 0, running: 0 }, { ...LIMITS, least: 2 }, 2],
    ['not the least on top of the others', { waiting: 3, inFlight: 0, running: 0 }, { ...LIMITS, least: 2 }, 3],
    [
      'no more while a worker of ten at a time has room',
      { waiting: 7, inFlight: 3, running: 1 },
      { ...TENS, concurrency: 10 },
      1,
    ],
    ['one more when it has none', { waiting: 1, inFlight: 10, running: 1 }, { ...TENS, concurrency: 10 }, 2],
  ])('%s', (_, view, limits, wanted) => {
    expect(wantedWorkers(view, limits)).toBe(wanted);
  });

  test('is between the least and the most, and grows with what waits', () => {
    const amount = fc.nat({ max: 10_000 });
    const limits = fc
      .record({
        least: fc.nat({ max: 20 }),
        more: fc.integer({ min: 1, max: 50 }),
        messagesPerWorker: fc.integer({ min: 1, max: 100 }),
        concurrency: fc.integer({ min: 1, max: 20 }),
      })
      .map(({ least, more, ...rest }) => ({ ...rest, least, most: least + more }));
    fc.assert(
      fc.property(amount, amount, amount, limits, (waiting, inFlight, running, bounds) => {
        const wanted = wantedWorkers({ waiting, inFlight, running }, bounds);

        expect(wanted).toBeGreaterThanOrEqual(bounds.least);
        expect(wanted).toBeLessThanOrEqual(bounds.most);
        expect(wantedWorkers({ waiting: waiting + 1, inFlight, running }, bounds)).toBeGreaterThanOrEqual(wanted);
      }),
    );
  });

  test('is more than the busy ones wherever something waits and there may be more', () => {
    const small = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 100 }), (waiting, running, messagesPerWorker) => {
        const limits = { ...LIMITS, messagesPerWorker };

        expect(wantedWorkers({ waiting, inFlight: running, running }, limits)).toBeGreaterThan(running);
      }),
    );
  });
});

const NOW = 1_000_000;
const QUIET = { waiting: 0, inFlight: 0, delayed: 0, handedOver: 0, desired: 3, quietSince: undefined, now: NOW };
const LONG_QUIET = { ...QUIET, quietSince: NOW - QUIET_MILLISECONDS };

describe('what is done about a service', () => {
  test.each([
    ['is raised at once for what waits', { ...QUIET, waiting: 5 }, { kind: 'raise', to: 5 }],
    ['is raised beside its busy tasks', { ...QUIET, waiting: 1, inFlight: 3 }, { kind: 'raise', to: 4 }],
    ['is raised to the most', { ...QUIET, waiting: 500 }, { kind: 'raise', to: 10 }],
    ['stays while its tasks will do', { ...QUIET, waiting: 2 }, { kind: 'stay' }],
    ['stays while anything is in flight', { ...LONG_QUIET, inFlight: 1 }, { kind: 'stay' }],
    ['stays while a message is delayed', { ...LONG_QUIET, delayed: 1 }, { kind: 'stay' }],
    ['stays when it has just become quiet, and notes that', QUIET, { kind: 'stay', quietSince: NOW }],
    [
      'stays while it has not been quiet for long',
      { ...QUIET, quietSince: NOW - QUIET_MILLISECONDS + 1 },
      { kind: 'stay', quietSince: NOW - QUIET_MILLISECONDS + 1 },
    ],
    ['is lowered to the least after a long quiet', LONG_QUIET, { kind: 'lower', to: 0 }],
    ['stays where it has the least already', { ...LONG_QUIET, desired: 0 }, { kind: 'stay' }],
  ])('it %s', (_, view, decision) => {
    expect(decideService(view, LIMITS)).toEqual(decision);
  });
});
