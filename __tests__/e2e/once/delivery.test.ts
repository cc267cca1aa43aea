import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Delivery, RunEnvelope } from '../../../handlers/shared/run';
import { startLocalAws } from '../../../local/local-aws';
import { eventually } from '../../support/eventually';
import { functionPackage } from '../../support/function-package';
import { LocalAccount } from '../../support/local-account';
import { runnerBundle } from '../../support/runner-bundle';
import { WAITING_ROW } from '../../support/runner-process';
import { terraformName } from '../../support/terraform-name';

jest.setTimeout(600_000);

let account: LocalAccount;
let states: SFNClient;
let queues: SQSClient;
let objects: S3Client;
/** Named as the runner module names them. */
const LEDGER = 'overtime-runs';
const PAYLOADS = terraformName('overtime-payloads-');

let rows: DynamoDBDocumentClient;
let runnerFile: string;
let functionRoleArn: string;
let stateMachineArn: string;
let tokenQueueUrl: string;
let runs = 0;

beforeAll(async () => {
  account = new LocalAccount(await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined }));
  ({ runnerFile } = await runnerBundle());
  states = new SFNClient(account.configuration);
  queues = new SQSClient(account.configuration);
  objects = new S3Client({ ...account.configuration, forcePathStyle: true });
  rows = DynamoDBDocumentClient.from(new DynamoDBClient(account.configuration));
  await rows.send(
    new CreateTableCommand({
      TableName: LEDGER,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'runId', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'runId', AttributeType: 'S' }],
    }),
  );
  for (const Bucket of [PAYLOADS, 'results']) {
    await objects.send(new CreateBucketCommand({ Bucket }));
  }
  functionRoleArn = await account.role('function', { Service: 'lambda.amazonaws.com' });
  tokenQueueUrl = await queue('tokens');
  stateMachineArn = await waitingStateMachine();
}, 600_000);

afterAll(() => account?.aws.stop());

/** @param sender a service that may send to the queue without a role of ours */
async function queue(QueueName: string, sender?: string): Promise<string> {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: sender },
      Action: 'sqs:SendMessage',
      Resource: account.arn('sqs', QueueName),
    },
  ];
  const Attributes = {
    ...(QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {}),
    ...(sender === undefined ? {} : { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  };
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName, Attributes }));
  return String(QueueUrl);
}

/** Its one task puts its token into a queue, and waits. */
async function waitingStateMachine(): Promise<string> {
  const roleArn = await account.role('waits', { Service: 'states.amazonaws.com' }, [
    { Action: 'sqs:SendMessage', Resource: account.arn('sqs', 'tokens') },
  ]);
  const definition = {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: tokenQueueUrl, MessageBody: { 'taskToken.$': '$$.Task.Token' } },
        HeartbeatSeconds: 60,
        Catch: [{ ErrorEquals: ['RangeError'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', End: true },
    },
  };
  const created = await states.send(
    new CreateStateMachineCommand({ name: 'waits', roleArn, definition: JSON.stringify(definition) }),
  );
  return String(created.stateMachineArn);
}

async function receive(QueueUrl: string): Promise<unknown> {
  return eventually(`a message in ${QueueUrl}`, async () => {
    const { Messages } = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    const body = Messages?.[0]?.Body;
    return body === undefined ? undefined : (JSON.parse(body) as unknown);
  });
}

interface RunRequest {
  readonly functionName: string;
  readonly delivery: Delivery;
  readonly input?: unknown;
  /** What the task's role may do besides what every run needs. */
  readonly statements: Parameters<LocalAccount['limited']>[1];
}

/** Runs a function by the bundled runner, under a role that may do no more than this. */
async function run({ functionName, delivery, input = {}, statements }: RunRequest) {
  runs += 1;
  const runId = `run-${runs}`;
  const name = `${functionName}-${runs}`;
  const functionArn = account.arn('lambda', `function:${name}`);
  await account.lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: functionRoleArn,
      Code: { ZipFile: functionPackage(functionName) },
    }),
  );
  await rows.send(new PutCommand({ TableName: LEDGER, Item: { ...WAITING_ROW, runId, functionArn, delivery } }));
  const { credentials } = await account.limited(terraformName('overtime-task-', runs), [
    { Action: 'lambda:GetFunction', Resource: [functionArn, `${functionArn}:*`] },
    { Action: 'dynamodb:UpdateItem', Resource: account.arn('dynamodb', `table/${LEDGER}`) },
    { Action: 's3:PutObject', Resource: `arn:aws:s3:::${PAYLOADS}/outputs/*` },
    ...statements,
  ]);
  const envelope: RunEnvelope = {
    version: 1,
    runId,
    attempt: 1,
    functionArn,
    timeoutSeconds: 300,
    input: { inline: input },
  };
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-run-'));
  const child = spawn(process.execPath, [runnerFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: account.aws.endpoint,
      AWS_REGION: account.aws.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...('sessionToken' in credentials ? { AWS_SESSION_TOKEN: String(credentials.sessionToken) } : {}),
      OVERTIME_RUN: JSON.stringify(envelope),
      OVERTIME_LEDGER_TABLE: LEDGER,
      OVERTIME_PAYLOAD_BUCKET: PAYLOADS,
      OVERTIME_STOP_TIMEOUT_SECONDS: '120',
      OVERTIME_TASK_ROOT: path.join(folder, 'task'),
      OVERTIME_LAYERS_ROOT: path.join(folder, 'opt'),
      OVERTIME_WORK_ROOT: path.join(folder, 'work'),
    },
  });
  const log = await text(child.stderr);
  await rm(folder, { recursive: true, force: true });
  const { Item } = await rows.send(new GetCommand({ TableName: LEDGER, Key: { runId }, ConsistentRead: true }));
  return { runId, row: Item, log };
}

const mayTellStates = {
  Action: ['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'],
  Resource: '*',
};

async function startWaiting(): Promise<{ executionArn: string; taskToken: string }> {
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
  const { taskToken } = (await receive(tokenQueueUrl)) as { taskToken: string };
  return { executionArn: String(executionArn), taskToken };
}

const ended = (executionArn: string) =>
  eventually(`the end of ${executionArn}`, async () => {
    const { status, output } = await states.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : { status, output: JSON.parse(output ?? 'null') as unknown };
  });

describe('a state machine that waits for a run', () => {
  test('goes on with its output', async () => {
    const { executionArn, taskToken } = await startWaiting();
    const input = { text: 'grüße', times: 1 };
    const { row } = await run({
      functionName: 'returns-text',
      delivery: { taskToken },
      input,
      statements: [mayTellStates],
    });

    expect(row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: expect.any(String) });
    expect(await ended(executionArn)).toEqual({ status: 'SUCCEEDED', output: 'grüße' });
  });

  test('catches its error by the name that the function gives it', async () => {
    const { executionArn, taskToken } = await startWaiting();
    await run({ functionName: 'throws', delivery: { taskToken }, statements: [mayTellStates] });

    expect(await ended(executionArn)).toEqual({
      status: 'SUCCEEDED',
      output: { Error: 'RangeError', Cause: expect.stringMatching(/^\{"errorType":"RangeError",/) },
    });
    const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name)).toContain('Caught');
  });

  test('hears nothing where the role may not tell it, and the row says that somebody has to', async () => {
    const { executionArn, taskToken } = await startWaiting();
    const { row, log } = await run({ functionName: 'throws', delivery: { taskToken }, statements: [] });

    expect(row).toMatchObject({ status: 'FAILED', open: 'open', delivery: { taskToken } });
    expect(row).not.toHaveProperty('deliveredAt');
    expect(log).toMatch(/"event":"delivery.refused".*AccessDenied/);
    expect((await states.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
  });
});

describe('the record of a run arrives', () => {
  const record = (runId: string) => ({
    version: '1.0',
    timestamp: expect.any(String),
    requestContext: {
      requestId: runId,
      functionArn: account.arn('lambda', `function:returns-text-${runId.slice('run-'.length)}:$LATEST`),
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { text: 'ok', times: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: 'ok',
  });

  const runTo = async (onSuccess: string, Action: string, Resource = onSuccess) => {
    const { runId, row } = await run({
      functionName: 'returns-text',
      delivery: { onSuccess },
      input: { text: 'ok', times: 1 },
      statements: [{ Action, Resource }],
    });
    expect(row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: expect.any(String) });
    return runId;
  };

  test('in a FIFO queue', async () => {
    const url = await queue('results.fifo');
    const runId = await runTo(account.arn('sqs', 'results.fifo'), 'sqs:SendMessage');

    expect(await receive(url)).toEqual(record(runId));
  });

  test('by a topic', async () => {
    const url = await queue('of-topic', 'sns.amazonaws.com');
    const topics = new SNSClient(account.configuration);
    const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: 'results' }));
    await topics.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: account.arn('sqs', 'of-topic'),
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    const runId = await runTo(String(TopicArn), 'sns:Publish');

    expect(await receive(url)).toEqual(record(runId));
  });

  test('by an event bus, to a rule made for Lambda’s own records', async () => {
    const url = await queue('of-bus', 'events.amazonaws.com');
    const buses = new EventBridgeClient(account.configuration);
    const { EventBusArn } = await buses.send(new CreateEventBusCommand({ Name: 'results' }));
    const EventPattern = JSON.stringify({
      source: ['lambda'],
      'detail-type': ['Lambda Function Invocation Result - Success'],
    });
    await buses.send(new PutRuleCommand({ Name: 'successes', EventBusName: 'results', EventPattern }));
    await buses.send(
      new PutTargetsCommand({
        Rule: 'successes',
        EventBusName: 'results',
        Targets: [{ Id: 'queue', Arn: account.arn('sqs', 'of-bus') }],
      }),
    );
    const runId = await runTo(String(EventBusArn), 'events:PutEvents');

    expect(await receive(url)).toMatchObject({ source: 'lambda', detail: record(runId) });
  });

  test('in a bucket, where Lambda puts its own', async () => {
    const runId = await runTo('arn:aws:s3:::results', 's3:PutObject', 'arn:aws:s3:::results/aws/lambda/async/*');

    const { Contents } = await objects.send(
      new ListObjectsV2Command({ Bucket: 'results', Prefix: 'aws/lambda/async/' }),
    );
    expect(Contents).toHaveLength(1);
    const { Body } = await objects.send(new GetObjectCommand({ Bucket: 'results', Key: String(Contents?.[0]?.Key) }));
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toEqual(record(runId));
  });
});
