import { DueHeap } from './due-heap';

interface Entry {
  /** The oldest slot whose outcome is not known. */
  since: number;
  /** When a slot was added last. */
  addedAt: number;
  /** Slots that this scheduler saw in time. */
  prompt: number[];
  readonly index: number;
}

/** A schedule of every second whose state cannot be written for a day has to end somewhere. */
const MOST_PROMPT = 1_000;

/** Schedules with slots whose outcome this scheduler does not know yet, and when it looks after them next. */
export class Unsettled {
  readonly #entries = new Map<string, Entry>();
  readonly #ids: (string | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #looks = new DueHeap();

  get size(): number {
    return this.#entries.size;
  }

  get firstLook(): number | undefined {
    return this.#looks.firstTime;
  }

  /** The oldest slot of all; before it, everything is decided. */
  get oldest(): number | undefined {
    let oldest: number | undefined;
    for (const { since } of this.#entries.values()) {
      oldest = oldest === undefined || since < oldest ? since : oldest;
    }
    return oldest;
  }

  promptSlots(id: string): readonly number[] {
    return this.#entries.get(id)?.prompt ?? [];
  }

  add(id: string, slot: number, addedAt: number, isPrompt: boolean): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) {
      entry.since = Math.min(entry.since, slot);
      entry.addedAt = addedAt;
      if (isPrompt) {
        entry.prompt = [...entry.prompt, slot].slice(-MOST_PROMPT);
      }
      return;
    }
    const index = this.#free.pop() ?? this.#ids.length;
    this.#ids[index] = id;
    this.#entries.set(id, { since: slot, addedAt, prompt: isPrompt ? [slot] : [], index });
  }

  /** The next look; a sooner one that was planned stays. */
  look(id: string, at: number): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined && at < (this.#looks.timeOf(entry.index) ?? Number.POSITIVE_INFINITY)) {
      this.#looks.set(entry.index, at);
    }
  }

  takeLook(now: number): string | undefined {
    const index = this.#looks.take(now);
    return index === undefined ? undefined : this.#ids[index];
  }

  /**
   * Everything that was due by an instant has its outcome.
   *
   * @returns whether nothing was added since
   */
  settle(id: string, until: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      return true;
    }
    if (entry.addedAt > until) {
      return false;
    }
    this.#looks.delete(entry.index);
    this.#entries.delete(id);
    this.#ids[entry.index] = undefined;
    this.#free.push(entry.index);
    return true;
  }
}
