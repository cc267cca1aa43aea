import { dispatch } from '../../../handlers/dispatcher/dispatcher';
import { lookAfterWorkers } from '../../../handlers/dispatcher/look-after-workers';
import { DispatcherWorld, SERVICE_ENVIRONMENT } from '../../support/dispatcher/dispatcher-world';

let world: DispatcherWorld;

beforeEach(() => {
  world = new DispatcherWorld(SERVICE_ENVIRONMENT);
});

const scalings = () => world.callsOf('setDesiredCount');
const to = (count: number) => ({ cluster: 'overtime', service: 'renderers', count });

describe('a service of workers', () => {
  test('is raised at once for what was just sent', async () => {
    await expect(lookAfterWorkers(3, world.deps)).resolves.toEqual({
      kind: 'looked',
      waiting: 3,
      inFlight: 0,
      wanted: 3,
      running: 3,
      started: 3,
      missing: 0,
    });
    expect([world.callsOf('serviceTasks'), scalings()]).toEqual([
      [{ cluster: 'overtime', service: 'renderers' }],
      [to(3)],
    ]);
    expect(world.events).toEqual(['info service-scaled']);
  });

  test('is left as it is while its tasks will do', async () => {
    world.desired = 4;
    world.depth = { waiting: 2, inFlight: 2, delayed: 0 };
    await lookAfterWorkers(0, world.deps);

    expect(scalings()).toEqual([]);
  });

  test('is lowered two minutes after the last message was done, and not while one is in flight', async () => {
    world.desired = 4;
    const afterAMinute = async (inFlight: number) => {
      world.depth = { waiting: 0, inFlight, delayed: 0 };
      await dispatch({ action: 'sweep' }, world.deps);
      world.now += 60_000;
      return world.desired;
    };

    expect([
      await afterAMinute(1),
      await afterAMinute(0),
      await afterAMinute(0),
      // A worker took one: the wait begins anew.
      await afterAMinute(1),
      await afterAMinute(0),
      await afterAMinute(0),
      await afterAMinute(0),
    ]).toEqual([4, 4, 4, 4, 4, 4, 0]);
    expect(scalings()).toEqual([to(0)]);
  });

  test('that ECS does not scale is told of, and the next sweep tries again', async () => {
    world.depth = { waiting: 2, inFlight: 0, delayed: 0 };
    world.faults.set('setDesiredCount', Object.assign(new Error('no'), { name: 'ServiceNotActiveException' }));

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({
      missing: 2,
      reason: 'ServiceNotActiveException: no',
    });
    expect(world.lines).toEqual([
      {
        level: 'error',
        event: 'service-not-scaled',
        fields: { service: 'renderers', from: 0, to: 2, reason: 'ServiceNotActiveException: no' },
      },
    ]);
    world.faults.clear();
    await lookAfterWorkers(0, world.deps);
    expect(world.desired).toBe(2);
  });
});

describe('tasks of a service that ECS does not bring to run, as the image, a role or room is missing', () => {
  /** What each of so many sweeps has counted as missing, a minute apart. */
  async function missingInSweeps(sweeps: number): Promise<readonly unknown[]> {
    world.printed.length = 0;
    for (let sweep = 0; sweep < sweeps; sweep += 1) {
      await dispatch({ action: 'sweep' }, world.deps);
      world.now += 60_000;
    }
    return world.printed.map(({ WorkersMissing }) => WorkersMissing);
  }

  beforeEach(() => {
    world.desired = 3;
    world.depth = { waiting: 3, inFlight: 0, delayed: 0 };
  });

  test('are missing after ten minutes, and until they run', async () => {
    world.runnable = 1;

    expect(await missingInSweeps(12)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2]);
    expect(world.lines).toContainEqual({
      level: 'error',
      event: 'workers-missing',
      fields: {
        wanted: 3,
        running: 1,
        reason: 'ECS has not brought them to run for ten minutes: the events of the service say why',
      },
    });
    world.runnable = 3;
    expect(await missingInSweeps(1)).toEqual([0]);
  });

  test('are not missing while one after the other comes to run', async () => {
    world.runnable = 0;
    const missing = [await missingInSweeps(9)];
    world.runnable = 1;
    missing.push(await missingInSweeps(9));
    world.runnable = 2;
    missing.push(await missingInSweeps(9));

    expect(missing.flat()).toEqual(Array.from({ length: 27 }, () => 0));
  });

  test('are missing as well where the service is raised meanwhile', async () => {
    world.runnable = 0;
    await missingInSweeps(10);
    world.depth = { waiting: 4, inFlight: 0, delayed: 0 };

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({
      wanted: 4,
      running: 1,
      started: 1,
      missing: 3,
    });
    expect(scalings()).toEqual([to(4)]);
  });

  test('are missing besides those that the service was not raised by', async () => {
    world.runnable = 0;
    await missingInSweeps(10);
    world.depth = { waiting: 4, inFlight: 0, delayed: 0 };
    world.faults.set('setDesiredCount', new Error('no'));

    await expect(lookAfterWorkers(0, world.deps)).resolves.toMatchObject({
      wanted: 4,
      missing: 4,
      reason: 'Error: no',
    });
  });
});
