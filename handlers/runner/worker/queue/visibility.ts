/** The bounds of a message's visibility: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MOST_SECONDS = 43_200;
const LEAST_SECONDS = 10;

/** A message that failed comes back after so long at most, so that it reaches the dead-letter queue within the day. */
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
