import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { DST_POLICIES, type DstPolicy } from '../../../../handlers/shared/schedule/schedule';
import { nextSlot } from '../../../../handlers/shared/schedule/slots';
import { scheduleOf } from '../../../support/schedules';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Days at whose middle the clock of a zone changes, or does not. */
const CHANGES = [
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Europe/London', '2026-03-29T01:00:00Z'],
  ['Europe/London', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Asia/Tehran', '2021-03-21T20:30:00Z'],
  ['Asia/Tehran', '2021-09-21T19:30:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30:00Z'],
  ['UTC', '2028-02-29T00:00:00Z'],
] as const;

interface Minute {
  readonly instant: number;
  /** What the wall clock shows, as if it were UTC. */
  readonly local: number;
}

/** Each minute from two days before an instant to two days after it, as Intl shows it. */
function minutesAround(timeZone: string, instant: string): readonly Minute[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const middle = Date.parse(instant);
  return Array.from({ length: 4 * 1440 }, (_, index) => {
    const at = middle - 2 * DAY + index * MINUTE;
    return { instant: at, local: Date.parse(`${format.format(at).replace(' ', 'T')}Z`) };
  });
}

const windows = CHANGES.map(([timeZone, instant]) => ({ timeZone, minutes: minutesAround(timeZone, instant) }));

/** Whether the fields of an expression match what a clock shows, by cron-parser's own comparison in UTC. */
function matcher(expression: string): (local: number) => boolean {
  const parsed = CronExpressionParser.parse(expression, { tz: 'UTC' });
  const known = new Map<number, boolean>();
  return (local) => {
    const day = Math.floor(local / DAY) * DAY;
    const { hour, minute } = parsed.fields;
    const time = (local - day) / MINUTE;
    if (!hour.values.some((value) => value === Math.floor(time / 60)) || !minute.values.some((v) => v === time % 60)) {
      return false;
    }
    const isMatchingDay = known.get(day) ?? parsed.includesDate(new Date(local));
    known.set(day, isMatchingDay);
    return isMatchingDay;
  };
}

/** The slots of a window by going through its minutes one by one, after the table of DstPolicy. */
function slotsByHand(minutes: readonly Minute[], expression: string, policy: DstPolicy): readonly number[] {
  const matches = matcher(expression);
  const isLiteral =
    policy === 'both' || CronExpressionParser.parse(expression, { tz: 'UTC' }).fields.hour.values.length === 24;
  const slots = new Set<number>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const [index, { instant, local }] of minutes.entries()) {
    const before = minutes[index - 1]?.local ?? local - MINUTE;
    for (let missing = before + MINUTE; missing < local && !isLiteral; missing += MINUTE) {
      if (matches(missing) && policy === 'after') {
        slots.add(instant);
      }
      if (matches(missing) && policy === 'once') {
        slots.add(instant + missing - before - MINUTE);
      }
    }
    if (matches(local) && (isLiteral || local > latest)) {
      slots.add(instant);
    }
    latest = Math.max(latest, local);
  }
  return [...slots].sort((one, other) => one - other);
}

const part = (least: number, most: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: least, max: most }).map(String),
    fc.integer({ min: 1, max: most - least }).map((step) => `*/${step}`),
    fc
      .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 5 })
      .map((values) => values.join(',')),
  );

const expressions = fc
  .tuple(
    part(0, 59),
    fc.oneof(part(0, 23), part(0, 3)),
    fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, part(1, 28), fc.constant('L')),
    fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, part(1, 12)),
    fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, part(0, 6), fc.constantFrom('5L', '1#1')),
  )
  .map((fields) => fields.join(' '));

describe('the slots of any cron expression', () => {
  test('rise, and are those that going through the minutes one by one gives, around each change of a clock', () => {
    const property = fc.property(
      expressions,
      fc.constantFrom(...windows),
      fc.constantFrom(...DST_POLICIES),
      fc.integer({ min: 1440, max: 2880 }),
      (expression, { timeZone, minutes }, policy, from) => {
        const schedule = scheduleOf({ cron_time: expression, time_zone: timeZone, dst_policy: policy });
        const start = minutes[from]?.instant ?? 0;
        const end = start + DAY;
        const expected = slotsByHand(minutes, expression, policy).filter((slot) => slot > start && slot <= end);

        const slots: number[] = [];
        let slot = nextSlot(schedule, start);
        while (slot !== undefined && slot <= end) {
          expect(slot).toBeGreaterThan(slots.at(-1) ?? start);
          slots.push(slot);
          slot = nextSlot(schedule, slot);
        }

        expect(slots).toEqual(expected);
      },
    );

    fc.assert(property);
  });

  test('do not depend on where one begins to look, with none in between', () => {
    const property = fc.property(
      expressions,
      fc.constantFrom(...windows),
      fc.constantFrom(...DST_POLICIES),
      fc.nat(4 * DAY),
      fc.nat(DAY),
      (expression, { timeZone, minutes }, policy, away, sooner) => {
        const schedule = scheduleOf({ cron_time: expression, time_zone: timeZone, dst_policy: policy });
        const late = (minutes[0]?.instant ?? 0) + away;
        const early = nextSlot(schedule, late - sooner);

        fc.pre(early === undefined || early > late);

        expect(nextSlot(schedule, late)).toBe(early);
      },
    );

    fc.assert(property);
  });
});
