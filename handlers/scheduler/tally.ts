/** What is counted, by the names of the metrics. */
export const COUNTS = ['Fired', 'Skipped', 'Missed', 'Failed', 'Refused', 'Buffered'] as const;

export type Count = (typeof COUNTS)[number];

export interface Tallied {
  readonly counts: Readonly<Record<Count, number>>;
  /** How late it was, in milliseconds, each time that the starter was asked for the run of a slot. */
  readonly lateness: readonly number[];
}

/**
 * CloudWatch's embedded metric format takes 100 values of one metric, and at the hundredth the library prints the line by
 * itself. The others are counted, and not measured.
 */
const MOST_VALUES = 99;

const NOTHING: Readonly<Record<Count, number>> = {
  Fired: 0,
  Skipped: 0,
  Missed: 0,
  Failed: 0,
  Refused: 0,
  Buffered: 0,
};

/** What the scheduler has done since it started, and since it was last asked. */
export class Tally {
  #total = { ...NOTHING };
  #counts = { ...NOTHING };
  #lateness: number[] = [];

  count(what: Count, times = 1): void {
    this.#total[what] += times;
    this.#counts[what] += times;
  }

  /** The latest are kept where there are too many: those are what somebody has to hear of. */
  late(milliseconds: number): void {
    this.#lateness.push(milliseconds);
    if (this.#lateness.length >= 2 * MOST_VALUES) {
      this.#lateness = this.#worst();
    }
  }

  get total(): Readonly<Record<Count, number>> {
    return this.#total;
  }

  /** What was counted since the last time. */
  take(): Tallied {
    const taken = { counts: this.#counts, lateness: this.#worst() };
    this.#counts = { ...NOTHING };
    this.#lateness = [];
    return taken;
  }

  #worst(): number[] {
    return this.#lateness.toSorted((one, other) => other - one).slice(0, MOST_VALUES);
  }
}
