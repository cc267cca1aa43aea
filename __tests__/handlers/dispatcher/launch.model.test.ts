import fc from 'fast-check';
import { lookAfterWorkers } from '../../../handlers/dispatcher/look-after-workers';
import type { DispatcherDeps } from '../../../handlers/dispatcher/ports';
import { DispatcherWorld, ENVIRONMENT } from '../../support/dispatcher/dispatcher-world';

/** The invocation dies: nothing that it does afterwards has an effect. */
class Death extends Error {}

interface Invocation {
  /** Messages that it has sent; 0 is a sweep. */
  readonly sent: number;
  /** At which of its calls it dies, and whether that call has its effect. */
  readonly death: { readonly call: number; readonly isDone: boolean } | undefined;
  /** Before which of its calls it stands still for longer than the lock lasts. */
  readonly stall: number | undefined;
}

type Happening = 'take' | 'finish' | 'stop' | 'arrive';

interface Round {
  readonly invocations: readonly Invocation[];
  readonly room: number;
  readonly happenings: readonly Happening[];
  readonly seconds: number;
}

// A look takes six calls where it starts workers.
const call = fc.integer({ min: 1, max: 8 });

const invocation: fc.Arbitrary<Invocation> = fc.record({
  sent: fc.integer({ min: 0, max: 5 }),
  death: fc.option(fc.record({ call, isDone: fc.boolean() }), { nil: undefined }),
  stall: fc.option(call, { nil: undefined }),
});

const round: fc.Arbitrary<Round> = fc.record({
  invocations: fc.array(invocation, { minLength: 1, maxLength: 3 }),
  room: fc.constantFrom(0, 1, Number.POSITIVE_INFINITY),
  happenings: fc.array(fc.constantFrom<Happening>('take', 'finish', 'stop', 'arrive'), { maxLength: 6 }),
  // The lock lasts 20 s, and what was done is seen at 45 s at the latest.
  seconds: fc.constantFrom(1, 22, 30, 70),
});

const limits = fc.record({ most: fc.integer({ min: 1, max: 4 }), perWorker: fc.integer({ min: 1, max: 3 }) });

function worldOf({ most, perWorker }: { readonly most: number; readonly perWorker: number }, lag: number) {
  const world = new DispatcherWorld({
    ...ENVIRONMENT,
    OVERTIME_MAX_WORKERS: String(most),
    OVERTIME_MESSAGES_PER_WORKER: String(perWorker),
  });
  world.cluster.lag = lag;
  world.remainingMilliseconds = Number.MAX_SAFE_INTEGER;
  return world;
}

/** The dependencies of one invocation, whose calls take turns with those of the others as the scheduler will have it. */
function invocationDeps(
  world: DispatcherWorld,
  { death, stall }: Invocation,
  turn: () => Promise<void>,
  afterCall: () => void,
): DispatcherDeps {
  let calls = 0;
  let isDead = false;
  const within =
    <Given extends readonly unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      await turn();
      calls += 1;
      world.now += calls === stall ? 25_000 : 10;
      if (isDead) {
        throw new Death();
      }
      isDead = calls === death?.call;
      if (isDead && death?.isDone === false) {
        throw new Death();
      }
      const result = await work(...given);
      afterCall();
      if (isDead) {
        throw new Death();
      }
      return result;
    };
  const { ports, ...deps } = world.deps;
  const { lock } = ports;
  return {
    ...deps,
    ports: {
      ...ports,
      queueDepth: within(ports.queueDepth),
      listTasks: within(ports.listTasks),
      describeTasks: within(ports.describeTasks),
      runTask: within(ports.runTask),
      lock: {
        lock: within(lock.lock),
        ask: within(lock.ask),
        note: within(lock.note),
        unlock: within(lock.unlock),
      },
    },
  };
}

function happen(world: DispatcherWorld, happening: Happening): void {
  const { waiting, inFlight, delayed } = world.depth;
  const free = world.cluster.running.find(({ isBusy }) => !isBusy);
  const busy = world.cluster.running.find(({ isBusy }) => isBusy);
  if (happening === 'arrive') {
    world.depth = { waiting: waiting + 1, inFlight, delayed };
  } else if (happening === 'take' && free !== undefined && waiting > 0) {
    free.isBusy = true;
    world.depth = { waiting: waiting - 1, inFlight: inFlight + 1, delayed };
  } else if (happening === 'finish' && busy !== undefined) {
    busy.isBusy = false;
    world.depth = { waiting, inFlight: inFlight - 1, delayed };
  } else if (happening === 'stop' && free !== undefined) {
    world.cluster.stop(free.taskArn);
  }
}

describe('dispatchers that die, stall and race, before an ECS whose lists lag behind', () => {
  test('never start more than the most, and the next sweep leaves no backlog without a worker', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        limits,
        fc.constantFrom(0, 5_000, 45_000),
        fc.array(round, { minLength: 1, maxLength: 5 }),
        async (scheduler, bounds, lag, rounds) => {
          const world = worldOf(bounds, lag);
          let peak = 0;
          const turn = () => scheduler.schedule(Promise.resolve(), 'a call');
          const afterCall = () => {
            peak = Math.max(peak, world.cluster.running.length);
          };

          for (const { invocations, room, happenings, seconds } of rounds) {
            world.cluster.room = room;
            const ended = invocations.map(async (one) => {
              world.depth = { ...world.depth, waiting: world.depth.waiting + one.sent };
              await lookAfterWorkers(one.sent, invocationDeps(world, one, turn, afterCall)).catch((error: unknown) => {
                if (!(error instanceof Death)) {
                  throw error;
                }
              });
            });
            await scheduler.waitFor(Promise.all(ended));
            for (const happening of happenings) {
              happen(world, happening);
            }
            world.now += seconds * 1_000;
          }
          expect(peak).toBeLessThanOrEqual(bounds.most);

          world.cluster.room = Number.POSITIVE_INFINITY;
          world.now += 60_000;
          await lookAfterWorkers(0, world.deps);

          const { waiting, inFlight } = world.depth;
          const running = world.cluster.running.length;
          expect(running).toBeLessThanOrEqual(bounds.most);
          expect(running).toBeGreaterThanOrEqual(
            waiting === 0 ? 0 : Math.min(bounds.most, inFlight + Math.ceil(waiting / bounds.perWorker)),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
