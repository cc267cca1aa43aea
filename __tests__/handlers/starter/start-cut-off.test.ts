import { startRun } from '../../../handlers/starter/start';
import { startRequest } from '../../support/starter/examples';
import { fakeWorld, onlyRow, type World } from '../../support/starter/fake-world';

const KEY = { idempotencyKey: 'order-7' };
const LARGE = { input: Array.from({ length: 4000 }, (_, index) => Math.sin(index)) };

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
          renewDelivery: mortal(ledger.renewDelivery),
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
