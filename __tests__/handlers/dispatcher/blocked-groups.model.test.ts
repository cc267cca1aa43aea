import fc from 'fast-check';
import { lookAfterWorkers } from '../../../handlers/dispatcher/look-after-workers';
import { DispatcherWorld, ENVIRONMENT } from '../../support/dispatcher/dispatcher-world';

const TICK_SECONDS = 5;
const SWEEP_SECONDS = 60;
/** From RunTask to the first poll. */
const START_SECONDS = 30;

interface Message {
  readonly group: number;
  /** How long the work on it takes. */
  readonly seconds: number;
}

interface Arrival extends Message {
  /** Seconds after the beginning. */
  readonly at: number;
}

/** A FIFO queue, the workers that empty it, and the dispatcher's sweeps; messages come from others. */
class FifoWorld {
  readonly world: DispatcherWorld;
  /** Whose group is not in flight, in order. */
  #waiting: Message[] = [];
  readonly #work = new Map<string, { readonly group: number; readonly until: number }>();
  readonly #idleSince = new Map<string, number>();
  #passed = 0;
  /** When one that can be taken was first there with no worker free or on its way, and room for one. */
  #neglectedSince: number | undefined;
  longestNeglect = 0;
  done = 0;
  /** Of workers that have nothing, added up. */
  idleSeconds = 0;

  constructor(
    most: number,
    readonly workerIdleSeconds: number,
    readonly arrivals: readonly Arrival[],
  ) {
    this.world = new DispatcherWorld({
      ...ENVIRONMENT,
      OVERTIME_QUEUE_URL: `${ENVIRONMENT.OVERTIME_QUEUE_URL}.fifo`,
      OVERTIME_MAX_WORKERS: String(most),
    });
    this.world.remainingMilliseconds = Number.MAX_SAFE_INTEGER;
  }

  get left(): number {
    return this.#waiting.length + this.#work.size;
  }

  async run(seconds: number): Promise<void> {
    for (const end = this.#passed + seconds; this.#passed < end; this.#passed += TICK_SECONDS) {
      this.#waiting.push(...this.arrivals.filter(({ at }) => at >= this.#passed && at < this.#passed + TICK_SECONDS));
      this.#letWork();
      this.world.depth = { waiting: this.#waiting.length, inFlight: this.#work.size, delayed: 0 };
      if (this.#passed % SWEEP_SECONDS === 0) {
        await lookAfterWorkers(0, this.world.deps);
      }
      this.#judge();
      this.world.now += TICK_SECONDS * 1_000;
    }
  }

  #takeable(): Message | undefined {
    const locked = new Set([...this.#work.values()].map(({ group }) => group));
    return this.#waiting.find(({ group }) => !locked.has(group));
  }

  #letWork(): void {
    for (const { taskArn, startedAt } of this.world.cluster.running) {
      const work = this.#work.get(taskArn);
      if (work !== undefined && work.until <= this.#passed) {
        this.#work.delete(taskArn);
        this.#idleSince.set(taskArn, this.#passed);
        this.done += 1;
      }
      const polls = this.world.now - startedAt >= START_SECONDS * 1_000 && !this.#work.has(taskArn);
      const message = polls ? this.#takeable() : undefined;
      if (message !== undefined) {
        this.#waiting = this.#waiting.filter((other) => other !== message);
        this.#work.set(taskArn, { group: message.group, until: this.#passed + message.seconds });
      } else if (polls) {
        this.idleSeconds += TICK_SECONDS;
        const since = this.#idleSince.get(taskArn) ?? this.#passed;
        this.#idleSince.set(taskArn, since);
        if (this.#passed - since >= this.workerIdleSeconds) {
          this.world.cluster.stop(taskArn);
        }
      }
    }
  }

  #judge(): void {
    const { running } = this.world.cluster;
    const isFree = running.some(({ taskArn }) => !this.#work.has(taskArn));
    const isFull = running.length >= this.world.deps.settings.limits.most;
    const isNeglected = this.#takeable() !== undefined && !isFree && !isFull;
    this.#neglectedSince = isNeglected ? (this.#neglectedSince ?? this.#passed) : undefined;
    this.longestNeglect = Math.max(this.longestNeglect, this.#passed - (this.#neglectedSince ?? this.#passed));
  }
}

const HOUR = 3_600;

/** Two groups with a job of six hours each, and what comes after it. */
const BLOCKED: readonly Arrival[] = [1, 2].flatMap((group) =>
  Array.from({ length: 20 }, () => ({ at: 0, group, seconds: 6 * HOUR })),
);

test.each([60, 900])(
  'where all groups are in flight, one worker at a time looks for work, which waits %p s for it: they do not start in a loop',
  async (idleSeconds) => {
    const world = new FifoWorld(10, idleSeconds, BLOCKED);
    await world.run(HOUR);
    const atFirst = world.idleSeconds;
    await world.run(4 * HOUR);

    expect(atFirst).toBeLessThan(8 * (idleSeconds + 2 * TICK_SECONDS) + HOUR);
    expect((world.idleSeconds - atFirst) / (4 * HOUR)).toBeLessThanOrEqual(1);
  },
);

test('a group that comes meanwhile has a worker within a sweep and a start', async () => {
  const world = new FifoWorld(10, 60, [...BLOCKED, { at: 2 * HOUR + 10, group: 3, seconds: 60 }]);
  await world.run(2 * HOUR + 10 + SWEEP_SECONDS + START_SECONDS + 60 + 2 * TICK_SECONDS);

  expect(world.done).toBe(1);
});

test('ten groups that come meanwhile have a worker each after four sweeps and starts', async () => {
  const groups = Array.from({ length: 10 }, (_, index) => ({ at: 2 * HOUR, group: 10 + index, seconds: HOUR }));
  const world = new FifoWorld(12, 60, [...BLOCKED, ...groups]);
  await world.run(2 * HOUR + 4 * (SWEEP_SECONDS + START_SECONDS));

  expect(world.world.cluster.running).toHaveLength(12);
});

test('groups of a burst, of which none is blocked, have their workers at once', async () => {
  const burst = (at: number) => Array.from({ length: 9 }, (_, group) => ({ at, group, seconds: 20 }));
  const world = new FifoWorld(9, 60, [...burst(0), ...burst(HOUR)]);
  await world.run(HOUR + TICK_SECONDS);

  expect(world.world.cluster.running).toHaveLength(9);
});

test('whatever comes and however long it takes: no message that can be taken is without a worker for longer than a sweep, and all are done', async () => {
  const arrival = fc.record<Arrival>({
    at: fc.integer({ min: 0, max: 1_799 }),
    group: fc.nat(5),
    seconds: fc.constantFrom(5, 60, 400),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(5, 60, 400),
      async (arrivals, most, idleSeconds) => {
        const world = new FifoWorld(most, idleSeconds, arrivals);
        await world.run(1_800);
        for (let hours = 0; world.left > 0 && hours < 6; hours += 1) {
          await world.run(HOUR);
        }

        expect(world.longestNeglect).toBeLessThan(SWEEP_SECONDS + TICK_SECONDS);
        expect([world.left, world.done]).toEqual([0, arrivals.length]);
      },
    ),
    { numRuns: 60 },
  );
});
