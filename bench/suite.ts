export const UNITS = [
  'ms',
  'µs',
  's',
  'MB',
  'kB',
  '%',
  'per start',
  'per message',
  'per s',
  'starts',
  'callers',
] as const;

/** A figure of each run. */
export interface Metric {
  readonly name: string;
  readonly unit: (typeof UNITS)[number];
  /** The most that ours may have, where a goal is set. */
  readonly atMost?: number;
  /** The most that ours may take of what the first peer takes. */
  readonly atMostOfPeer?: number;
  /** The most that ours may take above what the first peer takes. */
  readonly atMostAbovePeer?: number;
  /** By the peer's name, why it is better here; the table tells it only where it really is. */
  readonly because?: Readonly<Record<string, string>>;
}

/** Of what is counted in these the more is the better; of all else the less. */
const BETTER_UPWARDS: readonly Metric['unit'][] = ['per s', 'starts'];

export function isBetter({ unit }: Metric, one: number, other: number): boolean {
  return BETTER_UPWARDS.includes(unit) ? one > other : one < other;
}

/** What one run measured: a number for each metric that the subject has. */
export type Sample = Readonly<Record<string, number>>;

interface Subject {
  readonly name: string;
  readonly version: string;
  readonly run: () => Promise<Sample>;
}

/** Subjects that do the same thing. The first is ours, the others are peers. */
export interface Comparison {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly subjects: readonly Subject[];
}

export interface BenchOptions {
  /** Sizes of packages, in MB unpacked. */
  readonly packages: readonly number[];
  /** Sizes of inputs and outputs, in bytes. */
  readonly payloads: readonly number[];
  /** How many tasks of an activity are counted. */
  readonly tasks: number;
  /** How many starts are paced. */
  readonly starts: readonly number[];
  /** Whether to ask no registry: peers that would have to be installed are left out. */
  readonly offline: boolean;
  /** Where the suites keep what they make; it is emptied of what the runs leave only when all are done. */
  readonly folder: string;
}

export interface Prepared {
  readonly comparisons: readonly Comparison[];
  /** Peers that could not be had, with the reason, for the reader of the table. */
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Suite {
  readonly name: string;
  /** What is measured, in a sentence or two above the table. */
  readonly about: string;
  readonly prepare: (options: BenchOptions) => Promise<Prepared>;
}
