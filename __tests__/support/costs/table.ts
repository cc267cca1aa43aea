import type { ModuleFiles } from '../../../stacks/module-files';
import { DEFAULT_SCHEDULER_COUNT, DEFAULT_SCHEDULER_SIZE } from '../../../stacks/scheduler-props';
import { readModule } from '../generated-module';
import { HOURS_A_MONTH, PRICES, SOURCES } from './prices';
import { idleSchedulers } from './schedulers';

type Architecture = keyof typeof PRICES.fargateVcpuHour;

interface Size {
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** A way to use Overtime, and what of it is there when nothing happens. */
interface Pattern {
  readonly title: string;
  /** Those that a deployment has for it. */
  readonly modules: readonly string[];
  /** Tasks that are always there. */
  readonly idleTasks?: { readonly count: number; readonly size: Size; readonly architecture: Architecture };
  /** Whether those tasks do the work, too. */
  readonly isWorkedByIdleTasks?: boolean;
}

/** What a task has where nobody says otherwise: the default of `runtimes` and of an activity. */
export const DEFAULT_TASK: Size = { cpu: 1024, memoryMiB: 2048 };

const DEFAULT_ARCHITECTURE: Architecture = 'x86_64';

const BASE = ['cluster', 'runner', 'starter'];

const PATTERNS: readonly Pattern[] = [
  { title: 'run a function', modules: BASE },
  {
    title: 'schedules, fired by a service of two tasks',
    modules: [...BASE, 'scheduler-service'],
    idleTasks: { count: DEFAULT_SCHEDULER_COUNT, size: DEFAULT_SCHEDULER_SIZE, architecture: 'arm64' },
  },
  { title: 'schedules, fired by EventBridge Scheduler', modules: [...BASE, 'scheduler-eventbridge'] },
  {
    title: 'one activity, with one worker that is always there',
    modules: [...BASE, 'activities'],
    idleTasks: { count: 1, size: DEFAULT_TASK, architecture: DEFAULT_ARCHITECTURE },
    isWorkedByIdleTasks: true,
  },
  { title: 'one activity, its workers at 0', modules: [...BASE, 'activities'] },
  { title: 'rows of a database', modules: [...BASE, 'database-trigger'] },
  { title: 'a queue whose workers start when there is work', modules: [...BASE, 'queue-worker'] },
];

/** An hour of a task: vCPUs and GB, each at its price. Its public address is besides. */
export function taskHour({ cpu, memoryMiB }: Size, architecture: Architecture): number {
  return (cpu / 1024) * PRICES.fargateVcpuHour[architecture] + (memoryMiB / 1024) * PRICES.fargateGbHour[architecture];
}

/** The functions that look each minute, for a second, and what they ask meanwhile: the watcher a table, the dispatcher a queue. */
const SWEEPS = [
  { module: 'runner', id: 'watcher_function', asks: PRICES.dynamodbRead },
  { module: 'queue-worker', id: 'dispatcher_function', asks: PRICES.sqsRequest },
] as const;

function sweepsMonth(modules: readonly string[], files: ModuleFiles): number {
  const seconds = 1;
  const each = SWEEPS.filter(({ module }) => modules.includes(module)).map(({ module, id, asks }) => {
    const sweeping = readModule(files, module).document.resource?.['aws_lambda_function']?.[id];
    const { memory_size: memoryMiB } = sweeping as { readonly memory_size: number };
    return PRICES.lambdaRequest + (memoryMiB / 1024) * seconds * PRICES.lambdaArmGbSecond + asks;
  });
  return HOURS_A_MONTH * 60 * each.reduce((sum, price) => sum + price, 0);
}

/**
 * Lambda's pollers ask a queue for messages about this often while there are none: five of them, each waiting 20 s.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const POLLS_A_MONTH = (HOURS_A_MONTH * 3600 * 5) / 20;

/**
 * How many metrics the alarms of a module watch: AWS counts "alarm metrics", whichever alarm they belong to.
 * https://aws.amazon.com/cloudwatch/pricing/
 */
function alarmMetrics(files: ModuleFiles, name: string): number {
  const { resource = {} } = readModule(files, name).document;
  const alarms = Object.values(resource['aws_cloudwatch_metric_alarm'] ?? {}) as readonly {
    readonly metric_query?: readonly { readonly metric?: unknown }[];
  }[];
  return alarms.reduce(
    (sum, { metric_query: queries }) => sum + (queries?.filter(({ metric }) => metric !== undefined).length ?? 1),
    0,
  );
}

interface Parts {
  /** Metrics that alarms watch. */
  readonly alarms: number;
  readonly dashboards: number;
  readonly tasks: number;
  /** Metrics that are printed whether anything happens or not. */
  readonly metrics: number;
  /** In dollars. */
  readonly calls: number;
}

/** How much of what is there in a month in which nothing happens. */
function idleParts({ modules, idleTasks }: Pattern, files: ModuleFiles): Parts {
  const tasks = idleTasks?.count ?? 0;
  const schedulers = modules.includes('scheduler-service') ? idleSchedulers(tasks) : { dollars: 0, metrics: 0 };
  const sum = (countOf: (name: string) => number) => modules.reduce((total, name) => total + countOf(name), 0);
  return {
    alarms: sum((name) => alarmMetrics(files, name)),
    dashboards: sum((name) => {
      const { resource = {} } = readModule(files, name).document;
      return Object.keys(resource['aws_cloudwatch_dashboard'] ?? {}).length;
    }),
    tasks,
    metrics: schedulers.metrics,
    // The launch queue is read whether anything is in it or not.
    calls: sweepsMonth(modules, files) + POLLS_A_MONTH * PRICES.sqsFifoRequest + schedulers.dollars,
  };
}

/** What another standard queue costs that Lambda reads, in a month in which it is empty. */
export function polledQueueMonth(): number {
  return POLLS_A_MONTH * PRICES.sqsRequest;
}

/** A task with its public address, for an hour. */
function addressedTaskHour(size: Size, architecture: Architecture): number {
  return taskHour(size, architecture) + PRICES.publicIpv4Hour;
}

function idleRow(pattern: Pattern, files: ModuleFiles): { readonly month: string; readonly formula: string } {
  const { alarms, dashboards, tasks, metrics, calls } = idleParts(pattern, files);
  const { size, architecture } = pattern.idleTasks ?? { size: DEFAULT_TASK, architecture: DEFAULT_ARCHITECTURE };
  const hour = addressedTaskHour(size, architecture);
  const month =
    tasks * HOURS_A_MONTH * hour +
    alarms * PRICES.alarmMonth +
    dashboards * PRICES.dashboardMonth +
    metrics * PRICES.metricMonth +
    calls;
  const formula = [
    ...(tasks === 0 ? [] : [`${tasks} × ${HOURS_A_MONTH} h × $${hour.toFixed(5)}`]),
    `${alarms} × $${PRICES.alarmMonth.toFixed(2)}`,
    `${dashboards} × $${PRICES.dashboardMonth}`,
    ...(metrics === 0 ? [] : [`${metrics} × $${PRICES.metricMonth.toFixed(2)}`]),
    dollars(calls),
  ];
  return { month: dollars(month), formula: formula.join(' + ') };
}

/** What an hour of work costs besides: a task of the default size, where none is there already. */
function workHour({ idleTasks, isWorkedByIdleTasks = false }: Pattern): string {
  return idleTasks !== undefined && isWorkedByIdleTasks
    ? 'nothing more'
    : `$${addressedTaskHour(DEFAULT_TASK, DEFAULT_ARCHITECTURE).toFixed(4)} a task`;
}

function shown(files: ModuleFiles): readonly Pattern[] {
  return PATTERNS.filter(({ modules }) => modules.every((name) => `${name}/main.tf.json` in files));
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** The table of each pattern: a month in which nothing happens, with its formula, and an hour of work. */
export function idleTable(files: ModuleFiles): string {
  const rows = shown(files).map((pattern) => {
    const { month, formula } = idleRow(pattern, files);
    return [pattern.title, month, formula, workHour(pattern)];
  });
  return table([
    ['pattern', 'a month', 'of tasks + alarms + dashboards + metrics + calls', 'an hour of work'],
    ...rows,
  ]);
}

/** The same without the formulas. */
export function shortTable(files: ModuleFiles): string {
  const rows = shown(files).map((pattern) => [pattern.title, idleRow(pattern, files).month, workHour(pattern)]);
  return table([['pattern', 'a month in which nothing happens', 'an hour of work'], ...rows]);
}

/** The table of where each price was read. */
export function sourcesTable(): string {
  const rows = Object.values(SOURCES).map(({ price, page, of }) => [
    price,
    `[${new URL(page).hostname.replace(/^www\./, '')}](${page})`,
    of ?? 'undated',
  ]);
  return table([['price', 'page', 'of'], ...rows]);
}

const HOURS: readonly { readonly title: string; readonly size: Size }[] = [
  { title: '0.25 vCPU, 0.5 GB', size: { cpu: 256, memoryMiB: 512 } },
  { title: '1 vCPU, 2 GB (the default)', size: DEFAULT_TASK },
  { title: '2 vCPU, 8 GB', size: { cpu: 2048, memoryMiB: 8192 } },
  { title: '4 vCPU, 16 GB', size: { cpu: 4096, memoryMiB: 16_384 } },
  { title: '16 vCPU, 120 GB (the largest)', size: { cpu: 16_384, memoryMiB: 122_880 } },
];

/** Lambda at the same memory, for as long as Lambda would let it run. */
function lambdaHour({ memoryMiB }: Size): string {
  return memoryMiB > 10_240 ? 'not possible' : `$${((memoryMiB / 1024) * 3600 * PRICES.lambdaX86GbSecond).toFixed(4)}`;
}

/** The table of what an hour of work costs. */
export function hourTable(): string {
  const rows = HOURS.map(({ title, size }) => [
    title,
    `$${taskHour(size, 'x86_64').toFixed(4)}`,
    `$${taskHour(size, 'arm64').toFixed(4)}`,
    lambdaHour(size),
  ]);
  return table([['size', 'x86_64', 'arm64', 'Lambda, same memory'], ...rows]);
}

/**
 * What a run costs besides its task: the starter for a second at 256 MB, two messages' worth of the launch queue at
 * most, and six writes to the ledger, each of which its four indexes repeat.
 */
export function runOverhead(): number {
  return (
    PRICES.lambdaRequest + 0.25 * PRICES.lambdaArmGbSecond + 3 * PRICES.sqsFifoRequest + 6 * 5 * PRICES.dynamodbWrite
  );
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...others] = rows;
  return [head, head.map(() => '---'), ...others].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
