import { setTimeout as wait } from 'node:timers/promises';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { closedRow, runToEnd, startRunner } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('an answer of the ledger that gets lost', () => {
  // The writes of a run are: begin, invoked, end.
  test.concurrent.each([
    { write: 'begin', after: 0 },
    { write: 'invoked', after: 1 },
    { write: 'end', after: 2 },
  ])('after it took $write leaves the run to go on as if it had come', async ({ write, after }) => {
    const runId = `lost-${write}`;
    aws.lostAnswers.set(`UpdateItem ${runId}`, after);

    const end = await runToEnd(aws, { functionName: 'returns-undefined', envelope: { runId } });

    expect(end.code).toBe(0);
    expect(end.row).toEqual({
      ...closedRow(end),
      status: 'SUCCEEDED',
      startedAt: TIME,
      invokedAt: TIME,
      endedAt: TIME,
      exitCode: 0,
      output: { inline: null },
      outputBytes: 4,
    });
    expect(aws.requests.filter((request) => request === `UpdateItem ${runId}`)).toHaveLength(4);
    expect(end.stderr).not.toContain('ledger.');
  });
});

describe('a runner', () => {
  test.concurrent('of an attempt that another runner has runs nothing and exits with 65', async () => {
    const runId = 'two-runners';
    const first = await startRunner(aws, {
      functionName: 'sleeps',
      envelope: { runId, input: { inline: { milliseconds: 2_000 } } },
    });
    await first.seen('the handler runs');
    const second = await runToEnd(aws, { functionName: 'returns-undefined', envelope: { runId }, row: 'as it is' });
    const ended = await first.finished;

    expect([second.code, second.stdout]).toEqual([65, '']);
    expect(second.events).toEqual(['run.begins', 'ledger.begin-refused']);
    expect([ended.code, ended.row?.['output']]).toEqual([0, { inline: 'woke up' }]);
  });

  test.concurrent('of an attempt that is over runs nothing and exits with 65', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      envelope: { attempt: 1 },
      row: { attempt: 2, maxAttempts: 2 },
    });

    expect([end.code, end.stdout]).toEqual([65, '']);
    expect(end.row).toMatchObject({ status: 'STARTING', attempt: 2 });
  });

  test.concurrent('notes the task that the metadata endpoint names', async () => {
    const taskArn = 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1';
    aws.objects.set('metadata/task', JSON.stringify({ TaskARN: taskArn }));

    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      environment: { ECS_CONTAINER_METADATA_URI_V4: `${aws.url}/metadata` },
    });

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', taskArn });
  });

  test.concurrent('waits for the metadata endpoint for seconds', async () => {
    const taskArn = 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/2';
    aws.objects.set('metadata/slow/task', JSON.stringify({ TaskARN: taskArn }));
    aws.holds.set('GetObject slow/task', () => wait(3_000));

    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      environment: { ECS_CONTAINER_METADATA_URI_V4: `${aws.url}/metadata/slow` },
    });

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', taskArn });
  });

  test.concurrent('that cannot learn its task runs all the same', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      environment: { ECS_CONTAINER_METADATA_URI_V4: `${aws.url}/no-metadata` },
      row: { taskArn: 'as the starter noted' },
    });

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', taskArn: 'as the starter noted' });
    expect(end.events).toContain('task.unknown');
  });
});

test.concurrent('a first attempt that fails makes its run PENDING again, and the second ends it', async () => {
  const runId = 'second-attempt-succeeds';
  const first = await runToEnd(aws, {
    functionName: 'throws',
    envelope: { runId },
    row: { maxAttempts: 2, taskArn: 'task-1' },
  });

  const { endedBy, runnerId, ...waiting } = closedRow(first);
  const attempts = [
    {
      attempt: 1,
      status: 'FAILED',
      startedAt: TIME,
      invokedAt: TIME,
      endedAt: TIME,
      endedBy: expect.any(String),
      taskArn: 'task-1',
      exitCode: 70,
      error: { errorType: expect.any(String), errorMessage: expect.any(String) },
    },
  ];
  expect(first.code).toBe(70);
  expect(first.row).toEqual({
    ...waiting,
    status: 'PENDING',
    attempt: 2,
    maxAttempts: 2,
    open: 'open',
    checkAt: TIME,
    attempts,
  });
  expect(first.events).toContain('run.next-attempt');

  const second = await runToEnd(aws, {
    functionName: 'returns-undefined',
    envelope: { runId, attempt: 2 },
    row: 'as it is',
  });

  expect(second.code).toBe(0);
  expect(second.row).toEqual({
    ...closedRow(first),
    endedBy: second.row?.['runnerId'],
    attempt: 2,
    maxAttempts: 2,
    attempts,
    status: 'SUCCEEDED',
    startedAt: TIME,
    invokedAt: TIME,
    endedAt: TIME,
    exitCode: 0,
    output: { inline: null },
    outputBytes: 4,
  });
});
