/** The bounds of a message's visibility: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MOST_SECONDS = 43_200;
const LEAST_SECONDS = 10;

/** A message that failed comes back after so long at most, so that it reaches the dead-letter queue within the day. It is also the longest delay. */
const LONGEST_RETURN_SECONDS = 900;

const MILLISECONDS_PER_SECOND = 1_000;

/** How long a message stays hidden where it is renewed so often: two renewals may be lost. */
export function visibilitySeconds(renewalMilliseconds: number): number {
  return Math.min(
    Math.max(Math.ceil((3 * renewalMilliseconds) / MILLISECONDS_PER_SECOND), LEAST_SECONDS),
    MOST_SECONDS,
  );
}

/** When a message that failed comes back: each time later, as what it needs may be out of reach for a while. */
export function returnSeconds(receiveCount: number): number {
  return Math.min(2 ** receiveCount, LONGEST_RETURN_SECONDS);
}

/** A claim ends a little before its message is seen again, so that whoever receives that can take the job. */
const LEASE_MARGIN_MILLISECONDS = 2_000;

/** How long a job is this worker's where its message is renewed so often. */
export function leaseMilliseconds(renewalMilliseconds: number): number {
  return visibilitySeconds(renewalMilliseconds) * MILLISECONDS_PER_SECOND - LEASE_MARGIN_MILLISECONDS;
}

/** Of twelve hours SQS refuses a second more: clocks differ, and a call takes its time. */
const TOTAL_MARGIN_SECONDS = 60;

/** So many seconds, or what is left of the twelve hours since the message was received; 0 when nothing is. */
export function secondsLeft(wanted: number, receivedAt: number, now: number): number {
  const passed = Math.ceil((now - receivedAt) / MILLISECONDS_PER_SECOND);
  return Math.max(Math.min(wanted, MOST_SECONDS - TOTAL_MARGIN_SECONDS - passed), 0);
}

/** How long a message of a job that another worker has is hidden: for as long as that has it, and longer each time. */
export function heldSeconds(milliseconds: number, receiveCount: number): number {
  return Math.max(Math.ceil(milliseconds / MILLISECONDS_PER_SECOND) + 1, returnSeconds(receiveCount));
}

/**
 * How long the copy of a message of a job that another worker has stays away: until that one's lease ends, and each time
 * twice as long as it was away before. A job of days is asked for a few times in an hour, and not with each lease; when
 * its worker dies, the copy comes within a quarter of an hour.
 *
 * @param awayMilliseconds since the copy was sent; 0 for a message that is none
 */
export function awaySeconds(leaseMilliseconds: number, awayMilliseconds: number): number {
  const away = Math.max(Math.ceil(awayMilliseconds / MILLISECONDS_PER_SECOND), 0);
  return Math.min(
    Math.max(Math.ceil(leaseMilliseconds / MILLISECONDS_PER_SECOND) + 1, 2 * away),
    LONGEST_RETURN_SECONDS,
  );
}
