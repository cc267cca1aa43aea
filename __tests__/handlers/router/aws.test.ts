import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { rowQueue } from '../../../handlers/router/aws/queue';
import { dynamoRows } from '../../../handlers/router/aws/rows';
import { starterOf } from '../../../handlers/router/aws/starter';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../../support/aws-server';

const NOW = new Date('2026-11-27T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const DAY = 24 * 60 * 60;

let server: AwsServer;
let answer: (request: AwsRequest) => AwsAnswer;

const settings = () => ({
  region: 'eu-west-1',
  endpoint: server.endpoint,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
});

beforeAll(async () => {
  server = await startAwsServer((request) => answer(request));
});

afterAll(() => server.close());

/** What came since a moment. */
function since(count: number): readonly { readonly action: string; readonly body: unknown }[] {
  return server.requests.slice(count).map(({ action, body }) => ({ action, body: JSON.parse(body) }));
}

const failed = (type: string, fields: object = {}): AwsAnswer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'why', ...fields },
});

describe('the rows in DynamoDB', () => {
  const waits: number[] = [];
  const rows = () =>
    dynamoRows(new DynamoDBClient(settings()), 'rows', async (milliseconds) => {
      waits.push(milliseconds);
    });
  const row = { id: 'a', event: { x: 1 }, receivedAt: NOW.toISOString() };

  test('a row is put unless it is in a run already', async () => {
    answer = () => ({});
    const from = server.requests.length;

    expect(await rows().put('w', row)).toBe(true);
    expect(since(from)).toEqual([
      {
        action: 'TransactWriteItems',
        body: expect.objectContaining({
          TransactItems: [
            {
              ConditionCheck: {
                TableName: 'rows',
                Key: { window: { S: 'w' }, item: { S: 'done#a' } },
                ConditionExpression: 'attribute_not_exists(#item)',
                ExpressionAttributeNames: { '#item': 'item' },
              },
            },
            {
              Put: {
                TableName: 'rows',
                Item: {
                  window: { S: 'w' },
                  item: { S: 'row#a' },
                  event: { S: '{"x":1}' },
                  receivedAt: { S: NOW.toISOString() },
                  expiresAt: { N: String(SECONDS + 14 * DAY) },
                },
              },
            },
          ],
        }),
      },
    ]);

    const reasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }];
    answer = () => failed('TransactionCanceledException', { CancellationReasons: reasons });
    expect(await rows().put('w', row)).toBe(false);
  });

  test('a transaction that another one disturbed is no row that is in a run', async () => {
    const reasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
    answer = () => failed('TransactionCanceledException', { CancellationReasons: reasons });

    await expect(rows().put('w', row)).rejects.toThrow(
      expect.objectContaining({ name: 'TransactionCanceledException' }),
    );
  });

  test('rows are looked for by a hundred, and by what is true now', async () => {
    answer = () => ({ body: { Responses: { rows: [] } } });
    const from = server.requests.length;

    expect(
      await rows().hasAny(
        'w',
        Array.from({ length: 150 }, (_, index) => `${index}`),
      ),
    ).toBe(false);
    const keys = since(from).map(({ body }) => (body as { RequestItems: { rows: { Keys: [] } } }).RequestItems.rows);
    expect(keys.map(({ Keys }) => Keys.length)).toEqual([100, 50]);
    expect(keys).toEqual(keys.map(() => expect.objectContaining({ ConsistentRead: true })));

    answer = () => ({ body: { Responses: { rows: [{ item: { S: 'row#1' } }] } } });
    expect(await rows().hasAny('w', ['1'])).toBe(true);
  });

  test('a row that DynamoDB did not look for may be there', async () => {
    answer = () => ({ body: { Responses: {}, UnprocessedKeys: { rows: { Keys: [{ item: { S: 'row#1' } }] } } } });

    expect(await rows().hasAny('w', ['1'])).toBe(true);
  });

  test('all pages of a window are read', async () => {
    const item = (id: string) => ({ item: { S: `row#${id}` }, event: { S: `{"id":"${id}"}` }, receivedAt: { S: 't' } });
    answer = ({ body }) => ({
      body: body.includes('ExclusiveStartKey')
        ? { Items: [item('b')] }
        : { Items: [item('a')], LastEvaluatedKey: { window: { S: 'w' }, item: { S: 'row#a' } } },
    });

    expect(await rows().list('w')).toEqual([
      { id: 'a', event: { id: 'a' }, receivedAt: 't' },
      { id: 'b', event: { id: 'b' }, receivedAt: 't' },
    ]);
  });

  test('a lock is taken where there is none or an old one, with what was left unfinished', async () => {
    const batch = { id: { S: 'b' }, rows: { L: [{ S: 'a' }] }, isStarted: { BOOL: true } };
    answer = () => ({ body: { Attributes: { window: { S: 'w' }, item: { S: 'lock' }, batch: { M: batch } } } });
    const from = server.requests.length;

    expect(await rows().lock('w', 'me', 1000, 2000)).toEqual({
      kind: 'locked',
      batch: { id: 'b', rows: ['a'], isStarted: true },
    });
    expect(since(from)[0]?.body).toMatchObject({
      Key: { window: { S: 'w' }, item: { S: 'lock' } },
      ConditionExpression: 'attribute_not_exists(lockedUntil) OR lockedUntil < :now',
      ExpressionAttributeValues: { ':owner': { S: 'me' }, ':now': { N: '1000' }, ':until': { N: '2000' } },
    });

    answer = () => failed('ConditionalCheckFailedException');
    expect(await rows().lock('w', 'me', 1000, 2000)).toEqual({ kind: 'busy' });
  });

  test('what is noted and let go, only the owner of the lock notes and lets go', async () => {
    answer = () => ({});
    const from = server.requests.length;

    await rows().noteBatch('w', 'me', { id: 'b', rows: ['a'], isStarted: false });
    await rows().unlock('w', 'me', 'kept');
    await rows().unlock('w', 'me', 'done');

    const updates = since(from).map(({ body }) => body as Readonly<Record<string, unknown>>);
    expect(updates.map((each) => each['UpdateExpression'])).toEqual([
      'SET #batch = :batch',
      'REMOVE lockedUntil',
      'REMOVE lockedUntil, #batch',
    ]);
    expect(updates.map((each) => each['ConditionExpression'])).toEqual(updates.map(() => '#owner = :owner'));
  });

  test('rows are in a run before they are gone, and what DynamoDB did not take is sent again', async () => {
    let refusals = 1;
    answer = ({ body }) => {
      const { RequestItems } = JSON.parse(body) as { RequestItems: { rows: unknown[] } };
      refusals -= 1;
      return { body: { UnprocessedItems: refusals >= 0 ? { rows: RequestItems.rows.slice(0, 1) } : {} } };
    };
    const from = server.requests.length;

    await rows().remove('w', ['a', 'b'], NOW);

    const batches = since(from).map(({ body }) => (body as { RequestItems: { rows: unknown[] } }).RequestItems.rows);
    const done = (id: string) => ({
      PutRequest: {
        Item: { window: { S: 'w' }, item: { S: `done#${id}` }, expiresAt: { N: String(SECONDS + DAY) } },
      },
    });
    const gone = (id: string) => ({ DeleteRequest: { Key: { window: { S: 'w' }, item: { S: `row#${id}` } } } });
    expect(batches).toEqual([[done('a'), done('b')], [done('a')], [gone('a'), gone('b')]]);
    expect(waits).toEqual([100]);
  });

  test('a thousand rows are eighty batches of 25 writes', async () => {
    answer = () => ({ body: { UnprocessedItems: {} } });
    const from = server.requests.length;

    await rows().remove(
      'w',
      Array.from({ length: 1000 }, (_, index) => `${index}`),
      NOW,
    );

    expect(
      since(from).map(({ body }) => (body as { RequestItems: { rows: unknown[] } }).RequestItems.rows.length),
    ).toEqual(Array.from({ length: 80 }, () => 25));
  });

  test('writes that DynamoDB never takes are an error', async () => {
    answer = ({ body }) => ({ body: { UnprocessedItems: JSON.parse(body).RequestItems } });

    await expect(rows().remove('w', ['a'], NOW)).rejects.toThrow('DynamoDB did not take 1 writes of rows.');
  });
});

describe('the starter, asked by Lambda’s client', () => {
  const start = () => starterOf(new LambdaClient(settings()), 'overtime-starter');

  test('gets the request and answers with the run', async () => {
    answer = () => ({ body: { runId: 'run-1', taskArns: ['t'], taskDefinition: 'd', status: 'STARTING', more: 1 } });
    const from = server.requests.length;

    expect(await start()({ arn: 'f' })).toEqual({
      runId: 'run-1',
      taskArns: ['t'],
      taskDefinition: 'd',
      status: 'STARTING',
    });
    expect(server.requests[from]).toMatchObject({
      url: '/2015-03-31/functions/overtime-starter/invocations',
      body: '{"arn":"f"}',
    });
  });

  test.each([
    ['its code', { errorType: 'INVALID_INPUT', errorMessage: 'note is "a secret"' }, 'INVALID_INPUT'],
    ['no code', 'cut off', 'Unhandled'],
  ])('an error with %s is a refusal without its words', async (_, body, code) => {
    answer = () => ({ headers: { 'x-amz-function-error': 'Unhandled' }, body });

    const failure = await start()({}).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'STARTER_REFUSED', starterCode: code });
    expect(String(failure)).not.toContain('secret');
  });

  test.each([
    ['is not allowed', { status: 403, body: { __type: 'AccessDeniedException' } }],
    ['answers with something else', { body: { hello: 1 } }],
    ['answers with nothing', { body: null }],
  ])('one that %s is out of reach', async (_, given) => {
    answer = () => given;

    await expect(start()({})).rejects.toThrow(expect.objectContaining({ code: 'STARTER_UNREACHABLE' }));
  });
});

test('the message of a row names it and its window', async () => {
  const MD5OfMessageBody = createHash('md5').update('{"window":"w","row":"a"}').digest('hex');
  answer = () => ({ body: { MessageId: 'm', MD5OfMessageBody } });
  const from = server.requests.length;

  await rowQueue(settings(), 'http://queue/rows')({ window: 'w', row: 'a' });

  expect(since(from)).toEqual([
    {
      action: 'SendMessage',
      body: { QueueUrl: 'http://queue/rows', MessageBody: '{"window":"w","row":"a"}' },
    },
  ]);
});
