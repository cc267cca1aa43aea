import type { RunRecord } from '../../../handlers/shared/run';
import { parseRunRecord } from '../../../handlers/shared/run-record';
import { consumeLaunches, type LaunchRecord } from '../../../handlers/starter/consume';
import type { Turn } from '../../../handlers/starter/ports';
import { startRun } from '../../../handlers/starter/start';
import { startRequest } from '../../support/starter/examples';
import { fakeWorld, NOW, type World, type WorldChanges } from '../../support/starter/fake-world';

const CAPACITY = { kind: 'capacity', reason: 'Capacity is unavailable at this time.' } as const;

/** A world in which so many runs wait in the queue, and their messages. */
async function waiting(count: number, changes: WorldChanges = {}): Promise<{ world: World; records: LaunchRecord[] }> {
  let turns: readonly Turn[] = [{ kind: 'line' }];
  const world: World = fakeWorld({ ...changes });
  const { takeTurn } = world.deps.ports.pacer;
  Reflect.set(
    world.deps.ports.pacer,
    'takeTurn',
    async (turnOf: 'newcomer' | 'queued') => turns[0] ?? takeTurn(turnOf),
  );
  for (let index = 0; index < count; index += 1) {
    await startRun(startRequest({ idempotencyKey: `run-${index}`, input: { index }, retries: 2 }), 'id-1', world.deps);
  }
  turns = [];
  world.calls.length = 0;
  world.logLines.length = 0;
  const records = world.queue.map(({ message }, index) => ({ messageId: `m-${index}`, body: JSON.stringify(message) }));
  world.queue.length = 0;
  return { world, records };
}

const change = (world: World, index: number, fields: Partial<RunRecord>) => {
  const row = [...world.rows.values()][index];
  if (row === undefined) {
    throw new Error(`There is no row ${index}.`);
  }
  world.rows.set(row.runId, { ...row, ...fields });
  return row.runId;
};
const statuses = (world: World) => [...world.rows.values()].map(({ status }) => status);
const inputsOf = (world: World) =>
  world.asked.map(({ overrides }) => {
    const { input } = JSON.parse(overrides?.containerOverrides?.[0]?.environment?.[0]?.value ?? '');
    return input.inline.index;
  });
const eventsOf = (world: World) => world.logLines.map((line) => JSON.parse(line).event);
const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('the launches of a batch', () => {
  test('are made in its order, and none is reported', async () => {
    const { world, records } = await waiting(4);

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(inputsOf(world)).toEqual([0, 1, 2, 3]);
    expect(statuses(world)).toEqual(Array(4).fill('STARTING'));
    expect(world.queue).toEqual([]);
  });

  test('wait for their turns', async () => {
    const wait = { kind: 'wait', milliseconds: 50 } as const;
    const now = { kind: 'now', line: undefined } as const;
    const { world, records } = await waiting(2, { turns: [wait, wait, now, wait, now] });
    await consumeLaunches(records, world.deps);

    expect(world.clock.now - NOW.getTime()).toBe(150);
    expect(statuses(world)).toEqual(['STARTING', 'STARTING']);
  });

  test('overlap, as ECS takes longer than a turn', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { world, records } = await waiting(3);
    const { runTask } = world.deps.ports;
    Reflect.set(world.deps.ports, 'runTask', async (input: Parameters<typeof runTask>[0]) => {
      const answer = runTask(input);
      if (world.asked.length === 3) {
        release();
      }
      await held;
      return answer;
    });

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
  });

  test('of a later attempt carry its number, and have a token of its own', async () => {
    const { world } = await waiting(1);
    const runId = change(world, 0, { attempt: 2 });
    const body = JSON.stringify({ version: 1, runId, attempt: 2 });
    await consumeLaunches([{ messageId: 'm', body }], world.deps);
    const [asked] = world.asked;

    expect(asked?.clientToken).toBe(`${runId}-2`);
    expect(JSON.parse(asked?.overrides?.containerOverrides?.[0]?.environment?.[0]?.value ?? '')).toMatchObject({
      runId,
      attempt: 2,
      input: { inline: { index: 0 } },
    });
  });

  test('go on at the place that was noted last', async () => {
    const { world, records } = await waiting(1);
    const runId = change(world, 0, { launchVariant: 2 });
    await consumeLaunches(records, world.deps);

    expect(world.asked.map(({ clientToken }) => clientToken)).toEqual([`${runId}-1-v2`]);
  });

  test('close the line with its last', async () => {
    const { world, records } = await waiting(1);
    const [runId] = world.rows.keys();
    Reflect.set(world.deps.ports.pacer, 'takeTurn', async () => ({ kind: 'now', line: `${runId}-1` }));
    await consumeLaunches(records, world.deps);

    expect(world.calls).toEqual(['leaveLine', 'runTask', 'markStarting']);
  });

  test('are not made before the time that a message names', async () => {
    const { world, records } = await waiting(1);
    const launchAt = new Date(NOW.getTime() + 3_000).toISOString();
    const body = JSON.stringify({ ...JSON.parse(records[0]?.body ?? ''), launchAt });
    await consumeLaunches([{ messageId: 'm', body }], world.deps);

    expect(world.clock.now - NOW.getTime()).toBe(3_000);
    expect(statuses(world)).toEqual(['STARTING']);
  });
});

describe('a message is dropped', () => {
  test.each<[string, Partial<RunRecord>]>([
    ['was started', { status: 'STARTING' }],
    ['began', { status: 'RUNNING' }],
    ['was cancelled', { status: 'CANCELLED' }],
    ['is at its next attempt', { attempt: 2 }],
  ])('where the run %s, and the line with it', async (_, fields) => {
    const { world, records } = await waiting(1);
    change(world, 0, fields);

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(world.calls).toEqual(['leaveLine']);
    expect(eventsOf(world)).toEqual(['launch-dropped']);
  });

  test('where the ledger has no such run any more', async () => {
    const { world, records } = await waiting(1);
    world.rows.clear();

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(world.calls).toEqual(['leaveLine']);
  });

  test.each(['no JSON', '{"version":2,"runId":"run-1","attempt":1}'])(
    'where it is no launch, and those behind it are launched: %s',
    async (body) => {
      const { world, records } = await waiting(1);

      expect(await consumeLaunches([{ messageId: 'bad', body }, ...records], world.deps)).toEqual(failed());
      expect(eventsOf(world)).toEqual(['launch-unreadable', 'run-launched']);
    },
  );
});

describe('a launch goes to the end of the queue', () => {
  test('where there is no room in ten seconds, while the others are made', async () => {
    const { world, records } = await waiting(3);
    const { runTask } = world.deps.ports;
    const [runId] = world.rows.keys();
    Reflect.set(world.deps.ports, 'runTask', async (input: Parameters<typeof runTask>[0]) =>
      input.startedBy === runId ? CAPACITY : runTask(input),
    );

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    const [again, ...more] = world.queue;
    expect(statuses(world)).toEqual(['PENDING', 'STARTING', 'STARTING']);
    expect(more).toEqual([]);
    expect(again?.message).toEqual({ version: 1, runId, attempt: 1 });
    expect(again?.deduplicationId).not.toBe(`${runId}-1`);
    expect(world.clock.now - NOW.getTime()).toBeLessThanOrEqual(10_000);
  });

  test('where its turn is later than that, in order, and nobody sleeps past the time', async () => {
    const { world, records } = await waiting(3, { turns: [{ kind: 'wait', milliseconds: 11_000 }] });

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(world.queue.map(({ message }) => message.runId)).toEqual([...world.rows.keys()]);
    expect(world.clock.now).toBe(NOW.getTime());
  });

  test('where the Lambda has no time left for it', async () => {
    const { world, records } = await waiting(1, {
      lambdaMilliseconds: 5_040,
      turns: [{ kind: 'wait', milliseconds: 50 }],
    });
    await consumeLaunches(records, world.deps);

    expect(world.queue.length).toBe(1);
    expect(world.clock.now).toBe(NOW.getTime());
  });
});

describe('a launch that can never be', () => {
  test('closes its run, has its outcome delivered, and holds nobody up', async () => {
    const { world, records } = await waiting(2, { outcomes: [{ kind: 'access', reason: 'no' }, 'starts'] });
    const runId = change(world, 0, { delivery: { onFailure: 'arn:aws:sqs:eu-west-1:123456789012:failures' } });

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(statuses(world)).toEqual(['FAILED', 'STARTING']);
    expect(world.settled).toEqual([runId]);
  });

  test('is closed though its outcome cannot be delivered now', async () => {
    const settle = async () => Promise.reject(new Error('The watcher is gone.'));
    const { world, records } = await waiting(1, { outcomes: [{ kind: 'access', reason: 'no' }], ports: { settle } });
    change(world, 0, { delivery: { taskToken: 'a-token' } });

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(eventsOf(world)).toEqual(['task-not-started', 'run-not-started', 'run-not-settled']);
  });
});

describe('a row that no starter wrote', () => {
  test('is closed where it does not tell how its task is started, and holds nobody up', async () => {
    const { world, records } = await waiting(2);
    change(world, 0, { launch: undefined });

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(statuses(world)).toEqual(['FAILED', 'STARTING']);
  });

  test('is left alone where it is unreadable, and holds nobody up', async () => {
    const { world, records } = await waiting(2);
    const { find } = world.deps.ports.ledger;
    const [first] = world.rows.keys();
    Reflect.set(world.deps.ports.ledger, 'find', async (runId: string) =>
      runId === first ? parseRunRecord({ runId }) : find(runId),
    );

    expect(await consumeLaunches(records, world.deps)).toEqual(failed());
    expect(statuses(world)).toEqual(['PENDING', 'STARTING']);
    expect(eventsOf(world)).toEqual(['row-unreadable', 'launch-dropped', 'run-launched']);
  });
});

describe('what fails is reported, with all that came after it', () => {
  test('where the ledger cannot be read', async () => {
    const { world, records } = await waiting(4);
    const { find } = world.deps.ports.ledger;
    const [, second] = world.rows.keys();
    Reflect.set(world.deps.ports.ledger, 'find', async (runId: string) =>
      runId === second ? Promise.reject(new Error('The table is gone.')) : find(runId),
    );

    expect(await consumeLaunches(records, world.deps)).toEqual(failed('m-1', 'm-2', 'm-3'));
    expect(inputsOf(world)).toEqual([0]);
  });

  test('where a launch can neither be made nor put back, and those that were made are dropped later', async () => {
    const queueLaunch = async () => Promise.reject(new Error('The queue is gone.'));
    const { world, records } = await waiting(3);
    Reflect.set(world.deps.ports, 'queueLaunch', queueLaunch);
    const { runTask } = world.deps.ports;
    const [, second] = world.rows.keys();
    Reflect.set(world.deps.ports, 'runTask', async (input: Parameters<typeof runTask>[0]) =>
      input.startedBy === second ? CAPACITY : runTask(input),
    );

    expect(await consumeLaunches(records, world.deps)).toEqual(failed('m-1', 'm-2'));
    expect(statuses(world)).toEqual(['STARTING', 'PENDING', 'STARTING']);
    Reflect.set(world.deps.ports, 'runTask', runTask);
    expect(await consumeLaunches(records.slice(1), world.deps)).toEqual(failed());
    expect(world.tasks.size).toBe(3);
  });
});
