import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { alarm, errorsOf, messagesIn, PERIOD_SECONDS, type Told } from './alarms';
import { MESSAGES_FAILED, METRIC_NAMESPACE, QUEUE_DIMENSION, WORKERS_MISSING } from './metrics';

export interface QueueWorkerAlarmProps extends Told {
  readonly name: string;
  readonly queueName: string;
  readonly deadLettersName: string;
  readonly dispatcherFunctionName: string;
  readonly dispatcherDeadLettersName: string;
  /** How old a message may become. */
  readonly lateMessageSeconds: number;
}

/** What goes wrong with a queue's work. A message that failed, and is tried again, is not: only one that is given up. */
export function queueWorkerAlarms(scope: Construct, props: QueueWorkerAlarmProps): void {
  const { name, queueName, dispatcherFunctionName } = props;
  alarm(
    scope,
    'dead_letters_alarm',
    messagesIn(
      `${name}-dead-letters`,
      props.deadLettersName,
      'Messages were given up, and wait in the dead-letter queue: the attribute overtime-reason of each says why.',
    ),
    props,
  );
  lateMessages(scope, props);
  const ofQueue = { namespace: METRIC_NAMESPACE, dimensions: { [QUEUE_DIMENSION]: queueName }, threshold: 1 } as const;
  alarm(
    scope,
    'missing_workers_alarm',
    {
      ...ofQueue,
      name: `${name}-missing-workers`,
      description: 'Workers could not be started, or never ran: see the dispatcher’s log, and the stopped tasks.',
      metric: WORKERS_MISSING,
      statistic: 'Maximum',
    },
    props,
  );
  alarm(
    scope,
    'failed_messages_alarm',
    {
      ...ofQueue,
      name: `${name}-failed-messages`,
      description: 'Objects could not be made messages: the dispatcher’s log names each. They are tried again.',
      metric: MESSAGES_FAILED,
      statistic: 'Sum',
    },
    props,
  );
  alarm(
    scope,
    'dispatcher_errors_alarm',
    errorsOf(
      `${dispatcherFunctionName}-errors`,
      dispatcherFunctionName,
      'The dispatcher failed: its log says why. Messages may be without a worker.',
    ),
    props,
  );
  alarm(
    scope,
    'dispatcher_dead_letters_alarm',
    messagesIn(
      `${dispatcherFunctionName}-dead-letters`,
      props.dispatcherDeadLettersName,
      'Events of objects that the dispatcher could not handle wait in its dead-letter queue.',
    ),
    props,
  );
}

/**
 * SQS counts the age of a message that is worked on too, and work may take days: it counts while others wait, and not only
 * until their worker has started.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function lateMessages(scope: Construct, props: QueueWorkerAlarmProps): void {
  const measured = (id: string, metricName: string, stat: 'Maximum' | 'Minimum') => ({
    id,
    metric: {
      namespace: 'AWS/SQS',
      metricName,
      dimensions: { QueueName: props.queueName },
      period: PERIOD_SECONDS,
      stat,
    },
  });
  new CloudwatchMetricAlarm(scope, 'late_messages_alarm', {
    alarmName: `${props.name}-late-messages`,
    alarmDescription:
      'Messages wait, and the oldest is old: there are too few workers, or the work on it fails again and again.',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: 1,
    threshold: props.lateMessageSeconds,
    treatMissingData: 'notBreaching',
    metricQuery: [
      {
        id: 'late',
        label: 'Age of the oldest message while some wait',
        expression: 'IF(FILL(waiting, 0) > 0, FILL(age, 0), 0)',
        returnData: true,
      },
      measured('age', 'ApproximateAgeOfOldestMessage', 'Maximum'),
      measured('waiting', 'ApproximateNumberOfMessagesVisible', 'Minimum'),
    ],
    alarmActions: [...props.alarmActions],
  });
}
