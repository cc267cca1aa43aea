import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import {
  DURATION,
  LEDGER_DIMENSION,
  MEMORY_SIZE,
  MESSAGES_FAILED,
  METRIC_NAMESPACE,
  OBJECTS_DISPATCHED,
  OBJECTS_SKIPPED,
  PEAK_MEMORY,
  QUEUE_DIMENSION,
  RUNS,
  SCHEDULES,
  SCHEDULES_SET_ASIDE,
  SLOT_COUNTS,
  SLOT_LATENESS,
  START_LATENCY,
  STATUS_DIMENSION,
  STATUSES,
  TABLE_DIMENSION,
  WORKERS_MISSING,
  WORKERS_RUNNING,
  WORKERS_STARTED,
} from './metrics';

export interface DashboardProps {
  readonly name: string;
  readonly region: string;
  readonly ledgerTable: string;
  readonly launchQueueName: string;
  readonly launchDeadLettersName: string;
  readonly watcherDeadLettersName: string;
}

/** A title, and what it shows. */
type Graph = readonly [string, readonly Metric[]];

type Metric = readonly (string | { readonly stat?: string; readonly label?: string })[];

const PERIOD_SECONDS = 300;
const WIDTH = 12;
const HEIGHT = 6;

/** One page: what runs there were, how long they waited and took, whether their memory fits, and what waits. */
export function dashboard(scope: Construct, props: DashboardProps): CloudwatchDashboard {
  const { region, ledgerTable } = props;
  const measured = (metric: string, stat: string): Metric => [
    METRIC_NAMESPACE,
    metric,
    LEDGER_DIMENSION,
    ledgerTable,
    { stat, label: `${metric} ${stat}` },
  ];
  const graphs: readonly Graph[] = [
    [
      'Runs by state',
      STATUSES.map((status) => [
        METRIC_NAMESPACE,
        RUNS,
        LEDGER_DIMENSION,
        ledgerTable,
        STATUS_DIMENSION,
        status,
        { stat: 'Sum', label: status },
      ]),
    ],
    ['Start latency, seconds', ['p50', 'p99', 'Maximum'].map((stat) => measured(START_LATENCY, stat))],
    ['Time in the handler, seconds', ['p50', 'p99', 'Maximum'].map((stat) => measured(DURATION, stat))],
    ['Peak memory against size, MiB', [measured(PEAK_MEMORY, 'Maximum'), measured(MEMORY_SIZE, 'Maximum')]],
    ['Launches that wait', [messagesIn(props.launchQueueName)]],
    [
      'Dead letters',
      [
        messagesIn(props.launchDeadLettersName),
        messagesIn(props.watcherDeadLettersName),
        messagesIn(`${props.name}-starter-dead-letters`),
      ],
    ],
  ];
  return page(scope, props.name, region, graphs);
}

export interface ScheduleDashboardProps {
  readonly name: string;
  readonly region: string;
  readonly schedulesTable: string;
  readonly registrarDeadLettersName: string;
}

/** One page: what became of the slots, how late they were fired, and which rows nobody understands. */
export function scheduleDashboard(scope: Construct, props: ScheduleDashboardProps): CloudwatchDashboard {
  const measured = (metric: string, stat: string): Metric => [
    METRIC_NAMESPACE,
    metric,
    TABLE_DIMENSION,
    props.schedulesTable,
    { stat, label: `${metric} ${stat}` },
  ];
  return page(scope, `${props.name}-schedules`, props.region, [
    ['Slots by what became of them', SLOT_COUNTS.map((metric) => measured(metric, 'Sum'))],
    ['Lateness of slots, milliseconds', ['p50', 'p99', 'Maximum'].map((stat) => measured(SLOT_LATENESS, stat))],
    ['Schedules', [measured(SCHEDULES, 'Maximum'), measured(SCHEDULES_SET_ASIDE, 'Maximum')]],
    ['Dead letters', [messagesIn(props.registrarDeadLettersName)]],
  ]);
}

export interface QueueDashboardProps {
  readonly name: string;
  readonly region: string;
  readonly queueName: string;
  readonly deadLettersName: string;
  readonly dispatcherDeadLettersName: string;
}

/** One page: what waits and for how long, how many workers there are for it, and what was given up. */
export function queueDashboard(scope: Construct, props: QueueDashboardProps): CloudwatchDashboard {
  const { queueName } = props;
  const measured = (metric: string, stat: string): Metric => [
    METRIC_NAMESPACE,
    metric,
    QUEUE_DIMENSION,
    queueName,
    { stat, label: metric },
  ];
  const ofQueue = (metric: string, label: string): Metric => [
    'AWS/SQS',
    metric,
    'QueueName',
    queueName,
    { stat: 'Maximum', label },
  ];
  return page(scope, `${props.name}-queue`, props.region, [
    [
      'Messages',
      [
        ofQueue('ApproximateNumberOfMessagesVisible', 'Waiting'),
        ofQueue('ApproximateNumberOfMessagesNotVisible', 'Worked on'),
      ],
    ],
    ['Age of the oldest message, seconds', [ofQueue('ApproximateAgeOfOldestMessage', 'Age')]],
    ['Objects', [OBJECTS_DISPATCHED, OBJECTS_SKIPPED, MESSAGES_FAILED].map((metric) => measured(metric, 'Sum'))],
    [
      'Workers',
      [measured(WORKERS_RUNNING, 'Maximum'), measured(WORKERS_STARTED, 'Sum'), measured(WORKERS_MISSING, 'Maximum')],
    ],
    ['Dead letters', [messagesIn(props.deadLettersName), messagesIn(props.dispatcherDeadLettersName)]],
  ]);
}

function messagesIn(queueName: string): Metric {
  return ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queueName, { stat: 'Maximum' }];
}

function page(scope: Construct, name: string, region: string, graphs: readonly Graph[]): CloudwatchDashboard {
  return new CloudwatchDashboard(scope, 'dashboard', {
    dashboardName: name,
    dashboardBody: Fn.jsonencode({
      widgets: graphs.map(([title, metrics], index) => ({
        type: 'metric',
        x: (index % 2) * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties: { title, metrics, region, period: PERIOD_SECONDS, view: 'timeSeries' },
      })),
    }),
  });
}
