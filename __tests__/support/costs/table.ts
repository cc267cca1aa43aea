import type { ModuleFiles } from '../../../stacks/module-files';
import { DEFAULT_SCHEDULER_COUNT, DEFAULT_SCHEDULER_SIZE } from '../../../stacks/scheduler-props';
import { readModule } from '../generated-module';
import { HOURS_A_MONTH, PRICES } from './prices';

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
}

/** What a task has where nobody says otherwise: the default of `runtimes` and of an activity. */
export const DEFAULT_TASK: Size = { cpu: 1024, memoryMiB: 2048 };

const BASE = ['cluster', 'runner', 'starter'];

export const PATTERNS: readonly Pattern[] = [
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
    idleTasks: { count: 1, size: DEFAULT_TASK, architecture: 'x86_64' },
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

interface Parts {
  readonly alarms: number;
  readonly dashboards: number;
  readonly tasks: number;
  readonly calls: number;
}

/** What a month costs in which nothing happens, part by part. */
export function idleMonth({ modules, idleTasks }: Pattern, files: ModuleFiles): Parts {
  const count = (type: string) =>
    modules.reduce((sum, name) => {
      const { resource = {} } = readModule(files, name).document;
      return sum + Object.keys(resource[type] ?? {}).length;
    }, 0);
  const tasks =
    idleTasks === undefined
      ? 0
      : idleTasks.count * HOURS_A_MONTH * (taskHour(idleTasks.size, idleTasks.architecture) + PRICES.publicIpv4Hour);
  return {
    alarms: count('aws_cloudwatch_metric_alarm') * PRICES.alarmMonth,
    dashboards: count('aws_cloudwatch_dashboard') * PRICES.dashboardMonth,
    tasks,
    // The launch queue is read whether anything is in it or not.
    calls: sweepsMonth(modules, files) + POLLS_A_MONTH * PRICES.sqsFifoRequest,
  };
}

function dollars(amount: number): string {
  return amount === 0 ? '-' : `$${amount.toFixed(2)}`;
}

/** The table of what a month costs in which nothing happens, of the patterns whose modules there are. */
export function idleTable(files: ModuleFiles): string {
  const rows = PATTERNS.filter(({ modules }) => modules.every((name) => `${name}/main.tf.json` in files)).map(
    (pattern) => {
      const { alarms, dashboards, tasks, calls } = idleMonth(pattern, files);
      const sum = alarms + dashboards + tasks + calls;
      return [pattern.title, ...[sum, tasks, alarms, dashboards, calls].map(dollars)];
    },
  );
  return table([['pattern', 'a month', 'tasks', 'alarms', 'dashboards', 'calls'], ...rows]);
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
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...others]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
