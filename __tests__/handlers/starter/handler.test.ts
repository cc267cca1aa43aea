import type { StartAnswer } from '../../../handlers/starter/start';
import { type AwsServer, startAwsServer } from '../../support/aws-server';
import functionUrl from '../../support/events/function-url.json';
import sqsStandard from '../../support/events/sqs-standard.json';
import { STARTER_ENVIRONMENT } from '../../support/starter/environment';
import { CONFIGURATION, FUNCTION_ARN, failureOf } from '../../support/starter/examples';

const TASK = { taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1', taskDefinitionArn: 'family:7' };

const ownEnvironment = process.env;
let server: AwsServer;

/** The deployed handler as Lambda loads it: fresh, in an environment. */
async function load(environment: Record<string, string>) {
  process.env = { ...ownEnvironment, ...environment };
  jest.resetModules();
  const { handler } = await import('../../../handlers/starter/handler');
  const context = {
    awsRequestId: 'id-1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:overtime-starter',
    getRemainingTimeInMillis: () => 60_000,
  };
  return (event: unknown) => handler(event, context as Parameters<typeof handler>[1]);
}

beforeAll(async () => {
  let row: Record<string, unknown> | undefined;
  server = await startAwsServer(({ action, body, url }) => {
    if (action === 'PutItem') {
      row = JSON.parse(body).Item;
      return {};
    }
    if (action === 'UpdateItem') {
      row = { ...row, status: { S: 'STARTING' } };
      return { body: { Attributes: row } };
    }
    if (action === 'GetItem') {
      return { body: { Item: row } };
    }
    if (action === 'Query') {
      return { body: { Items: [row] } };
    }
    return action === 'RunTask'
      ? { body: { tasks: [TASK], failures: [] } }
      : { body: url.startsWith('/2015-03-31/functions/') ? CONFIGURATION : {} };
  });
});

afterAll(async () => {
  process.env = ownEnvironment;
  await server.close();
});

describe('the handler', () => {
  const environment = () => ({
    ...STARTER_ENVIRONMENT,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: server.endpoint,
  });

  test('starts a run, then tells its status', async () => {
    const invoke = await load(environment());
    const answer = await invoke({ arn: FUNCTION_ARN, input: { a: 1 } });
    const runId = 'runId' in answer ? answer.runId : undefined;

    expect(answer).toEqual({ runId, taskArns: [TASK.taskArn], taskDefinition: 'family:7', status: 'STARTING' });
    const calls = server.requests.map(({ action, method }) => (action === '' ? method : action));
    // The ledger is read while the function is looked up, and the row is written while the pacer gives a turn.
    expect([calls.slice(0, 2).sort(), calls.slice(2, 4).sort(), calls.slice(4)]).toEqual([
      ['GET', 'GetItem'],
      ['PutItem', 'UpdateItem'],
      ['RunTask', 'UpdateItem'],
    ]);
    expect(await invoke({ action: 'status', runId })).toMatchObject({ runId, status: 'STARTING', inputBytes: 7 });
  });

  test('lists and cancels the run', async () => {
    const invoke = await load(environment());
    const { runId } = (await invoke({ arn: FUNCTION_ARN, input: { a: 1 } })) as StartAnswer;
    const before = server.requests.length;

    expect(await invoke({ action: 'list', arn: FUNCTION_ARN })).toMatchObject({
      runs: [{ runId, status: 'STARTING' }],
    });
    expect(await invoke({ action: 'cancel', runId })).toMatchObject({ runId });
    expect(server.requests.slice(before).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['Query', 'GetItem', 'UpdateItem']),
    );
  });

  test('reports the messages of a batch that are no requests', async () => {
    const invoke = await load(environment());

    expect(await invoke(sqsStandard)).toEqual({
      batchItemFailures: sqsStandard.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
  });

  test('answers by its URL', async () => {
    const invoke = await load(environment());

    expect(await invoke({ ...functionUrl, body: '{"action":"list","limit":0}' })).toMatchObject({ statusCode: 400 });
  });

  test('fails each invocation with what is wrong in its settings', async () => {
    const invoke = await load({ ...environment(), OVERTIME_CLUSTER: '' });

    expect(await failureOf(() => invoke({ arn: FUNCTION_ARN }))).toMatchObject({
      name: 'INVALID_SETTING',
      message: expect.stringMatching(/^OVERTIME_CLUSTER is not set\./),
    });
  });

  test('fails a wrong request with INVALID_INPUT, the name that Lambda gives as errorType', async () => {
    const invoke = await load(environment());

    expect(await failureOf(() => invoke({}))).toMatchObject({ name: 'INVALID_INPUT' });
  });
});
