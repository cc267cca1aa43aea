import { fireAt, nextSlot, slotsBetween } from '../../../../handlers/shared/schedule/slots';
import { scheduleOf, slotsAfter } from '../../../support/schedules';

describe('a rate', () => {
  test.each([
    ['5 minutes', undefined, '2026-11-27T11:42:00Z', ['2026-11-27T11:45:00Z', '2026-11-27T11:50:00Z']],
    ['1 day', undefined, '2026-11-27T11:42:00Z', ['2026-11-28T00:00:00Z']],
    ['1 hour', '2026-11-27T11:42:30Z', '2026-11-27T00:00:00Z', ['2026-11-27T11:42:30Z', '2026-11-27T12:42:30Z']],
    ['1 hour', '2026-11-27T11:42:30Z', '2026-11-27T12:42:30Z', ['2026-11-27T13:42:30Z']],
    ['90 seconds', undefined, '1970-01-01T00:00:00Z', ['1970-01-01T00:01:30Z', '1970-01-01T00:03:00Z']],
  ])('of %s from %s on has, after %s, the slots %p', (rate, start_at, after, expected) => {
    const schedule = scheduleOf({ rate, ...(start_at === undefined ? {} : { start_at }) });

    expect(slotsAfter(schedule, after, expected.length)).toEqual(expected);
  });
});

describe('an instant', () => {
  const schedule = scheduleOf({ at: '2026-11-27T11:42:30Z' });

  test('is the only slot', () => {
    expect(slotsAfter(schedule, '2000-01-01T00:00:00Z', 5)).toEqual(['2026-11-27T11:42:30Z']);
    expect(slotsAfter(schedule, '2026-11-27T11:42:30Z', 5)).toEqual([]);
  });
});

describe('start and end', () => {
  const bounded = { start_at: '2026-12-01T09:00:00Z', end_at: '2026-12-03T09:00:00Z' };

  test.each([
    ['cron', { cron_time: '0 9 * * *' }],
    ['rate', { rate: '1 day' }],
  ])('the start may be a slot and the end may not: %s', (_, timing) => {
    expect(slotsAfter(scheduleOf({ ...timing, ...bounded }), '2026-01-01T00:00:00Z', 9)).toEqual([
      '2026-12-01T09:00:00Z',
      '2026-12-02T09:00:00Z',
    ]);
  });

  test.each([
    ['2026-12-01T09:00:00Z', ['2026-12-01T09:00:00Z']],
    ['2026-12-01T08:59:59Z', []],
    ['2026-12-03T08:59:59Z', ['2026-12-03T08:59:59Z']],
    ['2026-12-03T09:00:00Z', []],
  ])('an instant at %s gives %p', (at, expected) => {
    expect(slotsAfter(scheduleOf({ at, ...bounded }), '2026-01-01T00:00:00Z', 9)).toEqual(expected);
  });

  test('two schedules that meet fire each slot once between them', () => {
    const before = scheduleOf({ cron_time: '0 * * * *', end_at: '2026-12-01T09:00:00Z' });
    const after = scheduleOf({ cron_time: '0 * * * *', start_at: '2026-12-01T09:00:00Z' });
    const day = (schedule: typeof before) =>
      slotsBetween(schedule, Date.UTC(2026, 11, 1) - 1, Date.UTC(2026, 11, 1, 23), 100);

    expect([...day(before), ...day(after)]).toEqual(day(scheduleOf({ cron_time: '0 * * * *' })));
  });
});

describe('slotsBetween', () => {
  const schedule = scheduleOf({ rate: '1 minute' });

  test('leaves out its beginning and has its end', () => {
    expect(slotsBetween(schedule, 60_000, 180_000, 10)).toEqual([120_000, 180_000]);
  });

  test('stops at the most that is asked for, the earliest first', () => {
    expect(slotsBetween(schedule, 0, 3_600_000, 2)).toEqual([60_000, 120_000]);
  });
});

test('a schedule that is not enabled has its slots all the same', () => {
  expect(nextSlot(scheduleOf({ rate: '1 minute', enabled: false }), 0)).toBe(60_000);
});

describe('jitter', () => {
  const schedule = scheduleOf({ rate: '1 minute', jitter_seconds: 30 });

  test('there is none by default', () => {
    expect(fireAt(scheduleOf({ rate: '1 minute' }), 60_000)).toBe(60_000);
  });

  test('is the same each time for a slot, and another for another slot or schedule', () => {
    const other = scheduleOf({ id: 'other', rate: '1 minute', jitter_seconds: 30 });

    expect(fireAt(schedule, 60_000)).toBe(fireAt(scheduleOf({ rate: '1 minute', jitter_seconds: 30 }), 60_000));
    expect(fireAt(schedule, 120_000) - 60_000).not.toBe(fireAt(schedule, 60_000));
    expect(fireAt(other, 60_000)).not.toBe(fireAt(schedule, 60_000));
  });

  test('spreads over its seconds evenly', () => {
    const delays = Array.from({ length: 3000 }, (_, slot) => fireAt(schedule, slot * 60_000) - slot * 60_000);
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => delays.filter((delay) => Math.min(Math.floor(delay / 3000), 9) === tenth).length,
    );

    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
    expect(Math.min(...tenths)).toBeGreaterThan(240);
    expect(Math.max(...tenths)).toBeLessThan(360);
  });
});
