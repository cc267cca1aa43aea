import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { alarm, errorsOf, type Measured, messagesIn, PERIOD_SECONDS, type Told } from './alarms';
import {
  METRIC_NAMESPACE,
  SCHEDULES,
  SCHEDULES_SET_ASIDE,
  SLOT_LATENESS,
  SLOTS_FAILED,
  SLOTS_MISSED,
  SLOTS_REFUSED,
  TABLE_DIMENSION,
} from './metrics';

export interface ScheduleAlarmProps extends Told {
  readonly name: string;
  readonly schedulesTable: string;
  readonly registrarFunctionName: string;
  readonly registrarDeadLettersName: string;
  /** How late a slot may be fired. */
  readonly latenessMilliseconds: number;
}

/** What goes wrong with schedules, by the metrics that the schedulers write. */
export function scheduleAlarms(scope: Construct, props: ScheduleAlarmProps): void {
  const { name, registrarFunctionName } = props;
  const raise = (
    id: string,
    title: string,
    description: string,
    measured: Pick<Measured, 'metric' | 'statistic' | 'threshold'>,
  ) =>
    alarm(
      scope,
      id,
      {
        name: `${name}-${title}`,
        description,
        namespace: METRIC_NAMESPACE,
        dimensions: { [TABLE_DIMENSION]: props.schedulesTable },
        ...measured,
      },
      props,
    );
  raise(
    'missed_slots_alarm',
    'missed-slots',
    'Slots were not fired before their starting deadline: the history of each schedule names them.',
    {
      metric: SLOTS_MISSED,
      statistic: 'Sum',
      threshold: 1,
    },
  );
  raise(
    'failed_slots_alarm',
    'failed-slots',
    'The starter could not be asked for the runs of slots: see the scheduler’s log.',
    {
      metric: SLOTS_FAILED,
      statistic: 'Sum',
      threshold: 1,
    },
  );
  raise('refused_slots_alarm', 'refused-slots', 'The starter refuses what a schedule asks for: its history says why.', {
    metric: SLOTS_REFUSED,
    statistic: 'Sum',
    threshold: 1,
  });
  raise(
    'set_aside_alarm',
    'set-aside-schedules',
    'Rows of the table of schedules are none: the scheduler’s log names what is wrong with each.',
    {
      metric: SCHEDULES_SET_ASIDE,
      statistic: 'Maximum',
      threshold: 1,
    },
  );
  raise('late_slots_alarm', 'late-slots', 'Slots are fired late: see the scheduler’s size and log.', {
    metric: SLOT_LATENESS,
    statistic: 'Maximum',
    threshold: props.latenessMilliseconds,
  });
  noScheduler(scope, props);
  alarm(
    scope,
    'registrar_errors_alarm',
    errorsOf(
      `${registrarFunctionName}-errors`,
      registrarFunctionName,
      'The registrar failed, or refused a schedule: its log names both.',
    ),
    props,
  );
  alarm(
    scope,
    'registrar_dead_letters_alarm',
    messagesIn(
      `${registrarFunctionName}-dead-letters`,
      props.registrarDeadLettersName,
      'What the registrar could not do waits in its dead-letter queue. The scheduler’s own reconciliation finds rows that it did not note.',
    ),
    props,
  );
}

/** Each scheduler says every minute how many schedules it has: where none says so, none fires. */
function noScheduler(scope: Construct, { name, schedulesTable, alarmActions }: ScheduleAlarmProps): void {
  new CloudwatchMetricAlarm(scope, 'no_scheduler_alarm', {
    alarmName: `${name}-no-scheduler`,
    alarmDescription: 'No scheduler has spoken for five minutes: nothing is fired.',
    namespace: METRIC_NAMESPACE,
    metricName: SCHEDULES,
    dimensions: { [TABLE_DIMENSION]: schedulesTable },
    statistic: 'SampleCount',
    period: PERIOD_SECONDS,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: 'LessThanThreshold',
    treatMissingData: 'breaching',
    alarmActions: [...alarmActions],
  });
}

export interface EventBridgeAlarmProps extends Told {
  readonly name: string;
  readonly groupName: string;
  readonly deadLetterQueueName: string;
}

/**
 * Invocations that EventBridge Scheduler gave up: those that it could put into the queue, and those that it could not.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
 */
export function eventBridgeAlarms(scope: Construct, props: EventBridgeAlarmProps): void {
  alarm(
    scope,
    'dead_letters_alarm',
    messagesIn(
      `${props.name}-schedules-dead-letters`,
      props.deadLetterQueueName,
      'Slots for which EventBridge Scheduler could not invoke the starter wait in the dead-letter queue.',
    ),
    props,
  );
  alarm(
    scope,
    'dropped_alarm',
    {
      name: `${props.name}-dropped-slots`,
      description: 'EventBridge Scheduler gave up slots for which it could not invoke the starter.',
      namespace: 'AWS/Scheduler',
      metric: 'InvocationDroppedCount',
      dimensions: { ScheduleGroup: props.groupName },
      statistic: 'Sum',
      threshold: 1,
    },
    props,
  );
}
