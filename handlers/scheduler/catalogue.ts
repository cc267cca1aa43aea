import type { Schedule, Timing } from '../shared/schedule/schedule';
import { fireAt } from '../shared/schedule/slots';
import { DueHeap } from './due-heap';
import { isOfId, type Rhythm, SlotCache } from './slot-cache';

const FIRST_CAPACITY = 1_024;
const MOST_RHYTHMS = 20_000;
const MILLISECONDS_PER_SECOND = 1_000;

/**
 * The schedules that a scheduler knows, and when each is due next. What they start is not kept: the row is read again
 * when a slot is due, so that 100,000 fit into little memory and none is started as it was yesterday.
 */
export class Catalogue {
  readonly #indexes = new Map<string, number>();
  #ids: (string | undefined)[] = [];
  #rhythms: (Rhythm | undefined)[] = [];
  #revisions: (string | undefined)[] = [];
  #slots = new Float64Array(FIRST_CAPACITY);
  #seenAt = new Float64Array(FIRST_CAPACITY);
  readonly #free: number[] = [];
  readonly #shared = new Map<string, Rhythm>();
  readonly #cache = new SlotCache();
  readonly #armed = new DueHeap();

  get size(): number {
    return this.#indexes.size;
  }

  /** How many have a slot to come. */
  get armed(): number {
    return this.#armed.size;
  }

  get firstDue(): number | undefined {
    return this.#armed.firstTime;
  }

  get ids(): Iterable<string> {
    return this.#indexes.keys();
  }

  revisionOf(id: string): string | undefined {
    return this.#revisions[this.#indexes.get(id) ?? -1];
  }

  /** When the schedule was first seen as it is. */
  seenAt(id: string): number | undefined {
    const index = this.#indexes.get(id);
    return index === undefined ? undefined : this.#seenAt[index];
  }

  /**
   * Takes a schedule in, and arms it if it is new or was changed; one that is as it was stays armed as it was.
   *
   * @param after slots up to this instant are not looked at
   */
  put(schedule: Schedule, now: number, after: number): 'armed' | 'unchanged' {
    const known = this.#indexes.get(schedule.id);
    if (known !== undefined && this.#revisions[known] === schedule.revision) {
      return 'unchanged';
    }
    const index = known ?? this.#add(schedule.id);
    this.#revisions[index] = schedule.revision;
    this.#rhythms[index] = schedule.isEnabled ? this.#rhythmOf(schedule) : undefined;
    this.#seenAt[index] = now;
    this.#armed.delete(index);
    this.#arm(index, after - schedule.jitterSeconds * MILLISECONDS_PER_SECOND);
    return 'armed';
  }

  remove(id: string): boolean {
    const index = this.#indexes.get(id);
    if (index === undefined) {
      return false;
    }
    this.#armed.delete(index);
    this.#indexes.delete(id);
    this.#ids[index] = undefined;
    this.#rhythms[index] = undefined;
    this.#revisions[index] = undefined;
    this.#free.push(index);
    return true;
  }

  /** Takes out a schedule that is due; it is not armed until {@link rearm}. */
  takeDue(now: number): { readonly id: string; readonly slot: number; readonly fireAt: number } | undefined {
    const due = this.#armed.firstTime;
    const index = this.#armed.take(now);
    const id = this.#ids[index ?? -1];
    if (index === undefined || due === undefined || id === undefined) {
      return undefined;
    }
    return { id, slot: this.#slots[index] ?? 0, fireAt: due };
  }

  /**
   * Arms a schedule for the first slot after the one that it was armed for, unless it is armed.
   *
   * @param after slots that were due before are left out: whoever decides about the last slot decides about them, too
   */
  rearm(id: string, after: number): void {
    const index = this.#indexes.get(id);
    if (index !== undefined && this.#armed.timeOf(index) === undefined) {
      const jitter = (this.#rhythms[index]?.jitterSeconds ?? 0) * MILLISECONDS_PER_SECOND;
      this.#arm(index, Math.max(this.#slots[index] ?? 0, after - jitter));
    }
  }

  #arm(index: number, after: number): void {
    const [rhythm, id] = [this.#rhythms[index], this.#ids[index]];
    if (rhythm === undefined || id === undefined) {
      return;
    }
    const schedule = skeleton(id, rhythm);
    const slot = this.#cache.next(schedule, after);
    if (slot !== undefined) {
      this.#slots[index] = slot;
      this.#armed.set(index, rhythm.jitterSeconds === 0 ? slot : fireAt(schedule, slot));
    }
  }

  #add(id: string): number {
    const index = this.#free.pop() ?? this.#ids.length;
    this.#ids[index] = id;
    this.#indexes.set(id, index);
    if (index >= this.#slots.length) {
      this.#slots = grown(this.#slots);
      this.#seenAt = grown(this.#seenAt);
    }
    return index;
  }

  /** One object for all that are due at the same times. */
  #rhythmOf({ id, timing, startAt, endAt, jitterSeconds }: Schedule): Rhythm {
    const key = JSON.stringify([timingKey(id, timing), startAt, endAt, jitterSeconds]);
    const known = this.#shared.get(key);
    if (known !== undefined) {
      return known;
    }
    if (this.#shared.size >= MOST_RHYTHMS) {
      this.#shared.clear();
    }
    const rhythm: Rhythm = {
      timing,
      jitterSeconds,
      ...(startAt === undefined ? {} : { startAt }),
      ...(endAt === undefined ? {} : { endAt }),
    };
    this.#shared.set(key, rhythm);
    return rhythm;
  }
}

function timingKey(id: string, timing: Timing): readonly unknown[] {
  switch (timing.kind) {
    case 'cron': {
      const { expression, timeZone, dstPolicy } = timing;
      return [expression, timeZone, dstPolicy, ...(isOfId(expression) ? [id] : [])];
    }
    case 'rate':
      return [timing.milliseconds];
    case 'at':
      return ['at', timing.instant];
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(values.length * 2);
  next.set(values);
  return next;
}

/** As much of a schedule as its slots depend on. */
function skeleton(id: string, rhythm: Rhythm): Schedule {
  return {
    id,
    name: '',
    ...rhythm,
    isEnabled: true,
    overlap: 'allow',
    catchUp: 'none',
    startingDeadlineSeconds: 0,
    request: {},
    revision: '',
  };
}
