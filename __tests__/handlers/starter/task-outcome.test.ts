import { outcomeOfError, outcomeOfResponse } from '../../../handlers/starter/task-outcome';

const TASK = {
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/family:7',
};

describe('a 200 of RunTask', () => {
  test.each([
    [
      'with a task is accepted',
      { tasks: [TASK] },
      { kind: 'accepted', taskArns: [TASK.taskArn], taskDefinition: TASK.taskDefinitionArn },
    ],
    [
      'with failures is refused with each reason, which task-starter took for a success',
      {
        tasks: [],
        failures: [
          { arn: 'instance-1', reason: 'RESOURCE:MEMORY', detail: 'no room' },
          { reason: 'Capacity is unavailable at this time' },
          {},
        ],
      },
      {
        kind: 'refused',
        reason: 'RESOURCE:MEMORY, no room, instance-1; Capacity is unavailable at this time; no reason given',
      },
    ],
    [
      'with empty lists is refused',
      { tasks: [], failures: [] },
      { kind: 'refused', reason: 'ECS answered with neither a task nor a failure' },
    ],
    ['with nothing is refused', {}, { kind: 'refused', reason: 'ECS answered with neither a task nor a failure' }],
  ])('%s', (_, response, outcome) => {
    expect(outcomeOfResponse(response)).toEqual(outcome);
  });
});

describe('an error of RunTask', () => {
  const error = (name: string, fields: object = { $fault: 'client' }) =>
    Object.assign(new Error('why'), { name }, fields);

  test.each([
    [
      'ConflictException with tasks',
      error('ConflictException', { $fault: 'client', resourceIds: [TASK.taskArn] }),
      { kind: 'accepted', taskArns: [TASK.taskArn], taskDefinition: undefined },
    ],
    ['ConflictException without', error('ConflictException'), { kind: 'uncertain', reason: 'ConflictException: why' }],
    [
      'ClusterNotFoundException',
      error('ClusterNotFoundException'),
      { kind: 'refused', reason: 'ClusterNotFoundException: why' },
    ],
    [
      'AccessDeniedException',
      error('AccessDeniedException'),
      {
        kind: 'refused',
        reason:
          "AccessDeniedException: why The starter's role may run the deployment's own task definitions in its own cluster, " +
          "with the deployment's own roles and those that deployment.ts names in taskRoleArns: leave cluster, " +
          "taskDefinition or roleArn out of the request, or attach a policy of yours to the starter's role.",
      },
    ],
    ['ThrottlingException', error('ThrottlingException'), { kind: 'throttled', reason: 'ThrottlingException: why' }],
    [
      'ServerException',
      error('ServerException', { $fault: 'server' }),
      { kind: 'uncertain', reason: 'ServerException: why' },
    ],
    ['a timeout', error('TimeoutError', {}), { kind: 'uncertain', reason: 'TimeoutError: why' }],
    ['no Error', 'why', { kind: 'uncertain', reason: 'UnknownError: why' }],
  ])('%s', (_, thrown, outcome) => {
    expect(outcomeOfError(thrown)).toEqual(outcome);
  });

  test("InvalidParameterException around EC2's throttling is a throttling, which the SDK does not see", () => {
    const message =
      'Unexpected EC2 error while attempting to create network interface: Rate exceeded (ErrorCode: Throttling)';

    expect(outcomeOfError(error('InvalidParameterException', { $fault: 'client', message }))).toEqual({
      kind: 'throttled',
      reason: `InvalidParameterException: ${message}`,
    });
  });
});
