import { register } from '../../../handlers/registrar/registrar';
import { awsError, NOW, RegistrarWorld } from '../../support/registrar/world';

let world: RegistrarWorld;

beforeEach(() => {
  world = new RegistrarWorld();
});

const ROW = { id: 'nightly', cron_time: '30 2 * * *', definition_arn: 'job' };
const WRITTEN = { ...ROW, last_updated: NOW.toISOString() };

type Input = Readonly<Record<string, unknown>>;

/** What the provider sends: the input of now, with the one of before. */
const invoke = (action: string, input: Input, previous: Input | null = null) =>
  register({ ...input, tf: { action, prev_input: previous } }, world.deps());

describe('an aws_lambda_invocation', () => {
  test('that is created writes its row', async () => {
    expect(await invoke('create', { schedule: ROW })).toEqual({ id: 'nightly', revision: expect.any(String) });
    expect([...world.table().values()]).toEqual([WRITTEN]);
    expect(world.noted).toEqual(['nightly']);
  });

  test('has a result that does not change with time, so that a plan is empty', async () => {
    const first = await invoke('create', { schedule: ROW });
    world.now = new Date('2027-01-01T00:00:00Z');

    expect(await invoke('update', { schedule: ROW }, { schedule: ROW })).toEqual(first);
  });

  test('may name the action that it is', async () => {
    expect(await invoke('create', { action: 'put', schedule: ROW })).toMatchObject({ id: 'nightly' });
  });

  test('that is updated writes its row anew', async () => {
    await invoke('create', { schedule: ROW });
    await invoke('update', { schedule: { ...ROW, cron_time: '0 3 * * *' } }, { schedule: ROW });

    expect([...world.table().values()]).toEqual([{ ...WRITTEN, cron_time: '0 3 * * *' }]);
  });

  test('whose id changes leaves no row under the old one', async () => {
    await invoke('create', { schedule: ROW });
    await invoke('update', { schedule: { ...ROW, id: 'weekly' } }, { schedule: ROW });

    expect([...world.table().keys()]).toEqual(['weekly']);
    expect(world.noted).toEqual(['nightly', 'weekly', 'nightly']);
  });

  test.each([
    ['is refused', { ...ROW, id: 'weekly', cron_time: '' }, undefined],
    ['DynamoDB fails', { ...ROW, id: 'weekly' }, awsError('InternalServerError')],
  ])('whose update %s leaves the old row', async (_, schedule, fault) => {
    await invoke('create', { schedule: ROW });
    if (fault !== undefined) {
      world.fail('put', fault);
    }

    await expect(invoke('update', { schedule }, { schedule: ROW })).rejects.toThrow();
    expect([...world.table().values()]).toEqual([WRITTEN]);
  });

  test('that is destroyed deletes its row, and again', async () => {
    await invoke('create', { schedule: ROW });

    for (const _ of [1, 2]) {
      expect(await invoke('delete', { schedule: ROW }, { schedule: ROW })).toEqual({ id: 'nightly' });
    }
    expect(world.table().size).toBe(0);
  });

  test.each([
    ['malformed by today’s rules', { schedule: { id: 'nightly', cron_time: 'never', colour: 'red' } }],
    ['nothing but what was before', {}],
  ])('that is destroyed with an input that is %s deletes its row', async (_, input) => {
    await invoke('create', { schedule: ROW });

    await invoke('delete', input, { schedule: ROW });

    expect(world.table().size).toBe(0);
  });

  test.each([
    [{ schedule: { ...ROW, cron_time: '99 * * * *' } }, 'cron_time is "99 * * * *": its minute is "99"'],
    [{}, 'schedule is missing: give the attributes of a row'],
    [{ schedule: 'nightly' }, 'schedule is "nightly": give the attributes of a row'],
    [{ schedule: ROW, action: 'trigger' }, 'action is "trigger": give "put", or leave it out'],
    [{ schedule: ROW, cron_time: '* * * * *' }, '"cron_time" is no field of an input: those are action, schedule'],
  ])('with the input %p is refused', async (input, problem) => {
    await expect(invoke('create', input)).rejects.toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringContaining(problem),
    });
    expect(world.table().size).toBe(0);
  });

  test.each([{}, 5, { action: 'replace' }])('with tf of %p is refused', async (tf) => {
    await expect(register({ schedule: ROW, tf }, world.deps())).rejects.toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringContaining('tf is not what Terraform adds'),
    });
  });
});
