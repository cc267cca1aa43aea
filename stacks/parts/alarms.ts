import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { ENDED_BADLY, LEDGER_DIMENSION, METRIC_NAMESPACE, RUNS, START_LATENCY, STATUS_DIMENSION } from './metrics';

const PERIOD_SECONDS = 300;

export interface Told {
  /** ARNs of topics. */
  readonly alarmActions: readonly string[];
}

interface Measured {
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
  readonly threshold: number;
}

// No data is the usual state of a deployment that nobody uses at the moment.
const QUIET = { treatMissingData: 'notBreaching', comparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;

export function alarm(scope: Construct, id: string, measured: Measured, { alarmActions }: Told): void {
  new CloudwatchMetricAlarm(scope, id, {
    alarmName: measured.name,
    alarmDescription: measured.description,
    namespace: measured.namespace,
    metricName: measured.metric,
    dimensions: { ...measured.dimensions },
    statistic: measured.statistic,
    period: PERIOD_SECONDS,
    evaluationPeriods: 1,
    threshold: measured.threshold,
    ...QUIET,
    alarmActions: [...alarmActions],
  });
}

export function messagesIn(name: string, queueName: string, description: string): Measured {
  return {
    name,
    description,
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queueName },
    statistic: 'Maximum',
    threshold: 1,
  };
}

export function errorsOf(name: string, functionName: string, description: string): Measured {
  return {
    name,
    description,
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    dimensions: { FunctionName: functionName },
    statistic: 'Sum',
    threshold: 1,
  };
}

export interface StarterAlarmProps extends Told {
  readonly functionName: string;
  readonly deadLetterQueueName: string;
}

/** A request that was refused is an error too: its caller was told, and may not have listened. */
export function starterAlarms(scope: Construct, props: StarterAlarmProps): void {
  const { functionName, deadLetterQueueName } = props;
  alarm(
    scope,
    'errors_alarm',
    errorsOf(`${functionName}-errors`, functionName, 'The starter failed, or refused a request: its log names both.'),
    props,
  );
  alarm(
    scope,
    'dead_letters_alarm',
    messagesIn(
      `${functionName}-dead-letters`,
      deadLetterQueueName,
      'Asynchronous requests that the starter could not carry out wait in its dead-letter queue.',
    ),
    props,
  );
}

export interface RunAlarmProps extends Told {
  readonly name: string;
  readonly ledgerTable: string;
  readonly watcherFunctionName: string;
  readonly watcherDeadLettersName: string;
  readonly launchDeadLettersName: string;
  readonly launchQueueName: string;
  /** How many runs may end badly in five minutes before the alarm is raised. */
  readonly failedRunsThreshold: number;
  /** How long a run may wait for its task. */
  readonly lateStartSeconds: number;
}

export function runAlarms(scope: Construct, props: RunAlarmProps): void {
  const { name, ledgerTable } = props;
  failedRuns(scope, props);
  const ofLedger = { [LEDGER_DIMENSION]: ledgerTable };
  alarm(
    scope,
    'lost_runs_alarm',
    {
      name: `${name}-lost-runs`,
      description: 'The task of a run is gone, and nobody knows what became of it: status names the run’s last state.',
      namespace: METRIC_NAMESPACE,
      metric: RUNS,
      dimensions: { ...ofLedger, [STATUS_DIMENSION]: 'LOST' },
      statistic: 'Sum',
      threshold: 1,
    },
    props,
  );
  alarm(
    scope,
    'late_runs_alarm',
    {
      name: `${name}-late-runs`,
      description: 'A run waited long for its task: see the launch queue, the account’s quotas and Fargate’s capacity.',
      namespace: METRIC_NAMESPACE,
      metric: START_LATENCY,
      dimensions: ofLedger,
      statistic: 'Maximum',
      threshold: props.lateStartSeconds,
    },
    props,
  );
  alarm(
    scope,
    'waiting_launches_alarm',
    {
      name: `${name}-waiting-launches`,
      description:
        'A launch has waited long in its queue: see the starter’s log, the account’s quotas and Fargate’s capacity.',
      namespace: 'AWS/SQS',
      metric: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: props.launchQueueName },
      statistic: 'Maximum',
      threshold: props.lateStartSeconds,
    },
    props,
  );
  alarm(
    scope,
    'watcher_errors_alarm',
    errorsOf(`${name}-watcher-errors`, props.watcherFunctionName, 'The watcher failed: runs may stay open.'),
    props,
  );
  alarm(
    scope,
    'watcher_dead_letters_alarm',
    messagesIn(
      `${name}-watcher-dead-letters`,
      props.watcherDeadLettersName,
      'Events that the watcher could not handle wait in its dead-letter queue. The sweep closes what they were about.',
    ),
    props,
  );
  alarm(
    scope,
    'launch_dead_letters_alarm',
    messagesIn(
      `${name}-launch-dead-letters`,
      props.launchDeadLettersName,
      'Launches that failed again and again wait in their dead-letter queue. The sweep sends anew what is still wanted.',
    ),
    props,
  );
}

/** One alarm over the states that mean that a run ended badly, each counted in a metric of its own. */
function failedRuns(scope: Construct, props: RunAlarmProps): void {
  const counted = ENDED_BADLY.map((status) => ({ id: status.toLowerCase(), status }));
  new CloudwatchMetricAlarm(scope, 'failed_runs_alarm', {
    alarmName: `${props.name}-failed-runs`,
    alarmDescription: 'Runs failed, timed out or were interrupted: list them by status.',
    evaluationPeriods: 1,
    threshold: props.failedRunsThreshold,
    ...QUIET,
    metricQuery: [
      {
        id: 'ended_badly',
        label: 'Runs that ended badly',
        expression: counted.map(({ id }) => `FILL(${id}, 0)`).join(' + '),
        returnData: true,
      },
      ...counted.map(({ id, status }) => ({
        id,
        metric: {
          namespace: METRIC_NAMESPACE,
          metricName: RUNS,
          dimensions: { [LEDGER_DIMENSION]: props.ledgerTable, [STATUS_DIMENSION]: status },
          period: PERIOD_SECONDS,
          stat: 'Sum',
        },
      })),
    ],
    alarmActions: [...props.alarmActions],
  });
}
