import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { deferred } from '../../../../handlers/runner/deferred';
import { type Polled, runPollLoop } from '../../../../handlers/runner/worker/poll-loop';
import { jsonLog } from '../../../../handlers/shared/log';

type Answer = Polled<string> | 'held';

interface World {
  /** What polls are answered with, in order; then they are held until they are cut off. */
  readonly answers?: readonly Answer[];
  readonly concurrency?: number;
  readonly idleMilliseconds?: number;
  readonly drainMilliseconds?: number;
  readonly attend?: (task: string) => Promise<void>;
  /** @default - a clock that is a minute later at each look, so that no poll looks too short */
  readonly now?: () => Date;
  readonly random?: number;
}

const task = (name: string): Answer => ({ kind: 'task', task: name });
const NOTHING: Answer = { kind: 'nothing' };

function start({ answers = [], concurrency = 1, drainMilliseconds = 60_000, random = 0, ...world }: World) {
  const { attend, idleMilliseconds, now } = world;
  const left = [...answers];
  const done: string[] = [];
  const lines: string[] = [];
  const interruption = new AbortController();
  const spent = new AbortController();
  let minutes = 0;
  let polls = 0;
  const clock =
    now ??
    (() => {
      minutes += 1;
      return new Date(minutes * 60_000);
    });
  const ended = runPollLoop<string>({
    poll: async (cutOff) => {
      polls += 1;
      const answer = left.shift() ?? 'held';
      if (answer !== 'held') {
        return answer;
      }
      await once(cutOff, 'abort');
      return { kind: 'later', reason: 'AbortError' };
    },
    attend: async (name) => {
      await attend?.(name);
      done.push(name);
    },
    concurrency,
    idleMilliseconds,
    interruption: interruption.signal,
    spent: spent.signal,
    drainMilliseconds,
    clock,
    log: jsonLog((line) => lines.push(line), clock),
    random: () => random,
  });
  const stop = () => interruption.abort();
  const spend = () => spent.abort('broken');
  return {
    ended,
    done,
    stop,
    spend,
    polls: () => polls,
    events: () => lines.map((line) => JSON.parse(line).event as string),
  };
}

test('a refusal ends the loop, and what was begun is done before', async () => {
  const { ended, done, events } = start({ answers: [task('one'), { kind: 'refused', reason: 'gone' }] });

  expect(await ended).toBe('refused');
  expect(done).toEqual(['one']);
  expect(events()).toEqual(['poll.refused']);
});

test('a refusal of one lane ends the others when their tasks are done', async () => {
  const work = deferred<void>();
  const loop = start({
    answers: [task('slow'), { kind: 'refused', reason: 'gone' }],
    concurrency: 2,
    attend: () => work.promise,
  });
  work.resolve();

  expect(await loop.ended).toBe('refused');
  expect(loop.done).toEqual(['slow']);
  expect(loop.polls()).toBe(2);
});

test('after a fault it polls again', async () => {
  const { ended, done, events } = start({
    answers: [{ kind: 'later', reason: 'throttled' }, task('one'), { kind: 'refused', reason: 'gone' }],
  });
  await ended;

  expect(done).toEqual(['one']);
  expect(events()).toEqual(['poll.failed', 'poll.refused']);
});

test('the more faults come in a row, the longer it waits before it polls again', async () => {
  const later: Answer = { kind: 'later', reason: 'throttled' };
  const begun = performance.now();
  await start({ answers: [later, later, later, { kind: 'refused', reason: 'end' }], random: 0.2 }).ended;

  // 100 ms, 200 ms and 400 ms.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(690);
});

test('a fault that comes when it is told to stop is not waited for', async () => {
  const loop = start({ answers: [{ kind: 'later', reason: 'throttled' }], random: 1_000 });
  await new Promise((resolve) => setImmediate(resolve));
  loop.stop();

  // Longer than this test may take.
  expect(await loop.ended).toBe('stopped');
});

test('an endpoint that says at once that there is nothing is asked twice a second', async () => {
  const begun = performance.now();
  await start({ answers: [NOTHING, NOTHING, { kind: 'refused', reason: 'end' }], now: () => new Date(0) }).ended;

  expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
});

test('as many polls wait as there are slots', async () => {
  const { ended, polls, stop } = start({ concurrency: 3, drainMilliseconds: 1 });
  stop();
  await ended;

  expect(polls()).toBe(3);
});

test('a task is not asked for while another is worked on in the only slot', async () => {
  const work = deferred<void>();
  const loop = start({ answers: [task('one'), { kind: 'refused', reason: 'end' }], attend: () => work.promise });
  await new Promise((resolve) => setImmediate(resolve));
  const before = loop.polls();
  work.resolve();
  await loop.ended;

  expect([before, loop.polls()]).toEqual([1, 2]);
});

test('when told to stop, it waits for the poll that is under way, attends to what that brings, and asks no more', async () => {
  const held = deferred<Polled<string>>();
  const interruption = new AbortController();
  const done: string[] = [];
  let polls = 0;
  const ended = runPollLoop<string>({
    poll: () => {
      polls += 1;
      return held.promise;
    },
    attend: async (name) => {
      done.push(name);
    },
    concurrency: 1,
    idleMilliseconds: undefined,
    interruption: interruption.signal,
    drainMilliseconds: 60_000,
    clock: () => new Date(0),
    log: jsonLog(
      () => undefined,
      () => new Date(0),
    ),
    random: () => 0,
  });
  interruption.abort();
  held.resolve({ kind: 'task', task: 'late' });

  expect(await ended).toBe('stopped');
  expect(done).toEqual(['late']);
  expect(polls).toBe(1);
});

test('when the time to stop in is over, it cuts the poll off, which is no fault of the poll', async () => {
  const { ended, stop, events } = start({ drainMilliseconds: 1 });
  stop();

  expect(await ended).toBe('stopped');
  expect(events()).toEqual(['worker.stopping']);
});

test('told to stop before it began, it asks for nothing', async () => {
  const { ended, polls } = (() => {
    const interruption = AbortSignal.abort();
    let asked = 0;
    const loop = runPollLoop<string>({
      poll: async () => {
        asked += 1;
        return { kind: 'nothing' };
      },
      attend: async () => undefined,
      concurrency: 1,
      idleMilliseconds: undefined,
      interruption,
      drainMilliseconds: 1,
      clock: () => new Date(0),
      log: jsonLog(
        () => undefined,
        () => new Date(0),
      ),
      random: () => 0,
    });
    return { ended: loop, polls: () => asked };
  })();

  expect(await ended).toBe('stopped');
  expect(polls()).toBe(0);
});

describe('with a time after which it is idle', () => {
  test('it ends when a poll brings nothing after that time', async () => {
    const { ended, done } = start({ answers: [task('one'), NOTHING], idleMilliseconds: 1 });

    expect(await ended).toBe('idle');
    expect(done).toEqual(['one']);
  });

  test('it goes on where the time is not over', async () => {
    const { ended, done } = start({
      answers: [NOTHING, NOTHING, task('one'), { kind: 'refused', reason: 'end' }],
      idleMilliseconds: 86_400_000,
    });

    expect(await ended).toBe('refused');
    expect(done).toEqual(['one']);
  });

  test('it does not end while the poll of another slot may still bring a task, and then all slots poll again', async () => {
    const { ended, done, polls } = start({
      answers: [NOTHING, task('late'), { kind: 'refused', reason: 'end' }, { kind: 'refused', reason: 'end' }],
      concurrency: 2,
      idleMilliseconds: 1,
    });

    expect(await ended).toBe('refused');
    expect(done).toEqual(['late']);
    expect(polls()).toBeGreaterThanOrEqual(3);
  });
});

describe('when nothing more can be done', () => {
  test('the task in hand is done, none is asked for after it, and the log says why', async () => {
    const work = deferred<void>();
    const loop = start({ answers: [task('last'), task('never')], attend: () => work.promise });
    loop.spend();
    work.resolve();

    expect(await loop.ended).toBe('spent');
    expect([loop.done, loop.polls(), loop.events()]).toEqual([['last'], 1, ['worker.spent']]);
  });

  test('a poll that waits is cut off only where the worker is stopped as well', async () => {
    const loop = start({ drainMilliseconds: 5 });
    loop.spend();
    const first = await Promise.race([loop.ended, wait(50, 'waits')]);
    loop.stop();

    expect([first, await loop.ended]).toEqual(['waits', 'spent']);
  });

  test('of a worker that is being stopped it is no news', async () => {
    const loop = start({ drainMilliseconds: 5 });
    loop.stop();
    loop.spend();

    expect([await loop.ended, loop.events()]).toEqual(['stopped', ['worker.stopping']]);
  });
});
