import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../shared/clock';
import type { Log } from '../../../shared/log';
import { fullJitter } from '../../../starter/backoff';
import { deferred } from '../../deferred';
import type { PollFault } from '../poll-fault';
import type { LoopEnd } from '../poll-loop';
import type { Batch, Chain } from './chains';

/** What one long poll has brought; no items where nothing came. */
export type PolledItems<Item> = { readonly kind: 'items'; readonly items: readonly Item[] } | PollFault;

export interface QueueLoopOptions<Item> {
  /** Asks once, for so many at most, and waits as long as the other side lets it. Cutting it off may lose what is on its way. */
  readonly poll: (most: number, cutOff: AbortSignal) => Promise<PolledItems<Item>>;
  /** What of one poll is worked on side by side, in so many chains at most. */
  readonly chainsOf: (items: readonly Item[], chains: number) => readonly Chain<Item>[];
  /** Does what was brought. It does not throw. @returns whether that was work */
  readonly attend: (chain: Chain<Item>) => Promise<boolean>;
  /** Gives back what came, and is not begun any more. It does not throw. */
  readonly giveBack: (items: readonly Item[]) => Promise<void>;
  /** How many chains are worked on side by side. */
  readonly concurrency: number;
  /** The most items of one job. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly windowMilliseconds: number;
  /** The most that several items of one job have together: a batch that waits for more goes when it has so much. */
  readonly batchBytes: number;
  readonly bytesOf: (item: Item) => number;
  /** The loop ends after so long without work. @default - never */
  readonly idleMilliseconds: number | undefined;
  /** Aborted when the worker is told to stop: nothing more is asked for, and what is not begun is given back. */
  readonly interruption: AbortSignal;
  /** Aborted when nothing more can be done here; the reason, a text, is logged. */
  readonly spent: AbortSignal | undefined;
  /** How long a poll that waits may still take when the worker is told to stop. */
  readonly drainMilliseconds: number;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const MOST_OF_ONE_POLL = 10;

/** After faults in a row, polls wait for up to twice as long each time. */
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 30_000 } as const;

/** An endpoint that answers "nothing" at once, rather than hold the poll, is asked this often. */
const SHORTEST_POLL_MILLISECONDS = 500;

/**
 * Polls for as many as there are lanes free for, works on what came, and polls on meanwhile. One poll waits at a time;
 * while polls come back full, there are as many as can be worked on. It knows neither AWS nor what an item is.
 *
 * @returns why it ended; all that it had begun is done then
 */
export function runQueueLoop<Item>(options: QueueLoopOptions<Item>): Promise<LoopEnd> {
  return new QueueLoop(options).run();
}

class QueueLoop<Item> {
  readonly #cutOff = new AbortController();
  readonly #over = new AbortController();
  readonly #finished = deferred<void>();
  readonly #returns = new Set<Promise<void>>();
  #end: LoopEnd | undefined;
  #busy = 0;
  #ready: Chain<Item>[] = [];
  /** What waits for a batch to be full, or for the end of its window. */
  #gathered: Item[] = [];
  #gatheredBytes = 0;
  #window: NodeJS.Timeout | undefined;
  #polls = 0;
  #asked = 0;
  #faults = 0;
  #isResting = false;
  #hasBacklog = false;
  #sawNothing = false;
  #idleSince: number;

  constructor(private readonly options: QueueLoopOptions<Item>) {
    this.#idleSince = options.clock().getTime();
  }

  async run(): Promise<LoopEnd> {
    const { drainMilliseconds, interruption, log, spent } = this.options;
    if (interruption.aborted) {
      return 'stopped';
    }
    let drain: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#finish('stopped');
      drain = setTimeout(() => this.#cutOff.abort(), drainMilliseconds);
    };
    const spend = () => {
      if (this.#end === undefined) {
        log.error('worker.spent', { reason: String(spent?.reason) });
      }
      this.#finish('spent');
    };
    interruption.addEventListener('abort', stop, { once: true });
    spent?.addEventListener('abort', spend, { once: true });
    if (spent?.aborted === true) {
      spend();
    }
    try {
      this.#go();
      await this.#finished.promise;
      await Promise.all(this.#returns);
    } finally {
      interruption.removeEventListener('abort', stop);
      spent?.removeEventListener('abort', spend);
      clearTimeout(drain);
    }
    return this.#end ?? 'stopped';
  }

  /** Begins whatever can be begun now. */
  #go(): void {
    while (this.#end === undefined && this.#busy < this.options.concurrency) {
      const chain = this.#ready.shift();
      if (chain === undefined) {
        break;
      }
      void this.#work(chain);
    }
    for (let most = this.#toAsk(); most > 0; most = this.#toAsk()) {
      void this.#poll(most);
    }
    if (this.#end !== undefined && this.#busy === 0 && this.#polls === 0) {
      this.#finished.resolve();
    }
  }

  /** How many items the next poll is for; 0 where none is due. */
  #toAsk(): number {
    const { batchSize, concurrency } = this.options;
    if (this.#end !== undefined || this.#isResting) {
      return 0;
    }
    if (this.#isIdle()) {
      // A poll that still waits may bring something: only when none does, nothing can be lost.
      if (this.#polls === 0) {
        this.#finish('idle');
      }
      return 0;
    }
    const lanes = concurrency - this.#busy - this.#ready.length;
    const most = Math.min(lanes * batchSize - this.#gathered.length - this.#asked, MOST_OF_ONE_POLL);
    const isDue = this.#polls === 0 || (this.#hasBacklog && most === MOST_OF_ONE_POLL);
    return isDue ? Math.max(most, 0) : 0;
  }

  #isIdle(): boolean {
    const { clock, idleMilliseconds } = this.options;
    const isEmpty = this.#busy === 0 && this.#ready.length === 0 && this.#gathered.length === 0;
    return (
      idleMilliseconds !== undefined &&
      this.#sawNothing &&
      isEmpty &&
      clock().getTime() - this.#idleSince >= idleMilliseconds
    );
  }

  async #poll(most: number): Promise<void> {
    const { clock, log, random } = this.options;
    const begun = clock().getTime();
    this.#polls += 1;
    this.#asked += most;
    const polled = await this.options.poll(most, this.#cutOff.signal);
    this.#polls -= 1;
    this.#asked -= most;
    switch (polled.kind) {
      case 'items':
        this.#faults = 0;
        this.#hasBacklog = polled.items.length === most;
        this.#sawNothing = polled.items.length === 0;
        if (polled.items.length > 0) {
          this.#take(polled.items);
        } else {
          this.#rest(SHORTEST_POLL_MILLISECONDS - (clock().getTime() - begun));
        }
        break;
      case 'later':
        this.#faults += 1;
        this.#hasBacklog = false;
        if (!this.#cutOff.signal.aborted) {
          log.warn('poll.failed', { reason: polled.reason });
        }
        this.#rest(fullJitter(this.#faults, random(), BACKOFF));
        break;
      case 'refused':
        log.error('poll.refused', { reason: polled.reason });
        this.#finish('refused');
        break;
    }
    this.#go();
  }

  #take(items: readonly Item[]): void {
    const { batchBytes, batchSize, bytesOf, chainsOf, concurrency, windowMilliseconds } = this.options;
    if (this.#end !== undefined) {
      this.#giveBack(items);
      return;
    }
    if (windowMilliseconds === 0) {
      this.#ready.push(...chainsOf(items, Math.max(concurrency - this.#busy - this.#ready.length, 1)));
      return;
    }
    for (const item of items) {
      const bytes = bytesOf(item);
      if (this.#gathered.length > 0 && this.#gatheredBytes + bytes > batchBytes) {
        this.#closeBatch();
      }
      this.#gathered.push(item);
      this.#gatheredBytes += bytes;
      if (this.#gathered.length >= batchSize || this.#gatheredBytes >= batchBytes) {
        this.#closeBatch();
      }
    }
    if (this.#gathered.length > 0) {
      this.#window ??= setTimeout(() => {
        this.#closeBatch();
        this.#go();
      }, windowMilliseconds);
    }
  }

  #closeBatch(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    const batch: Batch<Item> = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#ready.push([batch]);
  }

  async #work(chain: Chain<Item>): Promise<void> {
    this.#busy += 1;
    const hasWorked = await this.options.attend(chain);
    this.#busy -= 1;
    if (hasWorked) {
      this.#idleSince = this.options.clock().getTime();
    }
    this.#go();
  }

  #giveBack(items: readonly Item[]): void {
    const returned: Promise<void> = this.options.giveBack(items).finally(() => this.#returns.delete(returned));
    this.#returns.add(returned);
  }

  #rest(milliseconds: number): void {
    if (milliseconds <= 0) {
      return;
    }
    this.#isResting = true;
    void wait(milliseconds, undefined, { signal: this.#over.signal })
      .catch(() => undefined)
      .then(() => {
        this.#isResting = false;
        this.#go();
      });
  }

  #finish(end: LoopEnd): void {
    this.#end ??= end;
    this.#over.abort();
    clearTimeout(this.#window);
    const waiting = [...this.#gathered, ...this.#ready.flat(2)];
    this.#gathered = [];
    this.#ready = [];
    if (waiting.length > 0) {
      this.#giveBack(waiting);
    }
    this.#go();
  }
}
