import { once } from 'node:events';
import { type Deferred, deferred } from '../../../../../handlers/runner/deferred';
import { chainsOf } from '../../../../../handlers/runner/worker/queue/chains';
import { type PolledItems, runQueueLoop } from '../../../../../handlers/runner/worker/queue/queue-loop';
import { jsonLog } from '../../../../../handlers/shared/log';

type Answer = PolledItems<string> | 'held';

interface World {
  /** What polls are answered with, in order; then they are held until they are cut off. */
  readonly answers?: readonly Answer[];
  readonly concurrency?: number;
  readonly batchSize?: number;
  readonly windowMilliseconds?: number;
  readonly bytes?: number;
  readonly idleMilliseconds?: number;
  readonly drainMilliseconds?: number;
  /** Whether what is done waits until a test lets it end. */
  readonly isSlow?: boolean;
  readonly isWork?: boolean;
}

const items = (...names: readonly string[]): Answer => ({ kind: 'items', items: names });
const NOTHING = items();
const REFUSED: Answer = { kind: 'refused', reason: 'gone' };
const LATER: Answer = { kind: 'later', reason: 'throttled' };

/** Lets everything happen that waits for no time. */
const settle = async () => {
  for (let count = 0; count < 20; count += 1) {
    await Promise.resolve();
  }
};

function start(world: World) {
  const { answers = [], concurrency = 1, batchSize = 1, windowMilliseconds = 0, isSlow = false, isWork = true } = world;
  const left = [...answers];
  const asked: number[] = [];
  const begun: (readonly string[])[] = [];
  const returned: string[] = [];
  const lines: string[] = [];
  const working: Deferred<void>[] = [];
  const interruption = new AbortController();
  const spent = new AbortController();
  let minutes = 0;
  // A minute later at each look, so that no poll looks too short.
  const clock = () => {
    minutes += 1;
    return new Date(minutes * 60_000);
  };
  const ended = runQueueLoop<string>({
    poll: async (most, cutOff) => {
      asked.push(most);
      const answer = left.shift() ?? 'held';
      if (answer !== 'held') {
        return answer;
      }
      await once(cutOff, 'abort');
      return { kind: 'later', reason: 'AbortError' };
    },
    chainsOf: (all, chains) =>
      chainsOf(all, { batchSize, batchBytes: 6_000_000, bytesOf: () => world.bytes ?? 1, chains, groupOf: undefined }),
    attend: async (chain) => {
      begun.push(chain.flat());
      if (isSlow) {
        const work = deferred<void>();
        working.push(work);
        await work.promise;
      }
      return isWork;
    },
    giveBack: async (all) => {
      returned.push(...all);
    },
    concurrency,
    batchSize,
    windowMilliseconds,
    batchBytes: 6_000_000,
    bytesOf: () => world.bytes ?? 1,
    idleMilliseconds: world.idleMilliseconds,
    interruption: interruption.signal,
    spent: spent.signal,
    drainMilliseconds: world.drainMilliseconds ?? 60_000,
    clock,
    log: jsonLog((line) => lines.push(line), clock),
    random: () => 0,
  });
  return {
    ended,
    asked,
    begun,
    returned,
    finish: async (count: number) => {
      for (const work of working.splice(0, count)) {
        work.resolve();
      }
      await settle();
    },
    stop: () => interruption.abort(),
    spend: () => spent.abort('broken'),
    events: () => lines.map((line) => JSON.parse(line).event as string),
  };
}

test('it asks for as many as there are lanes free for, ten at most', async () => {
  const one = start({ concurrency: 4, isSlow: true, answers: [items('a', 'b', 'c')] });
  const many = start({ concurrency: 400 });
  await settle();

  expect([one.asked, many.asked]).toEqual([[4, 1], [10]]);
});

test('it asks for nothing while no lane is free, and for what is free then', async () => {
  const loop = start({ concurrency: 2, isSlow: true, answers: [items('a', 'b')] });
  await settle();
  const before = [...loop.asked];
  await loop.finish(2);

  expect([before, loop.asked]).toEqual([[2], [2, 1]]);
});

test('a poll that waits is one, whatever lanes are free', async () => {
  const loop = start({ concurrency: 50, answers: [items('a')] });
  await settle();

  expect(loop.asked).toEqual([10, 10]);
});

test('while polls come back full, there are as many as there are lanes for', async () => {
  const ten = items(...'abcdefghij');
  const loop = start({ concurrency: 50, isSlow: true, answers: [ten] });
  await settle();

  expect(loop.asked).toEqual([10, 10, 10, 10, 10]);
});

test('a lane takes a batch', async () => {
  const loop = start({ concurrency: 2, batchSize: 3, isSlow: true, answers: [items('a', 'b', 'c', 'd')] });
  await settle();

  expect([loop.asked, loop.begun]).toEqual([[6], [['a', 'b', 'c'], ['d']]]);
});

test('after a fault it asks again, and a refusal ends it when what it began is done', async () => {
  const loop = start({ concurrency: 2, isSlow: true, answers: [LATER, items('a'), REFUSED] });
  await settle();
  const end = loop.ended;
  await loop.finish(1);

  expect([await end, loop.begun, loop.events()]).toEqual(['refused', [['a']], ['poll.failed', 'poll.refused']]);
});

describe('when it is told to stop', () => {
  test('it asks no more, gives back what is not begun, and ends when what is begun is done', async () => {
    const loop = start({
      concurrency: 1,
      batchSize: 10,
      windowMilliseconds: 60_000,
      drainMilliseconds: 1,
      isSlow: true,
      answers: [items('a', 'b')],
    });
    await settle();
    loop.stop();

    expect([await loop.ended, loop.begun, loop.returned]).toEqual(['stopped', [], ['a', 'b']]);
  });

  test('a poll that waits may still bring something, which is given back', async () => {
    const poll = deferred<PolledItems<string>>();
    const interruption = new AbortController();
    const returned: string[] = [];
    const ended = runQueueLoop<string>({
      poll: () => poll.promise,
      chainsOf: () => [],
      attend: async () => true,
      giveBack: async (all) => {
        returned.push(...all);
      },
      concurrency: 1,
      batchSize: 1,
      windowMilliseconds: 0,
      batchBytes: 6_000_000,
      bytesOf: () => 1,
      idleMilliseconds: undefined,
      interruption: interruption.signal,
      spent: undefined,
      drainMilliseconds: 60_000,
      clock: () => new Date(0),
      log: jsonLog(
        () => undefined,
        () => new Date(0),
      ),
      random: () => 0,
    });
    interruption.abort();
    poll.resolve({ kind: 'items', items: ['late'] });

    expect([await ended, returned]).toEqual(['stopped', ['late']]);
  });

  test('when the time is over it cuts the poll off, which is no fault of the poll', async () => {
    const loop = start({ drainMilliseconds: 1 });
    loop.stop();

    expect([await loop.ended, loop.events()]).toEqual(['stopped', ['worker.stopping']]);
  });

  test('before it began, it asks for nothing', async () => {
    const asked: number[] = [];
    const ended = runQueueLoop<string>({
      poll: async (most) => {
        asked.push(most);
        return { kind: 'items', items: [] };
      },
      chainsOf: () => [],
      attend: async () => true,
      giveBack: async () => undefined,
      concurrency: 1,
      batchSize: 1,
      windowMilliseconds: 0,
      batchBytes: 6_000_000,
      bytesOf: () => 1,
      idleMilliseconds: undefined,
      interruption: AbortSignal.abort(),
      spent: undefined,
      drainMilliseconds: 1,
      clock: () => new Date(0),
      log: jsonLog(
        () => undefined,
        () => new Date(0),
      ),
      random: () => 0,
    });

    expect([await ended, asked]).toEqual(['stopped', []]);
  });
});

describe('with a time after which it is idle', () => {
  test('it ends when a poll brought nothing after that time', async () => {
    const loop = start({ answers: [items('a'), NOTHING], idleMilliseconds: 1 });

    expect([await loop.ended, loop.begun]).toEqual(['idle', [['a']]]);
  });

  test('it does not end for a fault, however long after', async () => {
    const loop = start({ answers: [LATER, LATER, REFUSED], idleMilliseconds: 1 });

    expect(await loop.ended).toBe('refused');
  });

  test('it does not end while something is worked on', async () => {
    const loop = start({
      answers: [items('a'), NOTHING, NOTHING],
      concurrency: 2,
      isSlow: true,
      idleMilliseconds: 1,
      drainMilliseconds: 1,
    });
    await settle();
    const asked = loop.asked.length;
    await loop.finish(1);

    expect([asked, loop.events()]).toEqual([4, []]);
    loop.stop();
    await loop.ended;
  });

  test('what was no work does not keep it from ending', async () => {
    const loop = start({ answers: [items('held elsewhere'), NOTHING], idleMilliseconds: 1, isWork: false });

    expect(await loop.ended).toBe('idle');
  });
});

describe('when nothing more can be done', () => {
  test('what is in hand is done, the rest is given back, and the log says why', async () => {
    const loop = start({ concurrency: 1, batchSize: 1, isSlow: true, answers: [items('last', 'never')] });
    await settle();
    loop.spend();
    await loop.finish(1);

    expect([await loop.ended, loop.begun, loop.returned, loop.events()]).toEqual([
      'spent',
      [['last']],
      ['never'],
      ['worker.spent'],
    ]);
  });
});

describe('with a window', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const window = { batchSize: 4, windowMilliseconds: 5_000, isSlow: true };

  test('a batch goes when it is full, and what is left waits for more', async () => {
    const loop = start({ ...window, concurrency: 2, answers: [items('a', 'b', 'c'), items('d', 'e')] });
    await settle();

    expect(loop.begun).toEqual([['a', 'b', 'c', 'd']]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(loop.begun).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  test('a batch that is not full goes when its time is over', async () => {
    const loop = start({ ...window, answers: [items('a')] });
    await jest.advanceTimersByTimeAsync(4_999);
    const before = [...loop.begun];
    await jest.advanceTimersByTimeAsync(1);

    expect([before, loop.begun]).toEqual([[], [['a']]]);
  });

  test('a batch goes when it has 6 MB', async () => {
    const loop = start({ ...window, bytes: 3_000_000, answers: [items('a', 'b')] });
    await settle();

    expect(loop.begun).toEqual([['a', 'b']]);
  });

  test('a batch goes before it has more than 6 MB', async () => {
    const loop = start({ ...window, bytes: 3_500_000, concurrency: 2, answers: [items('a', 'b')] });
    await settle();

    expect(loop.begun).toEqual([['a']]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(loop.begun).toEqual([['a'], ['b']]);
  });
});
