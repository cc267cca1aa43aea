import { createStarter } from '../../../handlers/starter/starter';
import { FUNCTION_ARN } from '../../support/starter/examples';
import { fakeWorld, invocation, NOW, type World } from '../../support/starter/fake-world';

/** A world whose run changes when the clock comes there. */
function worldInWhich(runSucceedsAfter: number, lambdaMilliseconds = 60_000): World {
  const world = fakeWorld({ lambdaMilliseconds });
  const { find } = world.deps.ports.ledger;
  Reflect.set(world.deps.ports.ledger, 'find', async (runId: string) => {
    const row = await find(runId);
    return row !== undefined && world.clock.now >= NOW.getTime() + runSucceedsAfter
      ? { ...row, status: 'SUCCEEDED', endedAt: NOW.toISOString(), output: { inline: 42 } }
      : row;
  });
  return world;
}

const startAndWait = (world: World) => createStarter(world.deps)({ arn: FUNCTION_ARN, wait: true }, invocation());

describe('a start that waits', () => {
  test('answers with the status of the run when it has ended', async () => {
    const world = worldInWhich(5_000);

    expect(await startAndWait(world)).toMatchObject({ status: 'SUCCEEDED', output: 42, attempt: 1 });
    expect(world.clock.now - NOW.getTime()).toBeLessThan(10_000);
  });

  test('answers with how far it is when the time of the Lambda is nearly over', async () => {
    const world = worldInWhich(100_000);

    expect(await startAndWait(world)).toMatchObject({ status: 'STARTING' });
    expect(world.deps.remainingMilliseconds()).toBeGreaterThanOrEqual(2_000);
    expect(world.deps.remainingMilliseconds()).toBeLessThan(7_000);
  });

  test('answers at once where there is no time at all', async () => {
    const world = worldInWhich(0, 1_000);

    expect(await startAndWait(world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.clock.now).toBe(NOW.getTime());
  });
});
