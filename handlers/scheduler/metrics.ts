import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsLine, metricsOf } from '../shared/embedded-metrics';
import { COUNTS, type Tallied } from './tally';

export interface Gauges {
  readonly schedules: number;
  readonly setAside: number;
}

/**
 * What the scheduler did, as a line in CloudWatch's embedded metric format; whose it is tells the name of the table of
 * schedules. Counts of 0 are there as well: an alarm on what is missing needs them.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function schedulerMetrics(tallied: Tallied, gauges: Gauges, schedulesTable: string, now: Date): string {
  const metrics = metricsOf(schedulesTable, now);
  for (const count of COUNTS) {
    metrics.addMetric(`Slots${count}`, MetricUnit.Count, tallied.counts[count]);
  }
  metrics.addMetric('Schedules', MetricUnit.Count, gauges.schedules);
  metrics.addMetric('SchedulesSetAside', MetricUnit.Count, gauges.setAside);
  for (const lateness of tallied.lateness) {
    metrics.addMetric('SlotLateness', MetricUnit.Milliseconds, lateness);
  }
  return metricsLine(metrics);
}
