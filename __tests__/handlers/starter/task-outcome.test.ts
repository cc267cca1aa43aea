import { type FailureKind, outcomeOfError, outcomeOfResponse, remedyOf } from '../../../handlers/starter/task-outcome';

const TASK = {
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/family:7',
};

describe('a 200 of RunTask', () => {
  test('with a task is accepted', () => {
    expect(outcomeOfResponse({ tasks: [TASK] })).toEqual({
      kind: 'accepted',
      taskArns: [TASK.taskArn],
      taskDefinition: TASK.taskDefinitionArn,
      failures: [],
    });
  });

  test('with a task and a failure is accepted, and tells of the failure', () => {
    expect(outcomeOfResponse({ tasks: [TASK], failures: [{ reason: 'RESOURCE:CPU' }] })).toMatchObject({
      kind: 'accepted',
      taskArns: [TASK.taskArn],
      failures: ['RESOURCE:CPU'],
    });
  });

  test('with failures gives each reason, which task-starter took for a success', () => {
    const failures = [{ arn: 'instance-1', reason: 'RESOURCE:MEMORY', detail: 'no room' }, { reason: 'AGENT' }, {}];

    expect(outcomeOfResponse({ tasks: [], failures })).toEqual({
      kind: 'capacity',
      reason: 'RESOURCE:MEMORY, no room, instance-1; AGENT; no reason given',
    });
  });

  test.each([[{ tasks: [], failures: [] }], [{}]])('of %j leaves open whether there is a task', (response) => {
    expect(outcomeOfResponse(response)).toEqual({
      kind: 'uncertain',
      reason: 'ECS answered with neither a task nor a failure',
    });
  });

  // As AWS documents them, in task-outcome.ts's sources, and as people have met them.
  test.each<[string, FailureKind]>([
    ['Capacity is unavailable at this time. Please try again later or in a different availability zone', 'capacity'],
    ['RESOURCE:CPU', 'capacity'],
    ['RESOURCE:MEMORY', 'capacity'],
    ['RESOURCE:PORTS', 'capacity'],
    ['RESOURCE:ENI', 'capacity'],
    ['RESOURCE:GPU', 'capacity'],
    ['TaskFailedToStart: EMPTY CAPACITY PROVIDER', 'capacity'],
    ['No Container Instances were found in your capacity provider.', 'capacity'],
    ['LOCATION', 'capacity'],
    ['a reason that AWS adds later', 'capacity'],
    ['AGENT', 'agent'],
    ["You've reached the limit on the number of tasks you can run concurrently", 'limits'],
    ["You've reached the limit on the number of vCPUs you can run concurrently", 'limits'],
    ['Rate exceeded', 'throttled'],
    ['ATTRIBUTE', 'invalid'],
    ['The requested CPU configuration is above your limit.', 'invalid'],
    ['The requested MEMORY configuration is above your limit.', 'invalid'],
    ['MISSING', 'missing'],
    ['INACTIVE', 'missing'],
  ])('with the failure "%s" is of the kind %s', (reason, kind) => {
    expect(outcomeOfResponse({ failures: [{ reason }] })).toEqual({ kind, reason });
  });

  test.each<[string[], FailureKind]>([
    [['MISSING', 'RESOURCE:CPU'], 'capacity'],
    [['ATTRIBUTE', 'AGENT'], 'agent'],
    [['MISSING', 'ATTRIBUTE'], 'invalid'],
  ])('with the failures %j is of the kind that may still start, %s', (reasons, kind) => {
    expect(outcomeOfResponse({ failures: reasons.map((reason) => ({ reason })) }).kind).toBe(kind);
  });
});

describe('an error of RunTask', () => {
  const error = (name: string, message: string, fields: object = { $fault: 'client' }) =>
    Object.assign(new Error(message), { name }, fields);

  test.each<[string, string, FailureKind]>([
    ['ThrottlingException', 'Rate exceeded', 'throttled'],
    ['TooManyRequestsException', 'Too many requests', 'throttled'],
    [
      'InvalidParameterException',
      'Error retrieving subnet information for [subnet-1]: Rate exceeded (ErrorCode: Throttling)',
      'throttled',
    ],
    [
      'InvalidParameterException',
      'Unexpected EC2 error while attempting to Create Network Interface: RequestLimitExceeded',
      'throttled',
    ],
    ['InvalidParameterException', 'No Container Instances were found in your cluster.', 'capacity'],
    [
      'InvalidParameterException',
      "Unexpected EC2 error while attempting to Create Network Interface in subnet 's': InsufficientFreeAddressesInSubnet",
      'capacity',
    ],
    ['ClientException', 'Tasks provisioning capacity limit exceeded.', 'limits'],
    ['LimitExceededException', 'The limit for the resource was exceeded.', 'limits'],
    ['ClusterNotFoundException', 'Cluster not found.', 'missing'],
    ['ClientException', 'TaskDefinition not found.', 'missing'],
    ['ClientException', 'TaskDefinition is inactive', 'missing'],
    ['InvalidParameterException', 'Unable to describe task definition.', 'missing'],
    ['BlockedException', 'Your account is currently blocked.', 'access'],
    ['UnrecognizedClientException', 'The security token included in the request is invalid.', 'access'],
    [
      'ClientException',
      "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/r' that was provided for this task.",
      'access',
    ],
    ['PlatformUnknownException', 'The specified platform version does not exist.', 'invalid'],
    ['PlatformTaskDefinitionIncompatibilityException', 'The platform version does not satisfy it.', 'invalid'],
    ['UnsupportedFeatureException', 'The specified task is not supported in this region.', 'invalid'],
    [
      'InvalidParameterException',
      'Override for container named x is not a container in the TaskDefinition.',
      'invalid',
    ],
    ['ClientException', 'Container overrides length must be at most 8192', 'invalid'],
  ])('%s: %s, is of the kind %s', (name, message, kind) => {
    expect(outcomeOfError(error(name, message))).toEqual({ kind, reason: `${name}: ${message}` });
  });

  test.each([
    ['ServerException', error('ServerException', 'why', { $fault: 'server' })],
    // A fault of the service may have been one after it acted, whatever its words are.
    ['ServerException', error('ServerException', 'Rate exceeded', { $fault: 'server' })],
    ['TimeoutError', error('TimeoutError', 'why', {})],
    ['UnknownError', 'why'],
  ])('%s leaves open whether there is a task', (name, thrown) => {
    expect(outcomeOfError(thrown)).toEqual({ kind: 'uncertain', reason: expect.stringContaining(`${name}: `) });
  });

  test('AccessDeniedException says what the starter may do', () => {
    expect(outcomeOfError(error('AccessDeniedException', 'why'))).toEqual({
      kind: 'access',
      reason:
        "AccessDeniedException: why The starter's role may run the deployment's own task definitions and those of " +
        "containerTaskDefinitions, in the deployment's own cluster and those of clusterArns, with the deployment's own " +
        'roles and those of taskRoleArns and containerRoleArns: name yours there (in deployment.ts; in Terraform ' +
        'container_task_definitions, cluster_arns, task_role_arns, container_role_arns), leave cluster, taskDefinition or ' +
        "roleArn out of the request, or attach a policy of yours to the starter's role.",
    });
  });

  test("ConflictException with tasks is accepted: they are the run's own", () => {
    const conflict = error('ConflictException', 'why', { $fault: 'client', resourceIds: [TASK.taskArn] });

    expect(outcomeOfError(conflict)).toEqual({
      kind: 'accepted',
      taskArns: [TASK.taskArn],
      taskDefinition: undefined,
      failures: [],
    });
  });

  test('ConflictException without tasks leaves open whether there is one', () => {
    expect(outcomeOfError(error('ConflictException', 'why'))).toEqual({
      kind: 'uncertain',
      reason: 'ConflictException: why',
    });
  });
});

test.each([
  ['capacity', 'elsewhere'],
  ['agent', 'elsewhere'],
  ['limits', 'elsewhere'],
  ['throttled', 'again'],
  ['uncertain', 'again'],
  ['missing', 'never'],
  ['access', 'never'],
  ['invalid', 'never'],
] as const)('a failure of the kind %s is tried %s', (kind, remedy) => {
  expect(remedyOf(kind)).toBe(remedy);
});
