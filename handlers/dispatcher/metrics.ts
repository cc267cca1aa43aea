import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsLine, metricsOf } from '../shared/embedded-metrics';

/** What one invocation did. */
export interface DispatcherCounts {
  readonly objectsDispatched: number;
  readonly objectsSkipped: number;
  readonly messagesFailed: number;
  readonly workersStarted: number;
  readonly workersMissing: number;
  /** After a look; `undefined` where there was none. */
  readonly workersRunning: number | undefined;
}

/**
 * What an invocation did, as a line in CloudWatch's embedded metric format; whose it is tells the name of the queue.
 * Counts of 0 are there as well, so that each line is whole.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function dispatcherMetrics(counts: DispatcherCounts, queueUrl: string, now: Date): string {
  const metrics = metricsOf(queueName(queueUrl), now);
  metrics.addMetric('ObjectsDispatched', MetricUnit.Count, counts.objectsDispatched);
  metrics.addMetric('ObjectsSkipped', MetricUnit.Count, counts.objectsSkipped);
  metrics.addMetric('MessagesFailed', MetricUnit.Count, counts.messagesFailed);
  metrics.addMetric('WorkersStarted', MetricUnit.Count, counts.workersStarted);
  metrics.addMetric('WorkersMissing', MetricUnit.Count, counts.workersMissing);
  if (counts.workersRunning !== undefined) {
    metrics.addMetric('WorkersRunning', MetricUnit.Count, counts.workersRunning);
  }
  return metricsLine(metrics);
}

function queueName(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}
