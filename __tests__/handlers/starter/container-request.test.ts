import { identify } from '../../../handlers/starter/identity';
import { parseRequest } from '../../../handlers/starter/request';
import { containerRequest, FUNCTION_ARN, failureOf } from '../../support/starter/examples';

describe('a request without a function', () => {
  test('of a task definition alone has nothing else but no tags', () => {
    expect(parseRequest({ taskDefinition: 'report' })).toEqual({ action: 'start', taskDefinition: 'report', tags: {} });
  });

  test('may have all of this', () => {
    const everything = {
      action: 'start',
      taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report:12',
      containerName: 'app',
      command: ['report', '--day', ''],
      input: null,
      subnets: ['subnet-0123456789abcdef0'],
      securityGroups: [],
      cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/main',
      roleArn: 'arn:aws:iam::123456789012:role/report',
      cpu: 512,
      memoryMiB: 1024,
      ephemeralStorageGiB: 30,
      timeoutSeconds: 60,
      capacity: 'FARGATE_SPOT',
      capacityFallback: 'FARGATE',
      retries: 2,
      environment: { SPRING_PROFILES_ACTIVE: 'exportRunner' },
      platformVersion: '1.4.0',
      group: 'reports',
      propagateTags: 'TASK_DEFINITION',
      enableExecuteCommand: true,
      wait: true,
      assignPublicIp: 'ENABLED',
      idempotencyKey: 'night-7',
      tags: { team: 'a' },
      taskToken: 'token',
      callbackId: 'Y2FsbGJhY2s=',
      onSuccess: 'arn:aws:s3:::results',
      onFailure: 'arn:aws:s3:::results',
    };

    expect(parseRequest(everything)).toEqual(everything);
  });

  test.each([
    ['containerName', { arn: FUNCTION_ARN, containerName: 'app' }, /containerName: a function's run has one container/],
    ['command', { arn: FUNCTION_ARN, command: ['x'] }, /command: a function's run has the runner's command/],
    [
      'heartbeatSeconds',
      { taskDefinition: 'report', heartbeatSeconds: 60 },
      /heartbeatSeconds: no runner is in the task .* HeartbeatSeconds out of the state too/,
    ],
  ])('or with one is refused %s by name where it makes no sense', async (_, event, message) => {
    expect(await failureOf(() => parseRequest(event))).toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['a family with a space', { taskDefinition: 'my report' }, 'taskDefinition is "my report": give a task definition'],
    ['an empty command', { command: [] }, 'command is a list of 0 items: give a list of 1 or more texts'],
    ['a command in one text', { command: 'npm start' }, 'command is "npm start": give a list of 1 or more texts'],
    ['a container that is none', { containerName: 'a/b' }, `containerName is "a/b": give a container's name`],
    [
      "a variable of the starter's own",
      { environment: { OVERTIME_INPUT: '{}' } },
      'leave out OVERTIME_RUN_ID, OVERTIME_RUN_ATTEMPT, OVERTIME_INPUT, OVERTIME_INPUT_S3_URI',
    ],
    ['a disk where no Fargate is', { capacity: 'EC2', ephemeralStorageGiB: 30 }, 'ephemeralStorageGiB is of Fargate'],
    ['an unknown field', { count: 2 }, 'No such field as "count": the fields are action, input, subnets'],
  ])('is refused with %s', async (_, fields, message) => {
    expect(await failureOf(() => containerRequest(fields))).toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    });
  });

  test('names every wrong field at once', async () => {
    const { message } = await failureOf(() => containerRequest({ command: [], heartbeatSeconds: 3, count: 2 }));

    expect(message).toMatch(
      /^The request has 3 problems\. command is .*\. heartbeatSeconds: .*\. No such field as "count"/,
    );
  });

  test('with neither names both ways', async () => {
    expect(await failureOf(() => parseRequest({ cluster: 'main' }))).toMatchObject({
      message: expect.stringMatching(/arn is missing: give an ARN .* or leave it out, and give a taskDefinition/),
    });
  });
});

test('the same key gives one run, whichever kind it is of, and another request under it is found out', () => {
  const one = identify(containerRequest({ idempotencyKey: 'k', command: ['a'] }), 'id-1', 'ledger');
  const same = identify(containerRequest({ command: ['a'], idempotencyKey: 'k', wait: true }), 'id-2', 'ledger');
  const other = identify(containerRequest({ idempotencyKey: 'k', command: ['b'] }), 'id-1', 'ledger');

  expect(same).toEqual(one);
  expect(other.runId).toBe(one.runId);
  expect(other.requestHash).not.toBe(one.requestHash);
});
