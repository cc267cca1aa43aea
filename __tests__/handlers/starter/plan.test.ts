import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { launchText, parseLaunch, runTaskInput } from '../../../handlers/starter/launch';
import type { Refusal, StartPlan } from '../../../handlers/starter/placing';
import { planStart } from '../../../handlers/starter/plan';
import type { StarterSettings } from '../../../handlers/starter/settings';
import {
  CLUSTER_ARN,
  CONFIGURATION,
  FUNCTION_ARN,
  IDENTITY,
  SETTINGS,
  startRequest,
  TASK_STARTER_EXAMPLE,
} from '../../support/starter/examples';

interface Changes {
  readonly configuration?: FunctionConfiguration;
  readonly settings?: Partial<StarterSettings>;
}

function plan(fields: Record<string, unknown> = {}, changes: Changes = {}): StartPlan | Refusal {
  return planStart({
    request: startRequest(fields),
    settings: { ...SETTINGS, ...changes.settings },
    configuration: { ...CONFIGURATION, ...changes.configuration },
    identity: IDENTITY,
  });
}

function runTask(fields: Record<string, unknown> = {}, changes: Changes = {}) {
  const planned = plan(fields, changes);
  if (planned.kind !== 'run') {
    throw new Error(planned.reason);
  }
  // By way of the row, as all that starts a task reads it there.
  const launch = parseLaunch(launchText(planned.launch));
  if (launch === undefined) {
    throw new Error('The launch is unreadable.');
  }
  return runTaskInput(launch, { runId: 'run-1', attempt: 1, variant: 0 });
}

const envelope = (functionArn: string, timeoutSeconds: number, inline: unknown) =>
  JSON.stringify({ version: 1, runId: 'run-1', attempt: 1, functionArn, timeoutSeconds, input: { inline } });

describe('the plan of a start', () => {
  test("of an arn alone takes the deployment's and the function's values", () => {
    expect(plan()).toMatchObject({
      kind: 'run',
      subject: { functionArn: FUNCTION_ARN, unqualifiedFunctionArn: FUNCTION_ARN },
      timeoutSeconds: 3600,
      inputBytes: 2,
      maxAttempts: 1,
      upload: undefined,
    });
    expect(runTask()).toEqual({
      cluster: CLUSTER_ARN,
      taskDefinition: 'overtime-nodejs22-x86_64',
      launchType: 'FARGATE',
      count: 1,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
          securityGroups: ['sg-0123456789abcdef0'],
          assignPublicIp: 'DISABLED',
        },
      },
      overrides: {
        cpu: '512',
        memory: '1024',
        containerOverrides: [
          { name: 'runner', environment: [{ name: 'OVERTIME_RUN', value: envelope(FUNCTION_ARN, 3600, {}) }] },
        ],
      },
      startedBy: 'run-1',
      clientToken: 'run-1-1',
      enableECSManagedTags: true,
      tags: [
        { key: 'overtime:run-id', value: 'run-1' },
        { key: 'overtime:function', value: 'resize' },
      ],
    });
  });

  test("of task-starter's example uses each of its seven fields, its role for the task alone", () => {
    const arn = TASK_STARTER_EXAMPLE.arn;
    const configuration = { ...CONFIGURATION, FunctionName: 'myTestLambdaFunction', FunctionArn: arn };

    expect(runTask(TASK_STARTER_EXAMPLE, { configuration })).toMatchObject({
      cluster: 'taskRunnerECSCluster',
      taskDefinition: 'taskRunnerTaskDefinition:1',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-44e36e0f'], securityGroups: ['sg-baddbfcb'] },
      },
      overrides: {
        cpu: '512',
        memory: '1024',
        taskRoleArn: 'arn:aws:iam::00000000000:role/taskRunnerRole',
        containerOverrides: [
          { name: 'runner', environment: [{ name: 'OVERTIME_RUN', value: envelope(arn, 3600, {}) }] },
        ],
      },
    });
    expect(runTask(TASK_STARTER_EXAMPLE, { configuration }).overrides).not.toHaveProperty('executionRoleArn');
  });

  test("never carries the function's environment, which task-starter copied for all to see", () => {
    expect(JSON.stringify(plan())).not.toMatch(/API_KEY|a-secret-of-the-function/);
  });

  test("names the settings' container, which task-starter had fixed", () => {
    const { overrides } = runTask({}, { settings: { containerName: 'my-runner' } });

    expect(overrides?.containerOverrides?.map((container) => container.name)).toEqual(['my-runner']);
  });

  test('on Spot has a capacity provider in place of a launch type, as RunTask takes one of them', () => {
    const spot = runTask({ capacity: 'FARGATE_SPOT' });

    expect(spot.capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]);
    expect(spot).not.toHaveProperty('launchType');
  });

  test('on container instances leaves out what only Fargate knows', () => {
    const { launchType, networkConfiguration, platformVersion, overrides } = runTask({
      capacity: 'EC2',
      capacityFallback: 'FARGATE',
      platformVersion: '1.4.0',
      ephemeralStorageGiB: 50,
    });

    expect({ launchType, platformVersion }).toEqual({ launchType: 'EC2', platformVersion: undefined });
    expect(networkConfiguration?.awsvpcConfiguration).not.toHaveProperty('assignPublicIp');
    expect(overrides).not.toHaveProperty('ephemeralStorage');
  });

  test('with a strategy passes it on', () => {
    const capacity = [
      { capacityProvider: 'FARGATE', weight: 1, base: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 4 },
    ];

    expect(runTask({ capacity }).capacityProviderStrategy).toEqual(capacity);
  });

  test("passes on what is ECS's own to decide", () => {
    const fields = { platformVersion: '1.4.0', group: 'nightly', propagateTags: 'TASK_DEFINITION' };

    expect(runTask({ ...fields, enableExecuteCommand: true })).toMatchObject({ ...fields, enableExecuteCommand: true });
  });

  test("carries the caller's variables in the envelope, where the runner's own are safe from them", () => {
    const { overrides } = runTask({ environment: { PATH: '/x', constructor: 'y' } });
    const [variable, ...more] = overrides?.containerOverrides?.[0]?.environment ?? [];

    expect(more).toEqual([]);
    expect(JSON.parse(variable?.value ?? '')).toMatchObject({ environment: { PATH: '/x', constructor: 'y' } });
  });

  test('of 3 retries has 4 attempts', () => {
    expect(plan({ retries: 3 })).toMatchObject({ maxAttempts: 4 });
  });

  test('measures the overrides with the number of the last attempt', () => {
    const fitting = (retries: number) => {
      const lengths = Array.from({ length: 8192 }, (_, length) => length);
      return lengths.findLast((length) => {
        const planned = plan({ retries, input: 'x'.repeat(length) });
        return planned.kind === 'run' && 'inline' in (planned.launch.input ?? {});
      });
    };

    expect(fitting(9)).toBe(Number(fitting(8)) - 1);
  });

  test('with no security group leaves the choice to the VPC', () => {
    expect(runTask({ securityGroups: [], assignPublicIp: 'ENABLED' }).networkConfiguration).toEqual({
      awsvpcConfiguration: { subnets: SETTINGS.subnets, assignPublicIp: 'ENABLED' },
    });
  });

  test("adds the request's tags before its own", () => {
    expect(runTask({ tags: { team: 'data' } }).tags).toEqual([
      { key: 'team', value: 'data' },
      { key: 'overtime:run-id', value: 'run-1' },
      { key: 'overtime:function', value: 'resize' },
    ]);
  });

  test("asks for the request's size, disk and time", () => {
    const { overrides } = runTask({ cpu: 2048, memoryMiB: 9000, ephemeralStorageGiB: 50, timeoutSeconds: 7200 });

    expect(overrides).toEqual({
      cpu: '2048',
      memory: '9216',
      ephemeralStorage: { sizeInGiB: 50 },
      containerOverrides: [
        { name: 'runner', environment: [{ name: 'OVERTIME_RUN', value: envelope(FUNCTION_ARN, 7200, {}) }] },
      ],
    });
  });

  test.each([
    ['arm64', 'nodejs22.x', 'overtime-nodejs22-arm64'],
    ['x86_64', 'python3.13', 'overtime-python313-x86_64'],
    [undefined, 'nodejs22.x', 'overtime-nodejs22-x86_64'],
  ] as const)('of a function on %s with %s takes the task definition %s', (architecture, Runtime, family) => {
    const Architectures = architecture === undefined ? [] : [architecture];

    expect(runTask({}, { configuration: { Runtime, Architectures } }).taskDefinition).toBe(family);
  });

  test.each([
    ['resize', FUNCTION_ARN, FUNCTION_ARN],
    ['resize:live', FUNCTION_ARN, `${FUNCTION_ARN}:live`],
    ['resize:live', `${FUNCTION_ARN}:live`, `${FUNCTION_ARN}:live`],
    ['resize:live', `${FUNCTION_ARN}:7`, `${FUNCTION_ARN}:live`],
    [`${FUNCTION_ARN}:$LATEST`, FUNCTION_ARN, `${FUNCTION_ARN}:$LATEST`],
  ])('of %s, which Lambda calls %s, runs %s', (arn, FunctionArn, expected) => {
    expect(plan({ arn }, { configuration: { FunctionArn } })).toMatchObject({ subject: { functionArn: expected } });
  });

  test('counts the input in bytes', () => {
    expect(plan({ input: { a: 'é' } })).toMatchObject({ inputBytes: 10 });
  });

  test('with a large input uploads it to a key of the run', () => {
    const input = Array.from({ length: 4000 }, (_, index) => Math.sin(index));

    expect(plan({ input })).toMatchObject({
      upload: { bucket: 'overtime-payloads', key: 'inputs/run-1.json', body: JSON.stringify(input) },
    });
  });
});

describe('a start is refused', () => {
  test('where no task definition has the runtime, naming those that are deployed', () => {
    expect(plan({}, { configuration: { Runtime: 'ruby3.4', Architectures: ['arm64'] } })).toEqual({
      kind: 'refuse',
      code: 'RUNTIME_NOT_DEPLOYED',
      reason:
        'The function resize runs on ruby3.4, arm64, and this deployment has no task definition for that: it has ' +
        "nodejs22.x on x86_64, nodejs22.x on arm64, python3.13 on x86_64. Add the runtime to the runner module's " +
        'runtimes, or give a taskDefinition in the request.',
    });
  });

  test('not where the request brings its own task definition for the runtime', () => {
    const Runtime = 'ruby3.4';

    expect(runTask({ taskDefinition: 'mine' }, { configuration: { Runtime } }).taskDefinition).toBe('mine');
  });

  test('for a container image that has no task definition, naming the variable to set', () => {
    expect(plan({}, { configuration: { PackageType: 'Image' } })).toEqual({
      kind: 'refuse',
      code: 'IMAGE_NOT_DEPLOYED',
      reason:
        'The function resize is a container image, and this deployment has no task definition for it: add ' +
        '{ function_name = "resize" } to the runner module\'s container_functions, or give a taskDefinition in the request.',
    });
  });

  test('for variables for a container image, which has those of its task definition', () => {
    expect(plan({ environment: { LEVEL: '1' } }, { configuration: { PackageType: 'Image' } })).toEqual({
      kind: 'refuse',
      code: 'IMAGE_ENVIRONMENT',
      reason:
        'The function resize is a container image: its variables stand in its task definition, and a request adds none ' +
        'to them. Leave environment out.',
    });
  });

  test('for an input that does not fit where there is no bucket, with its length', () => {
    const input = Array.from({ length: 4000 }, (_, index) => Math.sin(index));
    const planned = plan({ input }, { settings: { payloadBucket: undefined } });

    expect(planned).toEqual({
      kind: 'refuse',
      code: 'PAYLOAD_BUCKET_MISSING',
      reason: expect.stringMatching(
        /^With this input RunTask's overrides take \d{5} bytes, gzipped \d{5}, and ECS allows 8192\. .* set OVERTIME_PAYLOAD_BUCKET, or give a smaller input\.$/,
      ),
    });
  });

  test('for variables that leave no room for as much as a pointer to the input', () => {
    const environment = { QUOTES: '"'.repeat(2500) };

    expect(plan({ environment, input: Array.from({ length: 4000 }, (_, index) => Math.sin(index)) })).toEqual({
      kind: 'refuse',
      code: 'OVERRIDES_TOO_LARGE',
      reason: expect.stringMatching(
        /^Without the input RunTask's overrides take \d{5} bytes, and ECS allows 8192: give fewer or shorter variables in environment\.$/,
      ),
    });
  });

  test('for a function larger than the largest Fargate task, naming that', () => {
    expect(plan({}, { configuration: { MemorySize: 200_000 } })).toEqual({
      kind: 'refuse',
      code: 'SIZE_TOO_LARGE',
      reason:
        'No size of Fargate has the 200000 MiB of resize: the largest has 16384 CPU units and 122880 MiB. Give a ' +
        'smaller memoryMiB in the request.',
    });
  });
});
