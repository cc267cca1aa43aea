import fc from 'fast-check';
import { type Deferred, deferred } from '../../../../../handlers/runner/deferred';
import type { Outcome } from '../../../../../handlers/runner/outcome';
import type { Job } from '../../../../../handlers/runner/worker/executor';
import { type AttendDeps, attendChain } from '../../../../../handlers/runner/worker/queue/attend-chain';
import { Keeper } from '../../../../../handlers/runner/worker/queue/keeper';
import type { QueueMessage } from '../../../../../handlers/runner/worker/queue/message';
import { queueMessage } from '../../../../../handlers/runner/worker/queue/message';
import type { OutgoingMessage } from '../../../../../handlers/runner/worker/queue/message-copy';
import { visibilitySeconds } from '../../../../../handlers/runner/worker/queue/visibility';
import { jsonLog } from '../../../../../handlers/shared/log';
import { FakeClaims } from '../../../../support/worker/fake-claims';
import { QUEUE_SETTINGS } from '../../../../support/worker/queue-messages';

const RENEWAL_MILLISECONDS = 2_000;
const HAND_OVER_MILLISECONDS = 30_000;
const JOBS = ['job-1', 'job-2', 'job-3'];

const SUCCESS: Outcome = { status: 'SUCCEEDED', exitReason: 'succeeded', body: new Uint8Array() };
const FAILURE: Outcome = {
  status: 'FAILED',
  exitReason: 'functionError',
  error: { errorType: 'E', errorMessage: 'm' },
};
const CANCELLED: Outcome = {
  status: 'CANCELLED',
  exitReason: 'callerGone',
  error: { errorType: 'E', errorMessage: 'm' },
};

interface Stored {
  readonly body: string;
  readonly attributes: OutgoingMessage['MessageAttributes'];
  visibleAt: number;
  receiveCount: number;
  receipt: string | undefined;
}

/** SQS, as far as a standard queue's promises go: what is not deleted in time is seen again. */
class ModelQueue {
  readonly messages = new Map<string, Stored>();
  #ids = 0;

  send(body: string, attributes: OutgoingMessage['MessageAttributes'] = {}, delaySeconds = 0): void {
    this.#ids += 1;
    const visibleAt = Date.now() + delaySeconds * 1_000;
    this.messages.set(`m${this.#ids}`, { body, attributes, visibleAt, receiveCount: 0, receipt: undefined });
  }

  receive(): QueueMessage | undefined {
    const found = [...this.messages].find(([, { visibleAt }]) => visibleAt <= Date.now());
    if (found === undefined) {
      return undefined;
    }
    const [id, message] = found;
    this.#ids += 1;
    message.receiveCount += 1;
    message.receipt = `${id}/${this.#ids}`;
    message.visibleAt = Date.now() + visibilitySeconds(RENEWAL_MILLISECONDS) * 1_000;
    return queueMessage(
      {
        MessageId: id,
        ReceiptHandle: message.receipt,
        Body: message.body,
        Attributes: { ApproximateReceiveCount: String(message.receiveCount) },
        ...(message.attributes === undefined ? {} : { MessageAttributes: message.attributes }),
      },
      Date.now(),
    );
  }

  hide({ messageId, receiptHandle }: QueueMessage, seconds: number): void {
    const message = this.messages.get(messageId);
    if (message === undefined || message.receipt !== receiptHandle) {
      throw Object.assign(new Error('gone'), { name: 'ReceiptHandleIsInvalid' });
    }
    message.visibleAt = Date.now() + seconds * 1_000;
  }

  remove({ messageId, receiptHandle }: QueueMessage): void {
    if (this.messages.get(messageId)?.receipt === receiptHandle) {
      this.messages.delete(messageId);
    }
  }
}

interface Running {
  readonly job: string;
  readonly worker: number;
  readonly ending: Deferred<Outcome>;
}

/** Workers of one queue and one table, whose clocks are the same. */
class World {
  readonly queue = new ModelQueue();
  readonly #claims = new FakeClaims();
  readonly #alive: boolean[] = [];
  readonly #deps: AttendDeps[] = [];
  readonly #keepers: Keeper[] = [];
  running: Running[] = [];
  /** How often each job has come to its end with success. */
  readonly successes = new Map<string, number>();
  /** Where two live workers had one job at once. */
  readonly clashes: string[] = [];

  constructor(workers: number) {
    for (let worker = 0; worker < workers; worker += 1) {
      this.#alive.push(true);
      this.#build(worker);
    }
  }

  #build(worker: number): void {
    const isAlive = () => this.#alive[worker] === true;
    /** Nothing of a dead worker arrives. */
    const reached = async (call: () => void): Promise<void> => (isAlive() ? call() : new Promise(() => undefined));
    const clock = () => new Date(Date.now());
    const log = jsonLog(() => undefined, clock);
    const claims = this.#claims.claims(clock, isAlive);
    const queue: AttendDeps['queue'] & { renew: (message: QueueMessage, seconds: number) => Promise<void> } = {
      renew: (message, seconds) => reached(() => this.queue.hide(message, seconds)),
      giveBack: (message, seconds) => reached(() => this.queue.hide(message, seconds)),
      remove: (message) => reached(() => this.queue.remove(message)),
      send: ({ MessageBody, MessageAttributes, DelaySeconds }) =>
        reached(() => this.queue.send(MessageBody ?? '', MessageAttributes, DelaySeconds)),
      sendDead: async () => undefined,
      flush: () => undefined,
    };
    const keeper = new Keeper({
      queue,
      claims,
      renewalMilliseconds: RENEWAL_MILLISECONDS,
      handOverMilliseconds: HAND_OVER_MILLISECONDS,
      clock,
      log,
    });
    this.#keepers[worker] = keeper;
    this.#deps[worker] = {
      queue,
      keeper,
      claims,
      settings: { ...QUEUE_SETTINGS, jobsTable: 'jobs' },
      clock,
      log,
      executor: { carryOut: (job) => this.#carryOut(worker, job), jobId: (body) => body, close: async () => undefined },
      interruption: new AbortController().signal,
      timeoutSeconds: 86_400,
      newRequestId: () => 'request',
      inBackground: () => undefined,
    };
  }

  async #carryOut(worker: number, { input: job, callerGone }: Job) {
    const running: Running = { job, worker, ending: deferred() };
    if (this.running.some((other) => other.job === job)) {
      this.clashes.push(job);
    }
    this.running.push(running);
    const leave = () => {
      this.running = this.running.filter((other) => other !== running);
    };
    callerGone.addEventListener('abort', () => {
      leave();
      running.ending.resolve(CANCELLED);
    });
    const outcome = await running.ending.promise;
    leave();
    if (outcome.status === 'SUCCEEDED' && this.#alive[worker] === true) {
      this.successes.set(job, (this.successes.get(job) ?? 0) + 1);
    }
    return { outcome, timings: {} };
  }

  poll(worker: number): void {
    const message = this.#alive[worker] === true ? this.queue.receive() : undefined;
    const [deps, keeper] = [this.#deps[worker], this.#keepers[worker]];
    if (message !== undefined && deps !== undefined && keeper !== undefined) {
      void attendChain(deps, [[keeper.hold(message)]]);
    }
  }

  end(index: number, outcome: Outcome): void {
    this.running[index % Math.max(this.running.length, 1)]?.ending.resolve(outcome);
  }

  /** As by SIGKILL; its place is taken by another. */
  kill(worker: number): void {
    this.#alive[worker] = false;
    this.running = this.running.filter((running) => running.worker !== worker);
    this.#alive.push(true);
    this.#build(this.#alive.length - 1);
  }

  get workers(): readonly number[] {
    return this.#alive.flatMap((isAlive, worker) => (isAlive ? [worker] : []));
  }
}

type Step =
  | { readonly does: 'send'; readonly job: number }
  | { readonly does: 'poll' | 'kill'; readonly worker: number }
  | { readonly does: 'succeed' | 'fail'; readonly which: number }
  | { readonly does: 'wait'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('send' as const), job: fc.nat(JOBS.length - 1) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('poll' as const), worker: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('kill' as const), worker: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('succeed' as const, 'fail' as const), which: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('wait' as const), milliseconds: fc.nat(20_000) }) },
);

beforeEach(() => {
  jest.useFakeTimers({ now: 1_800_000_000_000 });
});

afterEach(() => {
  jest.useRealTimers();
});

async function take(world: World, next: Step): Promise<void> {
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
    case 'succeed':
    case 'fail':
      world.end(next.which, next.does === 'succeed' ? SUCCESS : FAILURE);
      break;
    case 'wait':
      await jest.advanceTimersByTimeAsync(next.milliseconds);
      break;
  }
  await jest.advanceTimersByTimeAsync(0);
}

test('whatever is sent twice, dies, fails or takes longer than a receipt: no job is worked on twice at once, none is done twice, none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      jest.clearAllTimers();
      const world = new World(3);
      for (const next of steps) {
        await take(world, next);
      }
      const sent = new Set(steps.flatMap((next) => (next.does === 'send' ? [JOBS[next.job] ?? ''] : [])));
      // From here on all goes well.
      for (let round = 0; world.queue.messages.size > 0 && round < 500; round += 1) {
        for (const worker of world.workers) {
          world.poll(worker);
        }
        await jest.advanceTimersByTimeAsync(500);
        for (const { ending } of world.running) {
          ending.resolve(SUCCESS);
        }
        await jest.advanceTimersByTimeAsync(30_000);
      }

      expect(world.clashes).toEqual([]);
      expect(world.queue.messages.size).toBe(0);
      expect(new Map(world.successes)).toEqual(new Map([...sent].map((job) => [job, 1])));
    }),
    { numRuns: 60 },
  );
});

test('a job of an hour outlives its receipt of half a minute, while others look for work, and is done once', async () => {
  const world = new World(2);
  world.queue.send('job-1');
  world.poll(0);
  for (let seconds = 0; seconds < 3_600; seconds += 5) {
    await jest.advanceTimersByTimeAsync(5_000);
    world.poll(1);
  }
  const during = [world.running.length, world.queue.messages.size];
  world.end(0, SUCCESS);
  await jest.advanceTimersByTimeAsync(60_000);
  world.poll(1);
  await jest.advanceTimersByTimeAsync(0);

  expect(during).toEqual([1, 1]);
  expect([[...world.successes], world.clashes, world.queue.messages.size]).toEqual([[['job-1', 1]], [], 0]);
});
