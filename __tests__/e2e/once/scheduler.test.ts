import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeServicesCommand, ListTasksCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { parseScheduleRow } from '../../../handlers/shared/schedule/row';
import type { Schedule } from '../../../handlers/shared/schedule/schedule';
import { slotKey } from '../../../handlers/shared/schedule/slot-key';
import { slotsBetween } from '../../../handlers/shared/schedule/slots';
import { identify } from '../../../handlers/starter/identity';
import { parseRequest } from '../../../handlers/starter/request';
import { clientSettings } from '../../../local/clients';
import { invoke, invokeOrThrow } from '../../../local/invoke';
import { type LocalOvertime, startLocalOvertime, textOutput } from '../../../local/local-overtime';
import { putSampleFunction } from '../../../local/sample-function';
import { eventually } from '../../support/eventually';
import { inventory } from '../../support/inventory';
import { type ResponseUrl, startResponseUrl } from '../../support/response-url';
import { schedulerProcesses } from '../../support/scheduler-processes';

const DEPLOY_MILLISECONDS = 600_000;
const STEP_MILLISECONDS = 480_000;

/** Changes take effect within ten seconds: issue 6. */
const TAKES_EFFECT_MILLISECONDS = 10_000;

const SEED_JOB = 'seed-job';

/** Five schedules start a task each so often: a busy machine is to be done with them before the next. */
const PERIOD_SECONDS = 15;
const CRON = `*/${PERIOD_SECONDS} * * * * *`;
const RATE = `${PERIOD_SECONDS} seconds`;

jest.setTimeout(STEP_MILLISECONDS);

const requestOf = (from: string) => ({ arn: 'tick', input: { from, slot: '<aws.scheduler.scheduled-time>' } });

interface Row {
  readonly runId: string;
  readonly attempt: number;
  readonly status: string;
}

describe('schedules on the local AWS, fired by two schedulers', () => {
  let overtime: LocalOvertime;
  let documents: DynamoDBDocumentClient;
  let responses: ResponseUrl;
  let customId: string;
  const outOfTurn: string[] = [];

  beforeAll(async () => {
    responses = await startResponseUrl();
    overtime = await startLocalOvertime({
      backend: 'processes',
      onProgress: () => undefined,
      starter: { containerTaskDefinitions: [SEED_JOB] },
      scheduler: { schedules: { mapped: { cronTime: CRON, request: requestOf('map') } } },
      runnerProps: async (aws, { ecs }) => {
        aws.addImages({ 'seed-job:1': { entrypoint: [process.execPath, '-e', '0'], environment: {} } });
        await ecs.send(
          new RegisterTaskDefinitionCommand({
            family: SEED_JOB,
            requiresCompatibilities: ['FARGATE'],
            networkMode: 'awsvpc',
            cpu: '256',
            memory: '512',
            containerDefinitions: [{ name: 'job', image: 'seed-job:1', essential: true }],
          }),
        );
        return {};
      },
    });
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(overtime.aws.adminEnvironment)));
    await putSampleFunction(overtime.clients, {
      functionName: 'tick',
      files: { 'index.mjs': 'export const handler = async (event) => event;' },
    });
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    responses?.close();
    await overtime?.stop();
  }, DEPLOY_MILLISECONDS);

  const output = (stack: string, name: string) => textOutput(overtime.stacks, stack, name);

  const registrar = (event: object) =>
    invokeOrThrow(overtime.clients.lambda, output('scheduler', 'registrar_function_name'), event);

  const rowsOf = async (table: string) =>
    (await documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

  const runs = async (): Promise<readonly Row[]> =>
    (await rowsOf(output('runner', 'ledger_table_name'))).flatMap(({ runId, attempt, status }) =>
      String(runId).startsWith('run-')
        ? [{ runId: String(runId), attempt: Number(attempt), status: String(status) }]
        : [],
    );

  const schedules = async (): Promise<readonly Schedule[]> =>
    (await rowsOf(output('scheduler', 'schedules_table_name'))).flatMap((row) => {
      const parsed = parseScheduleRow(row);
      return parsed.kind === 'schedule' ? [parsed.schedule] : [];
    });

  /** The run that a slot is to have. */
  const runOf = (id: string, slot: number) => {
    const request = parseRequest({ arn: 'tick', idempotencyKey: slotKey(id, slot) });
    if (request.action !== 'start') {
      throw new Error('A request for a run is none any more.');
    }
    return identify(request, '', output('runner', 'ledger_table_name')).runId;
  };

  const slotsOf = (schedule: Schedule, from: number, to: number) => slotsBetween(schedule, from, to, 1_000);

  const running = async () => {
    const { services } = await overtime.clients.ecs.send(
      new DescribeServicesCommand({
        cluster: output('cluster', 'cluster_name'),
        services: [output('scheduler', 'service_name')],
      }),
    );
    return services?.[0]?.runningCount;
  };

  const twoRunning = () =>
    eventually('two schedulers', async () => ((await running()) === 2 ? true : undefined), STEP_MILLISECONDS / 2);

  /** Waits until a slot of the schedule after the instant has its run. */
  const firedAfter = async (id: string, after: number) =>
    eventually(
      `a slot of ${id}`,
      async () => {
        const schedule = (await schedules()).find((one) => one.id === id);
        const wanted =
          schedule === undefined ? [] : slotsOf(schedule, after, Date.now()).map((slot) => runOf(id, slot));
        return (await runs()).some(({ runId }) => wanted.includes(runId)) ? true : undefined;
      },
      STEP_MILLISECONDS / 2,
    );

  test('the service has two tasks, each with the program from the bucket', async () => {
    await twoRunning();

    expect(
      await eventually('two programs', async () => {
        const found = schedulerProcesses(overtime.aws.endpoint);
        return found.length === 2 ? found : undefined;
      }),
    ).toHaveLength(2);
  });

  test('registers one by each protocol', async () => {
    const sent = await invoke(overtime.clients.lambda, output('scheduler', 'registrar_function_name'), {
      RequestType: 'Create',
      ResponseURL: responses.url,
      StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/jobs/1',
      RequestId: 'one',
      ResourceType: 'AWS::CloudFormation::CustomResource',
      LogicalResourceId: 'DoAccrualsScheduledJob',
      ResourceProperties: {
        ServiceToken: output('scheduler', 'registrar_function_arn'),
        SchedulerDynamoDBTable: output('scheduler', 'schedules_table_name'),
        Region: overtime.aws.region,
        Name: 'Do Accruals Nightly Processing',
        CronTime: CRON,
        Request: requestOf('custom resource'),
      },
    });
    await registrar({ action: 'put', schedule: { id: 'put', rate: RATE, request: requestOf('put') } });
    await registrar({
      schedule: { id: 'terraform', rate: RATE, request: requestOf('terraform') },
      tf: { action: 'create', prev_input: null },
    });
    await documents.send(
      new PutCommand({
        TableName: output('scheduler', 'schedules_table_name'),
        Item: {
          id: 'seed',
          cron_time: CRON,
          name: 'seed',
          definition_arn: SEED_JOB,
          ecs_cluster_arn: output('cluster', 'cluster_arn'),
          last_updated: new Date().toISOString(),
        },
      }),
    );

    expect(sent.functionError).toBeUndefined();
    expect(responses.answers).toEqual([
      expect.objectContaining({ Status: 'SUCCESS', LogicalResourceId: 'DoAccrualsScheduledJob' }),
    ]);
    customId = String(responses.answers[0]?.['PhysicalResourceId']);
    expect((await schedules()).map(({ id }) => id).sort()).toEqual(
      [customId, 'mapped', 'put', 'seed', 'terraform'].sort(),
    );
  });

  test('shows one, runs it out of turn, and takes it away', async () => {
    const schedule = { id: 'one day', at: '2099-01-01T00:00:00Z', request: requestOf('one day') };
    await registrar({ action: 'put', schedule });

    expect(await registrar({ action: 'get', id: 'one day' })).toMatchObject({ description: { id: 'one day' } });
    const { schedules: listed } = (await registrar({ action: 'list' })) as { schedules: readonly { id: string }[] };
    expect(listed.map(({ id }) => id)).toContain('one day');
    const { runIds } = (await registrar({ action: 'trigger', id: 'one day' })) as { runIds: readonly string[] };
    expect((await runs()).map(({ runId }) => runId)).toEqual(expect.arrayContaining([...runIds]));
    outOfTurn.push(...runIds);
    expect(await registrar({ action: 'delete', id: 'one day' })).toEqual({ id: 'one day', status: 'DELETED' });
    expect((await schedules()).map(({ id }) => id)).not.toContain('one day');
  });

  test('fires each slot once, while one of two schedulers is killed with kill -9', async () => {
    const ids = [customId, 'mapped', 'put', 'seed', 'terraform'];
    const since = Date.now();
    await Promise.all(ids.map((id) => firedAfter(id, since)));
    const from = Date.now();
    const [victim = 0] = schedulerProcesses(overtime.aws.endpoint);

    process.kill(victim, 'SIGKILL');
    // Until each schedule has had a slot that has taken effect.
    await new Promise((resolve) => setTimeout(resolve, PERIOD_SECONDS * 1_000 + TAKES_EFFECT_MILLISECONDS + 5_000));
    await twoRunning();
    expect(schedulerProcesses(overtime.aws.endpoint)).not.toContain(victim);

    const to = Date.now() - TAKES_EFFECT_MILLISECONDS;
    const wanted = (await schedules()).flatMap((schedule) =>
      slotsOf(schedule, from, to).map((slot) => runOf(schedule.id, slot)),
    );
    const all = await eventually(
      'every slot has its run',
      async () => {
        const rows = await runs();
        const isDone = wanted.every((runId) => rows.some((row) => row.runId === runId && row.status === 'SUCCEEDED'));
        return isDone ? rows : undefined;
      },
      STEP_MILLISECONDS / 2,
    );
    const possible = new Set(
      (await schedules()).flatMap((schedule) =>
        slotsOf(schedule, since - 2 * DEPLOY_MILLISECONDS, Date.now()).map((slot) => runOf(schedule.id, slot)),
      ),
    );
    expect(wanted.length).toBeGreaterThanOrEqual(ids.length);
    expect(all.filter(({ runId }) => !possible.has(runId)).map(({ runId }) => runId)).toEqual(outOfTurn);
    expect(new Set(all.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  test('a schedule that is paused fires no slot ten seconds later', async () => {
    await registrar({ action: 'pause', id: 'put' });
    await new Promise((resolve) => setTimeout(resolve, TAKES_EFFECT_MILLISECONDS));
    const from = Date.now();
    await firedAfter('terraform', from + PERIOD_SECONDS * 1_000);

    const schedule = (await schedules()).find(({ id }) => id === 'put');
    const late = schedule === undefined ? [] : slotsOf(schedule, from, Date.now()).map((slot) => runOf('put', slot));
    expect(schedule?.isEnabled).toBe(false);
    expect(late).not.toEqual([]);
    expect((await runs()).filter(({ runId }) => late.includes(runId))).toEqual([]);
  });

  test('a plan has no change', async () => {
    expect(await overtime.planChanges()).toEqual({});
  });

  test(
    'destroy leaves nothing',
    async () => {
      await overtime.destroy();

      expect(Object.values(await inventory(overtime.aws.adminEnvironment, 'overtime')).flat()).toEqual([]);
      const { taskArns } = await overtime.clients.ecs.send(new ListTasksCommand({ cluster: 'overtime' })).catch(() => ({
        taskArns: [],
      }));
      expect(taskArns).toEqual([]);
      expect(schedulerProcesses(overtime.aws.endpoint)).toEqual([]);
    },
    DEPLOY_MILLISECONDS,
  );
});
