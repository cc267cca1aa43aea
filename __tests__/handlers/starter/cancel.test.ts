import type { RunRecord, RunStatus } from '../../../handlers/shared/run';
import { cancelRun } from '../../../handlers/starter/cancel';
import { TaskNotStopped } from '../../../handlers/starter/errors';
import { startRun } from '../../../handlers/starter/start';
import { CLUSTER_ARN, FUNCTION_ARN, failureOf, startRequest } from '../../support/starter/examples';
import { fakeWorld, NOW, type World, type WorldChanges } from '../../support/starter/fake-world';

const TASK = 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1';

const pending: RunRecord = {
  runId: 'run-1',
  status: 'PENDING',
  attempt: 1,
  functionArn: FUNCTION_ARN,
  requestHash: 'hash',
  timeoutSeconds: 60,
  inputBytes: 2,
  createdAt: '2026-11-20T11:00:00.000Z',
  expiresAt: 1_800_000_000,
  cluster: CLUSTER_ARN,
};

const STOP = { cluster: CLUSTER_ARN, taskArn: TASK, reason: 'Overtime: the run run-1 was cancelled' };

function worldWith(fields: Partial<RunRecord>, changes: WorldChanges = {}): World {
  const world = fakeWorld(changes);
  world.rows.set('run-1', { ...pending, ...fields });
  return world;
}

const cancel = ({ deps }: World, runId = 'run-1') =>
  cancelRun(runId, { ...deps, cluster: CLUSTER_ARN, awsRequestId: 'id-1' });

describe('to cancel', () => {
  test('ends a run in the ledger before its task is stopped', async () => {
    const world = worldWith({ status: 'RUNNING', taskArn: TASK });

    expect(await cancel(world)).toEqual({ runId: 'run-1', status: 'CANCELLED', taskArns: [TASK] });
    expect(world.calls).toEqual(['cancel', 'stopTask']);
    expect(world.stops).toEqual([STOP]);
    expect(world.counted).toEqual(['CANCELLED']);
    expect(world.rows.get('run-1')).toMatchObject({
      status: 'CANCELLED',
      endedAt: NOW.toISOString(),
      error: { errorType: 'CANCELLED', errorMessage: 'The run was cancelled through the starter.' },
    });
  });

  test('ends a run that waits in the launch queue, for which there is no task to stop', async () => {
    const world = worldWith({});

    expect(await cancel(world)).toEqual({ runId: 'run-1', status: 'CANCELLED', taskArns: [] });
    expect(world.calls).toEqual(['cancel']);
  });

  test('twice gives the same answer, and stops what the first try could not', async () => {
    let isBroken = true;
    const stopped: string[] = [];
    const world = worldWith(
      { status: 'RUNNING', taskArn: TASK },
      {
        ports: {
          stopTask: async ({ taskArn, cluster }) => {
            if (isBroken) {
              throw new TaskNotStopped('ECS did not stop it.');
            }
            stopped.push(`${cluster} ${taskArn}`);
          },
        },
      },
    );

    expect(await failureOf(() => cancel(world))).toMatchObject({ name: 'TASK_NOT_STOPPED' });
    isBroken = false;
    expect(await cancel(world)).toEqual({ runId: 'run-1', status: 'CANCELLED', taskArns: [TASK] });
    expect(stopped).toEqual([`${CLUSTER_ARN} ${TASK}`]);
    expect(world.calls).toEqual(['cancel']);
    expect(world.counted).toEqual(['CANCELLED']);
  });

  test.each<RunStatus>(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'INTERRUPTED', 'LOST'])(
    'a run that is %s changes nothing, and tells it',
    async (status) => {
      const world = worldWith({ status, taskArn: TASK });

      expect(await cancel(world)).toEqual({ runId: 'run-1', status, taskArns: [TASK] });
      expect(world.calls).toEqual([]);
      expect(world.counted).toEqual([]);
    },
  );

  test('a run that ends meanwhile changes nothing, and tells it', async () => {
    const world = worldWith({ status: 'RUNNING', taskArn: TASK });
    const late = { ...world.deps.ports.ledger, find: async () => ({ ...pending, status: 'RUNNING' as const }) };
    world.rows.set('run-1', { ...pending, status: 'SUCCEEDED', taskArn: TASK });
    const deps = { ...world.deps, ports: { ...world.deps.ports, ledger: late } };

    expect(await cancel({ ...world, deps })).toEqual({ runId: 'run-1', status: 'SUCCEEDED', taskArns: [TASK] });
    expect(world.calls).toEqual(['cancel']);
    expect(world.counted).toEqual([]);
  });

  test.each([
    ['somebody waits for', { taskToken: 'token' }, ['run-1']],
    ['somebody hears of if it fails', { onFailure: 'arn:aws:sqs:eu-west-1:123456789012:failed' }, ['run-1']],
    ['somebody hears of only if it succeeds', { onSuccess: 'arn:aws:sqs:eu-west-1:123456789012:done' }, []],
  ])('settles a run that %s: %j, %j', async (_, delivery, settled) => {
    const world = worldWith({ status: 'RUNNING', taskArn: TASK, delivery });
    await cancel(world);

    expect(world.settled).toEqual(settled);
  });

  test('succeeds though the watcher does not hear of it, as its sweep finds the run', async () => {
    const world = worldWith(
      { delivery: { taskToken: 'token' } },
      { ports: { settle: () => Promise.reject(new Error('no watcher')) } },
    );

    expect(await cancel(world)).toMatchObject({ status: 'CANCELLED' });
    expect(world.logLines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'run-not-settled', runId: 'run-1', reason: 'no watcher' }),
    );
    expect(world.logLines.join('')).not.toContain('token"');
  });

  test('fails for a run that the ledger does not have', async () => {
    expect(await failureOf(() => cancel(fakeWorld()))).toMatchObject({ name: 'RUN_NOT_FOUND' });
  });

  test('stops a task that ECS accepts only after it', async () => {
    const world: World = fakeWorld({
      ports: {
        runTask: async () => {
          const [runId] = world.rows.keys();
          await cancel(world, runId);
          return { kind: 'accepted', taskArns: [TASK], taskDefinition: 'family:7', failures: [] };
        },
      },
    });
    const answer = await startRun(startRequest(), 'id-1', world.deps);

    expect(answer).toMatchObject({ status: 'CANCELLED', taskArns: [TASK] });
    expect(world.calls).toEqual(['create', 'cancel', 'markStarting', 'stopTask']);
    expect(world.stops).toEqual([{ ...STOP, reason: `Overtime: the run ${answer.runId} was cancelled` }]);
  });
});
