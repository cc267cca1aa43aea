import { setTimeout as wait } from 'node:timers/promises';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { CancelAnswer } from '../../../handlers/starter/cancel';
import type { ListAnswer } from '../../../handlers/starter/list';
import type { StartAnswer } from '../../../handlers/starter/start';
import type { StatusAnswer } from '../../../handlers/starter/status';
import { followRun } from '../../../local/follow-run';
import { invoke, invokeOrThrow } from '../../../local/invoke';
import { type LocalOvertime, startLocalOvertime, textOutput } from '../../../local/local-overtime';
import { putSampleFunction } from '../../../local/sample-function';
import { eventually } from '../../support/eventually';
import { CLUSTER, LocalAccount } from '../../support/local-account';
import { withoutInlinePermission } from '../../support/permissions';
import { bundleProbe, PROBE_IMAGE, probeProgram } from '../../support/probe-image';

const DEPLOY_MILLISECONDS = 600_000;
const RUN_MILLISECONDS = 180_000;
const RUNS = 8;
const FAMILY = 'foreign';

jest.setTimeout(RUN_MILLISECONDS * 3);

describe('a deployment with a slow launch rate, and with leave to start containers of others', () => {
  let overtime: LocalOvertime;
  let account: LocalAccount;

  const ask = async <Answer>(request: object) =>
    (await invokeOrThrow(overtime.clients.lambda, overtime.starter, request)) as Answer;

  const follow = (runId: string): Promise<StatusAnswer> =>
    followRun(overtime.clients.lambda, overtime.starter, runId, { withinMilliseconds: RUN_MILLISECONDS / 2 });

  beforeAll(async () => {
    overtime = await startLocalOvertime({
      backend: 'processes',
      onProgress: () => undefined,
      starter: {
        // The slowest that there is: eight starts on a busy machine take longer than on a quiet one.
        launchBurst: 1,
        launchesPerSecond: 1,
        containerTaskDefinitions: [FAMILY, 'nobody-*'],
        containerRoleArns: ['arn:aws:iam::*:role/execution'],
        clusterArns: [`arn:aws:ecs:us-east-1:*:cluster/${CLUSTER}`],
      },
    });
    account = new LocalAccount(overtime.aws);
    await account.prepare();
    await account.taskDefinition(FAMILY);
    overtime.aws.addImages({ [PROBE_IMAGE]: probeProgram(await bundleProbe(overtime.directory)) });
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await overtime?.stop();
  }, DEPLOY_MILLISECONDS);

  test('takes eight requests at once without an error, puts most into the queue, and runs each once', async () => {
    const arn = await putSampleFunction(overtime.clients, {
      functionName: 'quick',
      files: { 'index.mjs': 'export const handler = async ({ index }) => ({ index });' },
    });
    const requests = Array.from({ length: RUNS }, (_, index) => ({
      arn,
      input: { index },
      idempotencyKey: `burst-${index}`,
    }));

    const answers = await Promise.all(requests.map((request) => ask<StartAnswer>(request)));
    const ended = await Promise.all(answers.map(({ runId }) => follow(runId)));

    expect(answers.filter(({ status }) => status === 'PENDING').length).toBeGreaterThanOrEqual(RUNS / 2);
    expect(ended.map(({ status, output, attempt }) => ({ status, output, attempt }))).toEqual(
      requests.map(({ input }) => ({ status: 'SUCCEEDED', output: input, attempt: 1 })),
    );
    expect(new Set(ended.flatMap(({ taskArns }) => taskArns)).size).toBe(RUNS);
  });

  describe('the container of a task definition of somebody else’s', () => {
    const IN_PLACE = { taskDefinition: FAMILY, cluster: CLUSTER };

    const start = (command: readonly string[], more: object = {}) =>
      ask<StartAnswer>({ ...IN_PLACE, command, ...more });

    test('that ends with 0 is a run that succeeded, once for its key, and had the input', async () => {
      const request = { input: { day: 'Löwe' }, idempotencyKey: 'once' };
      const command = ['variable', 'OVERTIME_INPUT'];
      const [first, second] = [await start(command, request), await start(command, request)];
      const ended = await follow(first.runId);
      const [taskArn = ''] = ended.taskArns;

      expect(second.runId).toBe(first.runId);
      expect(ended).toMatchObject({ status: 'SUCCEEDED', exitCode: 0, container: 'probe', attempt: 1 });
      expect(Date.parse(String(ended.startedAt))).toBeGreaterThan(0);
      await account.linesContain(FAMILY, taskArn, '{"day":"Löwe"}');
      const { runs } = await ask<ListAnswer>({ action: 'list', taskDefinition: FAMILY });
      expect(runs.map(({ runId, taskArns }) => [runId, taskArns])).toEqual([[first.runId, [taskArn]]]);
    });

    test('that ends with 3 is a run that failed, after its retry', async () => {
      const ended = await follow((await start(['say', 'no', '3'], { retries: 1 })).runId);

      expect(ended).toMatchObject({
        status: 'FAILED',
        exitCode: 3,
        error: { errorType: 'CONTAINER_EXITED' },
        attempts: [{ attempt: 1, status: 'FAILED', exitCode: 3 }],
      });
    });

    test('that takes longer than it may is stopped by the sweep, and TIMED_OUT', async () => {
      const { runId } = await start(['drain'], { timeoutSeconds: 2 });
      const watcher = textOutput(overtime.stacks, 'runner', 'watcher_function_name');
      const ended = await eventually('the end of the run', async () => {
        await invokeOrThrow(overtime.clients.lambda, watcher, { action: 'sweep' });
        const status = await ask<StatusAnswer>({ action: 'status', runId });
        return status.endedAt === undefined ? undefined : status;
      });

      expect(ended).toMatchObject({ status: 'TIMED_OUT', exitCode: 7, error: { errorType: 'RUN_TIMED_OUT' } });
    });

    test('that is cancelled is stopped', async () => {
      const { runId, taskArns } = await start(['drain']);
      const [taskArn = ''] = taskArns;
      await account.linesContain(FAMILY, taskArn, 'ready');

      expect(await ask<CancelAnswer>({ action: 'cancel', runId })).toEqual({ runId, status: 'CANCELLED', taskArns });
      expect(await account.stopped(taskArn)).toMatchObject({ stopCode: 'UserInitiated' });
      expect(await ask<StatusAnswer>({ action: 'status', runId })).toMatchObject({ status: 'CANCELLED' });
    });

    test('is not started by a starter that may not read task definitions, which says so', async () => {
      const { iam, lambda } = overtime.clients;
      const { Role: role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: overtime.starter }));
      const roleName = String(role?.split('/').at(-1));

      // Of a family that no start before this one has asked for: the starter keeps what it was told.
      const { payload } = await withoutInlinePermission(iam, roleName, 'ecs:DescribeTaskDefinition', () =>
        invoke(lambda, overtime.starter, { ...IN_PLACE, taskDefinition: 'nobody-else' }),
      );

      expect(payload).toMatchObject({
        errorType: 'TASK_DEFINITION_ACCESS_DENIED',
        errorMessage: expect.stringContaining('ecs:DescribeTaskDefinition'),
      });
    });

    test.each([
      ['TASK_DEFINITION_NOT_ALLOWED', { taskDefinition: 'secret' }],
      ['TASK_DEFINITION_NOT_FOUND', { taskDefinition: 'nobody-knows' }],
      ['CONTAINER_NOT_FOUND', { containerName: 'web' }],
      ['TASK_NOT_STARTED', { roleArn: 'arn:aws:iam::123456789012:role/admin' }],
    ])('is refused with %s', async (errorType, fields) => {
      const answer = await eventually('an answer that has not to wait', async () => {
        const { payload } = await invoke(overtime.clients.lambda, overtime.starter, { ...IN_PLACE, ...fields });
        // The one launch of a second may be that of the test before. What waits in the queue has its turn meanwhile.
        return JSON.stringify(payload).includes('"PENDING"') ? wait(2_000, undefined) : payload;
      });

      expect(answer).toMatchObject({ errorType });
    });
  });
});
