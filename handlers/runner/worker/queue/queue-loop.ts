import { setTimeout as wait } from 'node:timers/promises';
import { fullJitter } from '../../../starter/backoff';
import { deferred } from '../../deferred';
import { type LoopEnd, type LoopParts, POLL_BACKOFF, runToEnd, SHORTEST_POLL_MILLISECONDS } from '../loop-end';
import type { PollFault } from '../poll-fault';
import type { Batch, Chain } from './chains';

/** What one long poll has brought; no items where nothing came. */
export type PolledItems<Item> = { readonly kind: 'items'; readonly items: readonly Item[] } | PollFault;

/** The concurrency is that of chains. What came and is not begun when the loop ends is given back. */
export interface QueueLoopOptions<Item> extends LoopParts {
  /** Asks once, for so many at most, and waits as long as the other side lets it. Cutting it off may lose what is on its way. */
  readonly poll: (most: number, cutOff: AbortSignal) => Promise<PolledItems<Item>>;
  /** What of one poll is worked on side by side, in so many chains at most. */
  readonly chainsOf: (items: readonly Item[], chains: number) => readonly Chain<Item>[];
  /** Does what was brought. It does not throw. @returns whether that was work */
  readonly attend: (chain: Chain<Item>) => Promise<boolean>;
  /** Gives back what came, and is not begun any more. It does not throw. */
  readonly giveBack: (items: readonly Item[]) => Promise<void>;
  /** The most items of one job. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly windowMilliseconds: number;
  /** The most that several items of one job have together: a batch that waits for more goes when it has so much. */
  readonly batchBytes: number;
  readonly bytesOf: (item: Item) => number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const MOST_OF_ONE_POLL = 10;

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

  run(): Promise<LoopEnd> {
    return runToEnd(this.options, {
      run: async () => {
        this.#go();
        await this.#finished.promise;
        await Promise.all(this.#returns);
      },
      end: () => this.#end,
      finish: (end) => this.#finish(end),
      cutOff: () => this.#cutOff.abort(),
    });
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
        this.#rest(fullJitter(this.#faults, random(), POLL_BACKOFF));
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
