import { gzipText } from '../../../handlers/shared/payload';
import type { RunRecord } from '../../../handlers/shared/run';
import { describeRun, runStatus } from '../../../handlers/starter/status';
import { CLUSTER_ARN, FUNCTION_ARN, failureOf } from '../../support/starter/examples';
import { fakeLedger } from '../../support/starter/fake-world';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, 0) + seconds * 1000);

const pending: RunRecord = {
  runId: 'run-1',
  status: 'PENDING',
  attempt: 1,
  functionArn: FUNCTION_ARN,
  requestHash: 'hash',
  timeoutSeconds: 60,
  inputBytes: 2,
  createdAt: at(0).toISOString(),
  expiresAt: 1_800_000_000,
  cluster: CLUSTER_ARN,
};

const done: RunRecord = {
  ...pending,
  status: 'SUCCEEDED',
  taskDefinition: 'family:7',
  taskArn: 'task-1',
  startedAt: at(20).toISOString(),
  invokedAt: at(22.5).toISOString(),
  endedAt: at(3622.5).toISOString(),
  output: { inline: { ok: true } },
  outputBytes: 11,
  exitCode: 0,
};

describe("a run's status", () => {
  test('of a finished run has its times, durations and output', () => {
    expect(describeRun(done, at(9999))).toEqual({
      runId: 'run-1',
      status: 'SUCCEEDED',
      attempt: 1,
      functionArn: FUNCTION_ARN,
      timeoutSeconds: 60,
      inputBytes: 2,
      createdAt: '2026-11-20T12:00:00.000Z',
      startedAt: '2026-11-20T12:00:20.000Z',
      invokedAt: '2026-11-20T12:00:22.500Z',
      endedAt: '2026-11-20T13:00:22.500Z',
      durations: { placingSeconds: 20, preparingSeconds: 2.5, handlerSeconds: 3600, totalSeconds: 3622.5 },
      cluster: CLUSTER_ARN,
      taskDefinition: 'family:7',
      taskArns: ['task-1'],
      output: { ok: true },
      outputBytes: 11,
      exitCode: 0,
    });
  });

  const { endedAt: _ended, output: _output, outputBytes: _bytes, exitCode: _code, ...running } = done;
  const { invokedAt: _invoked, ...preparing } = running;

  test.each([
    ['that ECS has not placed', pending, { placingSeconds: 30, totalSeconds: 30 }],
    ['that fetches its package', preparing, { placingSeconds: 20, preparingSeconds: 10, totalSeconds: 30 }],
    ['that runs', running, { placingSeconds: 20, preparingSeconds: 2.5, handlerSeconds: 7.5, totalSeconds: 30 }],
    [
      'that ended before it was placed',
      { ...pending, status: 'FAILED' as const, endedAt: at(2).toISOString() },
      { placingSeconds: 2, totalSeconds: 2 },
    ],
  ])('of a run %s counts until now or its end', (_, record, durations) => {
    expect(describeRun(record, at(30)).durations).toEqual(durations);
  });

  test.each([
    ['gzipped', { gzip: gzipText('{"ok":true}') }, { output: { ok: true } }],
    ['null', { inline: null }, { output: null }],
    ['elsewhere', { s3: { bucket: 'b', key: 'k' } }, { outputLocation: { bucket: 'b', key: 'k' } }],
  ])('shows an output that is %s', (_, output, shown) => {
    const answer = describeRun({ ...done, output }, at(0));

    expect({ output: answer.output, outputLocation: answer.outputLocation }).toEqual({
      output: undefined,
      outputLocation: undefined,
      ...shown,
    });
  });

  test('shows the error of a failed run', () => {
    const error = { errorType: 'TypeError', errorMessage: 'no', stackTrace: ['at handler'] };

    expect(describeRun({ ...done, status: 'FAILED', error, exitCode: 10 }, at(0))).toMatchObject({
      error,
      exitCode: 10,
    });
  });

  test('has the attempts before, and why ECS stopped the task', () => {
    const attempts = [
      {
        attempt: 1,
        status: 'LOST' as const,
        endedAt: at(10).toISOString(),
        taskArn: 'task-0',
        stopCode: 'TaskFailedToStart',
      },
    ];
    const past = attempts.map((attempt) => ({ ...attempt, endedBy: 'watcher-1' }));
    const failed: RunRecord = { ...done, status: 'LOST', attempt: 2, maxAttempts: 2, attempts: past };
    const answer = describeRun(
      { ...failed, stopCode: 'EssentialContainerExited', stoppedReason: 'OutOfMemory' },
      at(0),
    );

    expect(answer).toMatchObject({
      attempt: 2,
      maxAttempts: 2,
      attempts,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'OutOfMemory',
    });
  });

  test("never has what is the programs' own, a task token least of all", () => {
    const answer = describeRun(
      {
        ...done,
        delivery: { taskToken: 'a-secret' },
        launch: 'a-secret',
        open: 'open',
        checkAt: 'a-secret',
        createdDay: 'a-secret',
        unqualifiedFunctionArn: 'a-secret',
      },
      at(9999),
    );

    expect(answer).toEqual(describeRun(done, at(9999)));
  });

  test('is read from the ledger', async () => {
    const ledger = fakeLedger(new Map([['run-1', pending]]));

    expect(await runStatus('run-1', { ledger, now: () => at(1) })).toEqual(describeRun(pending, at(1)));
  });

  test('fails with RUN_NOT_FOUND for a run that is not there', async () => {
    const { name, message } = await failureOf(() =>
      runStatus('run-2', { ledger: fakeLedger(new Map()), now: () => at(1) }),
    );

    expect({ name, message }).toEqual({
      name: 'RUN_NOT_FOUND',
      message:
        'The ledger has no run run-2: give the runId that the starter answered with. Runs leave the ledger when the ' +
        "deployment's retention is over.",
    });
  });
});
