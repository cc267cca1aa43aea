import { type StartAnswer, startRun } from '../../../handlers/starter/start';
import { runStatus } from '../../../handlers/starter/status';
import { containerRequest, failureOf } from '../../support/starter/examples';
import { fakeWorld, NOW, onlyRow, type World } from '../../support/starter/fake-world';

const KEY = { idempotencyKey: 'night-7' };

const start = (world: World, fields: Record<string, unknown> = KEY, requestId = 'id-1'): Promise<StartAnswer> =>
  startRun(containerRequest(fields), requestId, world.deps);

describe('the start of a container', () => {
  test('enters the run, starts the task and answers with both', async () => {
    const world = fakeWorld();
    const { runId, taskArns, status } = await start(world, { ...KEY, retries: 1 });
    const familyArn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report';

    expect([taskArns.length, status]).toEqual([1, 'STARTING']);
    expect(world.calls).toEqual(['create', 'runTask', 'markStarting']);
    expect(onlyRow(world)).toEqual({
      runId,
      status: 'STARTING',
      attempt: 1,
      maxAttempts: 2,
      container: 'app',
      unqualifiedFunctionArn: familyArn,
      requestHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      timeoutSeconds: 3600,
      inputBytes: 0,
      createdAt: '2026-11-20T12:00:00.000Z',
      createdDay: '2026-11-20',
      open: 'open',
      checkAt: '2026-11-20T12:01:00.000Z',
      launch: expect.stringContaining('"kind":"container"'),
      expiresAt: NOW.getTime() / 1000 + 30 * 86_400,
      cluster: world.deps.settings.cluster,
      taskDefinition: `${familyArn}:7`,
      taskArn: taskArns[0],
    });
  });

  test('has the sweep look when its time is over, where that is sooner than a minute', async () => {
    const world = fakeWorld();
    await start(world, { ...KEY, timeoutSeconds: 20 });

    expect(onlyRow(world).checkAt).toBe('2026-11-20T12:00:20.000Z');
  });

  test('that is repeated gives the run that it gave, and one task', async () => {
    const world = fakeWorld();
    const [first, second] = [await start(world), await start(world, KEY, 'id-2')];

    expect(second).toEqual(first);
    expect(world.asked).toHaveLength(1);
    expect(await failureOf(() => start(world, { ...KEY, command: ['other'] }))).toMatchObject({
      name: 'IDEMPOTENCY_CONFLICT',
    });
  });

  test('puts a large input into the bucket before the task is there', async () => {
    const world = fakeWorld();
    const input = Array.from({ length: 4_000 }, (_, index) => index);
    await start(world, { input });

    expect(world.calls).toEqual(['create', 'uploadInput', 'runTask', 'markStarting']);
    expect(world.uploads.map(({ body }) => body)).toEqual([JSON.stringify(input)]);
  });

  test('waits in the launch queue where it is not its turn', async () => {
    const world = fakeWorld({ turns: [{ kind: 'line' }] });

    expect(await start(world)).toMatchObject({ status: 'PENDING', taskArns: [] });
    expect(world.queue).toHaveLength(1);
  });

  test('tells in its status of the container, and of no function', async () => {
    const world = fakeWorld();
    const { runId } = await start(world);
    const status = await runStatus(runId, { ledger: world.deps.ports.ledger, now: () => NOW });

    expect(status).toMatchObject({ container: 'app', status: 'STARTING' });
    expect(Object.keys(status)).not.toEqual(expect.arrayContaining(['functionArn']));
    expect(Object.keys(status)).not.toEqual(expect.arrayContaining(['launch']));
  });

  test.each([
    ['TASK_DEFINITION_NOT_ALLOWED', { taskDefinition: 'secrets' }],
    ['TASK_DEFINITION_NOT_FOUND', { taskDefinition: 'nightly-gone' }],
    ['CONTAINER_NOT_FOUND', { containerName: 'web' }],
    ['DESTINATION_NOT_ALLOWED', { onSuccess: 'arn:aws:s3:::elsewhere' }],
  ])('fails with %s before anything is entered or started', async (code, fields) => {
    const world = fakeWorld();

    expect(await failureOf(() => start(world, fields))).toMatchObject({ name: code });
    expect(world.calls).toEqual([]);
  });

  test('does not ask ECS about a task definition that is not allowed', async () => {
    const asked: string[] = [];
    const world = fakeWorld({
      ports: {
        describeTaskDefinition: async (name) => {
          asked.push(name);
          return {};
        },
      },
    });
    await failureOf(() => start(world, { taskDefinition: 'secrets' }));

    expect(asked).toEqual([]);
  });
});
