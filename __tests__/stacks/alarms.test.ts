// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { Runner } from '../../stacks/runner';
import type { RunnerProps } from '../../stacks/runner-props';
import { viewModule } from '../support/stack-view';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111122223333:pager';
const LEDGER = '${aws_dynamodb_table.ledger.name}';

function view(props: Partial<RunnerProps> = {}) {
  return viewModule((stack) => {
    new Runner(stack, 'Default', {
      name: 'overtime',
      logGroupName: '/ecs/overtime',
      logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime',
      ...props,
    });
  });
}

const runner = view();

interface Alarm {
  readonly alarm_name: string;
  readonly namespace?: string;
  readonly metric_name?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly threshold: number;
}

const alarms = Object.values(runner.all('aws_cloudwatch_metric_alarm')) as unknown as readonly Alarm[];

test('there is an alarm for each of these, in five minutes', () => {
  const rows = alarms.map(({ alarm_name, namespace, metric_name, dimensions, statistic, threshold }) =>
    [alarm_name, namespace, metric_name, JSON.stringify(dimensions), statistic, threshold].join(' '),
  );

  expect(rows.sort()).toEqual([
    'overtime-failed-runs     1',
    `overtime-late-runs Overtime StartLatency {"service":"${LEDGER}"} Maximum 600`,
    'overtime-launch-dead-letters AWS/SQS ApproximateNumberOfMessagesVisible {"QueueName":"${aws_sqs_queue.launch_dead_letters.name}"} Maximum 1',
    `overtime-lost-runs Overtime Runs {"service":"${LEDGER}","Status":"LOST"} Sum 1`,
    'overtime-waiting-launches AWS/SQS ApproximateAgeOfOldestMessage {"QueueName":"${aws_sqs_queue.launches.name}"} Maximum 600',
    'overtime-watcher-dead-letters AWS/SQS ApproximateNumberOfMessagesVisible {"QueueName":"${aws_sqs_queue.watcher_dead_letters.name}"} Maximum 1',
    'overtime-watcher-errors AWS/Lambda Errors {"FunctionName":"${aws_lambda_function.watcher_function.function_name}"} Sum 1',
  ]);
});

test('runs that failed, timed out and were interrupted count together', () => {
  const counted = (id: string, Status: string) => ({
    id,
    metric: {
      namespace: 'Overtime',
      metric_name: 'Runs',
      dimensions: { service: LEDGER, Status },
      period: 300,
      stat: 'Sum',
    },
  });

  expect(runner.at('aws_cloudwatch_metric_alarm.failed_runs_alarm')['metric_query']).toEqual([
    {
      id: 'ended_badly',
      label: 'Runs that ended badly',
      expression: 'FILL(failed, 0) + FILL(timed_out, 0) + FILL(interrupted, 0)',
      return_data: true,
    },
    counted('failed', 'FAILED'),
    counted('timed_out', 'TIMED_OUT'),
    counted('interrupted', 'INTERRUPTED'),
  ]);
});

test('every alarm tells the topics given, and is quiet where there is no data', () => {
  const told = Object.values(view({ alarmActions: [TOPIC_ARN] }).all('aws_cloudwatch_metric_alarm'));

  expect(told.map((each) => [each['alarm_actions'], each['treat_missing_data'], each['comparison_operator']])).toEqual(
    told.map(() => [[TOPIC_ARN], 'notBreaching', 'GreaterThanOrEqualToThreshold']),
  );
});

test('the thresholds are the ones given', () => {
  const { threshold: failed } = view({ failedRunsThreshold: 10 }).at('aws_cloudwatch_metric_alarm.failed_runs_alarm');
  const { threshold: late } = view({ lateStartSeconds: 60 }).at('aws_cloudwatch_metric_alarm.late_runs_alarm');

  expect([failed, late]).toEqual([10, 60]);
});

test('the dashboard shows runs by state, waiting, duration, memory, launches that wait and dead letters', () => {
  const { widgets } = runner.json('aws_cloudwatch_dashboard.dashboard', 'dashboard_body') as {
    widgets: { x: number; y: number; properties: { title: string; metrics: unknown[][] } }[];
  };

  expect(widgets.map(({ x, y, properties }) => [x, y, properties.title, properties.metrics.length])).toEqual([
    [0, 0, 'Runs by state', 6],
    [12, 0, 'Start latency, seconds', 3],
    [0, 6, 'Time in the handler, seconds', 3],
    [12, 6, 'Peak memory against size, MiB', 2],
    [0, 12, 'Launches that wait', 1],
    [12, 12, 'Dead letters', 3],
  ]);
  expect(widgets[3]?.properties.metrics).toEqual([
    ['Overtime', 'PeakMemoryMiB', 'service', LEDGER, { stat: 'Maximum', label: 'PeakMemoryMiB Maximum' }],
    ['Overtime', 'MemorySizeMiB', 'service', LEDGER, { stat: 'Maximum', label: 'MemorySizeMiB Maximum' }],
  ]);
});

describe('fails with a message that names the prop, its value and what is allowed', () => {
  test.each<[string, Partial<RunnerProps>, string]>([
    [
      'a threshold of none',
      { failedRunsThreshold: 0 },
      'failedRunsThreshold is 0: give a whole number from 1 to 1000000.',
    ],
    [
      'late after two days',
      { lateStartSeconds: 172_800 },
      'lateStartSeconds is 172800: give a whole number from 1 to 86400.',
    ],
    ['six topics', { alarmActions: Array(6).fill(TOPIC_ARN) }, 'give 0 to 5, each the ARN of an SNS topic'],
  ])('%s', (_, props, message) => {
    expect(() => view(props)).toThrow(message);
  });
});
