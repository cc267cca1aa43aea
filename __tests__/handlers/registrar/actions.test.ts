import fc from 'fast-check';
import { register } from '../../../handlers/registrar/registrar';
import { CodedError } from '../../../handlers/shared/errors';
import { awsError, NOW, OWN, RegistrarWorld } from '../../support/registrar/world';

let world: RegistrarWorld;

beforeEach(() => {
  world = new RegistrarWorld();
});

const send = (event: unknown) => register(event, world.deps());

const ROW = {
  id: 'nightly',
  cron_time: '30 2 * * *',
  request: { arn: 'export', input: { day: '<aws.scheduler.scheduled-time>' } },
};
const WRITTEN = { ...ROW, last_updated: NOW.toISOString() };

const put = (row: object = ROW, others: object = {}) => send({ action: 'put', schedule: row, ...others });

async function revision(row: object = ROW): Promise<string> {
  const answer = await put(row);
  return 'revision' in answer ? String(answer.revision) : '';
}

describe('put', () => {
  test('writes the row, tells the schedulers, and answers when it fires', async () => {
    expect(await put()).toEqual({
      id: 'nightly',
      revision: expect.any(String),
      isEnabled: true,
      nextSlots: ['2026-11-28T02:30:00.000Z', '2026-11-29T02:30:00.000Z', '2026-11-30T02:30:00.000Z'],
    });
    expect([...world.table().values()]).toEqual([WRITTEN]);
    expect(world.noted).toEqual(['nightly']);
  });

  test.each([
    ['put', { action: 'put', schedule: ROW }],
    ['pause', { action: 'pause', id: 'nightly' }],
    ['resume', { action: 'resume', id: 'nightly' }],
    ['delete', { action: 'delete', id: 'nightly' }],
  ])('%s counts as of before the table was asked, since a slot may become due while it answers', async (_, event) => {
    world.table().set('nightly', WRITTEN);
    const deps = world.deps();
    const ports = {
      ...deps.ports,
      schedules: () => {
        world.now = new Date(NOW.getTime() + 150);
        return deps.ports.schedules(OWN);
      },
    };

    await register(event, { ...deps, ports });

    const told = new Date(NOW.getTime() + 150);
    expect(world.notes).toEqual([{ by: 'registrar', id: 'nightly', at: told, writtenAt: NOW }]);
  });

  test('takes a row as "get" gives it', async () => {
    await put();
    const got = await send({ action: 'get', id: 'nightly' });

    await put({ ...('schedule' in got ? got.schedule : {}), cron_time: '0 3 * * *' });

    expect(world.table().get('nightly')).toEqual({ ...WRITTEN, cron_time: '0 3 * * *' });
  });

  test('refuses what the scheduler could not read, with every wrong attribute', async () => {
    await expect(
      put({ id: 'nightly', cron_time: '99 * * * *', enabled: 'true', definition_arn: 'job' }),
    ).rejects.toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringMatching(
        /^The request has 2 problems\. enabled is "true": .*\. cron_time is "99 .*its minute is "99"/,
      ),
    });
    expect(world.table().size).toBe(0);
  });

  test('refuses what the starter would refuse', async () => {
    await expect(put({ ...ROW, request: { arn: 'export', retries: 99, tags: { 'aws:x': '' } } })).rejects.toMatchObject(
      {
        name: 'INVALID_INPUT',
        message: expect.stringMatching(
          /^The request has 1 problem\. request is refused by the starter: The request has 2 problems/,
        ),
      },
    );
  });

  test('takes context attributes where the starter takes no such characters', async () => {
    await put({ ...ROW, request: { arn: 'export', tags: { slot: '<aws.scheduler.scheduled-time>' } } });

    expect(world.table().size).toBe(1);
  });
});

describe('put with ifRevision', () => {
  test('writes over the revision that it names', async () => {
    const ifRevision = await revision();

    await put({ ...ROW, cron_time: '0 3 * * *' }, { ifRevision });

    expect(world.table().get('nightly')).toMatchObject({ cron_time: '0 3 * * *' });
  });

  test('refuses another one, and writes nothing', async () => {
    const ifRevision = await revision();
    await put({ ...ROW, cron_time: '0 4 * * *' });

    await expect(put({ ...ROW, cron_time: '0 3 * * *' }, { ifRevision })).rejects.toMatchObject({
      name: 'REVISION_CONFLICT',
    });
    expect(world.table().get('nightly')).toMatchObject({ cron_time: '0 4 * * *' });
  });

  test('refuses where somebody writes between the look and the write', async () => {
    const ifRevision = await revision();
    const deps = world.deps();
    const table = deps.ports.schedules(OWN);
    const meddled = {
      ...table,
      find: async (id: string) => {
        const row = await table.find(id);
        world.table().set(id, { ...ROW, cron_time: '0 4 * * *', last_updated: 'just now' });
        return row;
      },
    };

    await expect(
      register(
        { action: 'put', schedule: { ...ROW, cron_time: '0 3 * * *' }, ifRevision },
        { ...deps, ports: { ...deps.ports, schedules: () => meddled } },
      ),
    ).rejects.toMatchObject({ name: 'REVISION_CONFLICT' });
    expect(world.table().get('nightly')).toMatchObject({ cron_time: '0 4 * * *' });
  });

  test('null writes a row that is not there, and none that is', async () => {
    await put(ROW, { ifRevision: null });

    await expect(put(ROW, { ifRevision: null })).rejects.toMatchObject({ name: 'REVISION_CONFLICT' });
    expect(world.table().size).toBe(1);
  });

  test('works on rows of the seed, which have a time and no revision', async () => {
    const seed = { id: 'a', cron_time: '* * * * *', definition_arn: 'job', last_updated: '2015-11-27T00:00:00Z' };
    world.table().set('a', seed);
    const got = await send({ action: 'get', id: 'a' });
    const description = 'description' in got ? got.description : undefined;
    const ifRevision = description !== undefined && 'revision' in description ? description.revision : undefined;

    await put({ ...seed, cron_time: '*/2 * * * *' }, { ifRevision });

    expect(world.table().get('a')).toMatchObject({ cron_time: '*/2 * * * *' });
  });
});

describe('get', () => {
  test('gives the row, what becomes of it, and what the scheduler knows', async () => {
    await put();
    world.states.set('nightly', { id: 'nightly', history: [] });

    expect(await send({ action: 'get', id: 'nightly' })).toEqual({
      schedule: WRITTEN,
      state: { id: 'nightly', history: [] },
      description: {
        id: 'nightly',
        revision: expect.any(String),
        isEnabled: true,
        nextSlots: expect.arrayContaining(['2026-11-28T02:30:00.000Z']),
      },
    });
  });

  test('tells what is wrong with a row that somebody else put there', async () => {
    world.table().set('odd', { id: 'odd', cron_time: '', definition_arn: 'job' });

    expect(await send({ action: 'get', id: 'odd' })).toMatchObject({
      description: { id: 'odd', problems: [expect.stringContaining('cron_time is "": it is empty')] },
    });
  });

  test('of a schedule that is not there is refused', async () => {
    await expect(send({ action: 'get', id: 'none' })).rejects.toMatchObject({ name: 'SCHEDULE_NOT_FOUND' });
  });
});

describe('list', () => {
  test('gives every row once, page by page, malformed ones with their problems', async () => {
    for (let index = 0; index < 7; index += 1) {
      await put({ ...ROW, id: `nightly-${index}` });
    }
    world.table().set('odd', { id: 'odd' });
    const found: unknown[] = [];
    let nextToken: string | undefined;
    let pages = 0;
    do {
      const answer = await send({ action: 'list', limit: 3, ...(nextToken === undefined ? {} : { nextToken }) });
      if (!('schedules' in answer)) {
        throw new Error('no list');
      }
      found.push(...answer.schedules);
      nextToken = answer.nextToken;
      pages += 1;
    } while (nextToken !== undefined);

    expect(pages).toBe(3);
    expect(found).toHaveLength(8);
    expect(found[0]).toEqual({
      id: 'nightly-0',
      revision: expect.any(String),
      isEnabled: true,
      nextSlots: ['2026-11-28T02:30:00.000Z'],
    });
    expect(found[7]).toEqual({ id: 'odd', problems: expect.any(Array) });
  });
});

describe('delete', () => {
  test('deletes a row, and again', async () => {
    await put();

    for (const _ of [1, 2]) {
      expect(await send({ action: 'delete', id: 'nightly' })).toEqual({ id: 'nightly', status: 'DELETED' });
    }
    expect(world.table().size).toBe(0);
    expect(world.noted).toEqual(['nightly', 'nightly', 'nightly']);
  });

  test('leaves a row of another revision', async () => {
    await put();

    await expect(send({ action: 'delete', id: 'nightly', ifRevision: 'other' })).rejects.toMatchObject({
      name: 'REVISION_CONFLICT',
    });
    expect(world.table().size).toBe(1);
  });
});

describe('pause and resume', () => {
  test('change nothing but whether the schedule is enabled', async () => {
    await put();

    expect(await send({ action: 'pause', id: 'nightly' })).toEqual({ id: 'nightly', status: 'PAUSED' });
    expect(world.table().get('nightly')).toEqual({ ...WRITTEN, enabled: false });

    expect(await send({ action: 'resume', id: 'nightly' })).toEqual({ id: 'nightly', status: 'RESUMED' });
    expect(world.table().get('nightly')).toEqual({ ...WRITTEN, enabled: true });
    expect(world.noted).toEqual(['nightly', 'nightly', 'nightly']);
  });

  test.each(['pause', 'resume'])('%s makes no row', async (action) => {
    await expect(send({ action, id: 'none' })).rejects.toMatchObject({ name: 'SCHEDULE_NOT_FOUND' });
    expect(world.table().size).toBe(0);
  });
});

describe('trigger', () => {
  test('starts a run now, whose request is that of a slot but for its key', async () => {
    await put();

    expect(await send({ action: 'trigger', id: 'nightly' })).toEqual({
      id: 'nightly',
      runIds: ['run-1'],
      status: 'PENDING',
    });
    expect(world.started).toEqual([
      {
        arn: 'export',
        input: { day: '2026-11-27T11:40:30Z' },
        idempotencyKey: expect.stringMatching(/^trigger:[0-9a-f]{64}:[0-9a-f]{64}$/),
      },
    ]);
  });

  test('with the same key gives the same run, and with another one another', async () => {
    await put();
    const trigger = async (idempotencyKey: string) => {
      world.now = new Date(world.now.getTime() + 1000);
      const answer = await send({ action: 'trigger', id: 'nightly', idempotencyKey });
      return 'runIds' in answer ? answer.runIds[0] : undefined;
    };

    expect([await trigger('a'), await trigger('a'), await trigger('b')]).toEqual(['run-1', 'run-1', 'run-2']);
  });

  test('works on a schedule that is paused', async () => {
    await put({ ...ROW, enabled: false });

    expect(await send({ action: 'trigger', id: 'nightly' })).toMatchObject({ runIds: ['run-1'] });
  });

  test("tells the starter's refusal by its code", async () => {
    await put();
    world.startResult = () => ({ kind: 'refused', code: 'FUNCTION_NOT_FOUND', reason: 'There is no function export.' });

    await expect(send({ action: 'trigger', id: 'nightly' })).rejects.toMatchObject({
      name: 'STARTER_REFUSED',
      message: 'The starter did not start "nightly": FUNCTION_NOT_FOUND: There is no function export.',
    });
  });

  test.each(['trigger', 'backfill'])('%s refuses a row that is no schedule', async (action) => {
    world.table().set('odd', { id: 'odd', cron_time: '', definition_arn: 'job' });
    const bounds = action === 'backfill' ? { from: '2026-11-26T00:00:00Z', to: '2026-11-27T00:00:00Z' } : {};

    await expect(send({ action, id: 'odd', ...bounds })).rejects.toMatchObject({
      name: 'SCHEDULE_MALFORMED',
      message: expect.stringContaining('cron_time is ""'),
    });
    expect(world.started).toEqual([]);
  });
});

describe('a wrong request', () => {
  test.each([
    [null, 'The event is null: give an object with an action'],
    ['put', 'The event is "put": give an object with an action'],
    [{}, 'action is missing: give one of "put", "get", "list"'],
    [{ action: 'fire' }, 'action is "fire": give one of "put"'],
    [{ action: 'get' }, "id is missing: give the schedule's id"],
    [{ action: 'get', id: 5 }, "id is 5: give the schedule's id"],
    [{ action: 'get', id: '' }, 'id is "": give the schedule\'s id'],
    [{ action: 'get', id: 'a', name: 'b' }, '"name" is no field of get: those are action, id'],
    [{ action: 'put' }, 'schedule is missing: give an object'],
    [{ action: 'put', schedule: [] }, 'schedule is a list of 0 items: give an object'],
    [{ action: 'put', schedule: ROW, ifRevision: 5 }, 'ifRevision is 5: give the revision'],
    [{ action: 'list', limit: 101 }, 'limit is 101: give a whole number from 1 to 100'],
    [{ action: 'list', nextToken: 'x' }, 'nextToken is "x": give the nextToken of the answer before'],
    [
      { action: 'backfill', id: 'a', from: 'yesterday', to: '2026-11-27T00:00:00Z' },
      'from is "yesterday": give a time',
    ],
    [
      { action: 'backfill', id: 'a', from: '2026-11-26T00:00:00Z', to: '2026-11-27T00:00:00Z', most: 1001 },
      'most is 1001: give a whole number from 1 to 1000',
    ],
  ])('%p', async (event, problem) => {
    await expect(send(event)).rejects.toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringContaining(problem),
    });
  });

  test('names all wrong fields at once', async () => {
    await expect(send({ action: 'backfill', id: '', from: 1, most: 'x', all: true })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^The request has 5 problems\. id is "".*from is 1.*to is missing.*most is "x".*"all" is no field/,
      ),
    });
  });

  test('whatever comes is answered or refused with a code, and logged', async () => {
    const action = fc.oneof(
      fc.constantFrom('put', 'get', 'list', 'delete', 'pause', 'resume', 'trigger', 'backfill'),
      fc.anything(),
    );
    const fields = fc.record(
      {
        action,
        id: fc.anything(),
        schedule: fc.anything(),
        tf: fc.anything(),
        Records: fc.anything(),
        from: fc.anything(),
      },
      { requiredKeys: [] },
    );

    await fc.assert(
      fc.asyncProperty(fc.oneof(fields, fc.anything()), async (event) => {
        world = new RegistrarWorld();
        const result = await send(event).catch((error: unknown) => error);

        expect(result instanceof Error ? result instanceof CodedError : true).toBe(true);
        expect(world.logged.some(({ level }) => level === 'error')).toBe(result instanceof Error);
      }),
    );
  });

  test('an error of DynamoDB passes on under its own name', async () => {
    world.fail('put', awsError('ProvisionedThroughputExceededException'));

    await expect(put()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  });
});
