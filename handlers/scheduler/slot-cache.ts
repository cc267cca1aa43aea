import type { Schedule } from '../shared/schedule/schedule';
import { nextSlot } from '../shared/schedule/slots';

/** What decides when a schedule is due. */
export type Rhythm = Pick<Schedule, 'timing' | 'startAt' | 'endAt' | 'jitterSeconds'>;

interface Known {
  readonly after: number;
  readonly slot: number;
}

const MOST_KNOWN = 20_000;

/** Whether an expression may mean something else for another schedule: an H stands for a number made of the id. */
export function isOfId(expression: string): boolean {
  return expression.includes('H');
}

/**
 * The next slot of a cron expression, kept: many schedules have the same one, and to evaluate it takes a hundred times as
 * long as to look it up. From where it was asked until the slot, the answer is the same.
 */
export class SlotCache {
  readonly #known = new Map<string, Known>();

  next(schedule: Schedule, after: number): number | undefined {
    const { timing, startAt, endAt } = schedule;
    if (timing.kind !== 'cron' || isOfId(timing.expression)) {
      return nextSlot(schedule, after);
    }
    const from = startAt === undefined ? after : Math.max(after, startAt - 1);
    const key = `${timing.dstPolicy} ${timing.timeZone} ${timing.expression}`;
    const known = this.#known.get(key);
    const slot =
      known !== undefined && known.after <= from && from < known.slot
        ? known.slot
        : this.#evaluate(key, schedule, from);
    return slot === undefined || (endAt !== undefined && slot >= endAt) ? undefined : slot;
  }

  #evaluate(key: string, { startAt, endAt, ...schedule }: Schedule, after: number): number | undefined {
    const slot = nextSlot(schedule, after);
    if (slot !== undefined) {
      if (this.#known.size >= MOST_KNOWN) {
        this.#known.clear();
      }
      this.#known.set(key, { after, slot });
    }
    return slot;
  }
}
