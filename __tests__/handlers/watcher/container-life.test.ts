import { parseRunRecord } from '../../../handlers/shared/run-record';
import { watch } from '../../../handlers/watcher/watcher';
import { CONTAINER_RECORD } from '../../support/ledger-rows';
import { taskEvent } from '../../support/task-events';
import { watcherWorld } from '../../support/watcher-world';

const BEGIN = Date.parse(CONTAINER_RECORD.createdAt);
const at = (seconds: number) => new Date(BEGIN + seconds * 1_000);
const TASK = String(CONTAINER_RECORD.taskArn);
const SWEEP = { action: 'sweep' };

/** A container run whose task ECS has accepted, and whoever looks at it. */
function containerLife(change: object = {}) {
  const world = watcherWorld();
  world.table.put({ ...CONTAINER_RECORD, ...change });
  const hear = (event: unknown, seconds: number) =>
    watch(event, world.watcher({ id: `w-${seconds}`, now: at(seconds) }));
  const isLive = (change: object = {}) =>
    world.tasks.set(TASK, { kind: 'live', isStopping: false, createdAt: at(0), startedAt: at(10), ...change });
  const stop = (exitCode: number, seconds: number, attempt = '1', detail: object = {}) =>
    hear(
      taskEvent({
        taskArn: TASK,
        startedAt: at(10).toISOString(),
        containers: [{ name: 'app', exitCode }],
        overrides: {
          containerOverrides: [{ name: 'app', environment: [{ name: 'OVERTIME_RUN_ATTEMPT', value: attempt }] }],
        },
        ...detail,
      }),
      seconds,
    );
  const row = () => parseRunRecord(world.table.get('run-1'));
  return { world, hear, isLive, stop, row };
}

describe('a container run', () => {
  test('is RUNNING once the sweep has seen it, and SUCCEEDED when its container has ended with 0', async () => {
    const { world, hear, isLive, stop, row } = containerLife();
    isLive();
    await hear(SWEEP, 61);
    const running = row();
    await stop(0, 90);

    expect(running).toMatchObject({
      status: 'RUNNING',
      startedAt: at(10).toISOString(),
      checkAt: at(121).toISOString(),
    });
    expect(row()).toMatchObject({
      status: 'SUCCEEDED',
      exitCode: 0,
      startedAt: at(10).toISOString(),
      invokedAt: at(10).toISOString(),
      endedAt: at(90).toISOString(),
    });
    expect(row()).not.toHaveProperty('open');
    expect(world.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  test('that is over before any sweep has its times all the same, and is counted', async () => {
    const { world, stop, row } = containerLife();
    await stop(0, 40);

    expect(row()).toMatchObject({
      status: 'SUCCEEDED',
      startedAt: at(10).toISOString(),
      endedAt: at(40).toISOString(),
    });
    expect(world.metrics.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ Status: 'SUCCEEDED', Runs: 1 }),
      expect.objectContaining({ StartLatency: 10, Duration: 30 }),
    ]);
  });

  test('that fails is tried again, and what it came to is among the attempts', async () => {
    const { world, stop, row } = containerLife({ maxAttempts: 2 });
    await stop(3, 40);

    expect(row()).toMatchObject({
      status: 'PENDING',
      attempt: 2,
      attempts: [{ attempt: 1, status: 'FAILED', exitCode: 3, startedAt: at(10).toISOString() }],
    });
    expect(row()).not.toHaveProperty('startedAt');
    expect(world.launches).toEqual(['run-1-2']);
  });

  test('whose time is over is stopped by the sweep, once, and ends TIMED_OUT', async () => {
    const { world, hear, isLive, stop, row } = containerLife();
    isLive();
    await hear(SWEEP, 61);
    await hear(SWEEP, 311);
    isLive({ isStopping: true });
    await hear(SWEEP, 372);
    await stop(143, 380, '1', {
      stopCode: 'UserInitiated',
      stoppedReason: 'Stopped by Overtime: its run has no time left',
    });

    expect(world.stops).toEqual([TASK]);
    expect(row()).toMatchObject({ status: 'TIMED_OUT', error: { errorType: 'RUN_TIMED_OUT' }, exitCode: 143 });
  });

  test('whose event got lost is closed by the sweep', async () => {
    const { world, hear, row } = containerLife();
    world.tasks.set(TASK, {
      kind: 'stopped',
      task: {
        taskArn: TASK,
        stopCode: 'EssentialContainerExited',
        stoppedReason: undefined,
        startedAt: at(10).toISOString(),
        containers: [{ name: 'app', exitCode: 0, reason: undefined }],
        attempt: 1,
      },
    });
    await hear(SWEEP, 61);

    expect(row()).toMatchObject({ status: 'SUCCEEDED', startedAt: at(10).toISOString() });
  });

  test('that somebody waits for is told of when it succeeds', async () => {
    const { world, stop, row } = containerLife({ delivery: { taskToken: 'token' } });
    await stop(0, 40);

    expect(world.deliveries).toEqual(['SUCCEEDED']);
    expect(row()).toMatchObject({ status: 'SUCCEEDED', deliveredAt: at(40).toISOString() });
  });

  test('whose event comes twice ends once', async () => {
    const { world, stop, row } = containerLife();
    await stop(0, 40);
    const ended = row();
    await stop(0, 41);

    expect(row()).toEqual(ended);
    expect(world.metrics).toHaveLength(2);
  });
});
