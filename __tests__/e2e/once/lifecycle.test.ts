import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { slotKey } from '../../../handlers/shared/schedule/slot-key';
import { identify } from '../../../handlers/starter/identity';
import { parseRequest } from '../../../handlers/starter/request';
import { type Clients, clientSettings, localClients } from '../../../local/clients';
import { followRun } from '../../../local/follow-run';
import { invoke, invokeOrThrow } from '../../../local/invoke';
import { terraformApply, terraformDestroy, terraformOutputs, terraformPlan } from '../../../local/terraform';
import { eventually } from '../../support/eventually';
import { inventory } from '../../support/inventory';
import { IN_PLACE, MADE_ANEW } from '../../support/lifecycle/expected-changes';
import { INPUT_CHANGES, type InputChanges } from '../../support/lifecycle/input-changes';
import { COPIES, type LifecycleDeployment, startLifecycleDeployment } from '../../support/lifecycle-deployment';
import { type PlannedChange, plannedChanges } from '../../support/planned-changes';

const DEPLOY_MILLISECONDS = 1_200_000;
const RUN_MILLISECONDS = 240_000;
/** Longer than Lambda lets the function run: its own limit is 3 s. */
const PAUSE_MILLISECONDS = 4_000;

jest.setTimeout(DEPLOY_MILLISECONDS);

type Copy = (typeof COPIES)[number];
type Output = Readonly<Record<string, string>>;

/** What tells the input of one copy from that of the other. */
const markOf = (copy: Copy) => `for the ${copy} copy`;

/** What a deployment has, as far as a name is not the one of that copy alone. */
const withoutCopy = (names: readonly string[], copy: Copy) =>
  names
    .map((name) =>
      name
        .replaceAll(`overtime-${copy}`, 'COPY')
        .replaceAll(/\d{18}[0-9a-f]{8}/g, 'UNIQUE')
        .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'),
    )
    .sort();

/** What keeps something for its users: another one would have nothing in it. */
const KEEPING =
  /^aws_(?:cloudwatch_log_group|dynamodb_table|ecr_repository|ecs_cluster|ecs_service|s3_bucket|sfn_activity|sqs_queue)\./;

/** A revision of a task definition is replaced by the next one whenever anything of it changes. */
const GOES = /^(?:delete|replace) (?!aws_ecs_task_definition\.)/;

const isOfNight = ({ module }: PlannedChange) => module.startsWith('module.everything["night"]');

const keyOf = ({ folder, call }: InputChanges) => `${folder.split('-').at(-1)} ${call}`;

/** What becomes of the resources of a call, each once, however many copies there are. */
function actionsOf(changes: readonly PlannedChange[], { folder, call }: InputChanges): readonly string[] {
  const shop = folder.endsWith('database');
  const of = changes.filter(
    (change) =>
      !isOfNight(change) &&
      new RegExp(`\\bmodule\\.${call}(?:\\[0\\])?$`).test(change.module) &&
      (folder.startsWith('modules/') || shop === change.module.startsWith('module.shop')),
  );
  return [...new Set(of.map(({ action, address }) => `${action} ${address}`))].sort();
}

/** It takes eight minutes, most of which Terraform's provider waits: whoever changes a module's inputs runs it. */
const isAskedFor = process.env['OVERTIME_LIFECYCLE'] !== undefined;
const title = `everything together, twice in one account, and what no example has${isAskedFor ? '' : ': set OVERTIME_LIFECYCLE=1'}`;

(isAskedFor ? describe : describe.skip)(title, () => {
  let deployment: LifecycleDeployment;
  let clients: Clients;
  let documents: DynamoDBDocumentClient;
  let logs: CloudWatchLogsClient;
  let s3: S3Client;
  let sqs: SQSClient;
  let states: SFNClient;
  let copies: Readonly<Record<Copy, Output>>;
  let modes: Output;

  const account = () => deployment.aws.adminEnvironment;

  beforeAll(async () => {
    deployment = await startLifecycleDeployment();
    clients = localClients(account());
    const settings = clientSettings(account());
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(settings));
    logs = new CloudWatchLogsClient(settings);
    [s3, sqs, states] = [new S3Client(settings), new SQSClient(settings), new SFNClient(settings)];
    const outputs = await terraformOutputs(deployment.terraform);
    copies = outputs['copies'] as Readonly<Record<Copy, Output>>;
    modes = outputs['modes'] as Output;
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await deployment?.stop();
  });

  const noChange = async (of: readonly string[] = COPIES) => {
    const { changes, text } = await terraformPlan(deployment.withCopies(of));
    return changes ? text : 'no change';
  };

  const rowsOf = async (table: string | undefined) =>
    (await documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

  /** What the function has said it was given, in the logs of one deployment. */
  const reportsIn = async (logGroupName: string | undefined): Promise<readonly unknown[]> => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events.flatMap(({ message = '' }) =>
      message.startsWith('{"reported":') ? [(JSON.parse(message) as { readonly reported: unknown }).reported] : [],
    );
  };

  const put = (bucket: string | undefined, key: string, text: string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));

  test('a plan right after has no change', async () => {
    expect(await noChange()).toBe('no change');
  });

  describe.each(COPIES)('the copy %s', (copy) => {
    const output = (name: string) => String(copies[copy][name]);
    const run = (request: object) => invokeOrThrow(clients.lambda, output('function_name'), request);
    const ended = (runId: string) =>
      followRun(clients.lambda, output('function_name'), runId, { withinMilliseconds: RUN_MILLISECONDS });

    test('runs a function past the limit that Lambda has for it', async () => {
      const input = { copy: markOf(copy), pauseMilliseconds: PAUSE_MILLISECONDS };

      const { functionError } = await invoke(clients.lambda, 'report', input);
      const { runId } = (await run({ arn: 'report', input })) as { readonly runId: string };

      expect(functionError).toBe('Unhandled');
      expect(await ended(runId)).toMatchObject({ status: 'SUCCEEDED', output: input });
    });

    test('the schedules of the map and that of the registrar are rows of its table', async () => {
      const rows = await rowsOf(output('schedules_table_name'));

      expect(rows.map(({ id }) => String(id)).sort()).toEqual(['cleanup', 'nightly-report']);
    });

    test('EventBridge Scheduler fires, and a slot’s run has the id that the service would give it', async () => {
      const fired = await eventually(
        'a run by EventBridge',
        async () =>
          (await rowsOf(output('ledger_table_name'))).find(
            (row) => row['status'] === 'SUCCEEDED' && row['output']?.inline?.slot !== undefined,
          ),
        RUN_MILLISECONDS,
      );

      const { slot } = (fired['output'] as { readonly inline: { readonly slot: string } }).inline;
      const request = parseRequest({ arn: 'report', idempotencyKey: slotKey('every-minute', Date.parse(slot)) });
      expect(slot).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00Z$/);
      expect(request.action === 'start' ? identify(request, '', output('ledger_table_name')).runId : '').toBe(
        fired['runId'],
      );
    });

    test('a file that comes into its bucket is worked on', async () => {
      const key = `in/${copy}.csv`;
      await put(output('bucket_name'), key, 'a,b');

      const event = await eventually(
        `the report of ${key}`,
        async () => (await reportsIn(output('log_group_name'))).find((each) => JSON.stringify(each).includes(key)),
        RUN_MILLISECONDS,
      );

      expect(event).toMatchObject({ Records: [{ eventSource: 'aws:sqs', body: expect.stringContaining(key) }] });
    });

    test('a state of its state machine is carried out by its workers', async () => {
      const { executionArn } = await states.send(
        new StartExecutionCommand({
          stateMachineArn: output('state_machine_arn'),
          input: JSON.stringify({ copy: markOf(copy) }),
        }),
      );

      const execution = await eventually(
        'the end of the execution',
        async () => {
          const found = await states.send(new DescribeExecutionCommand({ executionArn }));
          return found.status === 'RUNNING' ? undefined : found;
        },
        RUN_MILLISECONDS,
      );

      expect([execution.status, JSON.parse(execution.output ?? 'null')]).toEqual(['SUCCEEDED', { copy: markOf(copy) }]);
    });

    test('rows of its database that agree are one run', async () => {
      const row = (id: number) => ({
        overtimeId: `${copy}-${id}`,
        operation: 'INSERT',
        schema: 'shop',
        table: 'purchases',
        new: { id, customer_id: markOf(copy), kind: 'BUY' },
        old: null,
      });
      for (const id of [1, 2]) {
        expect(await invokeOrThrow(clients.lambda, output('router_function_name'), row(id))).toMatchObject({
          status: 'WAITING',
        });
      }

      const found = await eventually(
        'the run of the rows',
        async () =>
          (await rowsOf(output('ledger_table_name'))).find(
            (each) => each['status'] === 'SUCCEEDED' && each['output']?.inline?.key === markOf(copy),
          ),
        RUN_MILLISECONDS,
      );

      expect(found['output']).toMatchObject({
        inline: { key: markOf(copy), count: 2, rows: [{ new: { id: 1 } }, { new: { id: 2 } }] },
      });
    });
  });

  describe('the copies', () => {
    test('have the same, each under its name', async () => {
      const [day, night] = await Promise.all(COPIES.map((copy) => inventory(account(), `overtime-${copy}`)));
      const names = (all: Readonly<Record<string, readonly string[]>> | undefined, copy: Copy) =>
        Object.fromEntries(Object.entries(all ?? {}).map(([kind, each]) => [kind, withoutCopy(each, copy)]));

      expect(names(day, 'day')).toEqual(names(night, 'night'));
      expect(Object.values(day ?? {}).flat().length).toBeGreaterThan(50);
    });

    test('know nothing of each other: what one was given is in its own ledger and log', async () => {
      for (const [copy, other] of [COPIES, [...COPIES].reverse()] as const) {
        const known = JSON.stringify([
          await rowsOf(copies[copy]['ledger_table_name']),
          await reportsIn(copies[copy]['log_group_name']),
        ]);

        expect([known.includes(markOf(copy)), known.includes(markOf(other))]).toEqual([true, false]);
        expect([known.includes(`in/${copy}.csv`), known.includes(`in/${other}.csv`)]).toEqual([true, false]);
      }
    });

    test('may not start tasks in each other’s cluster', async () => {
      const request = { arn: 'report', cluster: 'overtime-night' };

      const { payload } = await invoke(clients.lambda, String(copies.day['function_name']), request);

      expect(payload).toMatchObject({ errorMessage: expect.stringMatching(/not authorized.*clusterArns/s) });
    });
  });

  describe('queue workers', () => {
    test('of a service take a FIFO queue in its order', async () => {
      for (const number of [1, 2, 3]) {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: modes['orders_queue_url'],
            MessageBody: JSON.stringify({ order: number }),
            MessageGroupId: 'one',
          }),
        );
      }

      const orders = await eventually(
        'three orders',
        async () => {
          const found = (await reportsIn(modes['log_group_name'])).filter((each) =>
            /"order"/.test(JSON.stringify(each)),
          );
          return found.length >= 3 ? found : undefined;
        },
        RUN_MILLISECONDS,
      );

      expect(orders).toEqual([{ order: 1 }, { order: 2 }, { order: 3 }]);
      const { services } = await clients.ecs.send(
        new DescribeServicesCommand({ cluster: 'overtime-shop', services: [String(modes['orders_service_name'])] }),
      );
      expect(services?.map(({ desiredCount, runningCount }) => [desiredCount, runningCount])).toEqual([[1, 1]]);
    });

    test('work on files under a key of one’s own, and so are the queue and what comes out', async () => {
      await put(modes['sealed_bucket_name'], 'letters/hello.txt', 'hello');
      const result = { Bucket: modes['sealed_bucket_name'], Key: 'loud/letters/loud.txt' };

      const text = await eventually(
        'the result',
        async () => {
          try {
            const { Body } = await s3.send(new GetObjectCommand(result));
            return await Body?.transformToString();
          } catch (error) {
            if (error instanceof Error && error.name === 'NoSuchKey') {
              return undefined;
            }
            throw error;
          }
        },
        RUN_MILLISECONDS,
      );

      expect(text).toBe('HELLO');
      const { ServerSideEncryption, SSEKMSKeyId } = await s3.send(new HeadObjectCommand(result));
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: modes['sealed_queue_url'], AttributeNames: ['All'] }),
      );
      expect([ServerSideEncryption, SSEKMSKeyId, Attributes?.['KmsMasterKeyId']]).toEqual([
        'aws:kms',
        modes['key_arn'],
        modes['key_arn'],
      ]);
    });

    test('empty a queue that was there before', async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl: modes['theirs_queue_url'], MessageBody: '{"theirs":1}' }));
      await invokeOrThrow(clients.lambda, String(modes['theirs_dispatcher_name']), { action: 'sweep' });

      const event = await eventually(
        'the report of the message',
        async () => (await reportsIn(modes['log_group_name'])).find((each) => /theirs/.test(JSON.stringify(each))),
        RUN_MILLISECONDS,
      );

      expect(event).toMatchObject({ Records: [{ body: '{"theirs":1}' }] });
    });
  });

  describe('with one copy out of the configuration, and every input of the other changed', () => {
    let changes: readonly PlannedChange[];
    let replacing: readonly PlannedChange[];

    const plan = async (inputs: (change: InputChanges) => Readonly<Record<string, unknown>>) => {
      await deployment.change(inputs);
      return plannedChanges(deployment.withCopies(['day']));
    };

    beforeAll(async () => {
      changes = await plan(({ settings, planned }) => ({ ...settings, ...planned }));
      replacing = await plan(({ replacing: inputs, apart }) => ({ ...inputs, ...apart }));
    }, DEPLOY_MILLISECONDS);

    test('all of that copy goes, and nothing of what stands beside it', () => {
      const [gone, others] = [changes.filter(isOfNight), changes.filter((change) => !isOfNight(change))];

      expect(new Set(gone.map(({ action }) => action))).toEqual(new Set(['delete']));
      expect(gone.length).toBeGreaterThan(150);
      expect(others.filter(({ module }) => module.startsWith('module.spare'))).toEqual([]);
    });

    test('what keeps something is changed in place', () => {
      const kept = changes.filter((change) => !isOfNight(change) && KEEPING.test(change.address));

      expect(new Set(kept.map(({ action }) => action))).toEqual(new Set(['update']));
    });

    test.each(INPUT_CHANGES.map((change) => [keyOf(change), change] as const))(
      'of %s there changes what its inputs are about',
      (key, change) => {
        expect(actionsOf(changes, change)).toEqual(IN_PLACE[key]);
      },
    );

    test('what the documentation says is made anew is, and nothing else', () => {
      const anew = INPUT_CHANGES.map(
        (change) => [keyOf(change), actionsOf(replacing, change).filter((each) => GOES.test(each))] as const,
      );

      expect(Object.fromEntries(anew.filter(([, actions]) => actions.length > 0))).toEqual(MADE_ANEW);
    });

    test('applied, it is as the configuration says, and runs on', async () => {
      await deployment.change(({ settings }) => settings);
      await terraformApply(deployment.withCopies(['day']));

      expect(await noChange(['day'])).toBe('no change');
      expect(Object.values(await inventory(account(), 'overtime-night')).flat()).toEqual([]);
      const starter = String(copies.day['function_name']);
      const request = { arn: 'report', input: { after: 'the change' } };
      const { runId } = (await invokeOrThrow(clients.lambda, starter, request)) as { readonly runId: string };
      expect(await followRun(clients.lambda, starter, runId, { withinMilliseconds: RUN_MILLISECONDS })).toMatchObject({
        status: 'SUCCEEDED',
        output: request.input,
      });
    });
  });

  test('destroys all that it made', async () => {
    await terraformDestroy(deployment.terraform);

    expect(Object.values(await inventory(account(), 'overtime')).flat()).toEqual([]);
  });
});
