import type { RunStatus } from '../../../handlers/shared/run';
import { type StartAnswer, startRun } from '../../../handlers/starter/start';
import { CLUSTER_ARN, FUNCTION_ARN, failureOf, startRequest } from '../../support/starter/examples';
import { fakeWorld, NOW, onlyRow, type World } from '../../support/starter/fake-world';

const KEY = { idempotencyKey: 'order-7' };
const LARGE = { input: Array.from({ length: 4000 }, (_, index) => Math.sin(index)) };

const start = (world: World, fields: Record<string, unknown> = KEY, awsRequestId = 'id-1'): Promise<StartAnswer> =>
  startRun(startRequest(fields), awsRequestId, world.deps);

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
      'IMAGE_NOT_DEPLOYED',
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
    expect(world.counted).toEqual(['FAILED']);
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

  test('and is counted by whoever else closed it meanwhile', async () => {
    const world: World = fakeWorld({
      ports: {
        runTask: async () => {
          world.rows.set(onlyRow(world).runId, { ...onlyRow(world), status: 'CANCELLED' });
          return { kind: 'access', reason: 'no' };
        },
      },
    });
    await failureOf(() => start(world));

    expect(onlyRow(world).status).toBe('CANCELLED');
    expect(world.counted).toEqual([]);
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

  test('reads the ledger while the function is looked up', async () => {
    const world = fakeWorld();
    const { ports } = world.deps;
    let lookedUp = () => {};
    const isLookedUp = new Promise<void>((resolve) => {
      lookedUp = resolve;
    });
    const waiting = {
      ...ports,
      ledger: { ...ports.ledger, find: (runId: string) => isLookedUp.then(() => ports.ledger.find(runId)) },
      lookUpFunction: (arn: string) => {
        lookedUp();
        return ports.lookUpFunction(arn);
      },
    };

    expect(await startRun(startRequest(KEY), 'id-1', { ...world.deps, ports: waiting })).toMatchObject({
      status: 'STARTING',
    });
  });

  test('asks for the function once', async () => {
    const world = fakeWorld();
    const { ports } = world.deps;
    let lookUps = 0;
    const counting = {
      ...ports,
      lookUpFunction: (arn: string) => {
        lookUps += 1;
        return ports.lookUpFunction(arn);
      },
    };
    await startRun(startRequest(KEY), 'id-1', { ...world.deps, ports: counting });

    expect(lookUps).toBe(1);
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
