/**
 * Of a FIFO queue: what earlier looks have shown of messages that nobody can take, as another of their group is in flight.
 * SQS counts them as waiting. Of groups it tells how many have messages in flight, and not how many others wait; and whoever
 * receives a message to see whether that can be done uses up one of its receives.
 *
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export interface Blocked {
  /** When messages were last seen to wait. */
  readonly seenAt: number;
  /** How many workers were busy then. */
  readonly busy: number;
  /** Since when there has been a free worker beside them, which would have taken what can be taken. */
  readonly freeSince?: number;
  /** How many workers may be free at once; without it nothing is known against as many as there are messages for. */
  readonly spare?: number;
}

export interface BlockedView {
  readonly waiting: number;
  /** Workers that run or are about to. */
  readonly running: number;
  /** Those of them whose lanes are all taken, at most. */
  readonly busy: number;
  /** Those of them that were started lately, and may not have polled yet. */
  readonly starting: number;
  /** Workers that were started lately, ran, and have ended. */
  readonly ended: number;
}

/** The sweep comes every minute. Where it saw nothing wait, what waits now is other messages. */
const SAME_MESSAGES_MILLISECONDS = 90_000;

/** A poll takes what it can within 20 s; of two looks that far apart the second has seen its result. */
const PROOF_MILLISECONDS = 50_000;

/** Each message in flight is in a lane. So of the other workers each has a free lane, or is about to have one. */
export function busyWorkers(inFlight: number, running: number, concurrency: number): number {
  return Math.min(running, Math.ceil(inFlight / concurrency));
}

/**
 * Workers that come to an end while messages wait, or stay free beside them, have shown that those messages are blocked:
 * from then on one at a time looks whether that has changed. When it has found work there may be more, for twice as many.
 *
 * @returns `undefined` where nothing waits
 */
export function nextBlocked(known: Blocked | undefined, view: BlockedView, now: number): Blocked | undefined {
  const { waiting, running, busy, starting, ended } = view;
  if (waiting === 0) {
    return undefined;
  }
  if (known === undefined || now - known.seenAt >= SAME_MESSAGES_MILLISECONDS) {
    return { seenAt: now, busy };
  }
  const free = running - busy;
  const freeSince = free > starting ? (known.freeSince ?? now) : undefined;
  const isProved = ended > 0 || (freeSince !== undefined && now - freeSince >= PROOF_MILLISECONDS);
  const hasFoundWork = free === 0 && busy > known.busy;
  const spare = isProved ? 1 : known.spare !== undefined && hasFoundWork ? 2 * known.spare : known.spare;
  return {
    seenAt: now,
    busy,
    ...(freeSince === undefined ? {} : { freeSince }),
    ...(spare === undefined ? {} : { spare }),
  };
}

/**
 * How many workers there should be beside blocked messages. While one is free no other is started, and where none is, one
 * at least: so no message that can be taken is without a worker for longer than until the next look.
 *
 * @param sent how many messages were just sent, whose groups may be new
 */
export function worthStarting(
  wanted: number,
  blocked: Blocked | undefined,
  busy: number,
  sent: number,
  { least, messagesPerWorker }: { readonly least: number; readonly messagesPerWorker: number },
): number {
  if (blocked?.spare === undefined) {
    return wanted;
  }
  return Math.min(wanted, Math.max(least, busy + Math.max(blocked.spare, Math.ceil(sent / messagesPerWorker))));
}
