import { CronExpressionParser } from 'cron-parser';
import { parseRate } from '../../../handlers/shared/schedule/rate';
import { parseScheduleRow } from '../../../handlers/shared/schedule/row';
import * as schedule from '../../../handlers/shared/schedule/schedule';
import {
  CATCH_UP_POLICIES,
  CRON_TIME,
  DST_POLICIES,
  INSTANT,
  OVERLAP_POLICIES,
  RATE,
} from '../../../stacks/parts/schedule-formats';

/** What cron-parser takes of each field. */
const FIELDS = [
  ['0', '59', '*/5', '1-5', '0,30', '5/10', 'H', 'H(0-5)', '10-30/5,45'],
  ['0', '23', '*', '*/2', '9-17', '09'],
  ['1', '31', '*', '?', 'L', '1-7', '*/10', '15,L'],
  ['1', '12', '*', 'JAN', 'mar-may', '*/3'],
  ['0', '7', '*', '?', 'MON-FRI', '5L', '1#2', '1,3,5', 'sun'],
] as const;

test('every form of a field that the service takes is taken here too', () => {
  FIELDS.forEach((forms, index) => {
    for (const form of forms) {
      const fields = ['0', '0', '1', '1', '*'].map((usual, at) => (at === index ? form : usual));
      const cronTime = fields.join(' ');
      CronExpressionParser.parse(cronTime, { hashSeed: 'seed' });
      expect([cronTime, CRON_TIME.pattern.test(cronTime)]).toEqual([cronTime, true]);
      expect([`0 ${cronTime}`, CRON_TIME.pattern.test(`0 ${cronTime}`)]).toEqual([`0 ${cronTime}`, true]);
    }
  });
});

test.each([
  '',
  '* * *',
  '* * * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '* * * * 8',
  '*/0 * * * *',
  'every day',
  '@never',
])('the cron expression %p is refused', (cronTime) => {
  expect(CRON_TIME.pattern.test(cronTime)).toBe(false);
});

test.each(['90 seconds', '5 minutes', 'rate(1 hour)', '2 days', '1 week'])(
  'the period %p is one here and there',
  (rate) => {
    expect([RATE.pattern.test(rate), parseRate(rate) !== undefined]).toEqual([true, true]);
  },
);

test.each(['0 minutes', '5 fortnights', 'rate(5 minutes', 'often'])('the period %p is none here', (rate) => {
  expect(RATE.pattern.test(rate)).toBe(false);
});

test('an instant that is taken here is one for the service', () => {
  const at = '2026-12-24T18:00:00.5+01:00';

  expect(INSTANT.pattern.test(at)).toBe(true);
  expect(parseScheduleRow({ id: 'once', at, definition_arn: 'jobs' })).toMatchObject({ kind: 'schedule' });
});

test('the policies are those of the service', () => {
  expect({ DST_POLICIES, OVERLAP_POLICIES, CATCH_UP_POLICIES }).toEqual({
    DST_POLICIES: schedule.DST_POLICIES,
    OVERLAP_POLICIES: schedule.OVERLAP_POLICIES,
    CATCH_UP_POLICIES: schedule.CATCH_UP_POLICIES,
  });
});
