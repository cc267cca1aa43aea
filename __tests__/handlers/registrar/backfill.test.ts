import { register } from '../../../handlers/registrar/registrar';
import { resolveRequest } from '../../../handlers/shared/schedule/slot-key';
import { awsError, RegistrarWorld } from '../../support/registrar/world';
import { scheduleOf } from '../../support/schedules';

let world: RegistrarWorld;

const ROW = { id: 'hourly', cron_time: '0 * * * *', definition_arn: 'job' };
const DAY = { from: '2026-11-26T00:00:00Z', to: '2026-11-27T00:00:00Z' };

beforeEach(() => {
  world = new RegistrarWorld();
  world.table().set('hourly', ROW);
});

const backfill = (fields: object) => register({ action: 'backfill', id: 'hourly', ...fields }, world.deps());

describe('backfill', () => {
  test('starts each slot from the first instant on and before the last one, and answers with the runs', async () => {
    expect(await backfill({ from: '2026-11-26T09:00:00Z', to: '2026-11-26T11:00:00Z' })).toEqual({
      id: 'hourly',
      runIds: ['run-1', 'run-2'],
      runs: [
        { slot: '2026-11-26T09:00:00.000Z', runId: 'run-1', status: 'PENDING' },
        { slot: '2026-11-26T10:00:00.000Z', runId: 'run-2', status: 'PENDING' },
      ],
      failures: [],
    });
  });

  test('asks for what the scheduler asks for, so that a slot that has fired gives its run of then', async () => {
    const slot = Date.parse('2026-11-26T09:00:00Z');
    const schedulers = resolveRequest(scheduleOf(ROW), slot);
    world.runs.set(String(schedulers['idempotencyKey']), 'run-of-then');

    expect(await backfill({ from: '2026-11-26T09:00:00Z', to: '2026-11-26T10:00:00Z' })).toMatchObject({
      runIds: ['run-of-then'],
    });
    expect(world.started).toEqual([schedulers]);
  });

  test('that is repeated starts nothing more', async () => {
    const first = await backfill(DAY);

    expect(await backfill(DAY)).toEqual(first);
    expect(world.runs.size).toBe(24);
  });

  test('goes on where the most that it may start ended', async () => {
    const first = await backfill({ ...DAY, most: 10 });

    expect(first).toMatchObject({ runs: { length: 10 }, nextFrom: '2026-11-26T10:00:00.000Z' });
    expect(await backfill({ from: '2026-11-26T10:00:00.000Z', to: DAY.to })).toMatchObject({ runs: { length: 14 } });
    expect(world.runs.size).toBe(24);
  });

  test('leaves to the caller what there is no time for', async () => {
    world.remaining = 10_000;

    expect(await backfill(DAY)).toMatchObject({ runs: { length: 10 }, nextFrom: '2026-11-26T10:00:00.000Z' });
  });

  test('goes on past slots that the starter refuses, and names them', async () => {
    world.startResult = (request) =>
      String(request['idempotencyKey']).includes('T09:')
        ? { kind: 'refused', code: 'IDEMPOTENCY_CONFLICT', reason: 'The key was used for another request.' }
        : undefined;

    expect(await backfill({ from: '2026-11-26T09:00:00Z', to: '2026-11-26T11:00:00Z' })).toMatchObject({
      runIds: ['run-1'],
      failures: [
        {
          slot: '2026-11-26T09:00:00.000Z',
          code: 'IDEMPOTENCY_CONFLICT',
          reason: 'The key was used for another request.',
        },
      ],
    });
  });

  test('fires slots of a schedule that is paused', async () => {
    world.table().set('hourly', { ...ROW, enabled: false });

    expect(await backfill(DAY)).toMatchObject({ runs: { length: 24 } });
  });

  test.each([
    [{ from: DAY.to, to: DAY.from }, 'to is not after from'],
    [{ from: DAY.from, to: DAY.from }, 'to is not after from'],
    [{ from: DAY.from, to: '2026-11-27T11:40:31Z' }, 'to is yet to come'],
  ])('%p is refused, and nothing is started', async (bounds, problem) => {
    await expect(backfill(bounds)).rejects.toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringContaining(problem),
    });
    expect(world.started).toEqual([]);
  });

  test('an error of Lambda fails it: repeated, it starts nothing twice', async () => {
    await backfill({ ...DAY, most: 5 });
    world.fail('start', awsError('TooManyRequestsException'));
    await expect(backfill(DAY)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    world.mend();

    await backfill(DAY);

    expect(world.runs.size).toBe(24);
  });
});
