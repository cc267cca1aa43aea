import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsLine, metricsOf } from './embedded-metrics';
import type { FinalStatus, RunRecord } from './run';

/** What is known of a run when it ends. */
export type EndedRun = Pick<
  RunRecord,
  'createdAt' | 'attempts' | 'startedAt' | 'invokedAt' | 'endedAt' | 'peakMemoryMiB' | 'memorySizeMiB'
> & { readonly status: FinalStatus };

/** With the metrics of stacks/parts/metrics.ts, on which the alarms and the dashboard are built. */
const STATUS_DIMENSION = 'Status';

const MILLISECONDS_PER_SECOND = 1_000;

/**
 * The metrics of a run that has ended, as lines in CloudWatch's embedded metric format: whoever writes a run's last
 * state prints them, so that each run is counted once, and no call is made for it.
 *
 * StartLatency is of the last attempt, and from the end of the one before it: what earlier attempts took to fail is no
 * wait for a task.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function runMetrics(run: EndedRun, ledgerTable: string, now: Date): readonly string[] {
  const counted = metricsOf(ledgerTable, now);
  counted.addDimension(STATUS_DIMENSION, run.status);
  counted.addMetric('Runs', MetricUnit.Count, 1);

  const measured = metricsOf(ledgerTable, now);
  const latency = secondsBetween(run.attempts?.at(-1)?.endedAt ?? run.createdAt, run.startedAt);
  const duration = secondsBetween(run.invokedAt, run.endedAt);
  if (latency !== undefined) {
    measured.addMetric('StartLatency', MetricUnit.Seconds, latency);
  }
  if (duration !== undefined) {
    measured.addMetric('Duration', MetricUnit.Seconds, duration);
  }
  const { peakMemoryMiB, memorySizeMiB } = run;
  if (peakMemoryMiB !== undefined && memorySizeMiB !== undefined) {
    // CloudWatch has no unit for MiB: the names say it.
    measured.addMetric('PeakMemoryMiB', MetricUnit.NoUnit, peakMemoryMiB);
    measured.addMetric('MemorySizeMiB', MetricUnit.NoUnit, memorySizeMiB);
  }
  return [counted, ...(measured.hasStoredMetrics() ? [measured] : [])].map(metricsLine);
}

/** Never below 0: the two times may be of two clocks. */
function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  return from === undefined || to === undefined
    ? undefined
    : Math.max(0, Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_SECOND;
}
