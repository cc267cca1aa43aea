import type { RunRecord, RunStatus } from '../../../handlers/shared/run';
import { type StartAnswer, startRun } from '../../../handlers/starter/start';
import { CLUSTER_ARN, FUNCTION_ARN, failureOf, startRequest } from '../../support/starter/examples';
import { fakeWorld, NOW, type World } from '../../support/starter/fake-world';

const KEY = { idempotencyKey: 'order-7' };
const LARGE = { input: Array.from({ length: 4000 }, (_, index) => Math.sin(index)) };

const start = (world: World, fields: Record<string, unknown> = KEY, awsRequestId = 'id-1'): Promise<StartAnswer> =>
  startRun(startRequest(fields), awsRequestId, world.deps);

function onlyRow(world: World): RunRecord {
  const [row, ...more] = world.rows.values();
  if (row === undefined || more.length > 0) {
    throw new Error(`The ledger has ${world.rows.size} rows.`);
  }
  return row;
}

describe('a start', () => {
  test('enters the run, starts the task and answers with both', async () => {
    const world = fakeWorld();
    const answer = await start(world);
    const { runId } = answer;
    const taskArn = `arn:aws:ecs:eu-west-1:123456789012:task/overtime/${runId}-1`;
    const taskDefinition = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/overtime-nodejs22-x86_64:7';

    expect(answer).toEqual({ runId, taskArns: [taskArn], taskDefinition, status: 'STARTING' });
    expect(world.calls).toEqual(['create', 'runTask', 'markStarting']);
    expect(onlyRow(world)).toEqual({
      runId,
      status: 'STARTING',
      attempt: 1,
      maxAttempts: 1,
      functionArn: FUNCTION_ARN,
      unqualifiedFunctionArn: FUNCTION_ARN,
      requestHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      timeoutSeconds: 3600,
      inputBytes: 2,
      createdAt: '2026-11-20T12:00:00.000Z',
      createdDay: '2026-11-20',
      open: 'open',
      checkAt: '2026-11-20T12:05:00.000Z',
      launch: expect.stringContaining('"taskDefinition":"overtime-nodejs22-x86_64"'),
      expiresAt: NOW.getTime() / 1000 + 30 * 86_400,
      cluster: CLUSTER_ARN,
      taskDefinition,
      taskArn,
    });
  });

  test('puts a large input in place before the task can look for it', async () => {
    const world = fakeWorld();
    const { runId } = await start(world, LARGE);

    expect(world.calls).toEqual(['create', 'uploadInput', 'runTask', 'markStarting']);
    expect(world.uploads).toEqual([
      { bucket: 'overtime-payloads', key: `inputs/${runId}.json`, body: JSON.stringify(LARGE.input) },
    ]);
  });

  test.each<RunStatus>(['RUNNING', 'SUCCEEDED', 'CANCELLED'])(
    'leaves a run that is %s already as it is',
    async (status) => {
      const world: World = fakeWorld({
        ports: {
          runTask: async () => {
            world.rows.set(onlyRow(world).runId, { ...onlyRow(world), status });
            return { kind: 'accepted', taskArns: ['task-1'], taskDefinition: 'family:7', failures: [] };
          },
        },
      });

      expect(await start(world)).toMatchObject({ status, taskArns: ['task-1'] });
      expect(onlyRow(world)).toMatchObject({ status, taskArn: 'task-1', taskDefinition: 'family:7' });
    },
  );

  test('answers though the ledger does not take the task, as the task is there', async () => {
    const world = fakeWorld({
      ledger: {
        markStarting: async () => {
          throw new Error('The table is gone.');
        },
      },
    });

    expect(await start(world)).toMatchObject({ status: 'STARTING', taskArns: [expect.stringContaining(':task/')] });
    expect(world.logLines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'task-not-noted', reason: 'The table is gone.' }),
    );
  });

  test('logs neither the input nor the environment', async () => {
    const world = fakeWorld();
    await start(world, { input: { card: 'a-secret-of-the-input' } });

    expect(world.logLines.map((line) => JSON.parse(line).event)).toEqual(['run-accepted']);
    expect(world.logLines.join('')).not.toMatch(/a-secret-of/);
  });
});

describe('a start fails', () => {
  test.each([
    ['FUNCTION_NOT_FOUND', { arn: 'resise' }, {}],
    [
      'IMAGE_NOT_SUPPORTED',
      {},
      { configuration: { FunctionName: 'resize', FunctionArn: FUNCTION_ARN, PackageType: 'Image' as const } },
    ],
    ['RUNTIME_NOT_DEPLOYED', {}, { settings: { taskDefinitions: [] } }],
    ['PAYLOAD_BUCKET_MISSING', LARGE, { settings: { payloadBucket: undefined } }],
  ])('with %s before anything is entered or started', async (code, fields, changes) => {
    const world = fakeWorld(changes);

    expect(await failureOf(() => start(world, fields))).toMatchObject({ name: code });
    expect(world.calls).toEqual([]);
  });

  test('with TASK_NOT_STARTED where there can be no task, and the ledger says why, whatever retries are left', async () => {
    const reason = 'ClusterNotFoundException: Cluster not found.';
    const world = fakeWorld({ outcomes: [{ kind: 'missing', reason }] });

    const { name, message } = await failureOf(() => start(world, { ...KEY, retries: 3 }));
    const row = onlyRow(world);

    expect({ name, message }).toEqual({
      name: 'TASK_NOT_STARTED',
      message: `ECS started no task for the run ${row.runId}: ${reason}`,
    });
    expect(row).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      error: { errorType: 'TASK_NOT_STARTED', errorMessage: reason },
      endedAt: NOW.toISOString(),
    });
    expect(row).not.toHaveProperty('open');
    expect(world.settled).toEqual([]);
  });

  test('and has its outcome delivered where that goes anywhere', async () => {
    const delivery = { taskToken: 'a-token' };
    const world: World = fakeWorld({
      ports: {
        runTask: async () => {
          world.rows.set(onlyRow(world).runId, { ...onlyRow(world), delivery });
          return { kind: 'access', reason: 'no' };
        },
      },
    });
    await failureOf(() => start(world));

    expect(world.settled).toEqual([onlyRow(world).runId]);
    expect(onlyRow(world)).toMatchObject({ status: 'FAILED', open: 'open' });
  });

  test('again when a refused start is repeated, so that no retry of Lambda turns it into a success', async () => {
    const world = fakeWorld({ outcomes: [{ kind: 'invalid', reason: 'ATTRIBUTE' }] });
    await failureOf(() => start(world));

    expect(await failureOf(() => start(world))).toMatchObject({
      name: 'TASK_NOT_STARTED',
      message: `The run ${onlyRow(world).runId} was not started: ATTRIBUTE`,
    });
    expect(world.calls).toEqual(['create', 'runTask', 'markFailed']);
  });
});

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

describe('a starter that dies', () => {
  class Death extends Error {}

  const capacity = { kind: 'capacity', reason: 'Capacity is unavailable at this time.' } as const;

  /** The world's ports, of which the nth call that changes something is the last: it is made, and its answer lost, or not. */
  function dying(world: World, lastCall: number, isMade: boolean): World['deps'] {
    let calls = 0;
    const mortal =
      <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
      async (...given: Given): Promise<Answer> => {
        calls += 1;
        if (calls < lastCall) {
          return call(...given);
        }
        if (calls === lastCall && isMade) {
          await call(...given);
        }
        throw new Death();
      };
    const { ports } = world.deps;
    const { ledger, pacer } = ports;
    return {
      ...world.deps,
      ports: {
        ...ports,
        ledger: {
          find: mortal(ledger.find),
          create: mortal(ledger.create),
          markStarting: mortal(ledger.markStarting),
          markFailed: mortal(ledger.markFailed),
          noteVariant: mortal(ledger.noteVariant),
          postponeCheck: mortal(ledger.postponeCheck),
        },
        pacer: {
          takeTurn: mortal(pacer.takeTurn),
          joinLine: mortal(pacer.joinLine),
          leaveLine: mortal(pacer.leaveLine),
        },
        lookUpFunction: mortal(ports.lookUpFunction),
        uploadInput: mortal(ports.uploadInput),
        runTask: mortal(ports.runTask),
        queueLaunch: mortal(ports.queueLaunch),
      },
    };
  }

  const cuts = [false, true].flatMap((isMade) =>
    Array.from({ length: 12 }, (_, index) => [index + 1, isMade] as const),
  );

  test.each(cuts)('at its call %i, made: %s, and is repeated, has one row and one task', async (lastCall, isMade) => {
    const world = fakeWorld({ outcomes: [capacity, 'starts'] });
    const request = startRequest({ ...KEY, ...LARGE });
    await startRun(request, 'id-1', dying(world, lastCall, isMade)).catch(() => undefined);

    const answer = await startRun(request, 'id-1', world.deps);

    expect(answer).toMatchObject({ runId: onlyRow(world).runId, status: 'STARTING', taskArns: [expect.any(String)] });
    expect(onlyRow(world)).toMatchObject({ status: 'STARTING', taskArn: answer.taskArns[0] });
    expect(world.tasks.size).toBe(1);
    expect(new Set(world.uploads.map(({ body }) => body))).toEqual(new Set([JSON.stringify(LARGE.input)]));
  });

  test.each(cuts)(
    'at call %i, made: %s, of a start that waits, has one row and its message',
    async (lastCall, isMade) => {
      const world = fakeWorld({ turns: [{ kind: 'line' }] });
      const request = startRequest(KEY);
      await startRun(request, 'id-1', dying(world, lastCall, isMade)).catch(() => undefined);

      expect(await startRun(request, 'id-1', world.deps)).toMatchObject({ status: 'PENDING' });
      expect(world.queue.map(({ message }) => message)).toEqual([
        { version: 1, runId: onlyRow(world).runId, attempt: 1 },
      ]);
    },
  );
});

describe('a repeated request', () => {
  test('gives the same run and the same task', async () => {
    const world = fakeWorld();
    const first = await start(world, KEY, 'id-1');

    expect(await start(world, KEY, 'id-2')).toEqual(first);
    expect(world.calls).toEqual(['create', 'runTask', 'markStarting']);
  });

  test("without a key is known by Lambda's request id", async () => {
    const world = fakeWorld();
    const first = await start(world, {}, 'id-1');

    expect(await start(world, {}, 'id-1')).toEqual(first);
    expect((await start(world, {}, 'id-2')).runId).not.toBe(first.runId);
    expect(world.tasks.size).toBe(2);
  });

  test('gives the run even if the function has gone since', async () => {
    const world = fakeWorld();
    const first = await start(world);
    const later = { ...world.deps.ports, lookUpFunction: () => Promise.reject(new Error('No such function.')) };

    expect(await startRun(startRequest(KEY), 'id-2', { ...world.deps, ports: later })).toEqual(first);
  });

  test('with the same key and another input is refused', async () => {
    const world = fakeWorld();
    const { runId } = await start(world);

    expect(await failureOf(() => start(world, { ...KEY, input: { b: 2 } }))).toMatchObject({
      name: 'IDEMPOTENCY_CONFLICT',
      message: expect.stringContaining(`The run ${runId} has this idempotency key`),
    });
    expect(world.tasks.size).toBe(1);
  });

  test('goes on with a start that died between the ledger and ECS, under the same token', async () => {
    const world = fakeWorld();
    const dying = { ...world.deps.ports, runTask: () => Promise.reject(new Error('The Lambda timed out.')) };
    await failureOf(() => startRun(startRequest(KEY), 'id-1', { ...world.deps, ports: dying }));
    const left = onlyRow(world);

    const answer = await start(world);

    expect(left.status).toBe('PENDING');
    expect(answer).toMatchObject({ runId: left.runId, status: 'STARTING' });
    expect([...world.tasks.keys()]).toEqual([`${left.runId}-1`]);
  });

  test('goes on with a start that died between ECS and the ledger, and no second task', async () => {
    const world = fakeWorld();
    const dying = {
      ...world.deps.ports,
      runTask: async (input: Parameters<typeof world.deps.ports.runTask>[0]) => {
        await world.deps.ports.runTask(input);
        throw new Error('The Lambda timed out.');
      },
    };
    await failureOf(() => startRun(startRequest(KEY), 'id-1', { ...world.deps, ports: dying }));

    expect(await start(world)).toMatchObject({ status: 'STARTING' });
    expect(world.tasks.size).toBe(1);
  });

  test('ten at once start one task and all get it', async () => {
    const world = fakeWorld();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => start(world, KEY, `id-${index}`)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(world.tasks.size).toBe(1);
    expect(world.rows.size).toBe(1);
  });

  test('of two at once with one key and two inputs the slower is refused, before its input is put over the other', async () => {
    const world = fakeWorld();
    const results = await Promise.allSettled([
      start(world, { ...KEY, ...LARGE }),
      start(world, { ...KEY, input: [...LARGE.input, 1] }),
    ]);

    expect(results.map((result) => (result.status === 'rejected' ? result.reason.name : result.value.status))).toEqual([
      'STARTING',
      'IDEMPOTENCY_CONFLICT',
    ]);
    expect(world.uploads.map((upload) => upload.body)).toEqual([JSON.stringify(LARGE.input)]);
  });

  test('of a run that ran and failed says so, and is no error of the start', async () => {
    const world = fakeWorld();
    await start(world);
    const error = { errorType: 'Error', errorMessage: 'The handler threw.' };
    world.rows.set(onlyRow(world).runId, { ...onlyRow(world), status: 'FAILED', error });

    expect(await start(world)).toMatchObject({ status: 'FAILED' });
  });
});
