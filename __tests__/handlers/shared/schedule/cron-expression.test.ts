import { CronExpressionParser } from 'cron-parser';
import { parseCron } from '../../../../handlers/shared/schedule/cron-expression';
import { scheduleOf, slotsAfter } from '../../../support/schedules';

const problemsOf = (expression: string) => {
  const parsed = parseCron(expression, 'schedule-1');
  return parsed.kind === 'wrong' ? parsed.problems : [];
};

const slots = (cron_time: string, count: number, id = 'schedule-1') =>
  slotsAfter(scheduleOf({ id, cron_time }), '2026-11-27T11:40:30Z', count);

const MINUTES =
  /^its minute is "(.+)": give 0 to 59, \*, lists \(1,15\), ranges \(1-5\), steps \(\*\/15, 1-9\/2\) or H$/;

describe('expressions that are read', () => {
  test.each([
    ['5 fields begin at second 0', '*/2 * * * *', ['2026-11-27T11:42:00Z', '2026-11-27T11:44:00Z']],
    ['6 fields begin with seconds', '*/20 * * * * *', ['2026-11-27T11:40:40Z', '2026-11-27T11:41:00Z']],
    ['names', '0 9 * JAN,feb MON-Fri', ['2027-01-01T09:00:00Z', '2027-01-04T09:00:00Z']],
    ['L is the last day of the month', '0 9 L * *', ['2026-11-30T09:00:00Z', '2026-12-31T09:00:00Z']],
    ['5L is the last Friday', '0 9 * * 5L', ['2026-12-25T09:00:00Z', '2027-01-29T09:00:00Z']],
    ['5#2 is the second Friday', '0 9 * * 5#2', ['2026-12-11T09:00:00Z', '2027-01-08T09:00:00Z']],
    ['5#5 is in few months', '0 9 * * 5#5', ['2027-01-29T09:00:00Z', '2027-04-30T09:00:00Z']],
    ['7 is Sunday', '0 9 * * 7', ['2026-11-29T09:00:00Z', '2026-12-06T09:00:00Z']],
    ['? is *', '0 9 ? * ?', ['2026-11-28T09:00:00Z', '2026-11-29T09:00:00Z']],
    // node-schedule's cron-parser 4 gave Monday alone.
    ['a day or a weekday', '0 0 1-31 * 1', ['2026-11-28T00:00:00Z', '2026-11-29T00:00:00Z']],
    ['29 February', '0 0 29 2 *', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z']],
    ['a fifth Friday of February', '0 0 * 2 5#5', ['2036-02-29T00:00:00Z', '2064-02-29T00:00:00Z']],
    ['spaces around and between', '  0  9   * * *  ', ['2026-11-28T09:00:00Z']],
    ['a step as long as its field', '*/60 */24 * * *', ['2026-11-28T00:00:00Z']],
  ])('%s: %s', (_, expression, expected) => {
    expect(slots(expression, expected.length)).toEqual(expected);
  });

  test.each([
    '@yearly',
    '@annually',
    '@monthly',
    '@weekly',
    '@daily',
    '@hourly',
    '@minutely',
    '@secondly',
    '@weekdays',
    '@weekends',
  ])('%s is what it is for cron-parser', (alias) => {
    const theirs = CronExpressionParser.parse(alias, { tz: 'UTC', currentDate: '2026-11-27T11:40:30Z' }).take(3);

    expect(slots(alias, 3)).toEqual(theirs.map((date) => new Date(date.getTime()).toISOString().replace('.000Z', 'Z')));
  });

  test('H is the same for a schedule each time, and spreads schedules', () => {
    const first = slots('H H * * *', 2, 'one');

    expect(slots('H H * * *', 2, 'one')).toEqual(first);
    expect(
      new Set(Array.from({ length: 50 }, (_, index) => slots('H * * * *', 1, `id-${index}`)[0])).size,
    ).toBeGreaterThan(20);
  });
});

describe('expressions that are refused', () => {
  test.each(['', '   '])('an empty one, %p, that cron-parser takes for each minute', (expression) => {
    expect(problemsOf(expression)).toEqual([
      expect.stringMatching(/^it is empty: give 5 fields \(minute, hour, .*@daily/),
    ]);
  });

  test.each([
    ['*', '1 field'],
    ['* * *', '3 fields'],
    ['* * * *', '4 fields'],
    ['0 0 0 1 1 * 2026', '7 fields'],
  ])('%s, which has %s', (expression, count) => {
    expect(problemsOf(expression)).toEqual([expect.stringMatching(new RegExp(`^it has ${count}: give 5 fields`))]);
  });

  test.each([
    // node-schedule 0.2.9 took it for the year 1999 and fired at once.
    ['99 * * * *', '99'],
    ['60 * * * *', '60'],
    ['5-1 * * * *', '5-1'],
    ['1,,2 * * * *', '1,,2'],
    ['1,1 * * * *', '1,1'],
    ['*/0 * * * *', '*/0'],
    ['x * * * *', 'x'],
    ['-1 * * * *', '-1'],
    ['1.5 * * * *', '1.5'],
    ['*5 * * * *', '*5'],
    ['L * * * *', 'L'],
  ])('%s, by its minute', (expression, value) => {
    const [problem, ...more] = problemsOf(expression);

    expect(problem?.match(MINUTES)?.[1]).toBe(value);
    expect(more).toEqual([]);
  });

  test.each([
    ['75 * * * * *', /^its second is "75": give 0 to 59/],
    ['0 24 * * *', /^its hour is "24": give 0 to 23/],
    ['0 0 0 * *', /^its day of month is "0": give 1 to 31, L/],
    ['0 0 * 13 *', /^its month is "13": give 1 to 12 or JAN to DEC/],
    ['0 0 * FOO *', /^its month is "FOO": give 1 to 12 or JAN to DEC/],
    ['0 0 * * 8', /^its day of week is "8": give 0 to 7/],
    ['0 0 * * 1#6', /^its day of week is "1#6": give 0 to 7/],
    ['0 0 * * L', /^its day of week is "L": give 0 to 7/],
    ['0 0 15W * *', /^its day of month is "15W": W \(the nearest workday\) is not supported/],
    ['*/61 * * * *', /^its minute is "\*\/61": the longest step is 60$/],
    ['0 */25 * * *', /^its hour is "\*\/25": the longest step is 24$/],
  ])('%s', (expression, problem) => {
    expect(problemsOf(expression)).toEqual([expect.stringMatching(problem)]);
  });

  test('all wrong fields are named at once', () => {
    expect(problemsOf('99 24 32 13 8').map((problem) => problem.split(':')[0])).toEqual([
      'its minute is "99"',
      'its hour is "24"',
      'its day of month is "32"',
      'its month is "13"',
      'its day of week is "8"',
    ]);
  });

  test.each(['0 0 31 2 *', '0 0 30 FEB *', '0 0 31 4,6,9,11 *', '0 0 0 31 2 *'])(
    '%s, which never comes',
    (expression) => {
      expect(problemsOf(expression)).toEqual(['no day matches it, in any year: give a day that its months have']);
    },
  );

  test.each(['@reboot', '@midnight', '@DAILY'])('the alias %s', (alias) => {
    expect(problemsOf(alias)).toEqual([expect.stringMatching(/^there is no such alias: give 5 fields .*@yearly/)]);
  });
});
