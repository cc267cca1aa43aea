import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dispatch } from '../../handlers/dispatcher/dispatcher';
import { dispatcherMetrics } from '../../handlers/dispatcher/metrics';
import { committedModules } from '../../stacks/committed-modules';
import { HOURS_A_MONTH, PRICES, READ_ON, SOURCES } from '../support/costs/prices';
import { schedulerCalls } from '../support/costs/schedulers';
import {
  DEFAULT_TASK,
  hourTable,
  idleTable,
  polledQueueMonth,
  runOverhead,
  shortTable,
  sourcesTable,
  taskHour,
} from '../support/costs/table';
import { DispatcherWorld, ENVIRONMENT, SERVICE_ENVIRONMENT } from '../support/dispatcher/dispatcher-world';
import { SchedulerWorld } from '../support/scheduler/scheduler-world';

const textOf = (file: string) => readFileSync(path.resolve(__dirname, '../..', file), 'utf8');
const page = textOf('docs/costs.md');
const readme = textOf('README.md');
const generated = committedModules();

/** The cells of a table, whatever a formatter aligned. */
function cells(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) => line.replaceAll(/\s*\|\s*/g, '|'));
}

test('the page has the tables of each pattern, of an hour and of the prices, from the modules as they are', () => {
  expect(cells(page)).toEqual([...cells(idleTable(generated)), ...cells(hourTable()), ...cells(sourcesTable())]);
});

test('the README has each pattern with the same figures', () => {
  expect(cells(readme)).toEqual(expect.arrayContaining([...cells(shortTable(generated))]));
});

describe('the page on choosing', () => {
  const choosing = textOf('docs/choosing.md');
  const months = cells(shortTable(generated)).flatMap((row) => {
    const [, title = '', amount] = /^\|([^|]+)\|\$([\d.]+)\|/.exec(row) ?? [];
    return amount === undefined ? [] : [{ title, amount: Number(amount) }];
  });
  const amountOf = (start: string) => months.find(({ title }) => title.startsWith(start))?.amount ?? Number.NaN;

  test('has the range of the idle months', () => {
    const amounts = months.map(({ amount }) => amount);

    expect(choosing).toContain(
      `[$${Math.floor(Math.min(...amounts))} to $${Math.ceil(Math.max(...amounts))}](costs.md)`,
    );
  });

  test('has what the service of the scheduler costs more than EventBridge', () => {
    const more = amountOf('schedules, fired by a service') - amountOf('schedules, fired by EventBridge');

    expect(choosing).toContain(`[some $${Math.round(more)} a month](costs.md)`);
  });
});

describe('where the prices were read', () => {
  test('the page says when', () => {
    expect(page).toContain(`On ${READ_ON}.`);
  });

  test.each(Object.entries(SOURCES))('%s is the amount that its row has', (name, { price }) => {
    const unit = / million /.test(price) ? 1_000_000 : / 1,000 /.test(price) ? 1000 : 1;
    const amounts = [...price.matchAll(/\$([\d.]+)/g)].map(([, amount]) => Number(amount) / unit);
    const known = PRICES[name as keyof typeof PRICES];

    expect(amounts).toEqual(typeof known === 'number' ? [known] : [known.x86_64, known.arm64]);
  });
});

test('the sentences of the page have the prices of logs, disk and NAT', () => {
  expect(page).toContain(`Logs ($${PRICES.logsGb.toFixed(2)} for each GB taken in)`);
  expect(page).toContain(`above 20 GB is $${PRICES.fargateStorageGbHour} for each GB and hour`);
  expect(page).toContain(`about $${Math.round(PRICES.natGatewayHour * HOURS_A_MONTH)} a month for each zone`);
});

test('the page has what a run costs besides its task', () => {
  expect(page).toContain(`$${(runOverhead() * 1000).toFixed(3)} for 1,000 runs`);
});

test('the page has what the metrics of a queue cost that has work in every hour', () => {
  const counts = {
    objectsDispatched: 0,
    objectsSkipped: 0,
    messagesFailed: 0,
    workersStarted: 0,
    workersMissing: 0,
    workersRunning: 1,
  };
  const line = JSON.parse(
    dispatcherMetrics(counts, 'https://sqs.us-east-1.amazonaws.com/123456789012/scenes', new Date()),
  );
  const { length } = line._aws.CloudWatchMetrics[0].Metrics;

  expect(page).toContain(`${length}, which are $${(length * PRICES.metricMonth).toFixed(2)} if no hour is without.`);
});

test.each([
  ['tasks', ENVIRONMENT],
  ['a service', SERVICE_ENVIRONMENT],
])('the month in which nothing happens has no metrics of a queue whose workers are %s', async (_, environment) => {
  const world = new DispatcherWorld(environment);
  await dispatch({ action: 'sweep' }, world.deps);

  expect(world.printed).toEqual([]);
  expect(page).toContain('A sweep that finds neither prints none.');
});

test('the page has what another queue costs that Lambda reads', () => {
  expect(page).toContain(`another $${polledQueueMonth().toFixed(2)}.`);
});

test.each([1, 2])('%d schedulers to whom nothing is due ask as often as is counted', async (schedulers) => {
  const world = new SchedulerWorld('2026-11-27T10:00:30.000Z');
  const counted = world.time.now + 60_000;
  const calls: string[] = [];
  const fault = (call: string) => {
    if (world.time.now >= counted) {
      calls.push(call);
    }
    return undefined;
  };
  for (let started = 0; started < schedulers; started += 1) {
    world.start({ fault });
  }
  await world.time.runUntil(counted + 120_000);
  const { writes, queries } = schedulerCalls(schedulers, 120_000);
  const askedFor = (name: string) => calls.filter((call) => call === name).length;

  // Where the minute ends, one more is looked at.
  expect(Math.abs(askedFor('write fleet') / writes - 1)).toBeLessThan(0.03);
  expect(Math.abs(askedFor('read changes') / queries - 1)).toBeLessThan(0.03);
});

test('the hour of a default task is what the sum by hand gives', () => {
  // 1 × 0.04048 + 2 × 0.004445
  expect(taskHour(DEFAULT_TASK, 'x86_64')).toBeCloseTo(0.04937, 10);
  expect(page).toContain('1 × $0.04048 + 2 × $0.004445 = $0.04937');
});

test('a size that no module has by default is not called the default', () => {
  const main = JSON.parse(new TextDecoder().decode(generated['runner/main.tf.json']));

  expect(main.variable.runtimes.type).toContain(`cpu = optional(number, ${DEFAULT_TASK.cpu})`);
  expect(main.variable.runtimes.type).toContain(`memory_mib = optional(number, ${DEFAULT_TASK.memoryMiB})`);
});
