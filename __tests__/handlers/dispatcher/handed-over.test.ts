import { type HandedOver, nextHandedOver } from '../../../handlers/dispatcher/handed-over';
import { lookAfterWorkers } from '../../../handlers/dispatcher/look-after-workers';
import type { QueueDepth } from '../../../handlers/dispatcher/ports';
import { DispatcherWorld, ENVIRONMENT, SERVICE_ENVIRONMENT } from '../../support/dispatcher/dispatcher-world';

const MINUTE = 60_000;
const TENS = { OVERTIME_MESSAGES_PER_WORKER: '10' };

test.each<[string, HandedOver | undefined, number, HandedOver | undefined]>([
  ['none where nothing is delayed', undefined, 0, undefined],
  ['as many as are delayed', undefined, 2, { copies: 2, at: 100 * MINUTE }],
  ['as many as were, while they may be seen again', { copies: 2, at: 81 * MINUTE }, 1, { copies: 2, at: 81 * MINUTE }],
  ['as many as are, when they are as many again', { copies: 2, at: 90 * MINUTE }, 2, { copies: 2, at: 100 * MINUTE }],
  [
    'as many as are left, when the others are gone for long',
    { copies: 2, at: 80 * MINUTE },
    1,
    { copies: 1, at: 100 * MINUTE },
  ],
  ['none, when all are gone for long', { copies: 2, at: 80 * MINUTE }, 0, undefined],
])('jobs that go on without their messages are %s', (_, known, delayed, expected) => {
  expect(nextHandedOver(known, delayed, 100 * MINUTE)).toEqual(expected);
});

/** A minute after the other the queue has so many messages, and the dispatcher sweeps. @returns how many workers there are after each */
async function sweeps(world: DispatcherWorld, depths: readonly Partial<QueueDepth>[], workers: () => number) {
  const counts: number[] = [];
  for (const depth of depths) {
    world.depth = { waiting: 0, inFlight: 0, delayed: 0, ...depth };
    await lookAfterWorkers(0, world.deps);
    counts.push(workers());
    world.now += MINUTE;
  }
  return counts;
}

const HANDED_OVER = { delayed: 1 };
const SEEN_AGAIN = { waiting: 1 };
const SEEN_AGAIN_AND_A_MESSAGE = { waiting: 2 };

describe.each([
  [
    'tasks',
    () => {
      const world = new DispatcherWorld({ ...ENVIRONMENT, ...TENS });
      world.cluster.have(1);
      return { world, workers: () => world.cluster.running.length };
    },
  ],
  [
    'a service',
    () => {
      const world = new DispatcherWorld({ ...SERVICE_ENVIRONMENT, ...TENS });
      world.desired = 1;
      return { world, workers: () => world.desired };
    },
  ],
])('a worker that is busy for 20 hours, of %s', (_, build) => {
  test('is no worker for another message, though its own is not in flight any more', async () => {
    const { world, workers } = build();

    expect(await sweeps(world, [HANDED_OVER, { ...HANDED_OVER, waiting: 1 }], workers)).toEqual([1, 2]);
  });

  test('is none for the copy of its own, which somebody has to put off', async () => {
    const { world, workers } = build();

    expect(await sweeps(world, [HANDED_OVER, SEEN_AGAIN], workers)).toEqual([1, 2]);
  });

  test('is none for both of them', async () => {
    const { world, workers } = build();

    expect(await sweeps(world, [HANDED_OVER, SEEN_AGAIN_AND_A_MESSAGE], workers)).toEqual([1, 2]);
  });

  test('has nobody beside it while nothing waits', async () => {
    const { world, workers } = build();

    expect(await sweeps(world, [HANDED_OVER, HANDED_OVER, HANDED_OVER], workers)).toEqual([1, 1, 1]);
  });
});

test('its copy has a worker even where there was no room for one for an hour', async () => {
  const world = new DispatcherWorld({ ...ENVIRONMENT, ...TENS });
  world.cluster.have(1);
  world.cluster.room = 1;
  world.remainingMilliseconds = Number.MAX_SAFE_INTEGER;
  const workers = () => world.cluster.running.length;
  const without = await sweeps(world, [HANDED_OVER, ...Array<object>(60).fill(SEEN_AGAIN)], workers);
  world.cluster.room = 2;

  expect([without.at(-1), await sweeps(world, [SEEN_AGAIN], workers)]).toEqual([1, [2]]);
});

test('of a FIFO queue no job goes on without its message, and what is delayed is nobody’s', async () => {
  const world = new DispatcherWorld({
    ...ENVIRONMENT,
    ...TENS,
    OVERTIME_QUEUE_URL: `${ENVIRONMENT.OVERTIME_QUEUE_URL}.fifo`,
  });
  world.cluster.have(1);

  expect(await sweeps(world, [HANDED_OVER, SEEN_AGAIN], () => world.cluster.running.length)).toEqual([1, 1]);
});
