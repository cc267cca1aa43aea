import { decideSlots, MOST_COUNTED } from '../../../handlers/scheduler/decide-slots';
import { at, scheduleOf } from '../../support/scheduler/example-schedules';

const MINUTE = 60_000;
const HOUR_SECONDS = 3_600;

interface Case {
  readonly title: string;
  readonly row?: Readonly<Record<string, unknown>>;
  /** The last slot that is decided. */
  readonly after: string;
  readonly now: string;
  readonly prompt?: readonly string[];
  readonly since?: string;
  readonly start: readonly string[];
  readonly missed?: { readonly count: number; readonly first: string; readonly last: string };
  readonly until: string | undefined;
}

const CASES: readonly Case[] = [
  { title: 'nothing is due', after: '10:00', now: '10:00:30', start: [], until: undefined },
  { title: 'one slot is due, on time', after: '10:00', now: '10:01', start: ['10:01'], until: '10:01' },
  {
    title: 'an hour was missed, and the schedule catches up with the latest',
    row: { catch_up: 'latest', starting_deadline_seconds: HOUR_SECONDS },
    after: '09:00',
    now: '10:00:30',
    start: ['10:00'],
    missed: { count: 59, first: '09:01', last: '09:59' },
    until: '10:00',
  },
  {
    title: 'three slots were missed, and the schedule catches up with all',
    row: { catch_up: 'all' },
    after: '10:00',
    now: '10:03:30',
    start: ['10:01', '10:02', '10:03'],
    until: '10:03',
  },
  {
    title: 'all are wanted, and some are past the deadline',
    row: { catch_up: 'all', starting_deadline_seconds: 120 },
    after: '10:00',
    now: '10:05',
    start: ['10:03', '10:04', '10:05'],
    missed: { count: 2, first: '10:01', last: '10:02' },
    until: '10:05',
  },
  {
    title: 'no catching up is wanted, and the newest is on time',
    row: { catch_up: 'none' },
    after: '10:00',
    now: '10:03:59',
    start: ['10:03'],
    missed: { count: 2, first: '10:01', last: '10:02' },
    until: '10:03',
  },
  {
    title: 'no catching up is wanted, and the newest is late',
    row: { catch_up: 'none', cron_time: '*/10 * * * *' },
    after: '10:00',
    now: '10:15',
    start: [],
    missed: { count: 1, first: '10:10', last: '10:10' },
    until: '10:10',
  },
  {
    title: 'every slot is past the deadline',
    row: { cron_time: '*/10 * * * *', starting_deadline_seconds: 60, catch_up: 'latest' },
    after: '10:00',
    now: '10:15',
    start: [],
    missed: { count: 1, first: '10:10', last: '10:10' },
    until: '10:10',
  },
  {
    title: 'slots that were seen in time wait for their turn: all of them start',
    row: { catch_up: 'none' },
    after: '10:00',
    now: '10:05',
    prompt: ['10:01', '10:02', '10:05'],
    start: ['10:01', '10:02', '10:05'],
    missed: { count: 2, first: '10:03', last: '10:04' },
    until: '10:05',
  },
  {
    title: 'a slot that was seen in time, past its deadline',
    row: { starting_deadline_seconds: 60 },
    after: '10:00',
    now: '10:02:30',
    prompt: ['10:01', '10:02'],
    start: ['10:02'],
    missed: { count: 1, first: '10:01', last: '10:01' },
    until: '10:02',
  },
  {
    title: 'the schedule is newer than some slots: they are not its own, and not missed',
    row: { catch_up: 'all' },
    after: '10:00',
    now: '10:05',
    since: '10:03:30',
    start: ['10:04', '10:05'],
    until: '10:05',
  },
  {
    title: 'it ended in between: the slot at its end is none',
    row: { catch_up: 'all', end_at: '2026-11-27T10:02:00Z' },
    after: '10:00',
    now: '10:05',
    start: ['10:01'],
    until: '10:01',
  },
];

test.each(CASES)('$title', ({ row, after, now, prompt = [], since, start, missed, until }) => {
  const decided = decideSlots({
    schedule: scheduleOf(row),
    after: at(after),
    at: at(now),
    since: since === undefined ? undefined : at(since),
    prompt: prompt.map(at),
    onTime: MINUTE,
  });

  expect(decided).toEqual({
    start: start.map(at),
    missed: missed === undefined ? undefined : { count: missed.count, first: at(missed.first), last: at(missed.last) },
    until: until === undefined ? undefined : at(until),
  });
});

test('a schedule of every second that slept for a year starts one run, and the count of the missed stops somewhere', () => {
  const decided = decideSlots({
    schedule: scheduleOf({ cron_time: '* * * * * *', catch_up: 'latest', starting_deadline_seconds: 10 }),
    after: Date.parse('2025-11-27T10:00:00Z'),
    at: at('10:00:00.500'),
    since: undefined,
    prompt: [],
    onTime: MINUTE,
  });

  expect(decided.start).toEqual([at('10:00')]);
  expect(decided.until).toBe(at('10:00'));
  expect(decided.missed?.count).toBeGreaterThanOrEqual(MOST_COUNTED);
});

test('a thousand slots to catch up with are claimed a hundred at a time, in their order', () => {
  const schedule = scheduleOf({ catch_up: 'all', starting_deadline_seconds: 86_400 });
  const first = decideSlots({
    schedule,
    after: at('00:00'),
    at: at('10:00'),
    since: undefined,
    prompt: [],
    onTime: MINUTE,
  });
  const second = decideSlots({
    schedule,
    after: first.until ?? 0,
    at: at('10:00'),
    since: undefined,
    prompt: [],
    onTime: MINUTE,
  });

  expect([first.start.length, first.start[0], first.until, first.missed]).toEqual([
    100,
    at('00:01'),
    at('01:40'),
    undefined,
  ]);
  expect([second.start.length, second.start[0]]).toEqual([100, at('01:41')]);
});

test('jitter that makes a later slot due before an earlier one keeps their order', () => {
  const schedule = scheduleOf({ jitter_seconds: 86_400, catch_up: 'all' });
  const decided = decideSlots({
    schedule,
    after: at('09:00'),
    at: at('10:00'),
    since: undefined,
    prompt: [],
    onTime: MINUTE,
  });

  const until = decided.until ?? at('09:00');
  expect(decided.start).toEqual(
    Array.from({ length: (until - at('09:00')) / MINUTE }, (_, index) => at('09:01') + index * MINUTE),
  );
});

test('of more slots than are looked at, the latest alone is started: the others are missed, a thousand at a time', () => {
  const schedule = scheduleOf({ cron_time: '* * * * * *', catch_up: 'latest', starting_deadline_seconds: 3_600 });
  let after = at('09:20');
  const started: number[] = [];
  let missed = 0;
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const due = decideSlots({ schedule, after, at: at('10:00'), since: undefined, prompt: [], onTime: MINUTE });
    started.push(...due.start);
    missed += due.missed?.count ?? 0;
    after = due.until ?? after;
  }

  expect([started, missed]).toEqual([[at('10:00')], 40 * 60 - 1]);
});
