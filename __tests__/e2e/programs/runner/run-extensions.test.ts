import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { textPackage } from '../../../support/function-package';
import { type RunOptions, runToEnd, startRunner } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const program = (name: string) => readFileSync(path.join(__dirname, '../../../support/extensions', name), 'utf8');

const EXECUTABLE = 0o100755;

/** A layer with the recorder as an extension of that name. */
const layer = (name = 'recorder', mode = EXECUTABLE) => ({
  package: textPackage({ [`extensions/${name}`]: program('recorder') }, mode),
});

function withExtension(variables: Readonly<Record<string, string>>, options: RunOptions): RunOptions {
  return {
    layers: [layer()],
    ...options,
    fake: { ...options.fake, configuration: { Version: '7', Environment: { Variables: variables } } },
  };
}

/** What the extensions of that name printed, in order. */
function said(stdout: string, name = 'recorder'): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => JSON.parse(line.slice(name.length + 1)));
}

function eventsOf(stdout: string, name?: string): readonly unknown[] {
  return said(stdout, name).flatMap((line) => ('event' in line ? [line['event']] : []));
}

/** What the function `environment` answers. */
interface Seen {
  readonly variables: Readonly<Record<string, string>>;
  readonly context: unknown;
}

const INVOKE = expect.objectContaining({ eventType: 'INVOKE' });
const shutdown = (shutdownReason: string) => ({
  eventType: 'SHUTDOWN',
  deadlineMs: expect.any(Number),
  shutdownReason,
});

describe('an external extension', () => {
  test.concurrent('hears what its function is, of the invocation with its ids, and of the end', async () => {
    const end = await runToEnd(aws, withExtension({ TABLE: 'orders' }, { functionName: 'environment' }));

    const output = end.row?.['output'] as { inline: Seen };
    const { context, variables } = output.inline;
    expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
    expect(said(end.stdout)[0]).toEqual({
      registered: {
        functionName: end.functionArn.split(':')[6],
        functionVersion: '7',
        handler: 'index.handler',
        accountId: '123456789012',
      },
    });
    expect(context).toMatchObject({ awsRequestId: end.runId });
    expect(eventsOf(end.stdout)).toEqual([
      {
        eventType: 'INVOKE',
        deadlineMs: expect.any(Number),
        requestId: end.runId,
        invokedFunctionArn: end.functionArn,
        tracing: { type: 'X-Amzn-Trace-Id', value: variables['_X_AMZN_TRACE_ID'] },
      },
      shutdown('spindown'),
    ]);
  });

  test.concurrent('has the function’s environment without what is the runtime’s alone', async () => {
    const end = await runToEnd(aws, withExtension({ TABLE: 'orders' }, { functionName: 'returns-undefined' }));

    const variables = said(end.stdout)[1]?.['variables'] as string[];
    expect(variables).toEqual(
      expect.arrayContaining(['TABLE', 'AWS_REGION', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_RUNTIME_API', 'PATH']),
    );
    expect(
      variables.filter((name) =>
        /^(_|OVERTIME|AWS_EXECUTION_ENV|AWS_LAMBDA_LOG_|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)/.test(name),
      ),
    ).toEqual([]);
  });

  test.concurrent('of a shell and curl works beside another', async () => {
    const end = await runToEnd(aws, {
      functionName: 'returns-undefined',
      layers: [layer(), { package: textPackage({ 'extensions/in-shell': program('shell-recorder') }, EXECUTABLE) }],
    });

    const heard = end.stdout.split('\n').filter((line) => line.startsWith('shell heard '));
    expect(end.code).toBe(0);
    expect(heard.map((line) => JSON.parse(line.slice('shell heard '.length)))).toEqual([INVOKE, shutdown('spindown')]);
    expect(eventsOf(end.stdout)).toEqual([INVOKE, shutdown('spindown')]);
  });

  test.concurrent('that asked for invocations alone is not told of the end', async () => {
    const end = await runToEnd(
      aws,
      withExtension({ EXTENSION_EVENTS: 'INVOKE' }, { functionName: 'returns-undefined' }),
    );

    expect([end.code, eventsOf(end.stdout)]).toEqual([0, [INVOKE]]);
  });

  test.concurrent('that takes long to start is waited for before the handler is called', async () => {
    const end = await runToEnd(
      aws,
      withExtension(
        { EXTENSION_MODE: 'starts-slowly' },
        { functionName: 'sleeps', envelope: { input: { inline: { milliseconds: 1 } } } },
      ),
    );

    const lines = end.stdout.split('\n');
    expect(end.code).toBe(0);
    expect(lines.indexOf('recorder {"ready":true}')).toBeGreaterThan(-1);
    expect(lines.indexOf('the handler runs')).toBeGreaterThan(lines.indexOf('recorder {"ready":true}'));
  });

  test.concurrent('that never gets done with an invocation does not hold the task', async () => {
    const end = await runToEnd(aws, {
      ...withExtension({ EXTENSION_MODE: 'never-done' }, { functionName: 'returns-undefined' }),
      environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '1' },
    });

    expect([end.code, end.row?.['status'], eventsOf(end.stdout)]).toEqual([0, 'SUCCEEDED', [INVOKE]]);
  });

  test.concurrent('that is still busy when the handler has answered is let finish', async () => {
    const end = await runToEnd(
      aws,
      withExtension({ EXTENSION_MODE: 'is-slow' }, { functionName: 'returns-undefined' }),
    );

    expect(end.code).toBe(0);
    expect(said(end.stdout).slice(-2)).toEqual([{ flushed: end.runId }, { event: shutdown('spindown') }]);
  });

  test.concurrent('that ignores the end is killed, and the run has succeeded all the same', async () => {
    const end = await runToEnd(
      aws,
      withExtension({ EXTENSION_MODE: 'ignores-shutdown' }, { functionName: 'returns-undefined' }),
    );

    expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
    expect(eventsOf(end.stdout).at(-1)).toEqual(shutdown('spindown'));
  });

  test.concurrent('that subscribes to telemetry is told that there is none, and lives', async () => {
    const end = await runToEnd(
      aws,
      withExtension({ EXTENSION_MODE: 'subscribes' }, { functionName: 'returns-undefined' }),
    );

    expect(end.code).toBe(0);
    expect(said(end.stdout)).toContainEqual({
      status: 202,
      telemetry: { errorType: 'Telemetry.NotSupported', errorMessage: 'Telemetry API is not supported' },
    });
  });

  test.concurrent.each([
    { end: 'times out', functionName: 'hangs', envelope: { timeoutSeconds: 2 }, code: 124, reason: 'timeout' },
    { end: 'crashes', functionName: 'exits', envelope: {}, code: 71, reason: 'failure' },
    { end: 'fails at its start', functionName: 'throws-at-start', envelope: {}, code: 72, reason: 'failure' },
  ])('hears why, when the function $end', async ({ functionName, envelope, code, reason }) => {
    const end = await runToEnd(aws, { functionName, envelope, layers: [layer()] });

    expect(end.code).toBe(code);
    expect(eventsOf(end.stdout).at(-1)).toEqual(shutdown(reason));
  });

  test.concurrent('hears of the end when the task is stopped', async () => {
    const run = await startRunner(aws, {
      functionName: 'ignores-sigterm',
      layers: [layer()],
      // It has the two seconds that Lambda gives an extension.
      environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '10' },
    });
    await run.seen('the handler runs');
    run.child.kill('SIGTERM');
    const end = await run.finished;

    expect([end.code, eventsOf(end.stdout)]).toEqual([143, [INVOKE, shutdown('spindown')]]);
  });
});

describe('an extension that fails', () => {
  const CASES = [
    { how: 'ends at its start', mode: 'crashes-at-start', errorType: 'Extension.Crash', text: 'exit status 3' },
    {
      how: 'reports an error at its start',
      mode: 'fails-at-start',
      errorType: 'Extension.InitError',
      text: 'exit code 0',
    },
    { how: 'ends in the invocation', mode: 'crashes', errorType: 'Extension.Crash', text: 'exit status 4' },
    {
      how: 'reports an error in the invocation',
      mode: 'gives-up',
      errorType: 'Extension.ExitError',
      text: 'exit code 0',
    },
  ];

  test.concurrent.each(CASES)('and $how fails the run in Lambda’s words', async ({ mode, errorType, text }) => {
    const end = await runToEnd(aws, withExtension({ EXTENSION_MODE: mode }, { functionName: 'hangs' }));

    expect(end.code).toBe(75);
    expect(end.row).toMatchObject({
      status: 'FAILED',
      exitCode: 75,
      error: { errorType, errorMessage: `RequestId: ${end.runId} Error: ${text}` },
    });
    expect(end.stderr).toContain('"event":"extension.failed","runId"');
  });

  test.concurrent('to be launched fails the run', async () => {
    const end = await runToEnd(aws, { functionName: 'hangs', layers: [layer('recorder', 0o100644)] });

    expect(end.code).toBe(75);
    expect(end.row).toMatchObject({
      error: {
        errorType: 'Extension.LaunchError',
        errorMessage: expect.stringMatching(/Error: fork\/exec \/.*\/opt\/extensions\/recorder: permission denied$/),
      },
    });
    expect(end.row).not.toHaveProperty('invokedAt');
  });

  test.concurrent('as there are more than ten of them fails the run', async () => {
    const layers = Array.from({ length: 11 }, (_, index) => layer(`recorder-${index}`));
    const end = await runToEnd(aws, { functionName: 'hangs', layers });

    expect(end.row).toMatchObject({
      error: {
        errorType: 'Extension.LaunchError',
        errorMessage: `RequestId: ${end.runId} Error: the function has 11 extensions, and Lambda starts at most 10`,
      },
    });
  });
});

test.concurrent('an extension inside the function’s process hears of the invocation, and may not hear of the end', async () => {
  const end = await runToEnd(aws, { functionName: 'internal-extension' });

  expect(end.row).toMatchObject({
    status: 'SUCCEEDED',
    output: {
      inline: {
        refused: {
          errorType: 'Extension.InvalidEventType',
          errorMessage: 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
        },
        late: {
          errorType: 'Extension.RegistrationClosed',
          errorMessage: 'Extension registration closed already',
        },
        isSame: true,
      },
    },
  });
});
