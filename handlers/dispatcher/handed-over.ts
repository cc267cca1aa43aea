/**
 * Copies of messages that wait out of everybody's sight: of a standard queue those of jobs that go on past eleven hours,
 * whose messages are not in flight any more. Each keeps a worker busy that SQS's counts do not show.
 */
export interface HandedOver {
  readonly copies: number;
  /** When there were so many. */
  readonly at: number;
}

/** A copy is away for a quarter of an hour at most, and is seen again until a worker has put it off anew. */
const AWAY_MILLISECONDS = 20 * 60 * 1000;

/**
 * A copy that is seen again waits like any other message, and must not stand for the worker that is busy with its job and
 * for one that is to receive it: so the most of the last minutes counts. What else is delayed, as by its sender, counts
 * too, which wants a worker too many rather than one too few.
 */
export function nextHandedOver(known: HandedOver | undefined, delayed: number, now: number): HandedOver | undefined {
  if (known !== undefined && known.copies > delayed && now - known.at < AWAY_MILLISECONDS) {
    return known;
  }
  return delayed === 0 ? undefined : { copies: delayed, at: now };
}

/** Where no worker could be started to receive the copies, they are still there to be received. */
export function stillHandedOver(known: HandedOver | undefined, now: number): HandedOver | undefined {
  return known === undefined ? undefined : { ...known, at: now };
}
