import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Fn, type MapTerraformIterator, Op, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { expression } from './terraform-text';

const PERIOD_SECONDS = 300;

export interface ActivityAlarmProps {
  readonly name: string;
  /** Over the activities. */
  readonly each: MapTerraformIterator;
  readonly clusterArn: string;
  /** ARNs of topics. */
  readonly alarmActions: readonly string[];
  /** How many tasks may end badly in five minutes before the alarm is raised. */
  readonly failedTasksThreshold: number;
  /** How long a task may wait for a worker. */
  readonly lateStartSeconds: number;
}

/** Step Functions counts these by the activity: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
function counted(id: string, metricName: string) {
  return {
    id,
    metric: {
      namespace: 'AWS/States',
      metricName,
      dimensions: { ActivityArn: expression('aws_sfn_activity.activity[each.key].id') },
      period: PERIOD_SECONDS,
      stat: 'Sum',
    },
  };
}

const QUIET = {
  treatMissingData: 'notBreaching',
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  evaluationPeriods: 1,
} as const;

/**
 * Four for each activity. Step Functions does not count the tasks that wait: that none is taken shows in that some were
 * scheduled and none started; that the one taken had waited shows only when it is.
 */
export function activityAlarms(scope: Construct, props: ActivityAlarmProps): void {
  const { name, each, alarmActions } = props;
  const ofEach = { forEach: each, alarmActions: [...alarmActions] };
  new CloudwatchMetricAlarm(scope, 'failed_tasks_alarm', {
    ...ofEach,
    ...QUIET,
    alarmName: `${name}-activity-${each.key}-failed-tasks`,
    alarmDescription:
      'Tasks of the activity failed, timed out or fell silent: the execution’s history has the error, the worker’s log the rest.',
    threshold: props.failedTasksThreshold,
    metricQuery: [
      {
        id: 'ended_badly',
        label: 'Tasks that ended badly',
        expression: 'FILL(failed, 0) + FILL(late, 0) + FILL(silent, 0)',
        returnData: true,
      },
      counted('failed', 'ActivitiesFailed'),
      counted('late', 'ActivitiesTimedOut'),
      counted('silent', 'ActivitiesHeartbeatTimedOut'),
    ],
  });
  new CloudwatchMetricAlarm(scope, 'untaken_tasks_alarm', {
    ...ofEach,
    ...QUIET,
    alarmName: `${name}-activity-${each.key}-untaken-tasks`,
    alarmDescription: 'Tasks were scheduled and no worker took one: none runs, or each is busy with a longer task.',
    threshold: 1,
    metricQuery: [
      {
        id: 'untaken',
        label: 'Scheduled while none was taken',
        expression: 'IF(FILL(started, 0) == 0, FILL(scheduled, 0), 0)',
        returnData: true,
      },
      counted('scheduled', 'ActivitiesScheduled'),
      counted('started', 'ActivitiesStarted'),
    ],
  });
  new CloudwatchMetricAlarm(scope, 'late_tasks_alarm', {
    ...ofEach,
    ...QUIET,
    alarmName: `${name}-activity-${each.key}-late-tasks`,
    alarmDescription: 'A task waited long for a worker: there are too few, or they could not be placed.',
    namespace: 'AWS/States',
    metricName: 'ActivityScheduleTime',
    dimensions: { ActivityArn: expression('aws_sfn_activity.activity[each.key].id') },
    statistic: 'Maximum',
    period: PERIOD_SECONDS,
    // CloudWatch has it in milliseconds.
    threshold: Token.asNumber(Op.mul(props.lateStartSeconds, 1_000)),
  });
  missingWorkers(scope, props);
}

/**
 * ECS counts a service's tasks only with Container Insights, which costs. Its CPU metric comes from tasks that run, and
 * from nothing else: where it is missing there is no worker.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
function missingWorkers(scope: Construct, { name, clusterArn, alarmActions }: ActivityAlarmProps): void {
  const rows = new TerraformLocal(
    scope,
    'staffed',
    expression('{ for key, row in local.activities : key => row if row.count > 0 }'),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  new CloudwatchMetricAlarm(scope, 'missing_workers_alarm', {
    forEach: each,
    alarmName: `${name}-activity-${each.key}-missing-workers`,
    alarmDescription: 'No worker of the activity runs: see the events of its ECS service.',
    namespace: 'AWS/ECS',
    metricName: 'CPUUtilization',
    dimensions: {
      ClusterName: Fn.element(Fn.split('/', clusterArn), 1),
      ServiceName: expression('aws_ecs_service.workers[each.key].name'),
    },
    statistic: 'SampleCount',
    period: PERIOD_SECONDS,
    // A deployment and the start of its first worker take less than two periods.
    evaluationPeriods: 2,
    threshold: 1,
    comparisonOperator: 'LessThanThreshold',
    treatMissingData: 'breaching',
    alarmActions: [...alarmActions],
  });
}
