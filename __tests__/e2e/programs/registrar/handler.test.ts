import { rm } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../../../support/eventually';
import { lambdaFile } from '../../../support/lambda-process';
import { resourceEvent, SEED_PROPERTIES } from '../../../support/registrar/custom-resource';
import { invokeRegistrar, type RegistrarAws, startRegistrarAws } from '../../../support/registrar/process';
import { localCertificate, type ResponseServer, startResponseServer } from '../../../support/registrar/response-server';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: RegistrarAws;
let cloudFormation: ResponseServer;
let file: string;

const certificate = localCertificate();

beforeAll(() => {
  file = lambdaFile('registrar');
});

beforeEach(async () => {
  aws = await startRegistrarAws();
  cloudFormation = await startResponseServer();
});

afterEach(async () => {
  await aws.close();
  await cloudFormation.close();
});

afterAll(async () => {
  await rm(path.dirname(file), { recursive: true });
  if (certificate !== undefined) {
    await rm(path.dirname(certificate.file), { recursive: true });
  }
});

const invoke = (event: unknown, environment: Readonly<Record<string, string>> = {}, milliseconds?: number) =>
  invokeRegistrar(aws, file, event, environment, milliseconds);

const create = (properties: object = {}) =>
  resourceEvent('Create', { ...SEED_PROPERTIES, ...properties }, { ResponseURL: cloudFormation.url });

const answer = () => JSON.parse(cloudFormation.received.at(-1)?.body.toString('utf8') ?? '{}');

describe('the bundled registrar, for CloudFormation', () => {
  test('writes a row whose name is not ASCII, and answers with a length in bytes and an empty content type', async () => {
    const result = await invoke(create({ Name: 'Nächtliche Abrechnung 🕐' }));

    const id = answer().PhysicalResourceId;
    expect(result).toEqual({ value: { physicalResourceId: id, status: 'SUCCESS' } });
    expect(aws.schedules.get(id)).toMatchObject({ id, name: 'Nächtliche Abrechnung 🕐', cron_time: '*/2 * * * *' });
    expect(aws.states.get(id)).toEqual({
      id,
      change_minute: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
      changed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      written_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const [received] = cloudFormation.received;
    expect(received?.method).toBe('PUT');
    expect(received?.headers['content-type']).toBe('');
    expect(received?.headers['content-length']).toBe(String(received?.body.length));
    expect(received?.headers['transfer-encoding']).toBeUndefined();
  });

  test('answers a refusal whose reason is not ASCII with a length in bytes', async () => {
    await invoke(create({ CronTime: 'ä'.repeat(50) }));

    expect(answer()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('äää') });
    expect(cloudFormation.received[0]?.headers['content-length']).toBe(String(cloudFormation.received[0]?.body.length));
  });

  test('answers again after HTTP 500 and a connection that breaks', async () => {
    cloudFormation.behaviours.push(500, 'reset');

    const result = await invoke(create());

    expect(result).toMatchObject({ value: { status: 'SUCCESS' } });
    expect(cloudFormation.received.map(({ body }) => body.toString())).toEqual(
      Array.from({ length: 3 }, () => cloudFormation.received[0]?.body.toString()),
    );
  });

  test('answers again where no answer comes in time', async () => {
    cloudFormation.behaviours.push('hang');

    expect(await invoke(create())).toMatchObject({ value: { status: 'SUCCESS' } });
    expect(cloudFormation.received).toHaveLength(2);
  });

  test('fails where the answer is refused', async () => {
    cloudFormation.behaviours.push(403);

    expect(await invoke(create())).toMatchObject({ error: { name: 'NOT_ANSWERED' } });
  });

  test('answers that a table is not there, and that its deletion is done', async () => {
    await invoke(create({ SchedulerDynamoDBTable: 'no-such-table' }));
    expect(answer()).toMatchObject({
      Status: 'FAILED',
      Reason: 'ResourceNotFoundException: Requested resource not found',
    });

    const id = answer().PhysicalResourceId;
    await invoke({
      ...create({ SchedulerDynamoDBTable: 'no-such-table' }),
      RequestType: 'Delete',
      PhysicalResourceId: id,
    });
    expect(answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  });

  test('answers before its time is over where DynamoDB is not to be reached', async () => {
    // Port 9 discards: nobody listens, and the client tries again and again.
    const begun = Date.now();
    await invoke(create(), { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 16_000);

    expect(answer()).toMatchObject({ Status: 'FAILED' });
    expect(Date.now() - begun).toBeLessThan(60_000);
  });

  test('tries no more, once it has answered that time is over', async () => {
    aws.breakDown();
    const invocation = invoke(create(), {}, 20_000);
    await eventually('an answer', async () => cloudFormation.received[0]);
    const tries = aws.operations.length;
    await invocation;

    expect(answer()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('OUT_OF_TIME') });
    expect(tries).toBeGreaterThan(0);
    expect(aws.operations).toHaveLength(tries);
  });

  test('answers what is wrong with its own deployment', async () => {
    await invoke(create(), { OVERTIME_SCHEDULES_TABLE: '' });

    expect(answer()).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('OVERTIME_SCHEDULES_TABLE is not set'),
    });
  });

  (certificate === undefined ? test.skip : test)('answers over HTTPS', async () => {
    const secure = await startResponseServer(certificate);
    try {
      const result = await invoke(
        { ...create(), ResponseURL: secure.url },
        { NODE_EXTRA_CA_CERTS: certificate?.file ?? '' },
      );

      expect(result).toMatchObject({ value: { status: 'SUCCESS' } });
      expect(secure.received).toHaveLength(1);
    } finally {
      await secure.close();
    }
  });
});

describe('the bundled registrar, for everybody else', () => {
  const ROW = { id: 'nightly', cron_time: '30 2 * * *', request: { arn: 'export' } };

  test('puts, gets, pauses, lists, triggers, backfills and deletes a schedule', async () => {
    const put = await invoke({ action: 'put', schedule: ROW, ifRevision: null });
    expect(put).toMatchObject({ value: { id: 'nightly', isEnabled: true } });
    expect(await invoke({ action: 'put', schedule: ROW, ifRevision: null })).toMatchObject({
      error: { name: 'REVISION_CONFLICT' },
    });
    const { revision } = (put?.value ?? {}) as { readonly revision?: string };
    expect(await invoke({ action: 'put', schedule: ROW, ifRevision: revision })).toEqual(put);
    expect(await invoke({ action: 'pause', id: 'nightly' })).toEqual({ value: { id: 'nightly', status: 'PAUSED' } });
    expect(await invoke({ action: 'get', id: 'nightly' })).toMatchObject({
      value: { schedule: { ...ROW, enabled: false }, state: { id: 'nightly' }, description: { isEnabled: false } },
    });
    expect(await invoke({ action: 'list', limit: 1 })).toMatchObject({ value: { schedules: [{ id: 'nightly' }] } });
    expect(await invoke({ action: 'trigger', id: 'nightly' })).toMatchObject({ value: { runIds: ['run-1'] } });
    expect(
      await invoke({ action: 'backfill', id: 'nightly', from: '2026-10-01T00:00:00Z', to: '2026-10-03T00:00:00Z' }),
    ).toMatchObject({ value: { runIds: { length: 2 }, failures: [] } });
    // Two are started at once, and come in any order.
    expect(aws.starts.map((start) => start['idempotencyKey']).sort()).toEqual([
      'schedule:nightly:2026-10-01T02:30:00Z',
      'schedule:nightly:2026-10-02T02:30:00Z',
      expect.stringMatching(/^trigger:/),
    ]);
    expect(await invoke({ action: 'delete', id: 'nightly' })).toMatchObject({ value: { status: 'DELETED' } });
    expect(aws.schedules.keys).toEqual([]);
    expect(await invoke({ action: 'resume', id: 'nightly' })).toMatchObject({ error: { name: 'SCHEDULE_NOT_FOUND' } });
  });

  test('writes over a row by its revision, whether the row says when it was written or not', async () => {
    aws.schedules.put(ROW);
    const found = await invoke({ action: 'get', id: 'nightly' });
    const { description } = (found?.value ?? {}) as { readonly description?: { readonly revision?: string } };
    const put = (cron_time: string) =>
      invoke({ action: 'put', schedule: { ...ROW, cron_time }, ifRevision: description?.revision });

    expect(await put('0 3 * * *')).toMatchObject({ value: { id: 'nightly' } });
    expect(await put('0 4 * * *')).toMatchObject({ error: { name: 'REVISION_CONFLICT' } });
    expect(aws.schedules.get('nightly')).toEqual({ ...ROW, cron_time: '0 3 * * *', last_updated: expect.any(String) });
  });

  test("follows the life of Terraform's resource, and notes what the stream brings", async () => {
    const other = { ...ROW, id: 'weekly' };
    await invoke({ schedule: ROW, tf: { action: 'create', prev_input: null } });
    await invoke({ schedule: other, tf: { action: 'update', prev_input: { schedule: ROW } } });
    expect(aws.schedules.keys).toEqual(['weekly']);
    await invoke({ schedule: other, tf: { action: 'delete', prev_input: { schedule: other } } });
    expect(aws.schedules.keys).toEqual([]);

    const record = { eventSource: 'aws:dynamodb', eventName: 'INSERT', dynamodb: { Keys: { id: { S: 'by-hand' } } } };
    expect(await invoke({ Records: [record] })).toEqual({ value: { noted: 1 } });
    expect(aws.states.keys).toContain('by-hand');
  });
});
