import { lookAfterWorkers } from '../../../handlers/dispatcher/look-after-workers';
import { DispatcherWorld, ENVIRONMENT } from '../../support/dispatcher/dispatcher-world';

let world: DispatcherWorld;

beforeEach(() => {
  world = new DispatcherWorld();
});

const waiting = (count: number, inFlight = 0) => {
  world.depth = { waiting: count, inFlight, delayed: 0 };
};

const network = (...subnets: readonly string[]) => ({
  awsvpcConfiguration: { subnets, securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
});

const call = (clientToken: string, count: number, more: Record<string, unknown> = {}) => ({
  cluster: 'overtime',
  taskDefinition: 'render',
  launchType: 'FARGATE',
  count,
  networkConfiguration: network('subnet-1', 'subnet-2'),
  startedBy: 'overtime-dispatcher',
  clientToken,
  ...more,
});

const noRoom = { kind: 'capacity', reason: 'RESOURCE:CPU' } as const;
const looked = { kind: 'looked', inFlight: 0 } as const;

describe('workers are started', () => {
  test('as many as are missing, with one call', async () => {
    world.cluster.have(1);
    waiting(3);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toEqual({
      ...looked,
      waiting: 3,
      wanted: 3,
      running: 3,
      started: 2,
      missing: 0,
    });
    expect(world.callsOf('listTasks')).toEqual([{ cluster: 'overtime', family: 'render' }]);
    expect(world.callsOf('runTask')).toEqual([call('id-2', 2)]);
  });

  test('at most 10 with one call, each call under a token of its own', async () => {
    world = new DispatcherWorld({ ...ENVIRONMENT, OVERTIME_MAX_WORKERS: '25' });
    waiting(100);

    await lookAfterWorkers(0, world.deps);

    expect(world.callsOf('runTask')).toEqual([call('id-2', 10), call('id-3', 10), call('id-4', 5)]);
    expect(world.cluster.running).toHaveLength(25);
  });

  test('for what was just sent, though SQS does not count it yet', async () => {
    await lookAfterWorkers(2, world.deps);

    expect(world.callsOf('runTask')).toEqual([call('id-2', 2)]);
  });

  test('none where the free ones will do: the launcher of 2015 started one for every event', async () => {
    world.cluster.have(2);
    waiting(2);

    await expect(lookAfterWorkers(2, world.deps)).resolves.toMatchObject({ running: 2, started: 0 });
    expect(world.callsOf('runTask')).toEqual([]);
  });

  test('none beyond the most, where ECS does not list those that were just started', async () => {
    world.cluster.lag = 60_000;
    waiting(9);
    await lookAfterWorkers(9, world.deps);
    world.now += 1_000;

    await expect(lookAfterWorkers(1, world.deps)).resolves.toMatchObject({ running: 4, started: 0 });
    expect(world.cluster.running).toHaveLength(4);
  });

  test('again for those that have ended since, though nobody lists them', async () => {
    waiting(1);
    await lookAfterWorkers(1, world.deps);
    world.cluster.stop(world.cluster.running[0]?.taskArn ?? '');

    await expect(lookAfterWorkers(1, world.deps)).resolves.toMatchObject({ running: 1, started: 1 });
  });

  test('the least, though nothing waits', async () => {
    world = new DispatcherWorld({ ...ENVIRONMENT, OVERTIME_MIN_WORKERS: '2' });

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 2, started: 2 });
  });
});

describe('a place without room', () => {
  test('is left for each subnet alone, with backoff and full jitter', async () => {
    world.taskFailures.push(noRoom, noRoom);
    waiting(1);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 1, missing: 0 });
    expect(world.callsOf('runTask')).toEqual([
      call('id-2', 1),
      call('id-3', 1, { networkConfiguration: network('subnet-1') }),
      call('id-4', 1, { networkConfiguration: network('subnet-2') }),
    ]);
    expect(world.sleeps).toEqual([250, 500]);
  });

  test('is left for Fargate, where that is the fallback of Spot', async () => {
    world = new DispatcherWorld({
      ...ENVIRONMENT,
      OVERTIME_SUBNETS: 'subnet-1',
      OVERTIME_CAPACITY: 'FARGATE_SPOT',
      OVERTIME_CAPACITY_FALLBACK: 'FARGATE',
    });
    world.taskFailures.push(noRoom);
    waiting(1);

    await lookAfterWorkers(0, world.deps);

    const { launchType, ...onSpot } = call('id-2', 1, { networkConfiguration: network('subnet-1') });
    expect(world.callsOf('runTask')).toEqual([
      { ...onSpot, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] },
      { ...onSpot, launchType, clientToken: 'id-3' },
    ]);
  });

  test('is left for the rest of a call of which some had room', async () => {
    world.cluster.room = 2;
    waiting(3);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 2, started: 2, missing: 1 });
    expect(world.callsOf('runTask')).toEqual([
      call('id-2', 3),
      call('id-3', 1, { networkConfiguration: network('subnet-1') }),
      call('id-4', 1, { networkConfiguration: network('subnet-2') }),
    ]);
  });

  test('is told of when there is none anywhere, and the next sweep begins anew', async () => {
    world.taskFailures.push(noRoom, noRoom, noRoom);
    waiting(2);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toEqual({
      ...looked,
      waiting: 2,
      wanted: 2,
      running: 0,
      started: 0,
      missing: 2,
      reason: 'RESOURCE:CPU',
    });
    expect(world.lines.at(-1)).toEqual({
      level: 'error',
      event: 'workers-missing',
      fields: { wanted: 2, running: 0, reason: 'RESOURCE:CPU' },
    });
    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 2, missing: 0 });
  });
});

describe('a call that ECS does not carry out', () => {
  test.each(['throttled', 'uncertain'] as const)('is made again under the same token where it is %s', async (kind) => {
    world.taskFailures.push({ kind, reason: 'ThrottlingException: Rate exceeded' });
    waiting(1);

    await lookAfterWorkers(0, world.deps);

    expect(world.callsOf('runTask')).toEqual([call('id-2', 1), call('id-2', 1)]);
  });

  test('is made five times at most, and by the next sweep again', async () => {
    world.taskFailures.push(
      ...Array.from({ length: 5 }, () => ({ kind: 'uncertain', reason: 'TimeoutError' }) as const),
    );
    waiting(1);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ missing: 1, reason: 'TimeoutError' });
    await lookAfterWorkers(0, world.deps);

    expect(world.callsOf('runTask')).toEqual(Array.from({ length: 6 }, () => call('id-2', 1)));
    expect(world.cluster.running).toHaveLength(1);
  });

  test.each(['missing', 'access', 'invalid'] as const)('is not made again where it is %s', async (kind) => {
    world.taskFailures.push({ kind, reason: 'no' });
    waiting(1);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 0, missing: 1, reason: 'no' });
    expect(world.callsOf('runTask')).toHaveLength(1);
  });

  test('is not begun when the time is nearly over', async () => {
    world.remainingMilliseconds = 4_999;
    waiting(1);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({
      missing: 1,
      reason: 'the time of this invocation is over',
    });
    expect(world.callsOf('runTask')).toEqual([]);
  });
});

describe('workers that ECS took and could not start', () => {
  const NO_IMAGE = 'CannotPullContainerError: not found';

  const failAll = () => {
    for (const { taskArn, hasRun } of world.cluster.running) {
      if (!hasRun) {
        world.cluster.stop(taskArn, NO_IMAGE);
      }
    }
  };

  beforeEach(() => {
    world.cluster.runsAtOnce = false;
    waiting(4);
  });

  test('are told of once each, and tried again one at a time', async () => {
    await lookAfterWorkers(4, world.deps);
    failAll();

    await expect(lookAfterWorkers(0, world.deps)).resolves.toEqual({
      ...looked,
      waiting: 4,
      wanted: 4,
      running: 1,
      started: 1,
      missing: 3 + 4,
      reason: 'those that were started never ran, so one at a time is tried',
    });
    // It is about to start: nobody knows yet.
    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 1, started: 0, missing: 3 });
    failAll();
    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 1, started: 1, missing: 3 + 1 });
    expect(world.lines.filter(({ event }) => event === 'worker-never-ran').map(({ fields }) => fields)).toEqual(
      [1, 2, 3, 4, 5].map((id) => ({
        taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/overtime/${id}`,
        reason: NO_IMAGE,
      })),
    );
  });

  test.each([
    ['runs', false],
    ['has done its work meanwhile', true],
  ])('are all started again as soon as one of them %s', async (_, isStopped) => {
    await lookAfterWorkers(4, world.deps);
    failAll();
    await lookAfterWorkers(0, world.deps);
    for (const task of world.cluster.running) {
      task.hasRun = true;
      if (isStopped) {
        world.cluster.stop(task.taskArn);
      }
    }

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 4, missing: 0 });
  });

  test('do not hold up the others where it was one among several', async () => {
    await lookAfterWorkers(4, world.deps);
    const [first, ...others] = world.cluster.running;
    world.cluster.stop(first?.taskArn ?? '', NO_IMAGE);
    for (const task of others) {
      task.hasRun = true;
    }

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 4, started: 1, missing: 1 });
  });

  test('are all tried again five minutes later', async () => {
    await lookAfterWorkers(4, world.deps);
    failAll();
    world.depth = { waiting: 0, inFlight: 0, delayed: 0 };
    await lookAfterWorkers(1, world.deps);
    failAll();
    world.now += 300_000;

    await expect(lookAfterWorkers(4, world.deps)).resolves.toMatchObject({ running: 4, started: 4 });
  });
});

describe('a dispatcher that dies', () => {
  /** It dies with the answer of RunTask on its way, and so without letting the lock go. */
  async function die(isDone: boolean): Promise<void> {
    const { ports, ...deps } = world.deps;
    const death = async (): Promise<never> => {
      throw new Error('died');
    };
    const runTask: typeof ports.runTask = async (input) => {
      if (isDone) {
        await ports.runTask(input);
      }
      return death();
    };
    const { lock, ask, note } = ports.lock;
    const dying = { ...deps, ports: { ...ports, runTask, lock: { lock, ask, note, unlock: death } } };
    await expect(lookAfterWorkers(4, dying)).rejects.toThrow('died');
  }

  test.each([
    ['after its tasks were started', true],
    ['before', false],
  ])('%s, leaves a call that the next makes again: as many workers are there as are wanted', async (_, isDone) => {
    world.cluster.lag = 45_000;
    waiting(4);
    await die(isDone);

    await expect(lookAfterWorkers(0, world.deps)).resolves.toEqual({ kind: 'busy' });
    // The lock lasts 20 s.
    world.now += 21_000;
    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 4, missing: 0 });
    expect(world.cluster.running).toHaveLength(4);
  });

  test('leaves a call whose workers have come and gone: others are started', async () => {
    waiting(4);
    await die(true);
    for (const { taskArn } of world.cluster.running) {
      world.cluster.stop(taskArn);
    }
    world.now += 60_000;

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({ running: 4, missing: 0 });
    expect(world.cluster.running).toHaveLength(4);
  });
});
