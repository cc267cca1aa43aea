import { DST_POLICIES, type DstPolicy } from '../../../../handlers/shared/schedule/schedule';
import { scheduleOf, slotsAfter } from '../../../support/schedules';

const slotsOf = (cron_time: string, time_zone: string, dst_policy: DstPolicy, after: string, count: number) =>
  slotsAfter(scheduleOf({ cron_time, time_zone, dst_policy }), after, count);

interface Case {
  readonly zone: string;
  readonly what: string;
  readonly cron: string;
  readonly after: string;
  /** By policy, the slots that follow. */
  readonly slots: Readonly<Record<DstPolicy, readonly string[]>>;
}

const NEW_YORK = 'America/New_York';
const LONDON = 'Europe/London';
const LORD_HOWE = 'Australia/Lord_Howe';
const TEHRAN = 'Asia/Tehran';
const APIA = 'Pacific/Apia';

const same = (...slots: readonly string[]) => ({ skip: slots, after: slots, once: slots, both: slots });

const GAPS: readonly Case[] = [
  {
    zone: NEW_YORK,
    what: '02:30 on 8 March 2026, when 02:00 became 03:00',
    cron: '30 2 * * *',
    after: '2026-03-07T12:00:00Z',
    slots: {
      skip: ['2026-03-09T06:30:00Z'],
      after: ['2026-03-08T07:00:00Z', '2026-03-09T06:30:00Z'],
      once: ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
      both: ['2026-03-09T06:30:00Z'],
    },
  },
  {
    zone: NEW_YORK,
    what: 'each quarter of the hour that is left out',
    cron: '*/15 2 8 3 *',
    after: '2026-03-07T12:00:00Z',
    slots: {
      skip: ['2027-03-08T07:00:00Z'],
      after: ['2026-03-08T07:00:00Z', '2027-03-08T07:00:00Z'],
      once: ['2026-03-08T07:00:00Z', '2026-03-08T07:15:00Z', '2026-03-08T07:30:00Z', '2026-03-08T07:45:00Z'],
      both: ['2027-03-08T07:00:00Z'],
    },
  },
  {
    zone: NEW_YORK,
    what: '02:30 and 03:30, which once makes one',
    cron: '30 2,3 * * *',
    after: '2026-03-08T00:00:00Z',
    slots: {
      skip: ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
      after: ['2026-03-08T07:00:00Z', '2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
      once: ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
      both: ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
    },
  },
  {
    zone: NEW_YORK,
    what: 'each half hour, which is a cadence',
    cron: '*/30 * * * *',
    after: '2026-03-08T06:00:00Z',
    slots: same('2026-03-08T06:30:00Z', '2026-03-08T07:00:00Z', '2026-03-08T07:30:00Z'),
  },
  {
    zone: LONDON,
    what: '01:30 on 29 March 2026, when 01:00 became 02:00',
    cron: '30 1 * * *',
    after: '2026-03-28T12:00:00Z',
    slots: {
      skip: ['2026-03-30T00:30:00Z'],
      after: ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
      once: ['2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
      both: ['2026-03-30T00:30:00Z'],
    },
  },
  {
    zone: LORD_HOWE,
    what: '02:10 on 4 October 2026, when 02:00 became 02:30',
    cron: '10 2 * * *',
    after: '2026-10-03T00:00:00Z',
    slots: {
      skip: ['2026-10-04T15:10:00Z'],
      after: ['2026-10-03T15:30:00Z', '2026-10-04T15:10:00Z'],
      once: ['2026-10-03T15:40:00Z', '2026-10-04T15:10:00Z'],
      both: ['2026-10-04T15:10:00Z'],
    },
  },
  {
    zone: TEHRAN,
    what: 'midnight of 22 March 2021, when 00:00 became 01:00',
    cron: '0 0 * * *',
    after: '2021-03-21T00:00:00Z',
    slots: {
      skip: ['2021-03-22T19:30:00Z'],
      after: ['2021-03-21T20:30:00Z', '2021-03-22T19:30:00Z'],
      once: ['2021-03-21T20:30:00Z', '2021-03-22T19:30:00Z'],
      both: ['2021-03-22T19:30:00Z'],
    },
  },
  {
    zone: APIA,
    what: '02:30 on the 30 December 2011 that there was none of',
    cron: '30 2 30 12 *',
    after: '2011-12-01T00:00:00Z',
    slots: {
      skip: ['2012-12-29T12:30:00Z'],
      after: ['2011-12-30T10:00:00Z', '2012-12-29T12:30:00Z'],
      once: ['2011-12-30T12:30:00Z', '2012-12-29T12:30:00Z'],
      both: ['2012-12-29T12:30:00Z'],
    },
  },
  {
    zone: APIA,
    what: 'each day at 02:30, of which there were 30 in that December',
    cron: '30 2 * * *',
    after: '2011-12-28T13:00:00Z',
    slots: {
      skip: ['2011-12-29T12:30:00Z', '2011-12-30T12:30:00Z', '2011-12-31T12:30:00Z'],
      after: ['2011-12-29T12:30:00Z', '2011-12-30T10:00:00Z', '2011-12-30T12:30:00Z', '2011-12-31T12:30:00Z'],
      once: ['2011-12-29T12:30:00Z', '2011-12-30T12:30:00Z', '2011-12-31T12:30:00Z'],
      both: ['2011-12-29T12:30:00Z', '2011-12-30T12:30:00Z', '2011-12-31T12:30:00Z'],
    },
  },
];

const once = (...slots: readonly string[]) => ({ skip: slots, after: slots, once: slots });

const OVERLAPS: readonly Case[] = [
  {
    zone: NEW_YORK,
    what: '01:30 on 1 November 2026, when 02:00 became 01:00',
    cron: '30 1 * * *',
    after: '2026-10-31T12:00:00Z',
    slots: {
      ...once('2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'),
      both: ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T06:30:00Z'],
    },
  },
  {
    zone: NEW_YORK,
    what: 'each half of the hour that comes twice, looked from within the second time',
    cron: '*/30 1 * * *',
    after: '2026-11-01T06:10:00Z',
    slots: {
      ...once('2026-11-02T06:00:00Z', '2026-11-02T06:30:00Z'),
      both: ['2026-11-01T06:30:00Z', '2026-11-02T06:00:00Z'],
    },
  },
  {
    zone: NEW_YORK,
    what: 'a yearly time that comes twice, looked from between the two',
    cron: '30 1 1 11 *',
    after: '2026-11-01T05:40:00Z',
    slots: { ...once('2027-11-01T05:30:00Z'), both: ['2026-11-01T06:30:00Z', '2027-11-01T05:30:00Z'] },
  },
  {
    zone: NEW_YORK,
    what: 'each half hour, which is a cadence',
    cron: '*/30 * * * *',
    after: '2026-11-01T05:00:00Z',
    slots: same('2026-11-01T05:30:00Z', '2026-11-01T06:00:00Z', '2026-11-01T06:30:00Z', '2026-11-01T07:00:00Z'),
  },
  {
    zone: NEW_YORK,
    what: 'each second hour, which is none',
    cron: '0 */2 * * *',
    after: '2026-11-01T03:59:00Z',
    slots: same('2026-11-01T04:00:00Z', '2026-11-01T07:00:00Z', '2026-11-01T09:00:00Z'),
  },
  {
    zone: LONDON,
    what: '01:00 on 25 October 2026, when 02:00 became 01:00',
    cron: '0 1 * * *',
    after: '2026-10-24T12:00:00Z',
    slots: {
      ...once('2026-10-25T00:00:00Z', '2026-10-26T01:00:00Z'),
      both: ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-26T01:00:00Z'],
    },
  },
  {
    zone: LORD_HOWE,
    what: '01:45 on 5 April 2026, when 02:00 became 01:30',
    cron: '45 1 * * *',
    after: '2026-04-04T00:00:00Z',
    slots: {
      ...once('2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z'),
      both: ['2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z', '2026-04-05T15:15:00Z'],
    },
  },
  {
    zone: LORD_HOWE,
    what: 'each hour at a quarter to, which is a cadence',
    cron: '45 * * * *',
    after: '2026-04-04T14:00:00Z',
    slots: same('2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z', '2026-04-04T16:15:00Z'),
  },
  {
    zone: TEHRAN,
    what: '23:30 on 21 September 2021, when 00:00 became 23:00 of the day before',
    cron: '30 23 * * *',
    after: '2021-09-21T00:00:00Z',
    slots: {
      ...once('2021-09-21T19:00:00Z', '2021-09-22T20:00:00Z'),
      both: ['2021-09-21T19:00:00Z', '2021-09-21T20:00:00Z', '2021-09-22T20:00:00Z'],
    },
  },
];

const byPolicy = (cases: readonly Case[]) =>
  cases.flatMap((one) => DST_POLICIES.map((policy) => ({ ...one, policy, expected: one.slots[policy] })));

describe('a local time that the clock leaves out', () => {
  test.each(byPolicy(GAPS))('$zone, $what: $policy gives $expected', ({ cron, zone, policy, after, expected }) => {
    expect(slotsOf(cron, zone, policy, after, expected.length)).toEqual(expected);
  });
});

describe('a local time that the clock shows twice', () => {
  test.each(byPolicy(OVERLAPS))('$zone, $what: $policy gives $expected', ({ cron, zone, policy, after, expected }) => {
    expect(slotsOf(cron, zone, policy, after, expected.length)).toEqual(expected);
  });
});

describe('a year of slots', () => {
  test.each([
    ['a fixed hour under skip', '30 2 * * *', 'skip', 364],
    ['a fixed hour under after', '30 2 * * *', 'after', 365],
    ['a fixed hour under once', '30 2 * * *', 'once', 365],
    ['an hour that comes twice, under once', '30 1 * * *', 'once', 365],
    ['an hour that comes twice, under both', '30 1 * * *', 'both', 366],
    // node-schedule #435: a job of each hour lost one in autumn.
    ['each hour, under once', '0 * * * *', 'once', 8760],
    ['each hour, under skip', '0 * * * *', 'skip', 8760],
  ] as const)('%s (%s, %s) has %i slots in New York', (_, cron, policy, count) => {
    const slots = slotsOf(cron, NEW_YORK, policy, '2026-01-01T04:59:59Z', 9000);

    expect(slots.filter((slot) => slot < '2027-01-01T05:00:00Z')).toHaveLength(count);
  });
});
