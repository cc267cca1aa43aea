import { reasonOf } from '../shared/reason';
import { type Fleet, withBeat, withoutScheduler } from './fleet';
import type { Work } from './work';

/** Each time, another scheduler has shown a sign of life. */
const TRIES = 10;

/** This scheduler among the others: shows that it is alive, and sees who else is. */
export class Members {
  #known: Fleet | undefined;
  #beat = 0;

  constructor(readonly work: Work) {}

  get watermark(): number | undefined {
    return this.#known?.watermark;
  }

  /**
   * One sign of life.
   *
   * @param watermark up to when this scheduler knows every slot to be decided; `undefined` where it does not know yet
   */
  async beat(watermark: number | undefined): Promise<void> {
    const { scheduler, fleet } = this.work;
    this.#beat += 1;
    // Who is dead is told by what was read, never by what is known from before: this process may have stood still.
    await this.#write((known) => withBeat(known, scheduler, { number: this.#beat, watermark, dead: fleet.dead }));
  }

  /** The others need not wait to see that it is gone. */
  async leave(): Promise<void> {
    try {
      await this.#write((known) => withoutScheduler(known, this.work.scheduler));
    } catch (thrown) {
      this.work.log.warn('fleet.not-left', { reason: reasonOf(thrown) });
    }
  }

  async #write(change: (fleet: Fleet) => Fleet): Promise<void> {
    const { states } = this.work.ports;
    let known = this.#known ?? (await states.readFleet());
    for (let tries = 0; tries < TRIES; tries += 1) {
      const written = await states.writeFleet(known, change(known));
      known = written.item;
      this.#known = known;
      this.work.fleet.see(known, this.work.steady());
      if (written.kind === 'written') {
        return;
      }
    }
    throw new Error(`The item of the schedulers changed ${TRIES} times while it was being written.`);
  }
}
