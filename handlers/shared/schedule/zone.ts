/** A stretch of time in which a zone's clock runs without a change. Instants are milliseconds since 1970. */
export interface ZoneStretch {
  /** Its first instant. */
  readonly from: number;
  /** The first instant after it, or an earlier one: what follows may have the same offset. */
  readonly to: number;
  /** Local time less UTC, in milliseconds. */
  readonly offset: number;
  /** The offset that the clock had before `from`. */
  readonly offsetBefore: number;
}

interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const SECOND = 1000;
const WEEK = 7 * 24 * 3600 * SECOND;

/** How much is looked up at once. A whole number of weeks, and longer than any zone's gap. */
const BLOCK = 52 * WEEK;

/**
 * The changes of a zone's clock. Intl knows the offset at an instant, and takes 2 microseconds to say it; so the changes are
 * found block by block, by asking once a week: no zone has changed its clock twice in one (Morocco, for Ramadan, takes four).
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #blocks = new Map<number, readonly Transition[]>();

  /** @throws {RangeError} when there is no such zone */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** Local time less UTC at an instant, in milliseconds. */
  offsetAt(instant: number): number {
    // Such as "11/27/2026, GMT-05:00", "GMT" alone for none, and with seconds before there were time zones.
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(this.#format.format(instant));
    const [, sign, hours, minutes, seconds] = match ?? [];
    const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
    return (sign === '-' ? -size : size) * SECOND;
  }

  /** The stretch that an instant lies in. */
  stretchAt(instant: number): ZoneStretch {
    const block = Math.floor(instant / BLOCK);
    const here = this.#transitions(block);
    const next = here.find((transition) => transition.at > instant);
    const last = here.findLast((transition) => transition.at <= instant) ?? this.#transitions(block - 1).at(-1);
    const to = next?.at ?? (block + 1) * BLOCK;
    if (last === undefined) {
      const offset = next?.before ?? this.offsetAt(instant);
      return { from: (block - 1) * BLOCK, to, offset, offsetBefore: offset };
    }
    return { from: last.at, to, offset: last.after, offsetBefore: last.before };
  }

  #transitions(block: number): readonly Transition[] {
    const known = this.#blocks.get(block);
    if (known !== undefined) {
      return known;
    }
    const found: Transition[] = [];
    let before = this.offsetAt(block * BLOCK - SECOND);
    for (let from = block * BLOCK - SECOND; from < (block + 1) * BLOCK - SECOND; from += WEEK) {
      const after = this.offsetAt(from + WEEK);
      if (after !== before) {
        found.push({ at: this.#change(from, from + WEEK, before), before, after });
      }
      before = after;
    }
    this.#blocks.set(block, found);
    return found;
  }

  /** The first second that has another offset than `before`, which `from` has and `to` has not. */
  #change(from: number, to: number, before: number): number {
    let low = from;
    let high = to;
    while (high - low > SECOND) {
      const middle = low + Math.floor((high - low) / (2 * SECOND)) * SECOND;
      if (this.offsetAt(middle) === before) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}

const zones = new Map<string, Zone | undefined>();

/** Bounds what names out of rows can make of the table of zones: there are some 600 names. */
const MOST_ZONES = 1000;

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;

function newZone(name: string): Zone | undefined {
  try {
    return ZONE_NAME.test(name) ? new Zone(name) : undefined;
  } catch {
    return undefined;
  }
}

/** The zone of an IANA name, or `undefined` where there is none. */
export function findZone(name: string): Zone | undefined {
  if (!zones.has(name)) {
    if (zones.size >= MOST_ZONES) {
      zones.clear();
    }
    zones.set(name, newZone(name));
  }
  return zones.get(name);
}
