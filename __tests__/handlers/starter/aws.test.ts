import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { RunRecord } from '../../../handlers/shared/run';
import { lambdaFunctions } from '../../../handlers/starter/aws/functions';
import { s3Inputs } from '../../../handlers/starter/aws/inputs';
import { launchQueue } from '../../../handlers/starter/aws/launch-queue';
import { dynamoLedger } from '../../../handlers/starter/aws/ledger';
import { dynamoRuns } from '../../../handlers/starter/aws/runs';
import { ecsStops, ecsTasks } from '../../../handlers/starter/aws/tasks';
import { watcherOf } from '../../../handlers/starter/aws/watcher';
import { runTaskInput } from '../../../handlers/starter/launch';
import { overridesBytes } from '../../../handlers/starter/overrides';
import { planStart } from '../../../handlers/starter/plan';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../../support/aws-server';
import {
  CONFIGURATION,
  FUNCTION_ARN,
  failureOf,
  IDENTITY,
  SETTINGS,
  startRequest,
} from '../../support/starter/examples';

let answers: AwsAnswer[] = [];
let server: AwsServer;

const nothing: AwsAnswer = { status: 500, body: { message: 'No answer is left.' } };

beforeAll(async () => {
  server = await startAwsServer(() => answers.shift() ?? nothing);
});

afterAll(() => server.close());

/** Settings of a client that asks once, and the server that gives `given` in turn. */
function clientThatGets(...given: readonly AwsAnswer[]) {
  answers = [...given];
  return {
    region: 'eu-west-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
}

const refusal = (type: string, fields: object = {}): AwsAnswer => ({
  status: 400,
  body: { __type: type, message: 'why', ...fields },
});

function lastRequest(): AwsRequest {
  const request = server.requests.at(-1);
  if (request === undefined) {
    throw new Error('Nothing was asked.');
  }
  return request;
}

describe('functions in Lambda', () => {
  const lookUp = (arn: string, answer: AwsAnswer) => lambdaFunctions(clientThatGets(answer))(arn);

  test('are asked for by the name given, qualifier and all', async () => {
    const configuration = await lookUp('resize:live', { body: { ...CONFIGURATION, Environment: undefined } });

    expect(lastRequest()).toMatchObject({
      method: 'GET',
      url: '/2015-03-31/functions/resize%3Alive/configuration',
    });
    expect(configuration).toMatchObject({ FunctionName: 'resize', FunctionArn: FUNCTION_ARN, MemorySize: 512 });
  });

  test.each([
    ['resize', 'eu-west-1'],
    ['arn:aws:lambda:us-west-2:123456789012:function:resize', 'us-west-2'],
  ])('%s is looked for in %s', async (arn, region) => {
    await lookUp(arn, { body: CONFIGURATION });

    expect(lastRequest().headers.authorization).toContain(`/${region}/lambda/aws4_request`);
  });

  test.each([
    [
      404,
      'ResourceNotFoundException',
      'FUNCTION_NOT_FOUND',
      'Lambda has no function resize: why. Nothing was started.',
    ],
    [
      403,
      'AccessDeniedException',
      'FUNCTION_ACCESS_DENIED',
      'The starter may not read resize: why. A deployment reads the functions of its own account and region, or those ' +
        'that functionArns in deployment.ts names: name it there.',
    ],
  ])('%i %s fails with %s', async (status, type, name, message) => {
    const answer = { status, headers: { 'x-amzn-errortype': type }, body: { Message: 'why', message: 'why' } };

    expect(await failureOf(() => lookUp('resize', answer))).toEqual({
      name,
      message,
      cause: expect.objectContaining({ name: type }),
    });
  });

  test('what else goes wrong passes on as it is', async () => {
    const answer = {
      status: 429,
      headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
      body: { message: 'slow' },
    };

    expect(await failureOf(() => lookUp('resize', answer))).toMatchObject({ name: 'TooManyRequestsException' });
  });
});

describe('tasks in ECS', () => {
  const planned = planStart({
    request: startRequest({ input: { text: 'é"' }, capacity: 'FARGATE_SPOT', tags: { team: 'data' } }),
    settings: SETTINGS,
    configuration: CONFIGURATION,
    identity: IDENTITY,
  });
  if (planned.kind !== 'run') {
    throw new Error(planned.reason);
  }
  const runTask = runTaskInput(planned.launch, { runId: 'run-1', attempt: 1, variant: 0 });
  const run = (answer: AwsAnswer) => ecsTasks(new ECSClient(clientThatGets(answer)))(runTask);
  const taskArn = 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1';

  test('are asked for as planned, and the overrides have the length on the wire that was measured', async () => {
    const outcome = await run({ body: { tasks: [{ taskArn, taskDefinitionArn: 'family:7' }], failures: [] } });
    const { action, body } = lastRequest();

    expect(action).toBe('RunTask');
    expect(JSON.parse(body)).toEqual(runTask);
    // The SDK puts the keys in another order; the length is the same.
    const sent = body.slice(body.indexOf('"overrides":') + '"overrides":'.length, body.indexOf(',"startedBy"'));
    expect(JSON.parse(sent)).toEqual(runTask.overrides);
    expect(Buffer.byteLength(sent)).toBe(overridesBytes(runTask.overrides ?? {}));
    expect(outcome).toEqual({ kind: 'accepted', taskArns: [taskArn], taskDefinition: 'family:7', failures: [] });
  });

  test.each([
    [
      'a 200 with failures',
      { body: { tasks: [], failures: [{ reason: 'RESOURCE:CPU' }] } },
      { kind: 'capacity', reason: 'RESOURCE:CPU' },
    ],
    [
      'a 200 with nothing',
      { body: { tasks: [], failures: [] } },
      { kind: 'uncertain', reason: 'ECS answered with neither a task nor a failure' },
    ],
    [
      'a conflict that names its tasks',
      refusal('ConflictException', { resourceIds: [taskArn] }),
      { kind: 'accepted', taskArns: [taskArn], taskDefinition: undefined, failures: [] },
    ],
    [
      'a missing cluster',
      refusal('ClusterNotFoundException'),
      { kind: 'missing', reason: 'ClusterNotFoundException: why' },
    ],
    [
      'no permission',
      refusal('AccessDeniedException'),
      { kind: 'access', reason: expect.stringMatching(/^AccessDeniedException: why .*taskRoleArns/) },
    ],
    ['a throttling', refusal('ThrottlingException'), { kind: 'throttled', reason: 'ThrottlingException: why' }],
    [
      'a throttling within another error',
      refusal('InvalidParameterException', { message: 'Rate exceeded (ErrorCode: Throttling)' }),
      { kind: 'throttled', reason: 'InvalidParameterException: Rate exceeded (ErrorCode: Throttling)' },
    ],
    [
      'a fault of ECS',
      { status: 500, body: { __type: 'ServerException', message: 'why' } },
      { kind: 'uncertain', reason: 'ServerException: why' },
    ],
  ])('%s', async (_, answer, outcome) => {
    expect(await run(answer)).toEqual(outcome);
  });
});

describe('stops of tasks in ECS', () => {
  const stop = { cluster: 'overtime', taskArn: 'task-1', reason: 'Overtime: the run run-1 was cancelled' };
  const stopTask = (answer: AwsAnswer) => ecsStops(new ECSClient(clientThatGets(answer)))(stop);

  test('name the task and the reason', async () => {
    await stopTask({ body: { task: { taskArn: 'task-1' } } });

    expect(lastRequest().action).toBe('StopTask');
    expect(JSON.parse(lastRequest().body)).toEqual({ cluster: 'overtime', task: 'task-1', reason: stop.reason });
  });

  test('are done where ECS has forgotten the task', async () => {
    const gone = refusal('InvalidParameterException', { message: 'The referenced task was not found.' });

    expect(await stopTask(gone)).toBeUndefined();
  });

  test.each([
    ['AccessDeniedException', 'why'],
    ['InvalidParameterException', 'The cluster is inactive.'],
  ])('fail with TASK_NOT_STOPPED for a %s', async (type, message) => {
    expect(await failureOf(() => stopTask(refusal(type, { message })))).toEqual({
      name: 'TASK_NOT_STOPPED',
      message:
        `ECS did not stop the task task-1 (${type}: ${message}). The run is CANCELLED in the ledger: cancel it again, or ` +
        'stop the task by hand.',
      cause: expect.objectContaining({ name: type }),
    });
  });
});

test('the watcher is asked asynchronously to settle a run', async () => {
  await watcherOf(new LambdaClient(clientThatGets({ status: 202 })), 'overtime-watcher')('run-1');

  expect(lastRequest()).toMatchObject({
    method: 'POST',
    url: '/2015-03-31/functions/overtime-watcher/invocations',
    headers: { 'x-amz-invocation-type': 'Event' },
  });
  expect(JSON.parse(lastRequest().body)).toEqual({ action: 'settle', runId: 'run-1' });
});

describe('the runs in DynamoDB', () => {
  const runs = (...given: readonly AwsAnswer[]) => dynamoRuns(new DynamoDBClient(clientThatGets(...given)), 'ledger');
  const arn = FUNCTION_ARN;
  const times = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
  const bounds = { ':from': { S: times.from }, ':to': { S: times.to } };

  test.each([
    [
      'a function',
      { query: { ...times, functionArn: arn } },
      {
        IndexName: 'by-function',
        KeyConditionExpression:
          '#unqualifiedFunctionArn = :unqualifiedFunctionArn AND #createdAt BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#unqualifiedFunctionArn': 'unqualifiedFunctionArn', '#createdAt': 'createdAt' },
        ExpressionAttributeValues: { ':unqualifiedFunctionArn': { S: arn }, ...bounds },
      },
    ],
    [
      'an alias in a status, from the middle',
      {
        query: { ...times, functionArn: `${arn}:live`, status: 'FAILED' },
        startKey: { runId: 'run-1', unqualifiedFunctionArn: arn, createdAt: times.to },
      },
      {
        IndexName: 'by-function',
        KeyConditionExpression:
          '#unqualifiedFunctionArn = :unqualifiedFunctionArn AND #createdAt BETWEEN :from AND :to',
        FilterExpression: '#functionArn = :functionArn AND #status = :status',
        ExpressionAttributeNames: {
          '#unqualifiedFunctionArn': 'unqualifiedFunctionArn',
          '#createdAt': 'createdAt',
          '#functionArn': 'functionArn',
          '#status': 'status',
        },
        ExpressionAttributeValues: {
          ':unqualifiedFunctionArn': { S: arn },
          ...bounds,
          ':functionArn': { S: `${arn}:live` },
          ':status': { S: 'FAILED' },
        },
        ExclusiveStartKey: {
          runId: { S: 'run-1' },
          unqualifiedFunctionArn: { S: arn },
          createdAt: { S: times.to },
        },
      },
    ],
    [
      'a status',
      { query: { ...times, status: 'FAILED' } },
      {
        IndexName: 'by-status',
        KeyConditionExpression: '#status = :status AND #createdAt BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#status': 'status', '#createdAt': 'createdAt' },
        ExpressionAttributeValues: { ':status': { S: 'FAILED' }, ...bounds },
      },
    ],
    [
      'a day',
      { query: times, day: '2026-11-20' },
      {
        IndexName: 'by-day',
        KeyConditionExpression: '#createdDay = :createdDay AND #createdAt BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#createdDay': 'createdDay', '#createdAt': 'createdAt' },
        ExpressionAttributeValues: { ':createdDay': { S: '2026-11-20' }, ...bounds },
      },
    ],
  ])('are looked for by %s in one index, the newest first', async (_, cursor, query) => {
    const answer = { Items: [{ runId: { S: 'run-1' } }], LastEvaluatedKey: { runId: { S: 'run-1' } } };

    expect(await runs({ body: answer }).query(cursor, 25)).toEqual({
      rows: [{ runId: 'run-1' }],
      lastKey: { runId: 'run-1' },
    });
    expect(lastRequest().action).toBe('Query');
    expect(JSON.parse(lastRequest().body)).toEqual({
      TableName: 'ledger',
      ScanIndexForward: false,
      Limit: 25,
      ...query,
    });
  });

  test('end where DynamoDB names no key', async () => {
    expect(await runs({ body: { Items: [] } }).query({ query: times, day: '2026-11-20' }, 25)).toEqual({
      rows: [],
      lastKey: undefined,
    });
  });
});

describe('the ledger in DynamoDB', () => {
  const ledger = (...given: readonly AwsAnswer[]) =>
    dynamoLedger(new DynamoDBClient(clientThatGets(...given)), 'ledger');
  const conditionFails = refusal('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException');
  const record: RunRecord = {
    runId: 'run-1',
    status: 'PENDING',
    attempt: 1,
    functionArn: FUNCTION_ARN,
    requestHash: 'hash',
    timeoutSeconds: 60,
    inputBytes: 2,
    createdAt: '2026-11-20T12:00:00.000Z',
    expiresAt: 1_800_000_000,
  };
  const item = (status: string) => ({
    runId: { S: 'run-1' },
    status: { S: status },
    attempt: { N: '1' },
    functionArn: { S: FUNCTION_ARN },
    requestHash: { S: 'hash' },
    timeoutSeconds: { N: '60' },
    inputBytes: { N: '2' },
    createdAt: { S: '2026-11-20T12:00:00.000Z' },
    expiresAt: { N: '1800000000' },
  });
  const attempt = { runId: 'run-1', attempt: 1 };
  const task = {
    cluster: 'overtime',
    taskDefinition: 'family:7',
    taskArn: 'task-1',
    checkAt: '2026-11-20T12:05:00.000Z',
  };
  const refusedBy = (row: object) =>
    refusal('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', { Item: row });
  const ofPending = {
    ConditionExpression: '#status = :is_status AND #attempt = :is_attempt',
    ExpressionAttributeValues: { ':is_status': { S: 'PENDING' }, ':is_attempt': { N: '1' } },
  };

  test('a row is read consistently, as a repeated request may follow at once', async () => {
    expect(await ledger({ body: { Item: item('PENDING') } }).find('run-1')).toEqual(record);
    expect(lastRequest()).toMatchObject({ action: 'GetItem' });
    expect(JSON.parse(lastRequest().body)).toEqual({
      TableName: 'ledger',
      Key: { runId: { S: 'run-1' } },
      ConsistentRead: true,
    });
  });

  test('a row that is not there is undefined', async () => {
    expect(await ledger({}).find('run-1')).toBeUndefined();
  });

  test('an output with numbers past 2^53 is read', async () => {
    const output = { M: { inline: { L: [{ N: '12345678901234567890' }, { N: '1E+30' }] } } };

    expect(await ledger({ body: { Item: { ...item('SUCCEEDED'), output } } }).find('run-1')).toMatchObject({
      output: { inline: [12_345_678_901_234_567_000, 1e30] },
    });
  });

  test('a new row is put where there is none', async () => {
    expect(await ledger({}).create(record)).toBeUndefined();
    expect(lastRequest()).toMatchObject({ action: 'PutItem' });
    expect(JSON.parse(lastRequest().body)).toEqual({
      TableName: 'ledger',
      Item: item('PENDING'),
      ConditionExpression: 'attribute_not_exists(runId)',
    });
  });

  test('where there is a row, that is given', async () => {
    const existing = await ledger(conditionFails, { body: { Item: item('RUNNING') } }).create(record);

    expect(existing).toEqual({ ...record, status: 'RUNNING' });
  });

  test('PENDING becomes STARTING with its task, if it is still the attempt', async () => {
    const status = await ledger({ body: { Attributes: item('STARTING') } }).markStarting(attempt, task);

    expect(status).toBe('STARTING');
    expect(JSON.parse(lastRequest().body)).toMatchObject({
      Key: { runId: { S: 'run-1' } },
      UpdateExpression:
        'SET #cluster = :cluster, #taskDefinition = :taskDefinition, #taskArn = :taskArn, #checkAt = :checkAt, ' +
        '#status = :status',
      ...ofPending,
    });
  });

  test('where the runner was quicker its state stays, and the task is noted for its attempt', async () => {
    const quick = ledger(refusedBy(item('RUNNING')), { body: { Attributes: item('RUNNING') } });

    expect(await quick.markStarting(attempt, task)).toBe('RUNNING');
    expect(JSON.parse(lastRequest().body)).toMatchObject({
      UpdateExpression: 'SET #cluster = :cluster, #taskDefinition = :taskDefinition, #taskArn = :taskArn',
      ConditionExpression: '#attempt = :is_attempt AND (attribute_not_exists(#taskArn) OR #taskArn = :than_taskArn)',
    });
  });

  test('a STARTING whose answer was lost is known again', async () => {
    const lost = ledger(refusedBy({ ...item('STARTING'), taskArn: { S: 'task-1' } }));

    expect(await lost.markStarting(attempt, task)).toBe('STARTING');
    expect(answers).toEqual([]);
  });

  test('where the run is at its next attempt, its row is left alone', async () => {
    const next = { ...item('PENDING'), attempt: { N: '2' } };

    expect(await ledger(refusedBy(next), refusedBy(next)).markStarting(attempt, task)).toBe('PENDING');
  });

  test('PENDING becomes FAILED with its error, and leaves the index of the sweep', async () => {
    const error = { errorType: 'TASK_NOT_STARTED', errorMessage: 'why' };
    const now = new Date('2026-11-20T12:00:01.000Z');
    const closed = ledger({ body: { Attributes: item('FAILED') } });

    expect(await closed.markFailed({ ...record, maxAttempts: 4 }, error, now)).toMatchObject({ status: 'FAILED' });
    expect(JSON.parse(lastRequest().body)).toMatchObject({
      UpdateExpression:
        'SET #status = :status, #error = :error, #endedAt = :endedAt, #endedBy = :endedBy REMOVE #missingSince, #open, ' +
        '#checkAt',
      ConditionExpression: '#status IN (:is_status_0) AND #attempt = :is_attempt AND attribute_not_exists(#delivery)',
      ExpressionAttributeValues: {
        ':status': { S: 'FAILED' },
        ':is_status_0': { S: 'PENDING' },
        ':error': { M: { errorType: { S: 'TASK_NOT_STARTED' }, errorMessage: { S: 'why' } } },
        ':endedAt': { S: '2026-11-20T12:00:01.000Z' },
      },
    });
  });

  test('a run that is PENDING no more is not failed, and that is no error', async () => {
    const late = ledger(refusedBy(item('RUNNING')));

    expect(await late.markFailed(record, { errorType: 'E', errorMessage: 'why' }, new Date())).toBeUndefined();
  });

  test.each([
    ['is noted after none', 1, 'attribute_not_exists(#launchVariant)'],
    ['is noted after the one before', 3, '#launchVariant = :is_launchVariant'],
  ])('a place %s', async (_, variant, condition) => {
    expect(await ledger({ body: { Attributes: item('PENDING') } }).noteVariant(attempt, variant)).toBe(true);
    expect(JSON.parse(lastRequest().body)).toMatchObject({
      UpdateExpression: 'SET #launchVariant = :launchVariant',
      ConditionExpression: `#status = :is_status AND #attempt = :is_attempt AND ${condition}`,
    });
  });

  test.each([
    ['for a run that has moved on is refused', item('CANCELLED'), false],
    ['that somebody else is past is refused', { ...item('PENDING'), launchVariant: { N: '2' } }, false],
    ['whose answer was lost is known again', { ...item('PENDING'), launchVariant: { N: '1' } }, true],
  ])('a place %s', async (_, row, isNoted) => {
    expect(await ledger(refusedBy(row)).noteVariant(attempt, 1)).toBe(isNoted);
  });

  test('the check of a run that waits is put off, and of no other', async () => {
    await ledger(refusedBy(item('RUNNING'))).postponeCheck(attempt, '2026-11-20T12:15:00.000Z');

    expect(JSON.parse(lastRequest().body)).toMatchObject({ UpdateExpression: 'SET #checkAt = :checkAt' });
    expect(JSON.parse(lastRequest().body)).toMatchObject({ ConditionExpression: ofPending.ConditionExpression });
  });

  test("the pacer's row is no run", async () => {
    expect(await ledger().find('pacer')).toBeUndefined();
  });

  test.each(['find', 'create'] as const)('%s passes other errors on', async (verb) => {
    const broken = ledger(refusal('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'));
    const call = { find: () => broken.find('run-1'), create: () => broken.create(record) }[verb];

    expect(await failureOf(call)).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

test('an input goes to its bucket and key as JSON', async () => {
  await s3Inputs(clientThatGets({}))({ bucket: 'payloads', key: 'inputs/run-1.json', body: '{"a":"é"}' });

  expect(lastRequest()).toMatchObject({ method: 'PUT', url: '/payloads/inputs/run-1.json?x-id=PutObject' });
  expect(lastRequest().headers['content-type']).toBe('application/json');
  expect(lastRequest().body).toBe('{"a":"é"}');
});

test('a launch goes to the end of the one group of the launch queue', async () => {
  const MD5OfMessageBody = createHash('md5').update('{"version":1,"runId":"run-1","attempt":2}').digest('hex');
  const settings = clientThatGets({ body: { MessageId: 'm', MD5OfMessageBody } });
  await launchQueue(settings, SETTINGS.launchQueueUrl)({ version: 1, runId: 'run-1', attempt: 2 }, 'run-1-2');

  expect(lastRequest().action).toBe('SendMessage');
  expect(JSON.parse(lastRequest().body)).toEqual({
    QueueUrl: SETTINGS.launchQueueUrl,
    MessageBody: '{"version":1,"runId":"run-1","attempt":2}',
    MessageGroupId: 'launch',
    MessageDeduplicationId: 'run-1-2',
  });
});

test('the watcher is asked to deliver, and not waited for', async () => {
  await watcherOf(new LambdaClient(clientThatGets({ status: 202 })), 'overtime-watcher')('run-1');

  expect(lastRequest()).toMatchObject({
    url: '/2015-03-31/functions/overtime-watcher/invocations',
    body: '{"action":"settle","runId":"run-1"}',
  });
  expect(lastRequest().headers['x-amz-invocation-type']).toBe('Event');
});
