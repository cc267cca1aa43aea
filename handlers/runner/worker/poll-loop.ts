import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';
import { fullJitter } from '../../starter/backoff';
import { type Deferred, deferred } from '../deferred';
import type { PollFault } from './poll-fault';

/** What one long poll has brought. */
export type Polled<Task> = { readonly kind: 'task'; readonly task: Task } | { readonly kind: 'nothing' } | PollFault;

export interface PollLoopOptions<Task> {
  /** Asks once, and waits as long as the other side lets it. Cutting it off may lose a task that is on its way. */
  readonly poll: (cutOff: AbortSignal) => Promise<Polled<Task>>;
  /** Does what was brought, and tells who waits for it. It does not throw. */
  readonly attend: (task: Task) => Promise<void>;
  /** How many tasks are done side by side: as many polls wait as there are slots free. */
  readonly concurrency: number;
  /** The loop ends after so long without a task. @default - never */
  readonly idleMilliseconds: number | undefined;
  /** Aborted when the worker is told to stop: nothing more is asked for. */
  readonly interruption: AbortSignal;
  /**
   * Aborted when nothing more can be done here; the reason, a text, is logged. Nothing more is asked for, and polls that
   * wait are not cut off, as nobody stops the worker meanwhile.
   *
   * @default - more can always be done
   */
  readonly spent?: AbortSignal | undefined;
  /** How long a poll that waits may still take then. */
  readonly drainMilliseconds: number;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Why the loop ended. All that it had begun is done then. */
export type LoopEnd = 'stopped' | 'idle' | 'refused' | 'spent';

/** After faults in a row, polls wait for up to twice as long each time. */
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 30_000 } as const;

/** An endpoint that answers "nothing" at once, rather than hold the poll, is asked this often. */
const SHORTEST_POLL_MILLISECONDS = 500;

/**
 * Polls and works, in as many lanes as the concurrency says: each asks, does what came, and asks again. It knows
 * neither AWS nor what a task is.
 */
export async function runPollLoop<Task>(options: PollLoopOptions<Task>): Promise<LoopEnd> {
  return new PollLoop(options).run();
}

class PollLoop<Task> {
  readonly #cutOff = new AbortController();
  readonly #over = new AbortController();
  #end: LoopEnd | undefined;
  #busy = 0;
  #idleSince: number;
  /** Lanes that have seen the time without a task run out, and wait for the others to see it too. */
  #parked = 0;
  #wake: Deferred<void> = deferred();

  constructor(private readonly options: PollLoopOptions<Task>) {
    this.#idleSince = options.clock().getTime();
    // Each lane listens: more than ten are no leak, of which Node.js would warn.
    setMaxListeners(options.concurrency, this.#cutOff.signal, this.#over.signal);
  }

  async run(): Promise<LoopEnd> {
    const { concurrency, drainMilliseconds, interruption, log, spent } = this.options;
    let drain: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#finish('stopped');
      drain = setTimeout(() => this.#cutOff.abort(), drainMilliseconds);
    };
    if (interruption.aborted) {
      return 'stopped';
    }
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
      await Promise.all(Array.from({ length: concurrency }, () => this.#lane()));
    } finally {
      interruption.removeEventListener('abort', stop);
      spent?.removeEventListener('abort', spend);
      clearTimeout(drain);
    }
    return this.#end ?? 'stopped';
  }

  async #lane(): Promise<void> {
    const { clock, log, poll, random } = this.options;
    let faults = 0;
    while (this.#end === undefined) {
      const begun = clock().getTime();
      const polled = await poll(this.#cutOff.signal);
      switch (polled.kind) {
        case 'task':
          faults = 0;
          await this.#attend(polled.task);
          break;
        case 'nothing':
          faults = 0;
          await (this.#isIdle() ? this.#park() : this.#pause(SHORTEST_POLL_MILLISECONDS - (clock().getTime() - begun)));
          break;
        case 'later':
          faults += 1;
          if (!this.#cutOff.signal.aborted) {
            log.warn('poll.failed', { reason: polled.reason });
          }
          await this.#pause(fullJitter(faults, random(), BACKOFF));
          break;
        case 'refused':
          log.error('poll.refused', { reason: polled.reason });
          this.#finish('refused');
          break;
      }
    }
  }

  /** A task that comes when the worker is stopping is attended to as well: somebody has to give it back. */
  async #attend(task: Task): Promise<void> {
    this.#busy += 1;
    this.#wakeAll();
    await this.options.attend(task);
    this.#busy -= 1;
    this.#idleSince = this.options.clock().getTime();
  }

  #isIdle(): boolean {
    const { clock, idleMilliseconds } = this.options;
    return (
      idleMilliseconds !== undefined && this.#busy === 0 && clock().getTime() - this.#idleSince >= idleMilliseconds
    );
  }

  /** A poll of another lane may still bring a task: only when no poll waits any more, nothing can be lost. */
  async #park(): Promise<void> {
    this.#parked += 1;
    if (this.#parked === this.options.concurrency) {
      this.#finish('idle');
    } else {
      await this.#wake.promise;
    }
    this.#parked -= 1;
  }

  #finish(end: LoopEnd): void {
    this.#end ??= end;
    this.#over.abort();
    this.#wakeAll();
  }

  #wakeAll(): void {
    this.#wake.resolve();
    this.#wake = deferred();
  }

  async #pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) {
      await wait(milliseconds, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }
}
