import { CloudWatchLogsClient, GetLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  PublishLayerVersionCommand,
} from '@aws-sdk/client-lambda';
import { EXIT_CODES } from '../../handlers/runner/exit-codes';
import type { StatusAnswer } from '../../handlers/starter/status';
import { clientSettings } from '../../local/clients';
import { followRun } from '../../local/follow-run';
import { invoke, invokeOrThrow } from '../../local/invoke';
import { type LocalOvertime, startLocalOvertime, textOutput } from '../../local/local-overtime';
import { putSampleFunction } from '../../local/sample-function';
import { backendUnderTest } from '../support/backend-under-test';
import { eventually } from '../support/eventually';
import { textPackage } from '../support/function-package';
import { inventory } from '../support/inventory';
import { withoutInlinePermission, withoutManagedPermission } from '../support/permissions';

const DEPLOY_MILLISECONDS = 600_000;
const RUN_MILLISECONDS = 180_000;

/** A picture so small that Lambda ends it soon, so that both results can be compared. */
const SMALL_PICTURE = { width: 120, height: 80, maxIterations: 500, bands: 4 };

jest.setTimeout(RUN_MILLISECONDS * 2);

describe(`Overtime on the local AWS, tasks as ${backendUnderTest()}`, () => {
  let overtime: LocalOvertime;
  let painter: string;

  beforeAll(async () => {
    overtime = await startLocalOvertime({ backend: backendUnderTest(), onProgress: () => undefined });
    // With the time that a busy machine may need in Lambda, too.
    painter = await putSampleFunction(overtime.clients, { request: { Timeout: 60 } });
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await overtime?.stop();
  }, DEPLOY_MILLISECONDS);

  const start = async (request: object) =>
    (await invokeOrThrow(overtime.clients.lambda, overtime.starter, request)) as {
      runId: string;
      taskArns: string[];
      status: string;
    };

  const run = async (request: object): Promise<StatusAnswer> => {
    const { runId } = await start(request);
    return followRun(overtime.clients.lambda, overtime.starter, runId, { withinMilliseconds: RUN_MILLISECONDS });
  };

  const putFunction = (functionName: string, code: string) =>
    putSampleFunction(overtime.clients, { functionName, files: { 'index.mjs': code } });

  const clusterName = () => textOutput(overtime.stacks, 'cluster', 'cluster_name');

  const logLines = async (logStreamName: string): Promise<readonly string[]> => {
    const logGroupName = textOutput(overtime.stacks, 'cluster', 'log_group_name');
    const logs = new CloudWatchLogsClient(clientSettings(overtime.aws.adminEnvironment));
    try {
      const { events } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }));
      return (events ?? []).flatMap(({ message }) => message ?? []);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) {
        return [];
      }
      throw error;
    }
  };

  const taskCount = async () => {
    const cluster = clusterName();
    const lists = await Promise.all(
      (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
        overtime.clients.ecs.send(new ListTasksCommand({ cluster, desiredStatus })),
      ),
    );
    return lists.flatMap(({ taskArns }) => taskArns ?? []).length;
  };

  test('a plan right after the deploy has no change', async () => {
    expect(await overtime.planChanges()).toEqual({});
  });

  test('a run answers what Lambda answers', async () => {
    const inLambda = await invokeOrThrow(overtime.clients.lambda, painter, SMALL_PICTURE);
    const inTask = await run({ arn: painter, input: SMALL_PICTURE });

    const { requestId: lambdaRequest, ...lambdaResult } = inLambda as { requestId: string };
    const { requestId: taskRequest, ...taskResult } = inTask.output as { requestId: string };
    expect([inTask.status, inTask.exitCode]).toEqual(['SUCCEEDED', 0]);
    expect(taskResult).toEqual(lambdaResult);
    expect(taskRequest).not.toBe(lambdaRequest);
  });

  test('a function that Lambda cuts off after 3 s ends as a run', async () => {
    const slow = await putFunction(
      'slow',
      'export const handler = () => new Promise((resolve) => setTimeout(() => resolve({ waited: true }), 4_000));',
    );

    const cutOff = await invoke(overtime.clients.lambda, slow, {});
    const ended = await run({ arn: slow, input: {} });

    expect(cutOff.functionError).toBe('Unhandled');
    expect(cutOff.payload).toMatchObject({
      errorMessage: expect.stringContaining('Task timed out after 3.00 seconds'),
    });
    expect([ended.status, ended.output]).toEqual(['SUCCEEDED', { waited: true }]);
  });

  test('a function with a layer runs with it, and without lambda:GetLayerVersion fails and says so', async () => {
    const module = 'nodejs/node_modules/greeting/index.js';
    const { LayerVersionArn: layerArn } = await overtime.clients.lambda.send(
      new PublishLayerVersionCommand({
        LayerName: 'greeting',
        Content: { ZipFile: textPackage({ [module]: "module.exports = 'from the layer';" }) },
      }),
    );
    const layered = await putSampleFunction(overtime.clients, {
      functionName: 'layered',
      files: { 'index.js': "exports.handler = async () => ({ greeting: require('greeting') });" },
      layerArns: [String(layerArn)],
    });

    const ended = await run({ arn: layered, input: {} });
    const policyArn = textOutput(overtime.stacks, 'runner', 'runner_policy_arn');
    const denied = await withoutManagedPermission(overtime.clients.iam, policyArn, 'lambda:GetLayerVersion', () =>
      run({ arn: layered, input: {} }),
    );

    expect([ended.status, ended.output]).toEqual(['SUCCEEDED', { greeting: 'from the layer' }]);
    expect([denied.status, denied.exitCode]).toEqual(['FAILED', EXIT_CODES.functionUnavailable.code]);
    expect(denied.error).toMatchObject({
      errorType: 'LAYER_ACCESS_DENIED',
      errorMessage: expect.stringContaining(`lambda:GetLayerVersion on ${layerArn}: add the layer to layerArns`),
    });
  });

  test('a wrong request names every wrong field and starts nothing', async () => {
    const before = await taskCount();

    const { payload, functionError } = await invoke(overtime.clients.lambda, overtime.starter, {
      arn: 'no function!',
      subnets: 'subnet-1',
      memoryMiB: 1_000_000,
      timeoutSeconds: 0,
      memory: 512,
    });

    const { errorType, errorMessage } = payload as { errorType: string; errorMessage: string };
    expect([functionError, errorType]).toEqual(['Unhandled', 'INVALID_INPUT']);
    for (const field of ['arn', 'subnets', 'memoryMiB', 'timeoutSeconds', 'memory']) {
      expect(errorMessage).toMatch(new RegExp(`\\b${field}\\b`));
    }
    expect(await taskCount()).toBe(before);
  });

  test('a function that does not exist starts nothing', async () => {
    const before = await taskCount();

    const { payload } = await invoke(overtime.clients.lambda, overtime.starter, { arn: 'nobody', input: {} });

    expect(payload).toMatchObject({ errorType: 'FUNCTION_NOT_FOUND', errorMessage: expect.stringContaining('nobody') });
    expect(await taskCount()).toBe(before);
  });

  test('a container-image function without a task definition is refused by name', async () => {
    await overtime.clients.lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'image-function',
        PackageType: 'Image',
        Code: { ImageUri: `${overtime.aws.accountId}.dkr.ecr.us-east-1.amazonaws.com/image-function:1` },
        Role: `arn:aws:iam::${overtime.aws.accountId}:role/paint-mandelbrot-role`,
      }),
    );

    const { payload } = await invoke(overtime.clients.lambda, overtime.starter, { arn: 'image-function' });

    expect(payload).toMatchObject({
      errorType: 'IMAGE_NOT_DEPLOYED',
      errorMessage: expect.stringContaining('image-function'),
    });
  });

  test('the same idempotency key gives the same run, and one task', async () => {
    const before = await taskCount();
    const request = { arn: painter, input: SMALL_PICTURE, idempotencyKey: 'once' };

    const [first, second] = [await start(request), await start(request)];
    await followRun(overtime.clients.lambda, overtime.starter, first.runId, { withinMilliseconds: RUN_MILLISECONDS });

    expect(second.runId).toBe(first.runId);
    expect(await taskCount()).toBe(before + 1);
  });

  test.each([
    ['throws', 'throw new TypeError("not today")', 'FAILED', 'TypeError'],
    ['exits', 'process.exit(3)', 'FAILED', 'Runtime.ExitError'],
    ['hangs', 'await new Promise((resolve) => setTimeout(resolve, 600_000))', 'TIMED_OUT', 'Sandbox.Timedout'],
  ])('a handler that %s is no success', async (what, body, status, errorType) => {
    const arn = await putFunction(`handler-${what}`, `export const handler = async () => { ${body} };`);

    const ended = await run({ arn, input: {}, timeoutSeconds: what === 'hangs' ? 2 : 600 });

    expect([ended.status, ended.error?.errorType]).toEqual([status, errorType]);
    expect(ended.exitCode).toBeGreaterThan(0);
  });

  test('an input and an output of a megabyte go through the payload bucket', async () => {
    const echo = await putFunction('echo', 'export const handler = async (event) => event;');
    // Not compressible, so that gzip does not make it fit.
    const noise = Array.from({ length: 40_000 }, (_, index) => Math.sin(index).toString(36)).join('');

    const ended = await run({ arn: echo, input: { noise } });

    expect([ended.status, ended.inputBytes]).toEqual(['SUCCEEDED', JSON.stringify({ noise }).length]);
    expect(ended.outputLocation).toEqual({
      bucket: textOutput(overtime.stacks, 'runner', 'payload_bucket_name'),
      key: `outputs/${ended.runId}/1.json`,
    });
  });

  test('a handler whose task is stopped has the stop timeout to end in, and what it prints is in the log', async () => {
    const sleeper = await putFunction(
      'sleeper',
      `export const handler = async () => {
         console.log('asleep');
         await new Promise((resolve) => setTimeout(resolve, 4_000));
         return 'rested';
       };`,
    );
    const { runId, taskArns } = await start({ arn: sleeper, input: {} });
    const [task] = taskArns;
    const stream = `runner/runner/${task?.split('/').at(-1)}`;
    await eventually('the first line of the handler', async () =>
      (await logLines(stream)).find((line) => line.includes('asleep')),
    );

    await overtime.clients.ecs.send(new StopTaskCommand({ cluster: clusterName(), task }));
    const ended = await followRun(overtime.clients.lambda, overtime.starter, runId, {
      withinMilliseconds: RUN_MILLISECONDS,
    });

    expect([ended.status, ended.output]).toEqual(['SUCCEEDED', 'rested']);
  });

  describe('a role with one permission taken away', () => {
    test('the starter without iam:PassRole starts no task', async () => {
      const { iam, lambda } = overtime.clients;
      const { Role: role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: overtime.starter }));
      const before = await taskCount();

      const { payload } = await withoutInlinePermission(iam, role?.split('/').at(-1) ?? '', 'iam:PassRole', () =>
        invoke(lambda, overtime.starter, { arn: painter, input: SMALL_PICTURE }),
      );

      expect(payload).toMatchObject({
        errorType: 'TASK_NOT_STARTED',
        errorMessage: expect.stringMatching(/AccessDenied.*iam:PassRole/),
      });
      expect(await taskCount()).toBe(before);
    });

    test('the runner without lambda:GetFunction fails the run, and says what it was denied', async () => {
      const policyArn = textOutput(overtime.stacks, 'runner', 'runner_policy_arn');

      const ended = await withoutManagedPermission(overtime.clients.iam, policyArn, 'lambda:GetFunction', () =>
        run({ arn: painter, input: SMALL_PICTURE }),
      );

      expect([ended.status, ended.exitCode]).toEqual(['FAILED', EXIT_CODES.functionUnavailable.code]);
      expect(ended.error?.errorMessage).toMatch(/not authorized to perform: lambda:GetFunction/);
    });
  });

  test('after destroy the account holds nothing of ours, the outputs in the bucket included', async () => {
    const before = await inventory(overtime.aws.adminEnvironment, 'overtime');
    await overtime.destroy();
    const after = await inventory(overtime.aws.adminEnvironment, 'overtime');

    const counts = Object.fromEntries(Object.entries(before).map(([kind, names]) => [kind, names.length]));
    expect(counts).toEqual({
      activities: 0,
      buckets: 1,
      clusters: 1,
      eventSourceMappings: 1,
      functions: 2,
      logGroups: 3,
      policies: 1,
      queues: 4,
      repositories: 1,
      roles: 4,
      rules: 2,
      scheduleGroups: 0,
      schedules: 0,
      securityGroups: 1,
      stateMachines: 0,
      tables: 1,
      taskDefinitions: 2,
      topics: 0,
    });
    expect(Object.values(after).flat()).toEqual([]);
  });
});
