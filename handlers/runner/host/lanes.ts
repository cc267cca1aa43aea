import type { Log } from '../../shared/log';
import { messageOf } from '../errors';
import type { Happening } from '../outcome';
import type { RuntimeEnd } from '../runtime';
import type { ShutdownReason } from '../runtime-api/server';
import type { FunctionPackage, FunctionSource } from './function-source';
import { happeningOf } from './happenings';
import type { Lane } from './lane';

/** The host's runtimes between two runs, and on their way to the end. */
export class Lanes {
  readonly #idle: Lane[] = [];
  /** What goes on behind runs that are over: runtimes that settle or end. */
  readonly #background = new Set<Promise<void>>();

  constructor(
    private readonly log: Log,
    private readonly source: FunctionSource,
    /** How long an idle runtime may take to end. */
    private readonly patienceMilliseconds: number,
  ) {}

  /** Keeps a runtime that waits for another run. */
  putBack(lane: Lane): void {
    lane.rest();
    this.#idle.push(lane);
  }

  /** An idle runtime of that package. Those that have ended, or are of older ones, are of no more use. */
  take(source: FunctionPackage): Lane | undefined {
    for (const lane of this.#idle.splice(0)) {
      const end = lane.runtime.ended();
      if (end !== undefined) {
        this.noteLoss(end);
        this.inBackground(this.end(lane, 'failure', this.patienceMilliseconds));
      } else if (lane.source.generation < source.generation) {
        this.inBackground(this.end(lane, 'spindown', this.patienceMilliseconds));
      } else {
        this.#idle.push(lane);
      }
    }
    const found = this.#idle.findLastIndex((lane) => lane.source === source);
    return found === -1 ? undefined : this.#idle.splice(found, 1)[0];
  }

  /** Ends a runtime, whatever state it is in, and lets go of its package. */
  async end(lane: Lane, reason: ShutdownReason, patienceMilliseconds: number): Promise<void> {
    try {
      await lane.runtime.stop(reason, patienceMilliseconds);
    } catch (thrown) {
      this.log.error('runtime.not-stopped', { reason: messageOf(thrown) });
    }
    await this.source.release(lane.source);
  }

  /** Ends all that are idle, and resolves when nothing goes on any more. */
  async close(): Promise<void> {
    await this.#settle();
    for (const lane of this.#idle.splice(0)) {
      this.inBackground(this.end(lane, 'spindown', this.patienceMilliseconds));
    }
    await this.#settle();
  }

  /** Keeps work that nobody waits for until {@link close} does. It does not throw. */
  inBackground(work: Promise<void>): void {
    const kept = work.finally(() => this.#background.delete(kept));
    this.#background.add(kept);
  }

  /** Names the extension in the log: the run's error, as Lambda words it, does not. */
  noteExtension(happening: Happening): void {
    if (happening.kind === 'extension-failed') {
      const { name, errorType, text } = happening;
      this.log.error('extension.failed', { name, errorType, reason: text });
    }
  }

  /** A runtime ended between two runs, which costs neither of them anything. */
  noteLoss(end: RuntimeEnd): void {
    const happening = happeningOf(end, 'invoke');
    this.noteExtension(happening);
    this.log.warn('runtime.lost', { kind: happening.kind });
  }

  async #settle(): Promise<void> {
    while (this.#background.size > 0) {
      await Promise.all(this.#background);
    }
  }
}
