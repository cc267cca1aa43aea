import { Metrics } from '@aws-lambda-powertools/metrics';

/** With the metrics of stacks/parts/metrics.ts, on which the alarms and the dashboards are built. */
const NAMESPACE = 'Overtime';

/**
 * Metrics that are printed in CloudWatch's embedded metric format, for which no call is made.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param serviceName whose they are
 */
export function metricsOf(serviceName: string, now: Date): Metrics {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName });
  metrics.setTimestamp(now);
  return metrics;
}

/** The line to print. */
export function metricsLine(metrics: Metrics): string {
  return JSON.stringify(metrics.serializeMetrics());
}
