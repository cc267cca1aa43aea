import fc from 'fast-check';
import { FAILURE, QueueWorld, SUCCESS } from '../../../../support/worker/queue-world';

const JOBS = ['job-1', 'job-2', 'job-3'];
const HOUR = 3_600_000;

const QUICK = { workers: 3, renewalMilliseconds: 2_000, handOverMilliseconds: 30_000 } as const;

type Step =
  | { readonly does: 'send'; readonly job: number }
  | { readonly does: 'poll' | 'kill'; readonly worker: number }
  /** The worker dies after so many calls: between any two that it makes. */
  | { readonly does: 'kill-later'; readonly worker: number; readonly calls: number }
  | { readonly does: 'succeed' | 'fail' | 'reject'; readonly which: number }
  | { readonly does: 'redrive' }
  | { readonly does: 'wait'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('send' as const), job: fc.nat(JOBS.length - 1) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('poll' as const), worker: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('kill' as const), worker: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('kill-later' as const), worker: fc.nat(3), calls: fc.nat(4) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('succeed' as const, 'fail' as const, 'reject' as const),
      which: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('redrive' as const) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('wait' as const), milliseconds: fc.nat(40_000) }) },
);

beforeEach(() => {
  jest.useFakeTimers({ now: 1_800_000_000_000 });
});

afterEach(() => {
  jest.useRealTimers();
});

async function take(world: QueueWorld, next: Step): Promise<void> {
  const workerOf = (index: number) => world.workers[index % world.workers.length] ?? 0;
  switch (next.does) {
    case 'send':
      world.queue.send(JOBS[next.job] ?? '');
      break;
    case 'poll':
      world.poll(workerOf(next.worker));
      break;
    case 'kill':
      world.kill(workerOf(next.worker));
      break;
    case 'kill-later':
      world.killAfter(workerOf(next.worker), next.calls);
      break;
    case 'succeed':
      world.end(next.which, SUCCESS);
      break;
    case 'fail':
      world.end(next.which, FAILURE);
      break;
    case 'reject':
      world.end(next.which, FAILURE, 'reject');
      break;
    case 'redrive':
      world.queue.redrive();
      break;
    case 'wait':
      await jest.advanceTimersByTimeAsync(next.milliseconds);
      break;
  }
  await jest.advanceTimersByTimeAsync(0);
}

test('whatever is sent twice, dies, fails, is buried and moved back, or takes longer than a receipt: no job is worked on twice at once, none is done twice, none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      jest.clearAllTimers();
      const world = new QueueWorld(QUICK);
      for (const next of steps) {
        await take(world, next);
      }
      const sent = new Set(steps.flatMap((next) => (next.does === 'send' ? [JOBS[next.job] ?? ''] : [])));
      // From here on all goes well, and what was buried is moved back.
      for (let round = 0; world.queue.messages.size + world.queue.dead.length > 0 && round < 500; round += 1) {
        world.queue.redrive();
        for (const worker of world.workers) {
          world.poll(worker);
        }
        await jest.advanceTimersByTimeAsync(500);
        for (const { ending } of world.running) {
          ending.resolve({ outcome: SUCCESS });
        }
        await jest.advanceTimersByTimeAsync(30_000);
      }

      expect(world.clashes).toEqual([]);
      expect(world.queue.messages.size).toBe(0);
      expect(new Map(world.successes)).toEqual(new Map([...sent].map((job) => [job, 1])));
    }),
    { numRuns: 200 },
  );
});

/** Time passes in which a worker looks for work every so many seconds. */
async function passes(world: QueueWorld, milliseconds: number, pollSeconds: number, worker: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += pollSeconds * 1_000) {
    await jest.advanceTimersByTimeAsync(pollSeconds * 1_000);
    world.poll(worker);
  }
}

test('a job of an hour outlives its receipt of half a minute, while others look for work, and is done once', async () => {
  const world = new QueueWorld(QUICK);
  world.queue.send('job-1');
  world.poll(0);
  await passes(world, HOUR, 5, 1);
  const during = [world.running.length, world.queue.messages.size];
  world.end(0, SUCCESS);
  await passes(world, HOUR / 4 + 10_000, 5, 1);

  expect(during).toEqual([1, 1]);
  expect([[...world.successes], world.clashes, world.queue.messages.size]).toEqual([[['job-1', 1]], [], 0]);
});

const AS_DEPLOYED = { workers: 2, renewalMilliseconds: 30_000, handOverMilliseconds: 11 * HOUR } as const;

test('the copy of a job of 26 hours is received four times to begin with and four times an hour after, however often somebody looks', async () => {
  const world = new QueueWorld(AS_DEPLOYED);
  world.queue.send('job-1');
  world.poll(0);
  await passes(world, 26 * HOUR, 20, 1);
  const { receives } = world.queue;
  world.end(0, SUCCESS);
  await passes(world, HOUR / 4 + 20_000, 20, 1);

  expect(receives - 1).toBeGreaterThan(15 * 3);
  expect(receives - 1).toBeLessThanOrEqual(4 + 15 * 4);
  expect([[...world.begun], [...world.successes], world.queue.messages.size]).toEqual([
    [['job-1', 1]],
    [['job-1', 1]],
    0,
  ]);
});

test('each copy is a new message, so that SQS’s 14 days never end, and is hidden by its delay alone, so that its 12 hours do not begin', async () => {
  const world = new QueueWorld(AS_DEPLOYED);
  world.queue.send('job-1');
  world.poll(0);
  await passes(world, 26 * HOUR, 20, 1);

  expect(world.queue.oldestMilliseconds).toBeLessThanOrEqual(15 * 60_000 + 20_000);
  expect([...world.queue.messages.values()]).toMatchObject([{ receipt: undefined }]);
});

test('when the worker of such a job dies, another has it within a quarter of an hour', async () => {
  const world = new QueueWorld(AS_DEPLOYED);
  world.queue.send('job-1');
  world.poll(0);
  await passes(world, 20 * HOUR, 20, 1);
  world.kill(0);
  await passes(world, HOUR / 4 + 20_000, 20, 1);

  expect(world.running).toMatchObject([{ job: 'job-1', worker: 1 }]);
  expect(world.clashes).toEqual([]);
});

test('a job that was buried after eleven hours is worked on again once its dead letter is moved back, and its copy is not', async () => {
  const world = new QueueWorld(AS_DEPLOYED);
  world.queue.send('job-1');
  world.poll(0);
  await passes(world, 12 * HOUR, 20, 1);
  world.end(0, FAILURE, 'reject');
  await passes(world, HOUR, 20, 1);
  const before = [world.begun.get('job-1'), world.queue.messages.size, world.queue.dead.length];
  world.queue.redrive();
  world.poll(1);
  await jest.advanceTimersByTimeAsync(1_000);
  world.end(0, SUCCESS);
  await passes(world, HOUR, 20, 1);

  expect(before).toEqual([1, 0, 1]);
  expect([world.begun.get('job-1'), [...world.successes]]).toEqual([2, [['job-1', 1]]]);
});

test.each([0, 1, 2, 3])(
  'a worker that dies with %p calls left to bury a job that it has handed over leaves it to be done once, whether its dead letter is moved back at once or late',
  async (calls) => {
    for (const isLate of [false, true]) {
      const world = new QueueWorld(AS_DEPLOYED);
      world.queue.send('job-1');
      world.poll(0);
      await passes(world, 12 * HOUR, 20, 1);
      world.killAfter(0, calls);
      world.end(0, FAILURE, 'reject');
      await jest.advanceTimersByTimeAsync(0);
      await passes(world, isLate ? HOUR : 0, 20, 1);
      for (let round = 0; round < 4; round += 1) {
        world.queue.redrive();
        await passes(world, HOUR / 4, 20, 1);
        world.end(0, SUCCESS);
        await jest.advanceTimersByTimeAsync(1_000);
      }

      expect([...world.successes]).toEqual([['job-1', 1]]);
      expect([world.clashes, world.queue.messages.size, world.queue.dead.length]).toEqual([[], 0, 0]);
    }
  },
);
