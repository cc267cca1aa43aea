import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamoPacer } from '../../../handlers/starter/aws/pacer';
import { serverClock } from '../../../handlers/starter/aws/server-clock';
import { type AwsAnswer, type AwsServer, startAwsServer } from '../../support/aws-server';
import { FakeTable } from '../../support/fake-dynamodb';
import { failureOf } from '../../support/starter/examples';

const refusal = (type: string, fields: object = {}): AwsAnswer => ({
  status: 400,
  body: { __type: type, message: 'why', ...fields },
});

describe('the pacer in DynamoDB', () => {
  const table = new FakeTable('ledger', 'runId');
  let tableServer: AwsServer;
  const clientSettings = () => ({
    region: 'eu-west-1',
    endpoint: tableServer.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const TABLE_TIME = Date.parse('2026-11-20T12:00:00Z');

  /** A pacer whose own clock is five minutes before the table's. */
  const pacer = (limits = { burst: 3, launchesPerSecond: 1 }) => {
    const client = new DynamoDBClient(clientSettings());
    const time = serverClock(client, () => new Date(TABLE_TIME - 300_000));
    return { client, pacer: dynamoPacer({ client, tableName: 'ledger', limits, time }) };
  };

  beforeAll(async () => {
    tableServer = await startAwsServer(({ action, body }) => {
      const headers = { date: new Date(TABLE_TIME).toUTCString() };
      if (action !== 'UpdateItem') {
        return { headers };
      }
      const answer = table.update(JSON.parse(body));
      if (answer.kind === 'updated') {
        return { headers, body: { Attributes: answer.item } };
      }
      return answer.kind === 'invalid'
        ? refusal('com.amazonaws.dynamodb.v20120810#ValidationException', { message: answer.message })
        : {
            ...refusal('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', { Item: answer.item }),
            headers,
          };
    });
  });

  beforeEach(() => table.put({ runId: 'pacer' }));

  afterAll(() => tableServer.close());

  test('gives a burst of turns, then says how long to wait, by the clock of the table', async () => {
    const one = pacer();
    const other = pacer();
    // The first answer of the table tells its time.
    await one.client.send(new GetItemCommand({ TableName: 'ledger', Key: { runId: { S: 'run-1' } } }));
    await other.client.send(new GetItemCommand({ TableName: 'ledger', Key: { runId: { S: 'run-1' } } }));
    const turns = [
      await one.pacer.takeTurn('newcomer'),
      await other.pacer.takeTurn('newcomer'),
      await one.pacer.takeTurn('queued'),
      await other.pacer.takeTurn('newcomer'),
    ];

    // The burst is three: one is lost to the second in which the table's time is not known.
    expect(turns).toEqual([
      { kind: 'now', line: undefined },
      { kind: 'now', line: undefined },
      { kind: 'wait', milliseconds: 1_000 },
      { kind: 'wait', milliseconds: 1_000 },
    ]);
    expect(table.get('pacer')).toMatchObject({ paidUntil: TABLE_TIME + 3_000 });
  });

  test('keeps newcomers behind the line until its last has left it', async () => {
    const { pacer: one } = pacer({ burst: 100, launchesPerSecond: 20 });
    await one.joinLine('run-1-1');
    await one.joinLine('run-2-1');

    expect(await one.takeTurn('newcomer')).toEqual({ kind: 'line' });
    expect(await one.takeTurn('queued')).toEqual({ kind: 'now', line: 'run-2-1' });
    await one.leaveLine('run-1-1');
    expect(await one.takeTurn('newcomer')).toEqual({ kind: 'line' });
    await one.leaveLine('run-2-1');
    expect(await one.takeTurn('newcomer')).toEqual({ kind: 'now', line: undefined });
  });

  test('passes on what goes wrong', async () => {
    const broken = await startAwsServer(() => refusal('ProvisionedThroughputExceededException'));
    const client = new DynamoDBClient({ ...clientSettings(), endpoint: broken.endpoint });
    const limits = { burst: 1, launchesPerSecond: 1 };
    const time = () => ({ earliest: 0, latest: 0 });
    const pacer = dynamoPacer({ client, tableName: 'ledger', limits, time });

    expect(await failureOf(() => pacer.takeTurn('newcomer'))).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    await broken.close();
  });
});
