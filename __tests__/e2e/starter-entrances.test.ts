import path from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LEDGER_INDEXES } from '../../handlers/shared/run';
import type { CancelAnswer } from '../../handlers/starter/cancel';
import type { ListAnswer } from '../../handlers/starter/list';
import type { StartAnswer } from '../../handlers/starter/start';
import { invoke, invokeOrThrow } from '../../local/invoke';
import { bundle, zipOf } from '../../stacks/parts/packaged-function';
import { backendUnderTest } from '../support/backend-under-test';
import { eventually } from '../support/eventually';
import { CLUSTER, type LocalAccount } from '../support/local-account';
import { type ProbeAccount, startProbeAccount } from '../support/probe-account';
import { STARTER_ENVIRONMENT } from '../support/starter/environment';
import { terraformName } from '../support/terraform-name';

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const STARTER = 'overtime-starter';
const LEDGER = 'overtime-runs';
const FAMILY = 'waits';

const NEVER_ENDS = 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));';

jest.setTimeout(600_000);

describe(`the starter's entrances on the local AWS, tasks as ${backendUnderTest()}`, () => {
  let probe: ProbeAccount;
  let account: LocalAccount;
  let sqs: SQSClient;

  const queue = async (name: string, attributes: Record<string, string> = {}) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return String(QueueUrl);
  };

  const putLedger = async () => {
    const index = (IndexName: string, hash: string, range: string) => ({
      IndexName,
      KeySchema: [
        { AttributeName: hash, KeyType: 'HASH' as const },
        { AttributeName: range, KeyType: 'RANGE' as const },
      ],
      Projection: {
        ProjectionType: 'INCLUDE' as const,
        NonKeyAttributes: ['attempt', 'functionArn', 'startedAt', 'invokedAt', 'endedAt', 'exitCode', 'taskArn'].concat(
          hash === 'status' ? [] : ['status'],
        ),
      },
    });
    const names = ['runId', 'unqualifiedFunctionArn', 'status', 'createdDay', 'createdAt'];
    await new DynamoDBClient(account.configuration).send(
      new CreateTableCommand({
        TableName: LEDGER,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [{ AttributeName: 'runId', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          index(LEDGER_INDEXES.byFunction, 'unqualifiedFunctionArn', 'createdAt'),
          index(LEDGER_INDEXES.byStatus, 'status', 'createdAt'),
          index(LEDGER_INDEXES.byDay, 'createdDay', 'createdAt'),
        ],
      }),
    );
  };

  const putStarter = async () => {
    const entry = path.resolve(__dirname, '../../handlers/starter/handler.ts');
    await account.lambda.send(
      new CreateFunctionCommand({
        FunctionName: STARTER,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: 60,
        Role: await account.role(terraformName(`${STARTER}-`), LAMBDA, [
          {
            Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
            Resource: account.arn('dynamodb', `table/${LEDGER}`),
          },
          { Action: ['dynamodb:Query'], Resource: account.arn('dynamodb', `table/${LEDGER}/index/*`) },
          { Action: ['lambda:GetFunctionConfiguration'], Resource: account.arn('lambda', 'function:*') },
          { Action: ['ecs:RunTask'], Resource: account.arn('ecs', `task-definition/${FAMILY}:*`) },
          { Action: ['ecs:StopTask', 'ecs:TagResource'], Resource: account.arn('ecs', `task/${CLUSTER}/*`) },
          { Action: ['iam:PassRole'], Resource: account.executionRoleArn },
          {
            Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
            Resource: account.arn('sqs', 'requests'),
          },
          account.mayWriteLogs(`/aws/lambda/${STARTER}`),
        ]),
        Code: { ZipFile: zipOf({ 'index.js': bundle(entry) }) },
        Environment: {
          Variables: {
            ...STARTER_ENVIRONMENT,
            OVERTIME_CLUSTER: CLUSTER,
            OVERTIME_CONTAINER_NAME: 'probe',
            OVERTIME_LEDGER_TABLE: LEDGER,
            OVERTIME_TASK_DEFINITIONS: JSON.stringify([
              { family: FAMILY, runtime: 'nodejs22.x', architecture: 'x86_64' },
            ]),
            OVERTIME_LAUNCH_QUEUE_URL: await queue('launches.fifo', { FifoQueue: 'true' }),
            OVERTIME_OVERFLOW_CAUSES: 'timeout',
          },
        },
      }),
    );
  };

  const putSlowFunction = async () => {
    await account.lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'slow',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: 1,
        Role: await account.role('slow', LAMBDA, [
          { Action: ['lambda:InvokeFunction'], Resource: account.arn('lambda', `function:${STARTER}`) },
        ]),
        Code: { ZipFile: zipOf({ 'index.mjs': Buffer.from(NEVER_ENDS) }) },
      }),
    );
    await account.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'slow',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: account.arn('lambda', `function:${STARTER}`) } },
      }),
    );
  };

  beforeAll(async () => {
    probe = await startProbeAccount();
    account = probe.account;
    sqs = new SQSClient(account.configuration);
    await account.taskDefinition(FAMILY, { containers: [{ command: ['drain'] }] });
    await putLedger();
    await putStarter();
    await putSlowFunction();
  }, 600_000);

  afterAll(() => probe?.stop());

  const ask = <Answer>(request: object) => invokeOrThrow(account.lambda, STARTER, request) as Promise<Answer>;

  const runsOf = async (arn: string) => (await ask<ListAnswer>({ action: 'list', arn })).runs;

  const inputOf = async (taskArn: string) => {
    const { overrides } = await account.task(taskArn);
    const [variable] = overrides?.containerOverrides?.[0]?.environment ?? [];
    return JSON.parse(String(variable?.value)).input.inline;
  };

  test('an asynchronous invocation that Lambda cuts off goes on as one task, with the payload as it was', async () => {
    await account.lambda.send(
      new InvokeCommand({ FunctionName: 'slow', InvocationType: 'Event', Payload: Buffer.from('{"order":7}') }),
    );
    const [run, ...more] = await eventually('a run of the function', async () => {
      const runs = await runsOf('slow');
      return runs[0]?.status === 'STARTING' ? runs : undefined;
    });

    expect(more).toEqual([]);
    expect(run?.functionArn).toBe(account.arn('lambda', 'function:slow:$LATEST'));
    expect(await inputOf(String(run?.taskArns[0]))).toEqual({ order: 7 });
  });

  test('runs are listed page by page, and a cancel stops the task', async () => {
    const started: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      started.push((await ask<StartAnswer>({ arn: 'slow:$LATEST', input: { name } })).runId);
    }
    const query = { action: 'list', arn: 'slow', status: 'STARTING', limit: 2 };
    const first = await ask<ListAnswer>(query);
    const second = await ask<ListAnswer>({ ...query, nextToken: first.nextToken });
    const listed = [...first.runs, ...second.runs].map(({ runId }) => runId);

    expect(listed).toEqual(expect.arrayContaining(started));
    expect(new Set(listed).size).toBe(listed.length);

    const runId = String(started[2]);
    const cancelled = await ask<CancelAnswer>({ action: 'cancel', runId });
    const [taskArn] = cancelled.taskArns;

    expect(cancelled).toEqual({ runId, status: 'CANCELLED', taskArns: [expect.stringContaining(':task/')] });
    expect(await account.stopped(String(taskArn))).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: `Overtime: the run ${runId} was cancelled`,
    });
    expect(await ask<CancelAnswer>({ action: 'cancel', runId })).toEqual(cancelled);
    const { runs } = await ask<ListAnswer>({ action: 'list', status: 'CANCELLED' });
    expect(runs.map((run) => run.runId)).toEqual([runId]);
    const { runs: today } = await ask<ListAnswer>({ action: 'list' });
    expect(today.map((run) => run.runId)).toEqual(expect.arrayContaining(started));
  });

  test('of a batch of messages the requests are started, and the others stay in their queue', async () => {
    const url = await queue('requests', { VisibilityTimeout: '60' });
    const messages = [
      { arn: 'slow', input: { message: 1 }, tags: { batch: 'yes' } },
      { arn: 'no-such-function' },
      { arn: 'slow', input: { message: 2 }, tags: { batch: 'yes' } },
    ];
    for (const message of messages) {
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(message) }));
    }
    const before = (await runsOf('slow')).length;
    await account.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: STARTER,
        EventSourceArn: account.arn('sqs', 'requests'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }),
    );
    await eventually('two more runs', async () => ((await runsOf('slow')).length === before + 2 ? true : undefined));
    const left = await eventually('one message left', async () => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const];
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
      const counts = AttributeNames.map((name) => Number(Attributes[name]));
      return counts.reduce((sum, count) => sum + count, 0) === 1 ? counts : undefined;
    });

    expect(left).toHaveLength(2);
  });

  test('what the starter cannot read fails with its code', async () => {
    expect(await invoke(account.lambda, STARTER, { Records: [{ eventSource: 'aws:kinesis' }] })).toEqual({
      functionError: 'Unhandled',
      payload: expect.objectContaining({ errorType: 'INVALID_INPUT' }),
    });
  });
});
