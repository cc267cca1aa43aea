import { CronExpressionParser } from 'cron-parser';
import { nextSlot } from '../../../../handlers/shared/schedule/slots';
import { cronCorpus } from '../../../support/cron-corpus';
import {
  type Disagreement,
  forgetsGap,
  forgetsOverlap,
  halfHour,
  missingDay,
} from '../../../support/cron-disagreements';
import { scheduleOf, slotsAfter } from '../../../support/schedules';

// cron-parser takes a third of a millisecond to each answer, on a quiet machine.
jest.setTimeout(600_000);

const iso = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z');

function theirParser(expression: string, timeZone: string) {
  try {
    return CronExpressionParser.parse(expression, { tz: timeZone, hashSeed: 'schedule-1', currentDate: 0 });
  } catch {
    return undefined;
  }
}

interface Comparison {
  readonly pairs: number;
  readonly refused: readonly string[];
  readonly disagreements: readonly Disagreement[];
}

function compare(): Comparison {
  const refused: string[] = [];
  const found = new Map<string, Disagreement>();
  let pairs = 0;
  for (const { expression, timeZone, instants } of cronCorpus(2010, 10)) {
    const theirs = theirParser(expression, timeZone);
    if (theirs === undefined) {
      refused.push(expression);
      continue;
    }
    const schedule = scheduleOf({ cron_time: expression, time_zone: timeZone });
    for (const from of instants) {
      theirs.reset(new Date(from));
      const their = theirs.next().getTime();
      const our = nextSlot(schedule, from);
      pairs += 1;
      if (our !== their) {
        const row: Disagreement = [expression, timeZone, iso(from), iso(their), our === undefined ? 'none' : iso(our)];
        found.set(row.join(), row);
      }
    }
  }
  return { pairs, refused, disagreements: [...found.values()] };
}

const sorted = (rows: readonly Disagreement[]) => rows.map((row) => row.join(' | ')).sort();

describe('our slots and those of cron-parser 5', () => {
  const { pairs, refused, disagreements } = compare();

  test('there are at least 20,000 pairs of an expression and an instant', () => {
    expect(pairs).toBeGreaterThanOrEqual(20_000);
  });

  test('they differ in the listed pairs, near a change of the clock, and nowhere else', () => {
    expect(sorted(disagreements)).toEqual(sorted([...forgetsGap, ...forgetsOverlap, ...halfHour, ...missingDay]));
  });

  test('what cron-parser refuses of the corpus, we refuse', () => {
    expect(refused.filter((expression) => !isRefused(expression))).toEqual([]);
  });

  test.each([...forgetsGap, ...forgetsOverlap])(
    '%s in %s: asked a day before %s, the two agree on what follows',
    (expression, timeZone, from) => {
      const dayBefore = new Date(Date.parse(from) - 86_400_000);
      const theirs = theirParser(expression, timeZone);
      theirs?.reset(dayBefore);

      const our = slotsAfter(scheduleOf({ cron_time: expression, time_zone: timeZone }), dayBefore.toISOString(), 70);

      expect(our).toEqual(theirs?.take(70).map((date) => iso(date.getTime())));
    },
  );

  test("at Lord Howe's overlap, cron-parser gives up on what fires each second of the third hour", () => {
    const from = '2026-04-03T20:46:12Z';
    const expression = '* * 2 5 */3 *';
    const theirs = theirParser(expression, 'Australia/Lord_Howe');
    theirs?.reset(new Date(from));

    expect(() => theirs?.next()).toThrow('loop limit exceeded');
    expect(slotsAfter(scheduleOf({ cron_time: expression, time_zone: 'Australia/Lord_Howe' }), from, 1)).toEqual([
      '2026-04-04T15:30:00Z',
    ]);
  });
});

function isRefused(expression: string): boolean {
  try {
    scheduleOf({ cron_time: expression });
    return false;
  } catch {
    return true;
  }
}
