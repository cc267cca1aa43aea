import { randomBytes } from 'node:crypto';
import type { Pacer } from '../../../handlers/starter/ports';
import { startRun } from '../../../handlers/starter/start';
import { startRequest } from '../../support/starter/examples';
import { fakeWorld } from '../../support/starter/fake-world';

/** Too large for RunTask, and for gzip. */
const LARGE_INPUT = randomBytes(20_000).toString('base64');

function pacerThat(onTurn: () => void): Pacer {
  return {
    takeTurn: async () => {
      onTurn();
      return { kind: 'now', line: undefined };
    },
    joinLine: async () => undefined,
    leaveLine: async () => undefined,
  };
}

test('a launch takes its turn while its row is written', async () => {
  let tellAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tellAsked = resolve;
  });
  const { deps, tasks } = fakeWorld({
    // With one write after the other it would never be through.
    ledger: { create: () => asked.then(() => undefined) },
    ports: { pacer: pacerThat(() => tellAsked()) },
  });

  expect(await startRun(startRequest(), 'request-1', deps)).toMatchObject({ status: 'STARTING' });
  expect(tasks.size).toBe(1);
});

test('a launch takes one turn, and none before what it has to upload is there', async () => {
  const order: string[] = [];
  const { deps } = fakeWorld({
    ports: {
      pacer: pacerThat(() => order.push('turn')),
      uploadInput: async () => {
        order.push('upload');
      },
    },
  });
  await startRun(startRequest({ input: LARGE_INPUT }), 'request-1', deps);
  await startRun(startRequest({ input: 'small' }), 'request-2', deps);

  expect(order).toEqual(['upload', 'turn', 'turn']);
});

test('a run whose row cannot be written is not started, whatever its turn', async () => {
  const { deps, asked } = fakeWorld({ ledger: { create: () => Promise.reject(new Error('no table')) } });

  await expect(startRun(startRequest(), 'request-1', deps)).rejects.toThrow('no table');
  expect(asked).toEqual([]);
});
