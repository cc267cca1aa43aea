export interface Summary {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly runs: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new Error('There is no median of nothing.');
  }
  return (upper + lower) / 2;
}

export function summarise(values: readonly number[]): Summary {
  return {
    median: median(values),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    runs: values.length,
  };
}

/**
 * Ours over the peer's, by the runs that were neighbours: what slows the whole machine for a while slows both. 0.5 says
 * that ours takes half.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Summary {
  return summarise(ours.map((value, index) => value / (theirs[index] ?? Number.NaN)));
}
