import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { planContainer, refusedTaskDefinition } from '../../../handlers/starter/container-plan';
import { launchText, parseLaunch, runTaskInput } from '../../../handlers/starter/launch';
import type { StarterSettings } from '../../../handlers/starter/settings';
import { CLUSTER_ARN, containerRequest, IDENTITY, SETTINGS, TASK_DEFINITION } from '../../support/starter/examples';

/** The shape of a clockwork's tasks: on container instances, with Docker's own network. */
const BRIDGE: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report:3',
  requiresCompatibilities: ['EC2'],
  containerDefinitions: [{ name: 'job', memory: 300 }],
};

interface Changes {
  readonly definition?: TaskDefinition;
  readonly settings?: Partial<StarterSettings>;
}

function plan(fields: Record<string, unknown> = {}, { definition = TASK_DEFINITION, settings = {} }: Changes = {}) {
  return planContainer({
    request: containerRequest(fields),
    settings: { ...SETTINGS, ...settings },
    definition,
    identity: IDENTITY,
  });
}

function runTask(fields: Record<string, unknown> = {}, changes: Changes = {}, attempt = 1, variant = 0) {
  const planned = plan(fields, changes);
  if (planned.kind !== 'run') {
    throw new Error(planned.reason);
  }
  // By way of the row, as all that starts a task reads it there.
  const launch = parseLaunch(launchText(planned.launch));
  if (launch === undefined) {
    throw new Error('The launch is unreadable.');
  }
  return runTaskInput(launch, { runId: 'run-1', attempt, variant });
}

const OWN_VARIABLES = [
  { name: 'OVERTIME_RUN_ID', value: 'run-1' },
  { name: 'OVERTIME_RUN_ATTEMPT', value: '1' },
];

describe('the plan of a container run', () => {
  test('of a family alone starts its first essential container as it is, and lets ECS take the revision', () => {
    expect(plan()).toMatchObject({
      subject: {
        container: 'app',
        taskDefinition: 'report',
        unqualifiedFunctionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report',
      },
      timeoutSeconds: 3600,
      inputBytes: 0,
      maxAttempts: 1,
      upload: undefined,
    });
    expect(runTask()).toEqual({
      cluster: CLUSTER_ARN,
      taskDefinition: 'report',
      launchType: 'FARGATE',
      count: 1,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: SETTINGS.subnets,
          securityGroups: SETTINGS.securityGroups,
          assignPublicIp: 'DISABLED',
        },
      },
      overrides: { containerOverrides: [{ name: 'app', environment: OWN_VARIABLES }] },
      startedBy: 'run-1',
      clientToken: 'run-1-1',
      enableECSManagedTags: true,
      tags: [{ key: 'overtime:run-id', value: 'run-1' }],
    });
  });

  test('of a bridge task on container instances sends neither network nor Fargate’s fields', () => {
    expect(runTask({ cluster: 'clockwork' }, { definition: BRIDGE })).toEqual({
      cluster: 'clockwork',
      taskDefinition: 'report',
      launchType: 'EC2',
      count: 1,
      overrides: { containerOverrides: [{ name: 'job', environment: OWN_VARIABLES }] },
      startedBy: 'run-1',
      clientToken: 'run-1-1',
      enableECSManagedTags: true,
      tags: [{ key: 'overtime:run-id', value: 'run-1' }],
    });
  });

  test('carries what the request says, and the number of the attempt', () => {
    const fields = {
      taskDefinition: 'report:12',
      containerName: 'proxy',
      command: ['report', '--all'],
      environment: { SPRING_PROFILES_ACTIVE: 'exportRunner' },
      input: { day: 7 },
      roleArn: 'arn:aws:iam::123456789012:role/report',
      ephemeralStorageGiB: 30,
      tags: { team: 'a' },
    };

    expect(runTask(fields, {}, 3)).toMatchObject({
      taskDefinition: 'report:12',
      clientToken: 'run-1-3',
      overrides: {
        taskRoleArn: 'arn:aws:iam::123456789012:role/report',
        ephemeralStorage: { sizeInGiB: 30 },
        containerOverrides: [
          {
            name: 'proxy',
            command: ['report', '--all'],
            environment: [
              { name: 'SPRING_PROFILES_ACTIVE', value: 'exportRunner' },
              { name: 'OVERTIME_RUN_ID', value: 'run-1' },
              { name: 'OVERTIME_RUN_ATTEMPT', value: '3' },
              { name: 'OVERTIME_INPUT', value: '{"day":7}' },
            ],
          },
        ],
      },
      tags: [
        { key: 'team', value: 'a' },
        { key: 'overtime:run-id', value: 'run-1' },
      ],
    });
  });

  test('goes to the fallback, and to each subnet alone, as a function does', () => {
    const request = { capacity: 'FARGATE_SPOT', capacityFallback: 'FARGATE' };
    const places = Array.from({ length: 4 }, (_, variant) => runTask(request, {}, 1, variant));

    expect(
      places.map(({ launchType, networkConfiguration: network }) => [
        launchType,
        network?.awsvpcConfiguration?.subnets?.length,
      ]),
    ).toEqual([
      [undefined, 2],
      [undefined, 1],
      [undefined, 1],
      ['FARGATE', 2],
    ]);
  });
});

describe('on what a container runs', () => {
  const on = (definition: Partial<TaskDefinition>, fields: Record<string, unknown> = {}) => {
    const { launchType, overrides } = runTask(fields, { definition: { ...TASK_DEFINITION, ...definition } });
    return { launchType, cpu: overrides?.cpu, memory: overrides?.memory };
  };

  test.each<[string, Partial<TaskDefinition>, string]>([
    ['FARGATE where it was registered for it', { requiresCompatibilities: ['EC2', 'FARGATE'] }, 'FARGATE'],
    ['FARGATE where ECS found that it fits', { requiresCompatibilities: [] }, 'FARGATE'],
    ['EC2 where it was registered for that', { requiresCompatibilities: ['EC2'] }, 'EC2'],
    ['EC2 where its network is not its own', { requiresCompatibilities: [], networkMode: 'host' }, 'EC2'],
    ['EC2 where nothing is known', { requiresCompatibilities: [], compatibilities: [] }, 'EC2'],
  ])('%s', (_, definition, launchType) => {
    expect(on(definition).launchType).toBe(launchType);
  });

  test.each<[string, Record<string, unknown>, Partial<TaskDefinition>, string | undefined, string | undefined]>([
    ['the size of the task definition', {}, {}, undefined, undefined],
    ['the next size of Fargate', { memoryMiB: 700 }, {}, '256', '1024'],
    ['more memory for more CPU', { cpu: 2048 }, {}, '2048', '4096'],
    [
      'a size of the task definition that is not told',
      { cpu: 512 },
      { cpu: undefined, memory: undefined },
      '512',
      '1024',
    ],
    ['what it asks for, on container instances', { cpu: 300 }, { requiresCompatibilities: ['EC2'] }, '300', undefined],
  ])('%s', (_, fields, definition, cpu, memory) => {
    expect(on(definition, fields)).toMatchObject({ cpu, memory });
  });
});

describe('a container run is refused', () => {
  test.each<[string, string, Record<string, unknown>, Changes, RegExp]>([
    [
      'TASK_DEFINITION_INACTIVE',
      'a revision that is INACTIVE',
      {},
      { definition: { ...TASK_DEFINITION, status: 'INACTIVE' } },
      /report is INACTIVE.*register it anew, or give the family without a revision/,
    ],
    [
      'CONTAINER_NOT_FOUND',
      'a container that it has not',
      { containerName: 'web' },
      {},
      /has no container web: it has proxy, app\. Give one of them as containerName/,
    ],
    [
      'TASK_DEFINITION_MISMATCH',
      'Fargate for a bridge task',
      { capacity: 'FARGATE' },
      { definition: BRIDGE },
      /does not run on Fargate \(its launch types are EC2, its network mode is bridge\): give capacity "EC2"/,
    ],
    [
      'TASK_DEFINITION_MISMATCH',
      'a fallback to Fargate for a bridge task',
      { capacityFallback: 'FARGATE' },
      { definition: BRIDGE },
      /leave capacityFallback out/,
    ],
    [
      'TASK_DEFINITION_MISMATCH',
      'container instances for a Fargate task',
      { capacity: 'EC2' },
      {},
      /does not run on container instances \(its launch types are FARGATE\): leave capacity out/,
    ],
    [
      'TASK_DEFINITION_MISMATCH',
      'subnets for a bridge task',
      { subnets: ['subnet-0123456789abcdef0'] },
      { definition: BRIDGE },
      /network mode is bridge, which takes no subnets: leave them out/,
    ],
    [
      'TASK_DEFINITION_MISMATCH',
      "Fargate's version for a bridge task",
      { platformVersion: '1.4.0' },
      { definition: BRIDGE },
      /platformVersion is of Fargate/,
    ],
    [
      'SIZE_TOO_LARGE',
      'more memory than Fargate has for it',
      { cpu: 256 },
      { definition: { ...TASK_DEFINITION, memory: '122881' } },
      /Give a smaller cpu or memoryMiB/,
    ],
    [
      'OVERRIDES_TOO_LARGE',
      'a command that is too long',
      { command: ['x'.repeat(8_200)] },
      {},
      /give a shorter command/,
    ],
    [
      'PAYLOAD_BUCKET_MISSING',
      'an input that is too large without a bucket',
      { input: 'x'.repeat(8_200) },
      { settings: { payloadBucket: undefined } },
      /set OVERTIME_PAYLOAD_BUCKET, or give a smaller input/,
    ],
  ])('with %s for %s', (code, _, fields, changes, reason) => {
    expect(plan(fields, changes)).toMatchObject({ kind: 'refuse', code, reason: expect.stringMatching(reason) });
  });

  test.each([
    ['report', true],
    ['report:12', true],
    ['arn:aws:ecs:eu-west-1:123456789012:task-definition/nightly-sum:3', true],
    ['reports', false],
    ['overtime-nodejs22-x86_64', false],
  ])('before ECS is asked unless its family is listed: %s', (taskDefinition, isAllowed) => {
    const refusal = refusedTaskDefinition(containerRequest({ taskDefinition }), SETTINGS.containerTaskDefinitions);

    expect(refusal).toEqual(
      isAllowed
        ? undefined
        : {
            kind: 'refuse',
            code: 'TASK_DEFINITION_NOT_ALLOWED',
            reason: expect.stringMatching(
              /\(now report, nightly-\*\)\. Add .* to container_task_definitions and its roles to container_role_arns/,
            ),
          },
    );
  });
});
