import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PACE } from '../../../../handlers/scheduler/pace';
import { eventually } from '../../../support/eventually';
import {
  SCHEDULES_TABLE,
  type SchedulerAws,
  startSchedulerAws,
  throttled,
} from '../../../support/scheduler/scheduler-aws';
import {
  type SchedulerProcess,
  schedulerFile,
  startScheduler,
  untilHealthy,
} from '../../../support/scheduler/scheduler-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

const SECOND = 1_000;

let file: string;
let aws: SchedulerAws;
let running: SchedulerProcess[];

beforeAll(() => {
  file = schedulerFile();
});

beforeEach(async () => {
  aws = await startSchedulerAws();
  running = [];
});

afterEach(async () => {
  for (const { child } of running) {
    child.kill('SIGKILL');
  }
  await aws.server.close();
});

afterAll(() => rm(path.dirname(file), { recursive: true }));

async function start(environment: Readonly<Record<string, string>> = {}): Promise<SchedulerProcess> {
  const scheduler = await startScheduler(file, aws.server.endpoint, environment);
  running.push(scheduler);
  return scheduler;
}

const EVERY_SECOND = { cron_time: '* * * * * *', definition_arn: 'report:7', ecs_cluster_arn: 'jobs' };

/** The slots for which the starter was asked, in seconds since 1970. */
function slotsOf(id: string): readonly number[] {
  const prefix = `schedule:${id}:`;
  return aws.starts
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ key }) => Date.parse(key.slice(prefix.length)) / SECOND);
}

const without = <Value>(values: readonly Value[]) => [...new Set(values)];

/** Waits until the scheduler has read the row as it is now, and has none of its slots in hand: then it fires by it. */
async function noticed(id: string): Promise<void> {
  const reads = () =>
    aws.server.requests.filter(({ body }) => body.includes(`{"${SCHEDULES_TABLE}":`) && body.includes(`{"S":"${id}"}`))
      .length;
  const before = reads();
  await eventually(`another look at ${id}`, async () => (reads() > before ? true : undefined));
  await eventually(`the end of the slots of ${id}`, async () =>
    aws.states.get(id)?.['claims'] === undefined ? true : undefined,
  );
}

function expectNoGap(slots: readonly number[]): void {
  const sorted = without(slots).toSorted((one, other) => one - other);
  expect(sorted).toEqual(sorted.map((_, index) => (sorted[0] ?? 0) + index));
}

test('a schedule of the seed’s shape fires each second, on time, once, and its state tells of it', async () => {
  aws.put({ id: 'report', name: 'Report', last_updated: '2026-11-27T10:00:00.000Z', ...EVERY_SECOND });
  const scheduler = await start();

  await eventually('five slots', async () => (aws.starts.length >= 5 ? true : undefined));

  const slots = slotsOf('report');
  expect(slots).toEqual(without(slots));
  expectNoGap(slots);
  for (const { key, at, request } of aws.starts) {
    const lateness = at - Date.parse(key.slice('schedule:report:'.length));
    expect(lateness).toBeGreaterThanOrEqual(0);
    // On a quiet machine it is milliseconds.
    expect(lateness).toBeLessThan(PACE.onTime);
    expect(request).toEqual({ taskDefinition: 'report:7', cluster: 'jobs', idempotencyKey: key });
  }
  expect(aws.states.get('report')).toMatchObject({
    last_slot: expect.any(String),
    history: expect.arrayContaining([
      { slot: expect.any(String), decision: 'started', runId: 'run-1', at: expect.any(String) },
    ]),
  });
  expect(await untilHealthy(scheduler)).toMatchObject({ status: 'ok', schedules: 1, setAside: 0, schedulers: 1 });
});

test('a scheduler that is killed between claim and start is stood in for by another, and each slot has one run', async () => {
  aws.put({ id: 'report', ...EVERY_SECOND });
  const [one, other] = [await start(), await start()];
  await eventually('both', async () => ((await untilHealthy(one))['schedulers'] === 2 ? true : undefined));
  await untilHealthy(other);
  await eventually('three slots', async () => (aws.starts.length >= 3 ? true : undefined));
  // Whoever is at work dies with its claim, before the starter hears of it.
  const firstKilled = new Promise<number>((resolve) => {
    let isOver = false;
    aws.fault = (action, request) => {
      const claims = (
        request['ExpressionAttributeValues'] as Record<string, { L?: { M?: { by?: { S?: string } } }[] }>
      )?.[':claims'];
      const by = claims?.L?.[0]?.M?.by?.S;
      const dying = [one, other].find(({ log }) => log.some(({ scheduler }) => scheduler === by));
      if (action === 'UpdateItem' && by !== undefined && dying !== undefined && !isOver) {
        isOver = true;
        dying.child.kill('SIGKILL');
        resolve(Date.now());
      }
      return undefined;
    };
  });
  const killedAt = await firstKilled;
  const before = aws.starts.length;

  const takenOver = await eventually('slots of the other', async () =>
    aws.starts.length > before + 8 ? aws.starts[before]?.at : undefined,
  );

  // deadAfter and two beats, the second that a slot of this schedule takes, and what a busy machine adds.
  expect(takenOver - killedAt).toBeLessThan(PACE.onTime);
  expectNoGap(slotsOf('report'));
  expect(aws.runs.size).toBe(without(slotsOf('report')).length);
  const state = aws.states.get('report');
  const history = state?.['history'] as { slot: string }[];
  expect(history.map(({ slot }) => slot)).toEqual(without(history.map(({ slot }) => slot)));
});

test('SIGTERM stops the firing, lets a start that is on its way end, writes its outcome, and exits 0', async () => {
  aws.put({ id: 'report', ...EVERY_SECOND });
  const scheduler = await start();
  await eventually('a slot', async () => (aws.starts.length >= 1 ? true : undefined));

  scheduler.child.kill('SIGTERM');

  expect(await scheduler.ended).toBe(0);
  const fired = aws.starts.length;
  await wait(2 * SECOND);
  expect(aws.starts).toHaveLength(fired);
  expect(aws.states.get('report')).not.toHaveProperty('claims');
  expect(aws.states.get('overtime:schedulers')).toMatchObject({ beats: [] });
  expect(scheduler.log.at(-1)).toMatchObject({ event: 'scheduler.stopped' });
});

test('a change takes effect in seconds: new, changed, disabled and deleted schedules', async () => {
  const scheduler = await start();
  await untilHealthy(scheduler);

  aws.put({ id: 'new', ...EVERY_SECOND });
  await eventually('slots of the new one', async () => (slotsOf('new').length >= 2 ? true : undefined));
  aws.put({ id: 'new', ...EVERY_SECOND, definition_arn: 'report:8' });
  await eventually('its new definition', async () =>
    aws.starts.at(-1)?.request['taskDefinition'] === 'report:8' ? true : undefined,
  );
  aws.put({ id: 'new', ...EVERY_SECOND, enabled: false });
  await noticed('new');
  const fired = aws.starts.length;
  await wait(3 * SECOND);
  expect(aws.starts).toHaveLength(fired);
  aws.put({ id: 'new', ...EVERY_SECOND });
  await eventually('slots after the pause', async () => (aws.starts.length > fired ? true : undefined));
  aws.remove('new');
  await noticed('new');
  const left = aws.starts.length;
  await wait(3 * SECOND);
  expect(aws.starts).toHaveLength(left);
  expectNoGap(slotsOf('new').filter((slot) => slot > (slotsOf('new')[fired] ?? 0)));
});

test('a malformed row and one with a spoilt state are set aside and told of, and the others live on', async () => {
  aws.put({ id: 'wrong', cron_time: '99 * * * *', definition_arn: 'report:7' });
  aws.put({ id: 'right', ...EVERY_SECOND });
  aws.put({ id: 'spoilt', ...EVERY_SECOND });
  aws.states.put({ ...aws.states.get('spoilt'), id: 'spoilt', claims: 'none' });
  const scheduler = await start();

  await eventually('slots', async () => (slotsOf('right').length >= 2 ? true : undefined));

  expect([slotsOf('wrong'), slotsOf('spoilt')]).toEqual([[], []]);
  expect(await untilHealthy(scheduler)).toMatchObject({
    schedules: 1,
    setAside: 2,
    setAsideIds: ['wrong', 'spoilt'],
  });
  expect(scheduler.log.filter(({ event }) => event === 'schedule.set-aside')).toEqual([
    expect.objectContaining({
      level: 'error',
      schedule: 'wrong',
      problems: expect.stringMatching(/^cron_time is "99 \* \* \* \*": /),
    }),
    expect.objectContaining({
      level: 'error',
      schedule: 'spoilt',
      problems: expect.stringContaining('its item in the table of states cannot be read'),
    }),
  ]);
});

test('health is 503 until the table was read, and a wrong setting is exit code 64 with its name', async () => {
  aws.fault = (action) => (action === 'Scan' ? { status: 500, body: { __type: 'InternalServerError' } } : undefined);
  const scheduler = await start();

  const health = await eventually('an answer', () => scheduler.health());
  expect(health).toMatchObject({ status: 503, body: { problems: expect.arrayContaining([expect.any(String)]) } });
  aws.fault = () => undefined;
  await untilHealthy(scheduler);

  const wrong = await start({ OVERTIME_LEDGER_TABLE: '' });
  expect(await wrong.ended).toBe(64);
  expect(wrong.log).toEqual([
    expect.objectContaining({ event: 'settings.invalid', reason: expect.stringContaining('OVERTIME_LEDGER_TABLE') }),
  ]);
});

test('reads that DynamoDB answers in part, and writes that it throttles, lose no slot and no schedule', async () => {
  aws.put({ id: 'one', ...EVERY_SECOND, catch_up: 'all' });
  aws.put({ id: 'other', ...EVERY_SECOND, catch_up: 'all' });
  let calls = 0;
  aws.fault = (action, request) => {
    calls += 1;
    if (action === 'BatchGetItem' && calls % 3 === 0) {
      return { body: { Responses: {}, UnprocessedKeys: request['RequestItems'] } };
    }
    return action === 'UpdateItem' && calls % 5 === 0 ? throttled : undefined;
  };
  await start();

  await eventually('ten slots of each', async () =>
    Math.min(slotsOf('one').length, slotsOf('other').length) >= 10 ? true : undefined,
  );

  for (const id of ['one', 'other']) {
    expectNoGap(slotsOf(id).slice(0, 8));
    expect(slotsOf(id)).toEqual(without(slotsOf(id)));
  }
});

test('a port that is taken ends the program with exit code 1 and the reason', async () => {
  const [first] = [await start()];
  await untilHealthy(first);
  const port = new URL(aws.server.endpoint).port;

  const second = await start({ OVERTIME_HEALTH_PORT: port });

  expect(await second.ended).toBe(1);
  expect(second.log.at(-1)).toMatchObject({ event: 'scheduler.failed', reason: expect.stringContaining('EADDRINUSE') });
});
