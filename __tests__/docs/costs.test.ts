import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dispatch } from '../../handlers/dispatcher/dispatcher';
import { dispatcherMetrics } from '../../handlers/dispatcher/metrics';
import { committedModules } from '../../stacks/committed-modules';
import { PRICES } from '../support/costs/prices';
import { DEFAULT_TASK, hourTable, idleTable, runOverhead, taskHour } from '../support/costs/table';
import { DispatcherWorld, ENVIRONMENT, SERVICE_ENVIRONMENT } from '../support/dispatcher/dispatcher-world';

const page = readFileSync(path.resolve(__dirname, '../../docs/costs.md'), 'utf8');
const generated = committedModules();

/** The cells of a table, whatever a formatter aligned. */
function cells(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) => line.replaceAll(/\s*\|\s*/g, '|'));
}

test('the page has the tables of an idle month and of an hour, from the modules as they are and the prices of its date', () => {
  expect(cells(page)).toEqual([...cells(idleTable(generated)), ...cells(hourTable())]);
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
