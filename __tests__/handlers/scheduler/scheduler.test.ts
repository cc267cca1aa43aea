import { slotKey } from '../../../handlers/shared/schedule/slot-key';
import { SchedulerWorld } from '../../support/scheduler/scheduler-world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = '2026-11-27T10:00:30.000Z';
const begin = Date.parse(START);
const EACH_MINUTE = { id: 'report', cron_time: '* * * * *', definition_arn: 'report:7' };

const slot = (time: string) => `2026-11-27T${time}:00.000Z`;
const decisions = (world: SchedulerWorld, id = 'report') =>
  world.state(id).history.map(({ slot: at, decision }) => [at.slice(11, 16), decision]);

describe('what schedulers before this one got wrong', () => {
  test('scans that fail cancel no job: slots go on to fire, and a new scheduler waits for the whole table', async () => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    let isDown = false;
    world.start({ fault: (call) => (isDown && /^(scan|read changes)$/.test(call) ? 'throttled' : undefined) });
    await world.time.runUntil(begin + MINUTE);
    isDown = true;
    await world.time.runUntil(begin + 10 * MINUTE);
    isDown = false;

    expect(world.slotsRun('report')).toHaveLength(10);
  });

  test('a page that fails in the middle of the table is read again, and no row is taken for deleted', async () => {
    const world = new SchedulerWorld(START);
    for (let index = 0; index < 50; index += 1) {
      world.put({ ...EACH_MINUTE, id: `report-${index}` });
    }
    let scans = 0;
    const fault = (call: string) => {
      scans += call === 'scan' ? 1 : 0;
      return call === 'scan' && scans % 2 === 0 ? ('throttled' as const) : undefined;
    };
    const { scheduler } = world.start({ fault });

    await world.time.runUntil(begin + 2 * MINUTE);

    expect(scheduler.health).toMatchObject({ isLoaded: true, schedules: 50 });
    expect(world.runs.size).toBe(100);
  });

  test('99 * * * * fires nothing and is named; its neighbour lives on', async () => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    expect(() => world.put({ ...EACH_MINUTE, id: 'wrong', cron_time: '99 * * * *' })).toThrow(
      'cron_time is "99 * * * *"',
    );
    const { scheduler } = world.start();

    await world.time.runUntil(begin + 3 * MINUTE);

    expect([world.slotsRun('wrong'), world.slotsRun('report').length]).toEqual([[], 3]);
    expect(scheduler.health).toMatchObject({ schedules: 1, setAside: 1, setAsideIds: ['wrong'] });
  });

  test('a loop that stood still for minutes fires the latest slot once, and tells of the others', async () => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    const frozen = world.start();
    await world.time.runUntil(begin + 2 * MINUTE);
    const before = world.starts.length;

    frozen.freeze(begin + 7 * MINUTE + 10 * SECOND);
    await world.time.runUntil(begin + 7 * MINUTE + 20 * SECOND);

    expect(world.starts).toHaveLength(before + 1);
    expect(decisions(world)).toEqual([
      ['10:01', 'started'],
      ['10:02', 'started'],
      ['10:06', 'missed'],
      ['10:07', 'started'],
    ]);
    expect(world.state('report').history.at(-2)?.reason).toMatch(/^4 slots were not decided in time/);
  });

  test('a start that fails is tried again until it succeeds, and every other schedule goes on', async () => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    world.put({ ...EACH_MINUTE, id: 'other' });
    const until = begin + 3 * MINUTE;
    world.refuse = (key) =>
      key.startsWith('schedule:report:') && world.time.now < until
        ? { kind: 'failed', reason: 'no capacity' }
        : undefined;
    world.start();

    await world.time.runUntil(begin + 5 * MINUTE);

    expect(world.slotsRun('report')).toEqual(world.slotsRun('other'));
    expect(world.slotsRun('other')).toHaveLength(5);
  });

  test('a start that goes on to fail is given up at its deadline, and written down with the reason', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, cron_time: '1 10 * * *', starting_deadline_seconds: 120 });
    world.refuse = () => ({ kind: 'failed', reason: 'no capacity' });
    world.start();

    await world.time.runUntil(begin + 10 * MINUTE);

    const tries = world.starts.length;
    expect(tries).toBeGreaterThan(3);
    expect(Math.max(...world.starts.map(({ at }) => at))).toBeLessThanOrEqual(Date.parse(slot('10:03')));
    expect(world.state('report').history).toEqual([
      { slot: slot('10:01'), decision: 'failed', reason: 'no capacity', at: expect.any(String) },
    ]);
    expect(world.state('report').claims).toEqual([]);
  });

  test('a reason of any length is cut in the log, of a schedule that is set aside and of slots alike', async () => {
    const world = new SchedulerWorld(START);
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`unknown_${index}`, 1]));
    expect(() => world.put({ ...EACH_MINUTE, ...unknown, id: 'wrong' })).toThrow('unknown_4999');
    world.rows.set('nameless', { ...EACH_MINUTE, ...unknown, id: 7 });
    world.put({ ...EACH_MINUTE, id: 'failing' });
    world.put({ ...EACH_MINUTE, id: 'refused' });
    world.refuse = (key) => ({
      kind: key.startsWith('schedule:failing:') ? 'failed' : 'refused',
      reason: 'no capacity'.repeat(10_000),
    });
    world.start();

    await world.time.runUntil(begin + MINUTE);

    const lines = world.logLines.map((line) => JSON.parse(line));
    const long = lines.flatMap(({ event, reason, problems }) =>
      (reason ?? problems ?? '').length >= 1_000 ? [[event, (reason ?? problems).length]] : [],
    );
    expect(new Set(long.map(([event]) => event))).toEqual(
      new Set(['schedule.set-aside', 'slot.try-again', 'slot.refused']),
    );
    expect(new Set(long.map(([, length]) => length))).toEqual(new Set([1_000]));
    expect(lines.filter(({ event }) => event === 'schedule.set-aside')).toHaveLength(2);
  });

  test('a slot whose start goes on to fail is told as late minutes after it, and not at its deadline', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, cron_time: '1 10 * * *' });
    world.refuse = () => ({ kind: 'failed', reason: 'AccessDeniedException' });
    world.start();

    await world.time.runUntil(begin + 3 * MINUTE);

    expect(Math.max(...world.lateness)).toBeGreaterThan(MINUTE);
    expect(world.counts).toMatchObject({ Failed: 0, Missed: 0 });
  });

  test('a schedule of every second whose starts fail has a bounded state, and starts every slot once they succeed', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, cron_time: '* * * * * *', end_at: slot('10:03') });
    world.refuse = () => (world.time.now < begin + 3 * MINUTE ? { kind: 'failed', reason: 'no capacity' } : undefined);
    world.start();

    await world.time.runUntil(begin + 3 * MINUTE);
    expect(world.state('report').claims).toHaveLength(100);
    await world.time.runUntil(begin + 5 * MINUTE);

    expect(world.slotsRun('report')).toHaveLength(2 * 60 + 29);
    expect(world.state('report').claims).toEqual([]);
  });

  test('a request that the starter refuses is asked for once, and written down with the reason', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, cron_time: '1 10 * * *' });
    world.refuse = () => ({ kind: 'refused', reason: 'INVALID_INPUT: cluster is 1' });
    const running = world.start();

    await world.time.runUntil(begin + 5 * MINUTE);
    await Promise.all([running.stop(), world.time.runUntil(begin + 6 * MINUTE)]);

    expect([world.starts.length, decisions(world)]).toEqual([1, [['10:01', 'refused']]]);
    expect(world.counts).toMatchObject({ Refused: 1, Fired: 0 });
  });
});

describe('a clock that is set anew', () => {
  test.each([
    ['forwards by an hour and back', HOUR],
    ['back by an hour and forwards', -HOUR],
  ])('%s fires no slot twice, and goes on', async (_, jump) => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    const isAway = () => world.time.now >= begin + 3 * MINUTE && world.time.now < begin + 5 * MINUTE;
    world.start({ skew: () => (isAway() ? jump : 0) });

    await world.time.runUntil(begin + 2 * HOUR);

    const keys = world.starts.map(({ key }) => key);
    expect(keys).toEqual([...new Set(keys)]);
    expect(world.slotsRun('report').at(-1)).toBe(slot('12:00'));
  });

  test('a scheduler whose clock is behind starts nothing too soon, and one on time is not held up by it', async () => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    world.start({ skew: () => -30 * SECOND });
    world.start();

    await world.time.runUntil(begin + 5 * MINUTE);

    expect(world.slotsRun('report')).toHaveLength(5);
    for (const { key, at } of world.starts) {
      const lateness = at - Date.parse(key.slice('schedule:report:'.length));
      expect(lateness).toBeGreaterThanOrEqual(0);
      expect(lateness).toBeLessThan(5 * SECOND);
    }
  });
});

describe('after an outage of all schedulers', () => {
  test.each([
    ['none', ['10:00', '10:20']],
    ['latest', ['10:00', '10:14', '10:20']],
    ['all', ['10:00', '10:12', '10:14', '10:20']],
  ])('catch_up %s within five minutes starts %j', async (catchUp, slots) => {
    const world = new SchedulerWorld(START);
    world.time.now = Date.parse('2026-11-27T09:59:30.000Z');
    const cron = '0,2,8,10,12,14,20 * * * *';
    world.put({ ...EACH_MINUTE, cron_time: cron, catch_up: catchUp, starting_deadline_seconds: 300 });
    const first = world.start();
    await world.time.runUntil(begin);
    first.kill();
    await world.time.runUntil(Date.parse('2026-11-27T10:15:40.000Z'));
    world.start();
    await world.time.runUntil(Date.parse('2026-11-27T10:20:30.000Z'));

    expect(world.slotsRun('report').map((time) => time.slice(11, 16))).toEqual(slots);
  });

  test('a slot that nobody could decide is found by the next scheduler, however long ago it was', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, cron_time: '1 10 * * *' });
    const first = world.start({ fault: (call) => (call === 'write state' ? 'throttled' : undefined) });
    await world.time.runUntil(begin + 10 * MINUTE);
    first.kill();

    world.start();
    await world.time.runUntil(begin + 11 * MINUTE);

    expect(world.slotsRun('report')).toEqual([slot('10:01')]);
  });

  test('slots that are caught up with overlap as those on time do: the first is started, and the others are skipped', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, overlap: 'skip', catch_up: 'all' });
    world.runLength = () => HOUR;
    const first = world.start();
    await world.time.runUntil(begin + 10 * SECOND);
    first.kill();
    await world.time.runUntil(begin + 3 * MINUTE);

    world.start();
    await world.time.runUntil(begin + 3 * MINUTE + 20 * SECOND);

    expect(decisions(world)).toEqual([
      ['10:01', 'started'],
      ['10:02', 'skipped'],
      ['10:03', 'skipped'],
    ]);
  });

  test('a slot that is due an instant after its schedule was put fires, whenever the stream tells of the row', async () => {
    const world = new SchedulerWorld(START);
    world.start();
    for (let index = 0; index < 30; index += 1) {
      const { now } = world.time;
      const row = { definition_arn: 'report:7', at: new Date(now + 300).toISOString() };
      world.put({ ...row, id: `put-${index}` });
      world.putByHand({ ...row, id: `by-hand-${index}` }, 1_000 + index * 100);
      await world.time.runUntil(now + 437);
    }
    await world.time.runUntil(begin + MINUTE);

    expect(world.runs.size).toBe(60);
  });

  test('a row that was put by hand is caught up with, though the stream tells of it minutes later', async () => {
    const world = new SchedulerWorld(START);
    world.start();
    await world.time.runUntil(begin + 10 * SECOND);
    world.putByHand({ ...EACH_MINUTE, catch_up: 'all' }, 4 * MINUTE);
    await world.time.runUntil(begin + 4 * MINUTE + 20 * SECOND);

    expect(world.slotsRun('report')).toEqual(['10:01', '10:02', '10:03', '10:04'].map(slot));
  });

  test('a slot that had passed when its schedule was put fires nothing, however soon after it the row is seen', async () => {
    const world = new SchedulerWorld(START);
    world.start();
    for (let index = 0; index < 30; index += 1) {
      const { now } = world.time;
      world.put({ id: `late-${index}`, definition_arn: 'report:7', at: new Date(now - 50).toISOString() });
      await world.time.runUntil(now + 100);
    }
    await world.time.runUntil(begin + MINUTE);

    expect(world.starts).toEqual([]);
  });

  test('a slot that was claimed before it is started by the next scheduler, within seconds', async () => {
    const world = new SchedulerWorld(START);
    world.put(EACH_MINUTE);
    world.start({ fault: (call) => (call === 'start' ? 'dies-before' : undefined) });
    await world.time.runUntil(begin + 31 * SECOND);
    expect([world.runs.size, world.state('report').claims.length]).toEqual([0, 1]);

    world.start();
    await world.time.runUntil(begin + 41 * SECOND);

    expect(world.slotsRun('report')).toEqual([slot('10:01')]);
    expect(world.state('report').claims).toEqual([]);
  });

  test('slots that were decided are not started again, and slots of a paused time are none', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, catch_up: 'all' });
    const first = world.start();
    await world.time.runUntil(begin + 2 * MINUTE);
    await Promise.all([first.stop(), world.time.runUntil(begin + 2 * MINUTE + SECOND)]);
    world.put({ ...EACH_MINUTE, catch_up: 'all', enabled: false });
    await world.time.runUntil(begin + 5 * MINUTE);
    world.put({ ...EACH_MINUTE, catch_up: 'all' });
    world.start();
    await world.time.runUntil(begin + 7 * MINUTE);

    expect(world.slotsRun('report').map((time) => time.slice(11, 16))).toEqual(['10:01', '10:02', '10:06', '10:07']);
    expect(world.starts).toHaveLength(4);
  });
});

describe('overlap', () => {
  const run = async (overlap: string, schedulers: number, runLength: number, minutes: number) => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, overlap });
    world.runLength = () => runLength;
    for (let index = 0; index < schedulers; index += 1) {
      world.start();
    }
    await world.time.runUntil(begin + minutes * MINUTE);
    return world;
  };

  test.each([1, 2, 5])('skip, with %i schedulers: while a run is alive its slots are skipped', async (schedulers) => {
    const world = await run('skip', schedulers, 150 * SECOND, 6);

    expect(decisions(world)).toEqual([
      ['10:01', 'started'],
      ['10:02', 'skipped'],
      ['10:03', 'skipped'],
      ['10:04', 'started'],
      ['10:05', 'skipped'],
      ['10:06', 'skipped'],
    ]);
  });

  test.each([1, 2, 5])('replace, with %i schedulers: each slot ends the run before', async (schedulers) => {
    const world = await run('replace', schedulers, HOUR, 3);

    expect(decisions(world)).toEqual([
      ['10:01', 'started'],
      ['10:02', 'started'],
      ['10:03', 'started'],
    ]);
    expect([world.cancelled, [...world.alive]]).toEqual([['run-1', 'run-2'], ['run-3']]);
  });

  test.each([1, 2, 5])(
    'buffer, with %i schedulers: the first slot waits for the run, the next are skipped',
    async (schedulers) => {
      const world = await run('buffer', schedulers, 150 * SECOND, 5);

      expect(decisions(world)).toEqual([
        ['10:01', 'started'],
        ['10:02', 'buffered'],
        ['10:03', 'skipped'],
        ['10:02', 'started'],
        ['10:04', 'buffered'],
        ['10:05', 'skipped'],
      ]);
      const [, second] = world.starts;
      expect(second?.key).toBe(slotKey('report', Date.parse(slot('10:02'))));
      // Within seconds of the end of the run before it.
      expect(second?.at).toBeLessThan(Date.parse(slot('10:03')) + 35 * SECOND);
      // To wait for the run was what the schedule asked for.
      expect(Math.max(...world.lateness)).toBeLessThan(10 * SECOND);
    },
  );

  test.each([
    [
      'skip',
      [
        ['10:01', 'started'],
        ['10:02', 'skipped'],
      ],
      [],
    ],
    [
      'replace',
      [
        ['10:01', 'started'],
        ['10:02', 'started'],
      ],
      ['run-1'],
    ],
    [
      'buffer',
      [
        ['10:01', 'started'],
        ['10:02', 'buffered'],
      ],
      [],
    ],
  ])(
    '%s sees the run whose start was not heard of, though the row was changed before it was asked for again',
    async (overlap, decided, cancelled) => {
      const world = new SchedulerWorld(START);
      world.put({ ...EACH_MINUTE, overlap });
      world.runLength = () => HOUR;
      world.start({
        fault: (call) => {
          if (call !== 'start' || world.starts.length > 0) {
            return undefined;
          }
          world.put({ ...EACH_MINUTE, overlap, definition_arn: 'report:8' });
          return 'answer-lost';
        },
      });

      await world.time.runUntil(begin + 100 * SECOND);

      expect([decisions(world), world.cancelled]).toEqual([decided, cancelled]);
      expect(world.state('report').history[0]).toMatchObject({ runId: 'run-1' });
    },
  );

  test('a buffered slot outlives its scheduler', async () => {
    const world = new SchedulerWorld(START);
    world.put({ ...EACH_MINUTE, overlap: 'buffer' });
    world.runLength = () => HOUR;
    const first = world.start();
    await world.time.runUntil(begin + 2 * MINUTE);
    first.kill();
    world.put({ ...EACH_MINUTE, overlap: 'buffer', end_at: slot('10:03') });
    await world.time.runUntil(begin + 20 * MINUTE);
    world.alive.clear();

    world.start();
    await world.time.runUntil(begin + 21 * MINUTE);

    expect(world.slotsRun('report')).toEqual([slot('10:01'), slot('10:02')]);
  });
});

describe('what changes between claim and start', () => {
  const untilFirstTry = async (world: SchedulerWorld) => {
    world.put(EACH_MINUTE);
    world.refuse = () => ({ kind: 'failed', reason: 'no capacity' });
    world.start();
    await world.time.runUntil(begin + 31 * SECOND);
    expect(world.starts.length).toBeGreaterThan(0);
  };

  test('a schedule that is deleted is not started any more', async () => {
    const world = new SchedulerWorld(START);
    await untilFirstTry(world);
    world.remove('report');
    world.refuse = () => undefined;
    await world.time.runUntil(begin + 2 * MINUTE);

    expect([world.runs.size, decisions(world)]).toEqual([0, [['10:01', 'skipped']]]);
  });

  test('the second change within seconds counts as the first does', async () => {
    const world = new SchedulerWorld(START);
    world.start();
    for (const at of ['12:00', '13:00', '10:01']) {
      world.put({ id: 'report', definition_arn: 'report:7', at: slot(at) });
      await world.time.runUntil(world.time.now + 5 * SECOND);
    }
    await world.time.runUntil(begin + MINUTE);

    expect(world.slotsRun('report')).toEqual([slot('10:01')]);
  });

  test('one that is changed is started as it is now', async () => {
    const world = new SchedulerWorld(START);
    await untilFirstTry(world);
    world.put({ ...EACH_MINUTE, definition_arn: 'report:8' });
    world.refuse = () => undefined;
    await world.time.runUntil(begin + 60 * SECOND);

    expect(world.starts.at(-1)?.request).toMatchObject({ taskDefinition: 'report:8' });
    expect(decisions(world)).toEqual([['10:01', 'started']]);
  });
});

test('1,000 slots of one second are shared by two schedulers: each is started once, and asked for once', async () => {
  const world = new SchedulerWorld(START);
  for (let index = 0; index < 1_000; index += 1) {
    world.put({ id: `report-${index}`, cron_time: '1 10 * * *', definition_arn: 'report:7' });
  }
  world.start();
  world.start();

  await world.time.runUntil(begin + 40 * SECOND);

  expect([world.runs.size, world.starts.length]).toEqual([1_000, 1_000]);
});

test('a schedule that the changes did not tell of is found by the slow scan, and one that is gone is dropped', async () => {
  const world = new SchedulerWorld(START, { pace: { reconcile: 10 * MINUTE } });
  world.put({ ...EACH_MINUTE, id: 'goes' });
  const { scheduler } = world.start();
  await world.time.runUntil(begin + MINUTE);
  // Past the registrar, with no word of it.
  world.rows.set('comes', { ...EACH_MINUTE, id: 'comes' });
  world.rows.delete('goes');

  await world.time.runUntil(begin + 20 * MINUTE);

  expect(world.slotsRun('comes').length).toBeGreaterThan(4);
  expect(world.slotsRun('goes').length).toBe(1);
  expect(scheduler.health).toMatchObject({ schedules: 1, armed: 1 });
});
