/** How often the scheduler does what it does without being asked, and how long it waits. In milliseconds. */
export interface Pace {
  /** Between two looks at what has changed. */
  readonly changes: number;
  /** How much of the time before is looked at again: writers' clocks differ, and an index is late. */
  readonly changesOverlap: number;
  /** Between two signs of life. */
  readonly beat: number;
  /** Without a sign of life for so long, a scheduler counts as dead. */
  readonly deadAfter: number;
  /** So much later the next in line looks after a slot. */
  readonly standIn: number;
  /** Between two looks at what another scheduler, or a run, has not finished. */
  readonly recheck: number;
  /** Between two whole scans, on average. */
  readonly reconcile: number;
  /** The longest that the loop sleeps: a clock that is set anew is noticed so soon. */
  readonly longestSleep: number;
  /** What is due later than this after its time is a matter of catching up. */
  readonly prompt: number;
  /** A slot this late is still on time for a schedule that does not catch up: what EventBridge Scheduler promises. */
  readonly onTime: number;
  /** Counts are printed as metrics so often. */
  readonly metrics: number;
  /** Before slots that were decided according to the watermark, so much is looked at again. */
  readonly watermarkMargin: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * A scheduler that dies is noticed within `deadAfter` and two beats, so that its slots start within ten seconds.
 * Source of `onTime`: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const PACE: Pace = {
  changes: 2 * SECOND,
  changesOverlap: 2 * MINUTE,
  beat: 2 * SECOND,
  deadAfter: 6 * SECOND,
  standIn: 2 * SECOND,
  recheck: SECOND,
  reconcile: 60 * MINUTE,
  longestSleep: SECOND,
  prompt: SECOND,
  onTime: MINUTE,
  metrics: 10 * SECOND,
  watermarkMargin: 2 * MINUTE,
};
