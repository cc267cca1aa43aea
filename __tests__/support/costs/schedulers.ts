import { schedulerMetrics } from '../../../handlers/scheduler/metrics';
import { PACE } from '../../../handlers/scheduler/pace';
import { Tally } from '../../../handlers/scheduler/tally';
import { HOURS_A_MONTH, PRICES } from './prices';

/** A query that finds nothing, of an index, which is read with eventual consistency. */
const EMPTY_QUERY_UNITS = 0.5;

const BYTES_A_GB = 1024 ** 3;
const MINUTE_MILLISECONDS = 60_000;
const MONTH_MILLISECONDS = HOURS_A_MONTH * 3_600_000;

/** What schedulers ask of DynamoDB in some time in which nothing is due. */
export function schedulerCalls(schedulers: number, milliseconds: number) {
  const beats = (schedulers * milliseconds) / PACE.beat;
  const looks = (schedulers * milliseconds) / PACE.changes;
  return {
    // Where there is another, it has written since: the first try is refused, and is paid like one that is not.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html
    writes: beats * (schedulers > 1 ? 2 : 1),
    // One for each minute that a writer's clock may say.
    queries: looks * (2 * (PACE.changesOverlap / MINUTE_MILLISECONDS) + 1),
  };
}

/** What schedulers to whom nothing is due cost in a month besides their tasks: calls and log lines in dollars, and the metrics that they print. */
export function idleSchedulers(schedulers: number): { readonly dollars: number; readonly metrics: number } {
  const { writes, queries } = schedulerCalls(schedulers, MONTH_MILLISECONDS);
  const gauges = { schedules: 0, setAside: 0 };
  const line = schedulerMetrics(new Tally().take(), gauges, 'overtime-schedules', new Date());
  const printed = (schedulers * line.length * MONTH_MILLISECONDS) / PACE.metrics;
  return {
    dollars:
      writes * PRICES.dynamodbWrite +
      queries * EMPTY_QUERY_UNITS * PRICES.dynamodbRead +
      (printed / BYTES_A_GB) * PRICES.logsGb,
    metrics: JSON.parse(line)._aws.CloudWatchMetrics[0].Metrics.length,
  };
}
