import { parseCron } from '../../../../handlers/shared/schedule/cron-expression';
import { scheduleOf, slotsAfter } from '../../../support/schedules';

const slots = (cron_time: string, count: number) =>
  slotsAfter(scheduleOf({ cron_time }), '2026-11-27T11:40:30Z', count);

const problemsOf = (expression: string) => {
  const parsed = parseCron(expression, 'schedule-1');
  return parsed.kind === 'wrong' ? parsed.problems : [];
};

describe("EventBridge's cron(...)", () => {
  test.each([
    ['cron(0 9 ? * MON-FRI *)', ['2026-11-30T09:00:00Z', '2026-12-01T09:00:00Z']],
    ['cron(0 9 ? * 2-6 *)', ['2026-11-30T09:00:00Z', '2026-12-01T09:00:00Z']],
    ['cron(0 9 ? * 1 *)', ['2026-11-29T09:00:00Z', '2026-12-06T09:00:00Z']],
    ['cron(0 9 ? * 7 *)', ['2026-11-28T09:00:00Z', '2026-12-05T09:00:00Z']],
    ['cron(0 9 ? * L *)', ['2026-11-28T09:00:00Z', '2026-12-05T09:00:00Z']],
    ['cron(0 9 ? * 6L *)', ['2026-12-25T09:00:00Z', '2027-01-29T09:00:00Z']],
    ['cron(0 9 ? * 6#2 *)', ['2026-12-11T09:00:00Z', '2027-01-08T09:00:00Z']],
    ['cron(0 9 ? * FRI#2 *)', ['2026-12-11T09:00:00Z', '2027-01-08T09:00:00Z']],
    [
      'cron(0 9 ? * 2/2 *)',
      ['2026-11-30T09:00:00Z', '2026-12-02T09:00:00Z', '2026-12-04T09:00:00Z', '2026-12-07T09:00:00Z'],
    ],
    [
      'cron(0 9 ? * MON/2 *)',
      ['2026-11-30T09:00:00Z', '2026-12-02T09:00:00Z', '2026-12-04T09:00:00Z', '2026-12-07T09:00:00Z'],
    ],
    ['cron(0/15 * * * ? *)', ['2026-11-27T11:45:00Z', '2026-11-27T12:00:00Z']],
    ['cron(0 9 L * ? *)', ['2026-11-30T09:00:00Z', '2026-12-31T09:00:00Z']],
    ['cron(0 0 1 1 ? 2028)', ['2028-01-01T00:00:00Z']],
    ['cron(0 0 1 1 ? 2028,2030)', ['2028-01-01T00:00:00Z', '2030-01-01T00:00:00Z']],
    [
      'cron(0 0 29 2 ? 2027-2040/1)',
      ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z', '2036-02-29T00:00:00Z', '2040-02-29T00:00:00Z'],
    ],
    ['cron(0 0 1 1 ? 2026/3)', ['2029-01-01T00:00:00Z', '2032-01-01T00:00:00Z']],
  ])('%s', (expression, expected) => {
    expect(slots(expression, expected.length)).toEqual(expected);
  });

  test('an expression whose years are over has no slot any more', () => {
    expect(slots('cron(0 0 1 1 ? 2020)', 1)).toEqual([]);
    expect(slots('cron(0 0 1 1 ? 2028)', 5)).toEqual(['2028-01-01T00:00:00Z']);
  });

  test.each([
    ['cron()', /^cron\(\.\.\.\) has 6 fields \(minute, .*, year\), and this one none$/],
    ['cron(0 9 * * ?)', /^cron\(\.\.\.\) has 6 fields .*, and this one 5$/],
    ['cron(0 9 * * * *)', /^one of day of month and day of week must be \?/],
    ['cron(0 9 ? * ? *)', /^one of day of month and day of week must be \?/],
    ['cron(0 9 ? * 0 *)', /^its day of week is "0": give 1 to 7 \(1 is Sunday/],
    ['cron(0 9 ? * 8 *)', /^its day of week is "8": give 1 to 7/],
    ['cron(0 9 1 * ? 1969)', /^its year is "1969": give \*, or years from 1970 to 2199/],
    ['cron(0 9 1 * ? 2200)', /^its year is "2200": give/],
    ['cron(0 9 1 * ? 2028-2026)', /^its year is "2028-2026": give/],
    ['cron(0 9 1 * ? 26)', /^its year is "26": give/],
    ['cron(0 9 15W * ? *)', /^its day of month is "15W": W \(the nearest workday\) is not supported/],
    ['cron(60 9 1 * ? *)', /^its minute is "60": give 0 to 59/],
    ['cron(0 0 29 2 ? 2027)', /^no day matches it, in any year/],
  ])('%s is refused', (expression, problem) => {
    expect(problemsOf(expression)).toEqual([expect.stringMatching(problem)]);
  });
});
