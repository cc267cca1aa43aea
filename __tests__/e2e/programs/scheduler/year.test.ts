import fc from 'fast-check';
import { slotsBetween } from '../../../../handlers/shared/schedule/slots';
import {
  type CallFault,
  type RunningScheduler,
  randomFrom,
  SchedulerWorld,
} from '../../../support/scheduler/scheduler-world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK_SECONDS = 604_800;

/** A year is simulated: what is done every few seconds is done every few hours. */
const SLOW_PACE = {
  changes: 2 * DAY,
  changesOverlap: 10 * MINUTE,
  beat: 12 * HOUR,
  deadAfter: 30 * HOUR,
  standIn: 20 * MINUTE,
  recheck: 10 * MINUTE,
  reconcile: 30 * DAY,
  longestSleep: DAY,
  metrics: 30 * DAY,
  watermarkMargin: 12 * HOUR,
};

const task = { definition_arn: 'job:1', catch_up: 'all', starting_deadline_seconds: WEEK_SECONDS };
const ROWS = [
  { ...task, id: 'every-other-day', cron_time: '0 0 */2 * *' },
  { ...task, id: 'nightly', cron_time: '30 2 * * *', time_zone: 'America/New_York', dst_policy: 'once' },
  { ...task, id: 'weekdays', cron_time: '0 9 * * MON-FRI', time_zone: 'Europe/London', jitter_seconds: 600 },
  { ...task, id: 'monthly', cron_time: '0 0 L * *', time_zone: 'Australia/Lord_Howe' },
  { ...task, id: 'rate', rate: '4 days' },
  { ...task, id: 'twice', cron_time: '30 1 * 10,11 *', time_zone: 'America/New_York', dst_policy: 'both' },
  { ...task, id: 'once', at: '2026-07-01T00:00:00Z' },
] as const;

// A year on a busy machine.
jest.setTimeout(600_000);

// No slot lies so close to it that a clock which is seconds off would take it for one of before.
const START = '2026-01-01T00:10:00Z';
const END = '2027-01-01T00:10:00Z';

function expectEachSlotOnce(
  world: SchedulerWorld,
  schedules: readonly ReturnType<SchedulerWorld['put']>[],
  end: string,
): number {
  let slots = 0;
  for (const schedule of schedules) {
    const expected = slotsBetween(schedule, Date.parse(START), Date.parse(end) - 3 * DAY, 100_000);
    const due = expected.map((slot) => new Date(slot).toISOString());
    const run = world.slotsRun(schedule.id).filter((slot) => slot <= (due.at(-1) ?? ''));
    expect([schedule.id, run]).toEqual([schedule.id, due]);
    slots += run.length;
  }
  for (const { key, at } of world.starts) {
    expect(at).toBeGreaterThanOrEqual(Date.parse(key.replace(/^schedule:[a-z-]+:/, '')));
  }
  return slots;
}

describe('a year of slots', () => {
  test.each([1, 2, 5])('with %i schedulers and nothing that fails: each slot is started once', async (count) => {
    const world = new SchedulerWorld(START, { pace: SLOW_PACE });
    const schedules = ROWS.map((row) => world.put(row));
    for (let index = 0; index < count; index += 1) {
      world.start();
    }

    await world.time.runUntil(Date.parse(END));

    expect(expectEachSlotOnce(world, schedules, END)).toBeGreaterThan(900);
    expect(world.starts).toHaveLength(world.runs.size);
    expect(world.counts).toMatchObject({ Missed: 0, Failed: 0, Refused: 0, Skipped: 0 });
  });

  test.each([
    [1, '2026-04-01T00:10:00Z'],
    [2, END],
    [5, '2026-04-01T00:10:00Z'],
  ])(
    'with %i schedulers that die at any call, are throttled, lose answers and have clocks that differ, until %s: the same',
    async (count, end) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
          const random = randomFrom(seed);
          const world = new SchedulerWorld(START, { pace: SLOW_PACE, seed });
          const schedules = ROWS.map((row) => world.put(row));
          const faults: readonly CallFault[] = [
            'throttled',
            'throttled',
            'throttled',
            'answer-lost',
            'dies-before',
            'dies-after',
          ];
          const begin = (): RunningScheduler => {
            const skew = (random() - 1) * 5_000;
            return world.start({
              skew: () => skew,
              fault: () => (random() < 0.01 ? faults[Math.floor(random() * faults.length)] : undefined),
            });
          };
          let running = Array.from({ length: count }, begin);
          // ECS starts another task for each that died.
          for (let now = world.time.now; now < Date.parse(end); now += 12 * HOUR) {
            await world.time.runUntil(now);
            running = running.map((one) => (one.isDead() ? begin() : one));
          }
          await world.time.runUntil(Date.parse(end));

          expectEachSlotOnce(world, schedules, end);
        }),
        { numRuns: 1, endOnFailure: true },
      );
    },
  );
});
