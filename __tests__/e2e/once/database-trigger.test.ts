// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { ListAnswer } from '../../../handlers/starter/list';
import type { StatusAnswer } from '../../../handlers/starter/status';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { type Clients, clientSettings, localClients } from '../../../local/clients';
import { toolEnvironment } from '../../../local/environment';
import { followRun } from '../../../local/follow-run';
import { invoke, invokeOrThrow } from '../../../local/invoke';
import { type LocalAws, startLocalAws } from '../../../local/local-aws';
import { findProviderSource } from '../../../local/provider-mirror';
import { provideRunnerImages } from '../../../local/runner-images';
import { putSampleFunction } from '../../../local/sample-function';
import {
  type TerraformOptions,
  terraformApply,
  terraformDestroy,
  terraformInit,
  terraformOutputs,
  terraformPlan,
} from '../../../local/terraform';
import type { Database, DatabaseKind } from '../../support/databases/database';
import { clientOfDatabaseRole, type LambdaBridge, startBridge } from '../../support/databases/lambda-bridge';
import { MARIADB } from '../../support/databases/mariadb';
import { POSTGRESQL } from '../../support/databases/postgresql';
import { type TriggerSql, triggerSql } from '../../support/databases/trigger-sql';
import { eventually } from '../../support/eventually';
import { inventory } from '../../support/inventory';
import { LocalAccount } from '../../support/local-account';

const DEPLOY_MILLISECONDS = 600_000;
const RUN_MILLISECONDS = 180_000;

jest.setTimeout(RUN_MILLISECONDS * 2);

const ROOT = path.resolve(__dirname, '../../..');
const PURCHASES = 'process-employee-purchases';
const EXECUTION_ROLE = 'purchases-execution';
const IMAGE = 'overtime-test/purchases:1';
/** Longer than a busy machine takes to hand over a thousand calls: all that this window gathers is asserted at once. */
const WINDOW_SECONDS = 120;
const SHORT_WINDOW_SECONDS = 3;
/** Of the router, so that the local AWS starts few processes for the calls; the others wait for their turn. */
const AT_ONCE = 4;

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

/** Everything in one configuration, as a user of plain Terraform has it. */
const configuration = (accountId: string, windowSeconds: number) => ({
  data: {
    aws_vpc: { default: { default: true } },
    aws_subnets: { default: { filter: [{ name: 'vpc-id', values: ['${data.aws_vpc.default.id}'] }] } },
  },
  module: {
    overtime: {
      source: '../modules/overtime',
      vpc_id: '${data.aws_vpc.default.id}',
      subnet_ids: '${data.aws_subnets.default.ids}',
      assign_public_ip: true,
      // AWS's base images are out of reach here, and processes share no volumes.
      runner_images: 'repository',
      payload_bucket_force_destroy: true,
      container_task_definitions: [PURCHASES],
      container_role_arns: [`arn:aws:iam::${accountId}:role/${EXECUTION_ROLE}`],
    },
    trigger: {
      source: '../modules/database-trigger',
      engine: 'aurora-mysql3',
      database_identifier: 'shop',
      starter_function_arn: '${module.overtime.function_arn}',
      payload_bucket_name: '${module.overtime.payload_bucket_name}',
      payload_bucket_arn: '${module.overtime.payload_bucket_arn}',
      rules: RULES,
      no_match: 'ignore',
      coalesce_seconds: windowSeconds,
      coalesce_key: '$.new.customer',
      reserved_concurrency: AT_ONCE,
      triggers: TRIGGERS,
    },
  },
  output: Object.fromEntries(
    Object.entries({
      cluster: 'module.overtime.cluster_name',
      images: 'module.overtime.image_repository_url',
      logs: 'module.overtime.log_group_name',
      starter: 'module.overtime.function_name',
      router: 'module.trigger.function_name',
      routerArn: 'module.trigger.function_arn',
      roleArn: 'module.trigger.role_arn',
      installSql: 'module.trigger.install_sql',
    }).map(([name, value]) => [name, { value: `\${${value}}` }]),
  ),
});

/** What the task of the purchases does: it says what it was given. */
const PROGRAM = 'console.log(process.env.SPRING_PROFILES_ACTIVE, process.env.NOTE)';

const COLLECT = `export const handler = async ({ key, count, rows }) => ({
  key, count, ids: rows.map((row) => row.new.id).sort((a, b) => a - b), notes: [...new Set(rows.map((row) => row.new.note))],
});`;

/** What it answers. */
interface Collected {
  readonly key: number;
  readonly count: number;
  readonly ids: readonly number[];
  readonly notes: readonly unknown[];
}

const missing = [POSTGRESQL, MARIADB].flatMap((kind) => kind.missing ?? []);
const title = `rows of real databases start runs on the local AWS${missing.length === 0 ? '' : `: ${missing.join('; ')}`}`;

(missing.length === 0 ? describe : describe.skip)(title, () => {
  let aws: LocalAws;
  let clients: Clients;
  let folder: string;
  let terraform: TerraformOptions;
  let outputs: Readonly<Record<string, unknown>>;
  let postgresql: Database;
  let mariadb: Database;
  let bridge: LambdaBridge;
  let outbox: TriggerSql;
  let ofDatabase: LambdaClient;

  const output = (name: string) => String(outputs[name]);
  const sqlFor = (engine: string, mode: 'direct' | 'outbox') =>
    triggerSql({
      engine,
      function_arn: output('routerArn'),
      region: aws.region,
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

  const writeConfiguration = (windowSeconds: number) =>
    writeFile(
      path.join(terraform.directory, 'main.tf.json'),
      JSON.stringify(configuration(aws.accountId, windowSeconds)),
    );

  const deployAll = async () => {
    aws = await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined });
    clients = localClients(aws.adminEnvironment);
    folder = await mkdtemp(path.join(tmpdir(), 'overtime-database-'));
    await cp(path.join(ROOT, 'modules'), path.join(folder, 'modules'), { recursive: true });
    const directory = path.join(folder, 'deployment');
    await mkdir(directory);
    const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
    const env = toolEnvironment(process.env, { ...aws.adminEnvironment, TF_CLI_CONFIG_FILE: cliConfigFile });
    terraform = { directory, env };
    await writeConfiguration(WINDOW_SECONDS);
    await terraformInit(terraform);
    await terraformApply(terraform);
    outputs = await terraformOutputs(terraform);
    const images = ['nodejs22-arm64', 'nodejs22-x86_64'].map((key) => `${output('images')}:${key}`);
    await provideRunnerImages(aws, images, { onProgress: () => undefined });
  };

  const putPurchases = (executionRoleArn: string) =>
    clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: PURCHASES,
        executionRoleArn: executionRoleArn,
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
                'awslogs-group': output('logs'),
                'awslogs-region': aws.region,
                'awslogs-stream-prefix': 'purchases',
              },
            },
          },
        ],
      }),
    );

  beforeAll(async () => {
    [postgresql, mariadb] = await Promise.all([startDatabase(POSTGRESQL), startDatabase(MARIADB), deployAll()]);
    aws.addImages({ [IMAGE]: { entrypoint: [process.execPath, '-e', PROGRAM], environment: {} } });
    await putSampleFunction(clients, { functionName: 'collect', files: { 'index.mjs': COLLECT } });
    await mariadb.run(Object.values(outputs['installSql'] as Readonly<Record<string, string>>).join('\n'));
    await postgresql.run(Object.values((await sqlFor('aurora-postgresql', 'direct')).install).join('\n'));
    outbox = await sqlFor('aurora-postgresql', 'outbox');
    const account = new LocalAccount(aws);
    ofDatabase = await clientOfDatabaseRole(account, output('roleArn'));
    const mayLog = [account.mayWriteLogs(output('logs'))];
    await putPurchases(await account.role(EXECUTION_ROLE, { Service: 'ecs-tasks.amazonaws.com' }, mayLog));
    bridge = startBridge([postgresql, mariadb], ofDatabase);
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await bridge?.stop();
    await Promise.all([aws?.stop(), postgresql?.stop(), mariadb?.stop()]);
    await rm(folder, { recursive: true, force: true });
  }, DEPLOY_MILLISECONDS);

  const list = async (of: Readonly<Record<string, string>>) => {
    const answer = await invokeOrThrow(clients.lambda, output('starter'), {
      action: 'list',
      limit: 100,
      ...of,
    });
    return (answer as ListAnswer).runs;
  };

  /** All runs so far, at their end, once there are as many as expected. */
  const runsOf = async (of: Readonly<Record<string, string>>, count: number): Promise<readonly StatusAnswer[]> => {
    const runs = await eventually(
      `${count} runs`,
      async () => {
        const found = await list(of);
        return found.length >= count ? found : undefined;
      },
      RUN_MILLISECONDS,
    );
    return Promise.all(
      runs.map(({ runId }) =>
        followRun(clients.lambda, output('starter'), runId, { withinMilliseconds: RUN_MILLISECONDS }),
      ),
    );
  };

  /** What the runs for visits were given, by customer. */
  const visits = async (count: number) => {
    const runs = await runsOf({ arn: 'collect' }, count);
    return runs
      .map(({ status, output }) => ({ status, ...(output as Collected) }))
      .sort((one, other) => one.key - other.key);
  };

  /** Every window is over, and no message of one is left. */
  const noRowWaits = () =>
    eventually(
      'no row',
      async () => {
        const { Items } = await new DynamoDBClient(clientSettings(aws.adminEnvironment)).send(
          new ScanCommand({ TableName: 'overtime-rows' }),
        );
        return (Items ?? []).some(({ item }) => item?.S?.startsWith('row#')) ? undefined : true;
      },
      RUN_MILLISECONDS,
    );

  /** One statement. */
  const manyVisits = (database: Database, count: number, customer: number, from: number) => {
    const rows = Array.from({ length: count }, (_, index) => `(${from + index}, ${customer}, 'naïve ☕')`);
    return database.run(`INSERT INTO shop.visits VALUES ${rows.join(', ')};`);
  };

  const rolledBack = (id: number, customer: number) =>
    postgresql.run(`START TRANSACTION; INSERT INTO shop.visits VALUES (${id}, ${customer}, 'gone'); ROLLBACK;`);

  test('a plan right after the deploy has no change', async () => {
    expect(await terraformPlan(terraform)).toMatchObject({ changes: false });
  });

  describe('rows of one window', () => {
    let byCustomer: readonly Collected[];

    beforeAll(async () => {
      await mariadb.run(`INSERT INTO shop.purchases VALUES (1, 'BUY', 'it''s "5 %" ☕'), (2, 'SELL', 'no');`);
      await postgresql.run("INSERT INTO shop.visits VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 1, NULL);");
      await rolledBack(9, 9);
      await Promise.all([manyVisits(postgresql, 1_000, 7, 10_000), manyVisits(mariadb, 100, 8, 20_000)]);
      await eventually(
        'the first run',
        async () => ((await list({ arn: 'collect' })).length > 0 ? true : undefined),
        WINDOW_SECONDS * 1000 + RUN_MILLISECONDS,
      );
      await noRowWaits();
      byCustomer = await visits(5);
    }, DEPLOY_MILLISECONDS * 2);

    test("the seed's row starts the seed's task, with its profile and what the row says", async () => {
      const [run, ...others] = await runsOf({ taskDefinition: PURCHASES }, 1);

      expect([run?.status, others]).toEqual(['SUCCEEDED', []]);
      const stream = `purchases/${PURCHASES}/${run?.taskArns[0]?.split('/').at(-1)}`;
      const { events } = await new CloudWatchLogsClient(clientSettings(aws.adminEnvironment)).send(
        new GetLogEventsCommand({ logGroupName: output('logs'), logStreamName: stream, startFromHead: true }),
      );
      expect(events?.map(({ message }) => message)).toEqual([`exportRunner it's "5 %" ☕`]);
    });

    test.each([
      [1_000, 'PostgreSQL', 7, 10_000],
      [100, 'MariaDB', 8, 20_000],
    ])('%d rows of one statement of %s are one run with as many rows', (count, _, customer, from) => {
      expect(byCustomer.filter(({ key }) => key === customer)).toEqual([
        {
          status: 'SUCCEEDED',
          key: customer,
          count,
          ids: Array.from({ length: count }, (_, index) => from + index),
          notes: ['naïve ☕'],
        },
      ]);
    });

    test('rows of two customers are two runs', () => {
      expect(byCustomer.filter(({ key }) => key <= 2)).toEqual([
        { status: 'SUCCEEDED', key: 1, count: 2, ids: [1, 3], notes: expect.arrayContaining(['a', null]) },
        { status: 'SUCCEEDED', key: 2, count: 1, ids: [2], notes: ['b'] },
      ]);
    });

    test('a rollback does not undo a direct call', () => {
      expect(byCustomer.find(({ key }) => key === 9)).toMatchObject({ status: 'SUCCEEDED', ids: [9] });
    });

    test('there is no other run', () => {
      expect(byCustomer.map(({ key }) => key)).toEqual([1, 2, 7, 8, 9]);
    });
  });

  describe('rows after it, in a window that an apply has made shorter', () => {
    beforeAll(async () => {
      await writeConfiguration(SHORT_WINDOW_SECONDS);
      await terraformApply(terraform);
    }, DEPLOY_MILLISECONDS);

    test('a call that comes again, as lambda_async may, starts nothing, nor does a rollback through the outbox', async () => {
      expect(await bridge.repeat(25)).toBe(50);
      await postgresql.run(`${outbox.outboxInstall}\n${Object.values(outbox.install).join('\n')}`);
      await rolledBack(10, 10);
      await postgresql.run("INSERT INTO shop.visits VALUES (11, 11, 'kept');");
      await postgresql.run('SELECT overtime.hand_over();');

      const found = await visits(6);
      await noRowWaits();

      expect(found.map(({ key }) => key)).toEqual([1, 2, 7, 8, 9, 11]);
      expect(found.at(-1)).toEqual({ status: 'SUCCEEDED', key: 11, count: 1, ids: [11], notes: ['kept'] });
      expect(await list({ arn: 'collect' })).toHaveLength(6);
      expect(await list({ taskDefinition: PURCHASES })).toHaveLength(1);
    });

    test('a caller that waits is told what became of its event', async () => {
      const visit = { overtimeId: 'by-hand', table: 'visits', new: { id: 12, customer: 12, note: 'x' } };

      expect(await invokeOrThrow(clients.lambda, output('router'), visit)).toEqual({
        status: 'WAITING',
        windowSeconds: SHORT_WINDOW_SECONDS,
      });
      expect(await invokeOrThrow(clients.lambda, output('router'), { table: 'unknown' })).toEqual({
        status: 'IGNORED',
      });
      expect((await visits(7)).at(-1)).toMatchObject({ status: 'SUCCEEDED', ids: [12] });
    });
  });

  test('the role of the database may invoke the router, and nothing else', async () => {
    await expect(invoke(ofDatabase, output('starter'), {})).rejects.toThrow(/not authorized/);
  });

  test('destroys all that it made', async () => {
    await bridge.stop();
    await terraformDestroy(terraform);

    expect(Object.values(await inventory(aws.adminEnvironment, 'overtime')).flat()).toEqual([]);
  });
});
