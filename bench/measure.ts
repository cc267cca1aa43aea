import type { Comparison, Sample } from './suite';

export interface Measured {
  readonly title: string;
  readonly metrics: Comparison['metrics'];
  readonly subjects: readonly {
    readonly name: string;
    readonly version: string;
    readonly samples: readonly Sample[];
  }[];
}

export interface Rounds {
  readonly warmUps: number;
  readonly runs: number;
}

/**
 * Runs the subjects in turn, A B A B, so that a machine whose speed drifts drifts for all of them. The first rounds warm
 * caches up and do not count.
 */
export async function measure(
  { title, metrics, subjects }: Comparison,
  { warmUps, runs }: Rounds,
  onRun: (line: string) => void,
): Promise<Measured> {
  const samples = subjects.map((): Sample[] => []);
  for (let round = 0; round < warmUps + runs; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const sample = await subject.run();
      const counts = round >= warmUps;
      if (counts) {
        samples[index]?.push(sample);
      }
      onRun(
        `${title}, ${counts ? `run ${round - warmUps + 1}` : 'warm-up'}, ${subject.name}: ${JSON.stringify(sample)}`,
      );
    }
  }
  return {
    title,
    metrics,
    subjects: subjects.map(({ name, version }, index) => ({ name, version, samples: samples[index] ?? [] })),
  };
}
