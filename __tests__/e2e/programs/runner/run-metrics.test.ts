import { peakMemoryMiB } from '../../../../handlers/runner/peak-memory';
import { readText } from '../../../../handlers/runner/read-text';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { runToEnd, startRunner } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const lines = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const metricsIn = (stdout: string) => lines(stdout).filter((line) => '_aws' in line);

const embedded = (dimensions: readonly string[], metrics: readonly { Name: string; Unit: string }[]) => ({
  Timestamp: expect.any(Number),
  CloudWatchMetrics: [{ Namespace: 'Overtime', Dimensions: [dimensions], Metrics: metrics }],
});

const counted = (status: string) => ({
  _aws: embedded(['service', 'Status'], [{ Name: 'Runs', Unit: 'Count' }]),
  service: expect.any(String),
  Status: status,
  Runs: 1,
});

const measured = {
  _aws: embedded(
    ['service'],
    [
      { Name: 'StartLatency', Unit: 'Seconds' },
      { Name: 'Duration', Unit: 'Seconds' },
    ],
  ),
  service: expect.any(String),
  StartLatency: expect.any(Number),
  Duration: expect.any(Number),
};

test.concurrent.each([
  ['echo-esm', 'SUCCEEDED'],
  ['throws', 'FAILED'],
])('a run of %s is counted as %s once, before the line of its outcome', async (functionName, status) => {
  const end = await runToEnd(aws, { functionName });

  expect(metricsIn(end.stdout)).toEqual([counted(status), measured]);
  expect(end.lastLine).toMatchObject({ overtime: 'outcome', status });
});

// The kernel says no peak outside a control group of its own.
const whereThereIsAPeak = peakMemoryMiB(readText) === undefined ? test.skip : test;

whereThereIsAPeak('a run whose task ECS and the kernel know says how much of its memory it used', async () => {
  const TaskARN = 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/memory';
  aws.objects.set('memory-metadata/task', JSON.stringify({ TaskARN, Limits: { CPU: 1, Memory: 2048 } }));
  const end = await runToEnd(aws, {
    functionName: 'echo-esm',
    environment: { ECS_CONTAINER_METADATA_URI_V4: `${aws.url}/memory-metadata` },
  });

  const memory = { peakMemoryMiB: expect.any(Number), memorySizeMiB: 2048 };
  expect(end.row).toMatchObject(memory);
  expect(metricsIn(end.stdout)[1]).toMatchObject({ PeakMemoryMiB: expect.any(Number), MemorySizeMiB: 2048 });
});

test.concurrent('a run that another attempt follows is counted at the end of that one', async () => {
  const first = await runToEnd(aws, { functionName: 'throws', row: { maxAttempts: 2 } });
  expect(first.row).toMatchObject({ status: 'PENDING', attempt: 2 });
  expect(metricsIn(first.stdout)).toEqual([]);

  const { runId } = first;
  const last = await runToEnd(aws, { functionName: 'throws', row: 'as it is', envelope: { runId, attempt: 2 } });
  expect(metricsIn(last.stdout)).toEqual([counted('FAILED'), measured]);
});

test.concurrent('a run that somebody else has closed is theirs to count', async () => {
  const started = await startRunner(aws, {
    functionName: 'sleeps',
    envelope: { input: { inline: { milliseconds: 300 } } },
  });
  await started.seen('the handler runs');
  aws.ledger.put({ ...aws.ledger.get(started.runId), status: 'CANCELLED' });
  const end = await started.finished;

  expect(end.code).toBe(65);
  expect(metricsIn(end.stdout)).toEqual([]);
});
