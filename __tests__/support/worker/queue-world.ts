import { type Deferred, deferred } from '../../../handlers/runner/deferred';
import type { Outcome } from '../../../handlers/runner/outcome';
import type { Carried, Job } from '../../../handlers/runner/worker/executor';
import { type AttendDeps, attendChain } from '../../../handlers/runner/worker/queue/attend-chain';
import type { Claims } from '../../../handlers/runner/worker/queue/claims/claims';
import { Keeper } from '../../../handlers/runner/worker/queue/keeper';
import type { QueueMessage } from '../../../handlers/runner/worker/queue/message';
import { leaseMilliseconds, visibilitySeconds } from '../../../handlers/runner/worker/queue/visibility';
import { jsonLog } from '../../../handlers/shared/log';
import { CLAIM_TABLE, FakeClaims } from './fake-claims';
import { ModelQueue } from './model-queue';
import { QUEUE_SETTINGS } from './queue-messages';

export const SUCCESS: Outcome = { status: 'SUCCEEDED', exitReason: 'succeeded', body: new Uint8Array() };
export const FAILURE: Outcome = {
  status: 'FAILED',
  exitReason: 'functionError',
  error: { errorType: 'E', errorMessage: 'm' },
};
const CANCELLED: Outcome = { ...FAILURE, status: 'CANCELLED', exitReason: 'callerGone' };

interface Running {
  readonly job: string;
  readonly worker: number;
  readonly ending: Deferred<Pick<Carried, 'outcome' | 'verdict'>>;
}

interface QueueWorldOptions {
  readonly workers: number;
  readonly renewalMilliseconds: number;
  readonly handOverMilliseconds: number;
}

/** Workers of one queue and one table, whose clocks are the same. What a message asks for is its body. */
export class QueueWorld {
  readonly queue: ModelQueue;
  readonly #claims: FakeClaims;
  readonly #alive: boolean[] = [];
  /** How many calls a worker still makes before it dies; `undefined` while it lives on. */
  readonly #callsLeft = new Map<number, number>();
  readonly #deps: AttendDeps[] = [];
  readonly #keepers: Keeper[] = [];
  /** Jobs that have succeeded, whose workers have not said so yet. */
  readonly #untold = new Set<string>();
  running: Running[] = [];
  /** How often each job was done, and its worker lived to say so. */
  readonly successes = new Map<string, number>();
  /** How often each job was begun. */
  readonly begun = new Map<string, number>();
  /** Where two live workers had one job at once. */
  readonly clashes: string[] = [];

  constructor(readonly options: QueueWorldOptions) {
    const { renewalMilliseconds } = options;
    this.queue = new ModelQueue(visibilitySeconds(renewalMilliseconds));
    this.#claims = new FakeClaims({ ...CLAIM_TABLE, leaseMilliseconds: leaseMilliseconds(renewalMilliseconds) });
    for (let worker = 0; worker < options.workers; worker += 1) {
      this.#alive.push(true);
      this.#build(worker);
    }
  }

  /** Whether a call of a worker arrives: nothing of a dead one does. */
  #isReached(worker: number): boolean {
    const left = this.#callsLeft.get(worker);
    if (left === 0 && this.#alive[worker] === true) {
      this.kill(worker);
    } else if (left !== undefined) {
      this.#callsLeft.set(worker, left - 1);
    }
    return this.#alive[worker] === true;
  }

  #build(worker: number): void {
    const reached = async (call: () => void): Promise<void> =>
      this.#isReached(worker) ? call() : new Promise(() => undefined);
    const { renewalMilliseconds, handOverMilliseconds } = this.options;
    const clock = () => new Date(Date.now());
    const log = jsonLog(() => undefined, clock);
    const claims = this.#counting(
      worker,
      this.#claims.claims(clock, () => this.#isReached(worker)),
    );
    const queue: AttendDeps['queue'] & { renew: (message: QueueMessage, seconds: number) => Promise<void> } = {
      renew: (message, seconds) => reached(() => this.queue.hide(message, seconds)),
      giveBack: (message, seconds) => reached(() => this.queue.hide(message, seconds)),
      remove: (message) => reached(() => this.queue.remove(message)),
      send: ({ MessageBody = '', MessageAttributes, DelaySeconds }) =>
        reached(() => this.queue.send(MessageBody, MessageAttributes, DelaySeconds)),
      sendDead: ({ MessageBody = '', MessageAttributes }) =>
        reached(() => this.queue.bury(MessageBody, MessageAttributes)),
      flush: () => undefined,
    };
    const keeper = new Keeper({ queue, claims, renewalMilliseconds, handOverMilliseconds, clock, log });
    this.#keepers[worker] = keeper;
    this.#deps[worker] = {
      queue,
      keeper,
      claims,
      settings: { ...QUEUE_SETTINGS, jobsTable: 'jobs', deadLetterQueueUrl: 'dead', maxReceiveCount: 3 },
      clock,
      log,
      executor: { carryOut: (job) => this.#carryOut(worker, job), jobId: (body) => body, close: async () => undefined },
      interruption: new AbortController().signal,
      timeoutSeconds: 86_400,
      newRequestId: () => 'request',
      inBackground: () => undefined,
    };
  }

  #counting(worker: number, claims: Claims): Claims {
    const done: Claims['done'] = async (claim) => {
      await claims.done(claim);
      if (this.#untold.delete(`${worker} ${claim.jobId}`)) {
        this.successes.set(claim.jobId, (this.successes.get(claim.jobId) ?? 0) + 1);
      }
    };
    return { ...claims, done };
  }

  async #carryOut(worker: number, { input: job, callerGone }: Job) {
    const running: Running = { job, worker, ending: deferred() };
    if (this.running.some((other) => other.job === job)) {
      this.clashes.push(job);
    }
    this.begun.set(job, (this.begun.get(job) ?? 0) + 1);
    this.running.push(running);
    const leave = () => {
      this.running = this.running.filter((other) => other !== running);
    };
    callerGone.addEventListener('abort', () => {
      leave();
      running.ending.resolve({ outcome: CANCELLED });
    });
    const ended = await running.ending.promise;
    leave();
    if (ended.outcome.status === 'SUCCEEDED') {
      this.#untold.add(`${worker} ${job}`);
    }
    return { ...ended, timings: {} };
  }

  poll(worker: number): void {
    const message = this.#alive[worker] === true ? this.queue.receive() : undefined;
    const [deps, keeper] = [this.#deps[worker], this.#keepers[worker]];
    if (message !== undefined && deps !== undefined && keeper !== undefined) {
      void attendChain(deps, [[keeper.hold(message)]]);
    }
  }

  end(index: number, outcome: Outcome, verdict?: 'reject'): void {
    this.running[index % Math.max(this.running.length, 1)]?.ending.resolve({ outcome, verdict });
  }

  /** As by SIGKILL; its place is taken by another. */
  kill(worker: number): void {
    this.#alive[worker] = false;
    this.running = this.running.filter((running) => running.worker !== worker);
    this.#alive.push(true);
    this.#build(this.#alive.length - 1);
  }

  /** Lets a worker make so many more calls to the queue and the table, and kills it then. */
  killAfter(worker: number, calls: number): void {
    this.#callsLeft.set(worker, calls);
  }

  get workers(): readonly number[] {
    return this.#alive.flatMap((isAlive, worker) => (isAlive ? [worker] : []));
  }
}
