/**
 * The time by a server's clock, from the `Date` of its answers: the clocks of Lambda's machines are not ours to trust,
 * and may be minutes off. `Date` has whole seconds, so what is known is a range.
 * Source: https://httpwg.org/specs/rfc9110.html#field.date
 */
export interface TimeRange {
  /** Milliseconds since 1970; the server's clock shows no less. */
  readonly earliest: number;
  /** The server's clock shows no more. */
  readonly latest: number;
}

/** By how much the server's clock is before ours, at least and at most, in milliseconds. */
export interface ClockOffset {
  readonly least: number;
  readonly most: number;
  /** By our clock, when the first answer of those that it is made of came. */
  readonly since: number;
}

export interface Answer {
  /** The `Date` header's time, in milliseconds. */
  readonly date: number;
  /** By our clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

const DATE_RESOLUTION_MILLISECONDS = 1000;

/** For so long our clock is taken to run as the server's does, and not to be set anew. */
const OFFSET_LIFETIME_MILLISECONDS = 60_000;

/** What an answer tells, together with what those before it told. */
export function observe(known: ClockOffset | undefined, { date, sentAt, receivedAt }: Answer): ClockOffset {
  const seen = {
    least: date - receivedAt,
    most: date + DATE_RESOLUTION_MILLISECONDS - sentAt,
    since: receivedAt,
  };
  if (known === undefined || Math.abs(receivedAt - known.since) > OFFSET_LIFETIME_MILLISECONDS) {
    return seen;
  }
  const least = Math.max(known.least, seen.least);
  const most = Math.min(known.most, seen.most);
  // Where they contradict each other one of the clocks was set in between.
  return least <= most ? { least, most, since: known.since } : seen;
}

/** The server's time now. Where no answer has come yet, ours. */
export function serverTime(now: number, offset: ClockOffset | undefined): TimeRange {
  return { earliest: now + (offset?.least ?? 0), latest: now + (offset?.most ?? 0) };
}
