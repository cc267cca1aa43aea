import { eventBridgeCron, eventBridgeRate } from '../../../stacks/parts/eventbridge-expression';

// The same table as in __tests__/modules/examples/scheduler-eventbridge, where Terraform translates.
test.each([
  ['*/5 * * * *', 'cron(0/5 * * * ? *)'],
  ['5/10 * * * *', 'cron(5/10 * * * ? *)'],
  ['*/15,7 * * * *', 'cron(0,15,30,45,7 * * * ? *)'],
  ['10-30/5,45 * * * *', 'cron(10,15,20,25,30,45 * * * ? *)'],
  ['0 9 * * 1-5', 'cron(0 9 ? * MON,TUE,WED,THU,FRI *)'],
  ['0 9 * * mon-fri', 'cron(0 9 ? * MON,TUE,WED,THU,FRI *)'],
  ['0 0 ? * 5-7', 'cron(0 0 ? * FRI,SAT,SUN *)'],
  ['0 0 * * 0,7', 'cron(0 0 ? * SUN *)'],
  ['0 02-22 * * SUN-1', 'cron(0 02-22 ? * SUN,MON *)'],
  ['0 0 * * */2', 'cron(0 0 ? * SUN,TUE,THU,SAT *)'],
  ['0 12 * MAR,APR THU', 'cron(0 12 ? MAR,APR THU *)'],
  ['0 0 1 */3 *', 'cron(0 0 1 1/3 ? *)'],
  ['30 4 1,15 * *', 'cron(30 4 1,15 * ? *)'],
  ['0 0 */2 * *', 'cron(0 0 1/2 * ? *)'],
  ['0 0 L * *', 'cron(0 0 L * ? *)'],
  ['0 0 * * 1#2', 'cron(0 0 ? * 2#2 *)'],
  ['0 0 * * SUN#2', 'cron(0 0 ? * 1#2 *)'],
  ['0 0 0 * * *', 'cron(0 0 * * ? *)'],
  ['0   0 * *  *', 'cron(0 0 * * ? *)'],
  ['@daily', 'cron(0 0 * * ? *)'],
  ['@weekly', 'cron(0 0 ? * SUN *)'],
  ['@weekends', 'cron(0 0 ? * SUN,SAT *)'],
  ['@minutely', 'cron(* * * * ? *)'],
])('%s is %s', (cronTime, expression) => {
  expect(eventBridgeCron(cronTime)).toEqual({ kind: 'expression', expression });
});

const SECONDS = 'it fires once a minute at most: leave the field of seconds out, or give 0';
const DAYS = 'it takes a day of the month or a day of the week, not both: make two schedules of it';
const FORMS =
  'it takes values, ranges, steps and lists, L alone as the day of the month, and one day with # alone as the day of the week';

const FALLING =
  'a range goes from the lower to the higher: give two, such as 22-23,0-2, or 6-7 for Saturday and Sunday';

test.each([
  ['*/10 * * * * *', SECONDS],
  ['@secondly', SECONDS],
  ['H 3 * * *', 'it does not know H: give a value'],
  ['0 3 13 * 5', DAYS],
  ['0 3 */2 * MON', DAYS],
  ['0 3 * * 5L', FORMS],
  ['0 3 L,15 * *', FORMS],
  ['0 3 * * 1#2,3#1', FORMS],
  ['0 3 15W * *', FORMS],
  ['60 3 * * *', FORMS],
  ['0 9 * * SAT-SUN', FALLING],
  ['0 9 * * MON,FRI-1', FALLING],
  ['0 22-02 * * *', FALLING],
  ['50-10/5 * * * *', FALLING],
  ['0 0 1 nov-feb *', FALLING],
])('%s is refused: %s', (cronTime, reason) => {
  expect(eventBridgeCron(cronTime)).toEqual({ kind: 'refused', reason });
});

test.each([
  ['1 minute', 'rate(1 minute)'],
  ['rate(5 minutes)', 'rate(5 minutes)'],
  ['2 hour', 'rate(2 hours)'],
  ['rate(1 days)', 'rate(1 day)'],
])('the period %s is %s', (rate, expression) => {
  expect(eventBridgeRate(rate)).toEqual({ kind: 'expression', expression });
});

test.each(['90 seconds', '1 week'])('the period %s is refused', (rate) => {
  expect(eventBridgeRate(rate)).toMatchObject({ kind: 'refused' });
});
