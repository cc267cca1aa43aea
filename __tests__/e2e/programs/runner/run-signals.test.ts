import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { closedRow, startRunner } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

describe('SIGTERM', () => {
  test.concurrent('while the handler runs lets it finish, and the outcome is its own', async () => {
    const run = await startRunner(aws, {
      functionName: 'sleeps',
      envelope: { input: { inline: { milliseconds: 400 } } },
    });
    await run.seen('the handler runs');
    run.child.kill('SIGTERM');
    const end = await run.finished;

    expect(end.code).toBe(0);
    expect(end.row).toMatchObject({ status: 'SUCCEEDED', output: { inline: 'woke up' } });
  });

  test.concurrent('to a handler that does not finish in the time left ends the run INTERRUPTED', async () => {
    const run = await startRunner(aws, {
      functionName: 'ignores-sigterm',
      environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '1' },
    });
    await run.seen('the handler runs');
    run.child.kill('SIGTERM');
    const end = await run.finished;

    const error = {
      errorType: 'Overtime.Interrupted',
      errorMessage: 'The task was stopped, and the handler did not finish in the time that was left to it.',
    };
    expect(end.code).toBe(143);
    expect(end.row).toEqual({
      ...closedRow(end),
      status: 'INTERRUPTED',
      startedAt: expect.any(String),
      invokedAt: expect.any(String),
      endedAt: expect.any(String),
      exitCode: 143,
      error,
    });
    expect(end.lastLine).toMatchObject({ status: 'INTERRUPTED', exitCode: 143, error });
  });

  test.concurrent('while the package is downloaded ends the run INTERRUPTED at once', async () => {
    const run = await startRunner(aws, { functionName: 'sleeps', fake: { downloadFaults: ['stalled'] } });
    await aws.seen(`Download ${run.functionArn}`);
    run.child.kill('SIGTERM');
    const end = await run.finished;

    expect(end.code).toBe(143);
    expect(end.row).toMatchObject({
      status: 'INTERRUPTED',
      exitCode: 143,
      error: {
        errorMessage: expect.stringMatching(/^The task was stopped while the function's package was being fetched/),
      },
    });
    expect(end.row).not.toHaveProperty('invokedAt');
  });

  test.concurrent('while the runtime starts ends the run INTERRUPTED at once', async () => {
    const run = await startRunner(aws, { functionName: 'start-never-ends' });
    await run.seen('package.unpacked');
    run.child.kill('SIGTERM');
    const end = await run.finished;

    expect(end.code).toBe(143);
    expect(end.row).toMatchObject({ status: 'INTERRUPTED' });
    expect(end.row).not.toHaveProperty('invokedAt');
  });
});
