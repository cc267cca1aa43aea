import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { RunRecord } from '../../../../handlers/shared/run';
import { lambdaFile } from '../../../support/lambda-process';
import { RUNNING_RECORD, STARTING_RECORD } from '../../../support/ledger-rows';
import { taskEvent } from '../../../support/task-events';
import { invokeWatcher, queueUrl, startWatcherAws, type WatcherAws } from '../../../support/watcher-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: WatcherAws;
let file: string;

beforeAll(() => {
  file = lambdaFile('watcher');
});

beforeEach(async () => {
  aws = await startWatcherAws();
});

afterEach(() => aws.server.close());

afterAll(() => rm(path.dirname(file), { recursive: true }));

const TASK = String(STARTING_RECORD.taskArn);
const EVENT = taskEvent({ taskArn: TASK });
const OUT_OF_MEMORY = {
  status: 'FAILED',
  exitCode: 137,
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  error: { errorType: 'OUT_OF_MEMORY', errorMessage: expect.stringContaining('larger memoryMiB') },
};

const messageOf = (deduplicationId: string, attempt: number) => ({
  action: 'SendMessage',
  request: {
    QueueUrl: queueUrl(aws.server),
    MessageBody: JSON.stringify({ version: 1, runId: 'run-1', attempt }),
    MessageGroupId: 'launch',
    MessageDeduplicationId: deduplicationId,
  },
});

const put = (record: RunRecord) => aws.table.put({ ...record });

describe('the bundled watcher', () => {
  test('closes the run of a task that ran out of memory, and logs each decision', async () => {
    put({ ...RUNNING_RECORD, maxAttempts: 1 });

    const { result, log } = await invokeWatcher(aws, file, EVENT);

    const { open, checkAt, ...left } = { ...RUNNING_RECORD, maxAttempts: 1 };
    expect(result).toEqual({});
    expect(aws.table.get('run-1')).toEqual({
      ...left,
      ...OUT_OF_MEMORY,
      endedAt: expect.any(String),
      endedBy: expect.any(String),
    });
    expect(aws.server.requests.map(({ action }) => action)).toEqual(['GetItem', 'UpdateItem']);
    const [decision, ended, counted] = log;
    expect([decision, ended]).toEqual([
      expect.objectContaining({
        event: 'row.end',
        runId: 'run-1',
        attempt: 1,
        awsRequestId: 'request-1',
        reason: 'the task stopped without closing its run',
      }),
      expect.objectContaining({ event: 'run.ended', runId: 'run-1', status: 'FAILED', errorType: 'OUT_OF_MEMORY' }),
    ]);
    expect(counted).toMatchObject({ _aws: expect.anything(), service: 'runs', Status: 'FAILED', Runs: 1 });
  });

  test('makes it PENDING again while attempts are left, and asks for the task of the next, once for three events', async () => {
    put(RUNNING_RECORD);

    for (const event of [EVENT, EVENT, EVENT]) {
      expect((await invokeWatcher(aws, file, event)).result).toEqual({});
    }

    const { error, ...ending } = OUT_OF_MEMORY;
    expect(aws.table.get('run-1')).toMatchObject({
      status: 'PENDING',
      attempt: 2,
      attempts: [{ ...ending, attempt: 1, error, taskArn: TASK }],
    });
    // The queue drops those of the same id.
    expect(aws.calls).toEqual([messageOf('run-1-2', 2), messageOf('run-1-2', 2), messageOf('run-1-2', 2)]);
  });

  test('fails the Step Functions task that waits for the run, and marks that', async () => {
    put({ ...RUNNING_RECORD, maxAttempts: 1, delivery: { taskToken: 'secret token' } });

    const { log } = await invokeWatcher(aws, file, EVENT);

    const row = aws.table.get('run-1');
    expect(row).toMatchObject({ ...OUT_OF_MEMORY, deliveredAt: expect.any(String) });
    expect([row?.['open'], row?.['checkAt'], row?.['claimedUntil']]).toEqual([undefined, undefined, undefined]);
    expect(aws.recipients.calls).toEqual([
      {
        action: 'SendTaskFailure',
        subject: 'secret token',
        input: expect.objectContaining({ error: 'OUT_OF_MEMORY', cause: expect.stringContaining('larger memoryMiB') }),
      },
    ]);
    expect(log.flatMap(({ event }) => event ?? [])).toEqual(['row.end', 'run.ended', 'delivery.sent', 'delivery.done']);
    expect(JSON.stringify(log)).not.toContain('secret token');
  });

  test('keeps an outcome that is not delivered for a later sweep, and says why', async () => {
    put({ ...RUNNING_RECORD, maxAttempts: 1, delivery: { taskToken: 'token' } });
    aws.recipients.faults.set('SendTaskFailure token', 'AccessDeniedException');

    await invokeWatcher(aws, file, EVENT);

    const row = aws.table.get('run-1');
    expect(row).toMatchObject({
      status: 'FAILED',
      open: 'open',
      checkAt: expect.any(String),
      deliveryError: expect.stringMatching(/^taskToken: .*AccessDenied/),
    });
    expect(row).not.toHaveProperty('deliveredAt');

    aws.recipients.faults.clear();
    put({ ...(row as unknown as RunRecord), checkAt: '2026-11-21T00:00:00.000Z' });
    await invokeWatcher(aws, file, { action: 'sweep' });

    expect(aws.table.get('run-1')).toMatchObject({ status: 'FAILED', deliveredAt: expect.any(String) });
    expect(aws.table.get('run-1')).not.toHaveProperty('deliveryError');
  });

  test('sweeps every row that is due, by what ECS says of its task, and no other', async () => {
    const task = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:task/overtime/${id}`;
    const long = { ...RUNNING_RECORD, timeoutSeconds: 1_209_600, startedAt: new Date().toISOString() };
    const now = Date.now();
    const hourAgo = new Date(now - 3_600_000).toISOString();
    const overdue = { ...RUNNING_RECORD, startedAt: hourAgo, invokedAt: hourAgo };
    const due = (index: number) => ({ checkAt: new Date(now - 60_000 + index).toISOString() });
    const { taskArn, ...unnoted } = STARTING_RECORD;
    put({ ...long, runId: 'run-stopped', maxAttempts: 1, taskArn: task('stopped'), ...due(1) });
    put({ ...long, runId: 'run-missing', taskArn: task('missing'), ...due(2) });
    put({ ...overdue, runId: 'run-overdue', taskArn: task('overdue'), ...due(3) });
    put({ ...unnoted, runId: 'run-1', status: 'PENDING', createdAt: new Date(now - 600_000).toISOString(), ...due(4) });
    put({ ...unnoted, runId: 'run-unreadable', status: 'DONE' as 'PENDING', ...due(5) });
    put({ ...long, runId: 'run-not-due', taskArn: task('missing'), checkAt: new Date(now + 600_000).toISOString() });
    const { lastStatus, stopCode, stoppedReason, containers, overrides } = EVENT.detail;
    const described = { lastStatus, stopCode, stoppedReason, containers, overrides, createdAt: now / 1_000 };
    aws.tasks.set(task('stopped'), { taskArn: task('stopped'), ...described });
    aws.tasks.set(task('overdue'), { taskArn: task('overdue'), lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });

    const { result, log } = await invokeWatcher(aws, file, { action: 'sweep' });

    expect(result).toEqual({ value: { looked: 5, failed: 1, isCutShort: false } });
    const row = (name: string) => aws.table.get(`run-${name}`);
    expect(row('stopped')).toMatchObject(OUT_OF_MEMORY);
    expect(row('missing')).toMatchObject({ status: 'RUNNING', missingSince: expect.any(String) });
    expect(row('overdue')).toMatchObject({ status: 'RUNNING' });
    expect(row('not-due')).not.toHaveProperty('missingSince');
    expect(aws.calls).toEqual(
      expect.arrayContaining([
        {
          action: 'StopTask',
          request: {
            cluster: 'overtime',
            task: task('overdue'),
            reason: expect.stringMatching(/^Stopped by Overtime/),
          },
        },
        messageOf(expect.stringMatching(/^run-1-1-\d+$/), 1),
      ]),
    );
    for (const name of ['missing', 'overdue', '1', 'unreadable']) {
      expect(Date.parse(String(row(name)?.['checkAt']))).toBeGreaterThan(now);
    }
    expect(log.find(({ event }) => event === 'row.unreadable')).toMatchObject({
      level: 'error',
      runId: 'run-unreadable',
    });
  });

  test('looks at rows of more than one page', async () => {
    for (let index = 100; index < 350; index += 1) {
      put({ ...STARTING_RECORD, runId: `run-${index}`, checkAt: `2026-11-20T00:00:00.${index}Z` });
    }

    const { result } = await invokeWatcher(aws, file, { action: 'sweep' });

    expect(result).toEqual({ value: { looked: 250, failed: 0, isCutShort: false } });
    expect(aws.server.requests.filter(({ action }) => action === 'DescribeTasks')).toHaveLength(3);
  });

  test('says so where the ledger has no such run', async () => {
    const { result, log } = await invokeWatcher(aws, file, { action: 'settle', runId: 'run-none' });

    expect([result, log.map(({ event }) => event)]).toEqual([{}, ['row.none']]);
  });

  test('fails an event that is not its own with INVALID_EVENT', async () => {
    const { result } = await invokeWatcher(aws, file, { action: 'cancel' });

    expect(result?.error?.name).toBe('INVALID_EVENT');
  });

  test('fails each invocation with what is wrong in its settings', async () => {
    const { result } = await invokeWatcher(aws, file, { action: 'sweep' }, { OVERTIME_LEDGER_TABLE: '' });

    expect(result?.error).toEqual({
      name: 'INVALID_SETTING',
      message: expect.stringMatching(/^OVERTIME_LEDGER_TABLE is not set\./),
    });
  });
});
