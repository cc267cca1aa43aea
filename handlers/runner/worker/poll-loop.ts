import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fullJitter } from '../../starter/backoff';
import { type Deferred, deferred } from '../deferred';
import { type LoopEnd, type LoopParts, POLL_BACKOFF, runToEnd, SHORTEST_POLL_MILLISECONDS } from './loop-end';
import type { PollFault } from './poll-fault';

/** What one long poll has brought. */
export type Polled<Task> = { readonly kind: 'task'; readonly task: Task } | { readonly kind: 'nothing' } | PollFault;

/** As many polls wait as the concurrency leaves slots free. */
export interface PollLoopOptions<Task> extends LoopParts {
  /** Asks once, and waits as long as the other side lets it. Cutting it off may lose a task that is on its way. */
  readonly poll: (cutOff: AbortSignal) => Promise<Polled<Task>>;
  /** Does what was brought, and tells who waits for it. It does not throw. */
  readonly attend: (task: Task) => Promise<void>;
}

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

  run(): Promise<LoopEnd> {
    return runToEnd(this.options, {
      run: async () => {
        await Promise.all(Array.from({ length: this.options.concurrency }, () => this.#lane()));
      },
      end: () => this.#end,
      finish: (end) => this.#finish(end),
      cutOff: () => this.#cutOff.abort(),
    });
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
          await this.#pause(fullJitter(faults, random(), POLL_BACKOFF));
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
