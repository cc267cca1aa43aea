import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { ListAnswer } from '../../../handlers/starter/list';
import type { StatusAnswer } from '../../../handlers/starter/status';
import { clientSettings } from '../../../local/clients';
import { followRun } from '../../../local/follow-run';
import { invoke, invokeOrThrow } from '../../../local/invoke';
import { type LocalOvertime, startLocalOvertime, textOutput } from '../../../local/local-overtime';
import { putSampleFunction } from '../../../local/sample-function';
import type { Database, DatabaseKind } from '../../support/databases/database';
import { clientOfDatabaseRole, type LambdaBridge, startBridge } from '../../support/databases/lambda-bridge';
import { MARIADB } from '../../support/databases/mariadb';
import { POSTGRESQL } from '../../support/databases/postgresql';
import { type TriggerSql, triggerSql } from '../../support/databases/trigger-sql';
import { eventually } from '../../support/eventually';
import { LocalAccount } from '../../support/local-account';

const DEPLOY_MILLISECONDS = 240_000;
const RUN_MILLISECONDS = 60_000;

jest.setTimeout(RUN_MILLISECONDS * 2);

const PURCHASES = 'process-employee-purchases';
const IMAGE = 'overtime-test/purchases:1';
const WINDOW_SECONDS = 4;

const TRIGGERS = {
  purchases: { schema: 'shop', table: 'purchases', columns: ['id', 'task', 'note'] },
  visits: { schema: 'shop', table: 'visits', columns: ['id', 'customer', 'note'] },
};

const RULES = [
  {
    pattern: JSON.stringify({ table: ['purchases'], new: { task: ['BUY'] } }),
    request: JSON.stringify({
      taskDefinition: PURCHASES,
      containerName: PURCHASES,
      environment: { SPRING_PROFILES_ACTIVE: 'exportRunner', NOTE: '<$.rows[0].new.note>' },
    }),
  },
  { pattern: JSON.stringify({ table: ['visits'] }), request: JSON.stringify({ arn: 'collect' }) },
];

/** What the task of the purchases does: it says what it was given. */
const PROGRAM = 'console.log(process.env.SPRING_PROFILES_ACTIVE, process.env.NOTE)';

const COLLECT = `export const handler = async ({ key, count, rows }) => ({
  key, count, ids: rows.map((row) => row.new.id).sort((a, b) => a - b), notes: [...new Set(rows.map((row) => row.new.note))],
});`;

const missing = [POSTGRESQL, MARIADB].flatMap((kind) => kind.missing ?? []);
const title = `rows of real databases start runs on the local AWS${missing.length === 0 ? '' : `: ${missing.join('; ')}`}`;

(missing.length === 0 ? describe : describe.skip)(title, () => {
  let overtime: LocalOvertime;
  let postgresql: Database;
  let mariadb: Database;
  let bridge: LambdaBridge;
  let outbox: TriggerSql;
  let ofDatabase: LambdaClient;

  const router = () => textOutput(overtime.stacks, 'database-trigger', 'function_name');
  const sqlFor = (engine: string, mode: 'direct' | 'outbox') =>
    triggerSql({
      engine,
      function_arn: textOutput(overtime.stacks, 'database-trigger', 'function_arn'),
      region: overtime.aws.region,
      mode,
      triggers: Object.fromEntries(
        Object.entries(TRIGGERS).map(([key, trigger]) => [key, { ...trigger, operations: ['INSERT'] }]),
      ),
      users: [],
      outbox_schema: 'overtime',
      outbox_seconds: 1,
      database: 'postgres',
    });

  const startDatabase = async (kind: DatabaseKind) => {
    const database = await kind.start();
    await database.schema('shop');
    await database.run(`
CREATE TABLE shop.purchases (id INT PRIMARY KEY, task VARCHAR(20), note VARCHAR(200));
CREATE TABLE shop.visits (id INT PRIMARY KEY, customer INT, note VARCHAR(200));
`);
    return database;
  };

  const putPurchases = () =>
    overtime.clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: PURCHASES,
        executionRoleArn: textOutput(overtime.stacks, 'runner', 'execution_role_arn'),
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          {
            name: PURCHASES,
            image: IMAGE,
            essential: true,
            logConfiguration: {
              logDriver: 'awslogs',
              options: {
                'awslogs-group': textOutput(overtime.stacks, 'cluster', 'log_group_name'),
                'awslogs-region': overtime.aws.region,
                'awslogs-stream-prefix': 'purchases',
              },
            },
          },
        ],
      }),
    );

  beforeAll(async () => {
    [overtime, postgresql, mariadb] = await Promise.all([
      startLocalOvertime({
        backend: 'processes',
        onProgress: () => undefined,
        starter: { containerTaskDefinitions: [PURCHASES] },
        databaseTrigger: {
          engine: 'aurora-mysql3',
          databaseIdentifier: 'shop',
          rules: RULES,
          noMatch: 'ignore',
          coalesceSeconds: WINDOW_SECONDS,
          coalesceKey: '$.new.customer',
          triggers: TRIGGERS,
        },
      }),
      startDatabase(POSTGRESQL),
      startDatabase(MARIADB),
    ]);
    overtime.aws.addImages({ [IMAGE]: { entrypoint: [process.execPath, '-e', PROGRAM], environment: {} } });
    await putPurchases();
    await putSampleFunction(overtime.clients, { functionName: 'collect', files: { 'index.mjs': COLLECT } });
    const deployed = overtime.stacks.find(({ name }) => name === 'database-trigger')?.outputs['install_sql'];
    await mariadb.run(Object.values(deployed as Readonly<Record<string, string>>).join('\n'));
    await postgresql.run(Object.values((await sqlFor('aurora-postgresql', 'direct')).install).join('\n'));
    outbox = await sqlFor('aurora-postgresql', 'outbox');
    const account = new LocalAccount(overtime.aws);
    const roleArn = textOutput(overtime.stacks, 'database-trigger', 'role_arn');
    ofDatabase = await clientOfDatabaseRole(account, roleArn);
    bridge = startBridge([postgresql, mariadb], ofDatabase);
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await bridge?.stop();
    await Promise.all([overtime?.stop(), postgresql?.stop(), mariadb?.stop()]);
  }, DEPLOY_MILLISECONDS);

  const list = async (of: Readonly<Record<string, string>>) => {
    const answer = await invokeOrThrow(overtime.clients.lambda, overtime.starter, {
      action: 'list',
      limit: 100,
      ...of,
    });
    return (answer as ListAnswer).runs;
  };

  /** The runs besides those that there were before, once there are as many as expected. */
  const runsAfter = async (
    of: Readonly<Record<string, string>>,
    count: number,
    work: () => Promise<unknown>,
  ): Promise<readonly StatusAnswer[]> => {
    const before = new Set((await list(of)).map(({ runId }) => runId));
    await work();
    const runs = await eventually(
      `${count} runs`,
      async () => {
        const fresh = (await list(of)).filter(({ runId }) => !before.has(runId));
        return fresh.length >= count ? fresh : undefined;
      },
      RUN_MILLISECONDS,
    );
    return Promise.all(
      runs.map(({ runId }) =>
        followRun(overtime.clients.lambda, overtime.starter, runId, { withinMilliseconds: RUN_MILLISECONDS }),
      ),
    );
  };

  const visits = (count: number, work: () => Promise<unknown>) => runsAfter({ arn: 'collect' }, count, work);

  /** Every window is over, and no message of one is left. */
  const noRowWaits = () =>
    eventually(
      'no row',
      async () => {
        const { Items } = await new DynamoDBClient(clientSettings(overtime.aws.adminEnvironment)).send(
          new ScanCommand({ TableName: 'overtime-rows' }),
        );
        return (Items ?? []).some(({ item }) => item?.S?.startsWith('row#')) ? undefined : true;
      },
      RUN_MILLISECONDS,
    );

  test('a plan right after the deploy has no change', async () => {
    expect(await overtime.planChanges()).toEqual({});
  });

  test("the seed's row starts the seed's task, with its profile and what the row says", async () => {
    const note = `it's "5 %" ☕`;

    const [run, ...others] = await runsAfter({ taskDefinition: PURCHASES }, 1, () =>
      mariadb.run(`INSERT INTO shop.purchases VALUES (1, 'BUY', 'it''s "5 %" ☕'), (2, 'SELL', 'no');`),
    );

    expect([run?.status, others]).toEqual(['SUCCEEDED', []]);
    const stream = `purchases/${PURCHASES}/${run?.taskArns[0]?.split('/').at(-1)}`;
    const { events } = await new CloudWatchLogsClient(clientSettings(overtime.aws.adminEnvironment)).send(
      new GetLogEventsCommand({
        logGroupName: textOutput(overtime.stacks, 'cluster', 'log_group_name'),
        logStreamName: stream,
        startFromHead: true,
      }),
    );
    expect(events?.map(({ message }) => message)).toEqual([`exportRunner ${note}`]);
  });

  test.each([
    ['PostgreSQL', () => postgresql, 10_000],
    ['MariaDB', () => mariadb, 20_000],
  ])('1,000 rows of one statement of %s are one run with 1,000 rows', async (_, database, from) => {
    const rows = Array.from({ length: 1000 }, (_, index) => `(${from + index + 1}, 7, 'naïve ☕')`);

    const [run, ...others] = await visits(1, () =>
      database().run(`INSERT INTO shop.visits VALUES ${rows.join(', ')};`),
    );
    await noRowWaits();

    expect([run?.status, others]).toEqual(['SUCCEEDED', []]);
    expect(run?.output).toEqual({
      key: 7,
      count: 1000,
      ids: Array.from({ length: 1000 }, (_, index) => from + index + 1),
      notes: ['naïve ☕'],
    });
    expect((await list({ arn: 'collect' })).length).toBe(from / 10_000);
  });

  test('rows of two customers are two runs', async () => {
    const runs = await visits(2, () =>
      postgresql.run("INSERT INTO shop.visits VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 1, NULL);"),
    );

    const outputs = runs.map(({ output }) => output as { readonly key: number; readonly ids: readonly number[] });
    expect(outputs.sort((one, other) => one.key - other.key)).toEqual([
      { key: 1, count: 2, ids: [1, 3], notes: expect.arrayContaining(['a', null]) },
      { key: 2, count: 1, ids: [2], notes: ['b'] },
    ]);
  });

  test('a call that comes again, as lambda_async may, starts nothing', async () => {
    await noRowWaits();
    const before = (await list({ arn: 'collect' })).length;

    expect(await bridge.repeat()).toBeGreaterThan(2000);
    await noRowWaits();

    expect((await list({ arn: 'collect' })).length).toBe(before);
  });

  test('a rollback does not undo a direct call, and through the outbox starts nothing', async () => {
    const rolledBack = "START TRANSACTION; INSERT INTO shop.visits VALUES (9, 9, 'gone'); ROLLBACK;";
    const [direct] = await visits(1, () => postgresql.run(rolledBack));
    expect(direct?.output).toMatchObject({ key: 9, ids: [9] });

    await postgresql.run(`${outbox.outboxInstall}\n${Object.values(outbox.install).join('\n')}`);
    const runs = await visits(1, async () => {
      await postgresql.run(rolledBack);
      await postgresql.run("INSERT INTO shop.visits VALUES (10, 10, 'kept');");
      await postgresql.run('SELECT overtime.hand_over();');
    });

    expect(runs.map(({ output }) => output)).toEqual([{ key: 10, count: 1, ids: [10], notes: ['kept'] }]);
  });

  test('a caller that waits is told what became of its event', async () => {
    const visit = { overtimeId: 'by-hand', table: 'visits', new: { id: 11, customer: 11, note: 'x' } };

    expect(await invokeOrThrow(overtime.clients.lambda, router(), visit)).toEqual({
      status: 'WAITING',
      windowSeconds: WINDOW_SECONDS,
    });
    expect(await invokeOrThrow(overtime.clients.lambda, router(), { table: 'unknown' })).toEqual({
      status: 'IGNORED',
    });
  });

  test('the role of the database may invoke the router, and nothing else', async () => {
    await expect(invoke(ofDatabase, overtime.starter, {})).rejects.toThrow(/not authorized/);
  });
});
