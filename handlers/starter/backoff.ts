/** How long to wait before a try, and how that grows. */
export interface BackoffLimits {
  readonly firstMilliseconds: number;
  readonly mostMilliseconds: number;
}

/**
 * Exponential backoff with full jitter: anything from nothing to the bound, which doubles with each failure. Of the
 * known forms it leaves the fewest calls when many clients fail together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param failures how many there have been, at least 1
 * @param random from 0 up to, not including, 1
 */
export function fullJitter(failures: number, random: number, limits: BackoffLimits): number {
  return Math.floor(random * Math.min(limits.mostMilliseconds, limits.firstMilliseconds * 2 ** (failures - 1)));
}
