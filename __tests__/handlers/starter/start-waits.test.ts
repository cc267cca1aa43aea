import { type StartAnswer, startRun } from '../../../handlers/starter/start';
import { failureOf, startRequest } from '../../support/starter/examples';
import { fakeWorld, NOW, onlyRow, type World } from '../../support/starter/fake-world';

const KEY = { idempotencyKey: 'order-7' };
const LARGE = { input: Array.from({ length: 4000 }, (_, index) => Math.sin(index)) };

const start = (world: World, fields: Record<string, unknown> = KEY, awsRequestId = 'id-1'): Promise<StartAnswer> =>
  startRun(startRequest(fields), awsRequestId, world.deps);

describe('a start that finds no room', () => {
  const capacity = { kind: 'capacity', reason: 'Capacity is unavailable at this time.' } as const;
  const throttled = { kind: 'throttled', reason: 'Rate exceeded' } as const;
  const placesOf = (world: World) =>
    world.asked.map(({ clientToken, launchType, networkConfiguration }) => [
      clientToken?.replace(/^run-[0-9a-f]+/, 'run'),
      launchType ?? 'strategy',
      networkConfiguration?.awsvpcConfiguration?.subnets?.length,
    ]);

  test('tries the subnets one by one, then Fargate in place of Spot, each under a token of its own', async () => {
    const world = fakeWorld({ outcomes: [capacity, capacity, capacity, 'starts'] });
    const answer = await start(world, { capacity: 'FARGATE_SPOT', capacityFallback: 'FARGATE' });

    expect(answer.status).toBe('STARTING');
    expect(placesOf(world)).toEqual([
      ['run-1', 'strategy', 2],
      ['run-1-v1', 'strategy', 1],
      ['run-1-v2', 'strategy', 1],
      ['run-1-v3', 'FARGATE', 2],
    ]);
    expect(onlyRow(world)).toMatchObject({ status: 'STARTING', launchVariant: 3 });
  });

  test.each([throttled, { kind: 'uncertain', reason: 'TimeoutError: why' } as const])(
    'for being $kind makes the same call again, under the same token',
    async (failure) => {
      const world = fakeWorld({ outcomes: [failure, failure, 'starts'] });
      await start(world);

      expect(placesOf(world)).toEqual(Array(3).fill(['run-1', 'FARGATE', 2]));
      expect(world.asked[1]).toEqual(world.asked[0]);
      expect(world.asked[2]).toEqual(world.asked[0]);
    },
  );

  test('waits longer each time, by the chance of it', async () => {
    const world = fakeWorld({ outcomes: [throttled, throttled, throttled, 'starts'] });
    await start(world);

    expect(world.clock.now - NOW.getTime()).toBe(250 + 500 + 1000);
  });

  test('goes into the queue when the time of the Lambda is nearly over, and its caller gets no error', async () => {
    const world = fakeWorld({ outcomes: [capacity], lambdaMilliseconds: 20_000 });
    const answer = await start(world);
    const { runId } = onlyRow(world);

    expect(answer).toEqual({ runId, taskArns: [], taskDefinition: undefined, status: 'PENDING' });
    expect(world.queue).toEqual([{ message: { version: 1, runId, attempt: 1 }, deduplicationId: `${runId}-1` }]);
    expect(world.deps.remainingMilliseconds()).toBeGreaterThanOrEqual(5_000);
    expect(onlyRow(world).checkAt).toBe(new Date(world.clock.now + 15 * 60_000).toISOString());
  });

  test('is given up after six hours', async () => {
    const world = fakeWorld({ outcomes: [capacity] });
    const { runId } = await start(world);
    world.clock.now += 6 * 60 * 60 * 1000;

    const { message } = await failureOf(() => start(world));

    expect(message).toBe(`ECS started no task for the run ${runId}: for 6 hours, at last: ${capacity.reason}`);
    expect(onlyRow(world).status).toBe('FAILED');
  });

  test('leaves the run to whoever moved it on meanwhile', async () => {
    const world: World = fakeWorld({
      ports: {
        runTask: async () => {
          world.rows.set(onlyRow(world).runId, { ...onlyRow(world), status: 'CANCELLED' });
          return capacity;
        },
      },
    });

    expect(await start(world)).toMatchObject({ status: 'CANCELLED', taskArns: [] });
    expect(onlyRow(world)).not.toHaveProperty('launchVariant');
  });
});

describe('a start whose turn has not come', () => {
  test.each([{ kind: 'line' } as const, { kind: 'wait', milliseconds: 5 } as const])(
    'for $kind goes into the queue, and into the line before, with no task asked for',
    async (turn) => {
      const world = fakeWorld({ turns: [turn] });

      expect(await start(world)).toMatchObject({ status: 'PENDING', taskArns: [] });
      expect(world.calls).toEqual(['create', 'joinLine', 'queueLaunch']);
    },
  );

  test('has its large input in place before anyone can launch it', async () => {
    const world = fakeWorld({ turns: [{ kind: 'line' }] });
    await start(world, LARGE);

    expect(world.calls).toEqual(['create', 'uploadInput', 'joinLine', 'queueLaunch']);
  });

  test('is not put there twice when it is repeated', async () => {
    const world = fakeWorld({ turns: [{ kind: 'line' }] });
    await start(world);
    await start(world);

    expect(world.queue.length).toBe(1);
  });

  test('tells of failures that came with its task', async () => {
    const outcome = { kind: 'accepted', taskArns: ['task-1'], taskDefinition: 'f:7', failures: ['AGENT'] } as const;
    const world = fakeWorld({ outcomes: [outcome] });

    expect(await start(world)).toMatchObject({ taskArns: ['task-1'], failures: ['AGENT'] });
  });
});
