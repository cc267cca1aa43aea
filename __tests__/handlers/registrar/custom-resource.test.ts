import fc from 'fast-check';
import { register } from '../../../handlers/registrar/registrar';
import { RESPONSE_URL, resourceEvent, SEED_PROPERTIES } from '../../support/registrar/custom-resource';
import { awsError, NOW, OTHER, OWN, RegistrarWorld } from '../../support/registrar/world';

let world: RegistrarWorld;

beforeEach(() => {
  world = new RegistrarWorld();
});

const send = (event: unknown) => register(event, world.deps());

const create = (properties: object = {}) => resourceEvent('Create', { ...SEED_PROPERTIES, ...properties });

const ID = /^schedule-[0-9a-f]{32}$/;

async function created(): Promise<string> {
  await send(create());
  return String(world.answer['PhysicalResourceId']);
}

const change = (RequestType: string, id: string, properties: object, old: object = SEED_PROPERTIES) =>
  resourceEvent(
    RequestType,
    { ...SEED_PROPERTIES, ...properties },
    { PhysicalResourceId: id, OldResourceProperties: old },
  );

describe('Create', () => {
  test("with the seed's properties writes the seed's row, tells the schedulers, and answers", async () => {
    const result = await send(create());

    const id = String(world.answer['PhysicalResourceId']);
    expect(id).toMatch(ID);
    expect([...world.table().values()]).toEqual([
      {
        id,
        cron_time: '*/2 * * * *',
        name: 'Do Accruals Nightly Processing',
        definition_arn: SEED_PROPERTIES.TaskDefinitionArn,
        ecs_cluster_arn: SEED_PROPERTIES.ECSClusterArn,
        last_updated: NOW.toISOString(),
      },
    ]);
    expect(world.noted).toEqual([id]);
    expect(result).toEqual({ physicalResourceId: id, status: 'SUCCESS' });
    expect(world.answers.map(({ url }) => url)).toEqual([RESPONSE_URL]);
    expect(world.answer).toEqual({
      Status: 'SUCCESS',
      Reason: 'The schedule was written',
      PhysicalResourceId: id,
      StackId: create()['StackId'],
      RequestId: create()['RequestId'],
      LogicalResourceId: 'DoAccrualsScheduledJob',
      Data: { Id: id, Table: 'schedules', Region: 'eu-west-1', Revision: expect.any(String) },
    });
  });

  test('takes our own properties, and makes numbers and truth values of their texts', async () => {
    await send(
      create({
        CronTime: undefined,
        TaskDefinitionArn: undefined,
        ECSClusterArn: undefined,
        Rate: '5 minutes',
        TimeZone: 'Europe/London',
        DstPolicy: 'skip',
        StartAt: '2026-12-01T00:00:00Z',
        EndAt: '2027-12-01T00:00:00Z',
        JitterSeconds: '30',
        Enabled: 'false',
        Overlap: 'replace',
        CatchUp: 'none',
        StartingDeadlineSeconds: '600',
        Request: { arn: 'export', retries: '2', enableExecuteCommand: 'true', input: { pages: '5' } },
        ServiceTimeout: '60',
      }),
    );

    expect(world.answer).toMatchObject({ Status: 'SUCCESS' });
    expect([...world.table().values()]).toEqual([
      {
        id: world.answer['PhysicalResourceId'],
        name: 'Do Accruals Nightly Processing',
        rate: '5 minutes',
        time_zone: 'Europe/London',
        dst_policy: 'skip',
        start_at: '2026-12-01T00:00:00Z',
        end_at: '2027-12-01T00:00:00Z',
        jitter_seconds: 30,
        enabled: false,
        overlap: 'replace',
        catch_up: 'none',
        starting_deadline_seconds: 600,
        request: { arn: 'export', retries: 2, enableExecuteCommand: true, input: { pages: '5' } },
        last_updated: NOW.toISOString(),
      },
    ]);
  });

  test('takes a request as JSON text, which keeps its numbers', async () => {
    await send(
      create({ TaskDefinitionArn: undefined, ECSClusterArn: undefined, Request: '{"arn":"f","input":{"n":5}}' }),
    );

    expect([...world.table().values()][0]?.['request']).toEqual({ arn: 'f', input: { n: 5 } });
  });

  test('that CloudFormation sends twice makes one row, under one id', async () => {
    const first = await created();
    const second = await created();

    expect(second).toBe(first);
    expect(world.table().size).toBe(1);
  });

  test('of another resource of the stack, or of another stack, has another id', async () => {
    await send(create());
    await send({ ...create(), LogicalResourceId: 'Other' });
    await send({ ...create(), StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/other/1' });

    expect(world.table().size).toBe(3);
  });

  test('without a table and a Region writes to the registrar’s own', async () => {
    await send(create({ SchedulerDynamoDBTable: undefined, Region: undefined }));

    expect(world.table(OWN).size).toBe(1);
  });

  test('into another table tells no schedulers of ours', async () => {
    await send(create({ SchedulerDynamoDBTable: OTHER.table, Region: OTHER.region }));

    expect(world.table(OTHER).size).toBe(1);
    expect(world.noted).toEqual([]);
  });

  test('succeeds where the change could not be noted: the stream notes it again', async () => {
    world.fail('note', awsError('ProvisionedThroughputExceededException'));

    await send(create());

    expect(world.answer).toMatchObject({ Status: 'SUCCESS' });
    expect(world.logged).toContainEqual(expect.objectContaining({ level: 'warn', event: 'change.not-noted' }));
  });

  test('with NoEcho has its data masked', async () => {
    await send(create({ NoEcho: 'true' }));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', NoEcho: true, Data: { Table: 'schedules' } });
  });
});

describe('what is refused', () => {
  test('names every wrong property, by its own name, under the id that a success would have had', async () => {
    const id = await created();
    world.table().clear();

    await send(create({ CronTime: '99 * * * *', Enabled: 'yes', JitterSeconds: 'many', Timezone: 'UTC', Region: 'x' }));

    expect(world.answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(world.answer['Reason']).toMatch(/^INVALID_INPUT: The request has 5 problems\. /);
    expect(world.answer['Reason']).toContain('"Timezone" is no property of a schedule: those are Name, CronTime');
    expect(world.answer['Reason']).toContain('Region is "x": give a Region such as eu-west-1');
    expect(world.answer['Reason']).toContain('Enabled is "yes": give true or false');
    expect(world.answer['Reason']).toContain('JitterSeconds is "many": give a whole number');
    expect(world.answer['Reason']).toContain('CronTime is "99 * * * *": its minute is "99": give 0 to 59');
    expect(world.table().size).toBe(0);
  });

  test.each([
    [{ CronTime: '' }, 'CronTime is "": it is empty: give 5 fields'],
    [{ CronTime: '* * *' }, 'CronTime is "* * *": it has 3 fields: give 5 fields'],
    [{ CronTime: '0 0 31 2 *' }, 'CronTime is "0 0 31 2 *": no day matches it'],
    [{ Rate: '5 minutes' }, 'CronTime, Rate, At are 2 of three: give one of them'],
    [{ SchedulerDynamoDBTable: 'a b' }, 'SchedulerDynamoDBTable is "a b": give the name of a table'],
    [{ Region: 'Ireland' }, 'Region is "Ireland": give a Region such as eu-west-1'],
    [{ TaskDefinitionArn: 'a b' }, 'TaskDefinitionArn is refused by the starter: The request has 1 problem'],
    [
      { TaskDefinitionArn: undefined, ECSClusterArn: undefined, Request: { arn: 'f', retries: '99' } },
      'Request is refused by the starter: The request has 1 problem. retries is 99',
    ],
    [
      { TaskDefinitionArn: undefined, ECSClusterArn: undefined, Request: '{' },
      'Request is "{": give a request to the starter',
    ],
  ])('%p', async (properties, problem) => {
    await send(create(properties));

    expect(world.answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(problem) });
    expect(world.table().size).toBe(0);
  });

  test.each(['Replace', undefined, 5, {}])('RequestType %p is answered, too', async (RequestType) => {
    await send({ ...create(), RequestType });

    expect(world.answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/RequestType is .*: give "Create", "Update" or "Delete"/),
      PhysicalResourceId: expect.stringMatching(ID),
    });
  });

  test('an error of DynamoDB is told as it is', async () => {
    world.fail(
      'put',
      awsError('AccessDeniedException', 'User: registrar is not authorized to perform: dynamodb:PutItem'),
    );

    await send(create());

    expect(world.answer).toMatchObject({
      Status: 'FAILED',
      Reason: 'AccessDeniedException: User: registrar is not authorized to perform: dynamodb:PutItem',
    });
  });
});

describe('Update', () => {
  test('writes the row anew, under the same id', async () => {
    const id = await created();

    await send(change('Update', id, { CronTime: '*/5 * * * *' }));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect([...world.table().values()]).toEqual([expect.objectContaining({ id, cron_time: '*/5 * * * *' })]);
  });

  test('of a resource that the seed made keeps the id that the seed gave it', async () => {
    const id = '0f2c0f4e-5d4c-4b0c-8f7e-1d2f3a4b5c6d';

    await send(change('Update', id, {}));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect([...world.table().keys()]).toEqual([id]);
  });

  test('that is refused leaves the row and the id as they were', async () => {
    const id = await created();
    const before = world.table().get(id);

    await send(change('Update', id, { CronTime: '99 * * * *' }));

    expect(world.answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(world.table().get(id)).toEqual(before);
  });

  test.each([
    ['table', { SchedulerDynamoDBTable: OTHER.table }, { table: OTHER.table, region: OWN.region }],
    ['Region', { Region: OTHER.region }, { table: OWN.table, region: OTHER.region }],
  ])('that moves to another %s takes the row out of the one before', async (_, properties, place) => {
    const id = await created();

    await send(change('Update', id, properties));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect([...world.table(OWN).keys()]).toEqual([]);
    expect([...world.table(place).keys()]).toEqual([id]);
    expect(world.noted).toEqual([id, id]);
  });

  test('that cannot write to the new table leaves the old row', async () => {
    const id = await created();
    world.fail('put', awsError('ResourceNotFoundException'), OTHER);

    await send(change('Update', id, { SchedulerDynamoDBTable: OTHER.table, Region: OTHER.region }));

    expect(world.answer).toMatchObject({ Status: 'FAILED' });
    expect([...world.table(OWN).keys()]).toEqual([id]);
  });

  test('that cannot delete the old row takes the new one back', async () => {
    const id = await created();
    world.fail('remove', awsError('InternalServerError'), OWN);

    await send(change('Update', id, { SchedulerDynamoDBTable: OTHER.table, Region: OTHER.region }));

    expect(world.answer).toMatchObject({ Status: 'FAILED', Reason: 'InternalServerError: the service said so' });
    expect([...world.table(OWN).keys()]).toEqual([id]);
    expect([...world.table(OTHER).keys()]).toEqual([]);
  });
});

describe('Delete', () => {
  test('deletes the row and tells the schedulers', async () => {
    const id = await created();

    await send(change('Delete', id, {}));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(world.table().size).toBe(0);
    expect(world.noted).toContain(id);
  });

  test.each(['0f2c0f4e-5d4c-4b0c-8f7e-1d2f3a4b5c6d', '2015/11/27/[$LATEST]0f2c0f4e5d4c4b0c8f7e1d2f3a4b5c6d'])(
    'of %s, which is not there, succeeds',
    async (id) => {
      await send(change('Delete', id, {}));

      expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    },
  );

  test('after a Create that was refused succeeds, with the same wrong properties', async () => {
    const wrong = { CronTime: '99 * * * *', Timezone: 'UTC', SchedulerDynamoDBTable: 'a b' };
    await send(create(wrong));
    const id = String(world.answer['PhysicalResourceId']);

    await send(change('Delete', id, wrong));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  });

  test('deletes the row of a Create whose answer never came, for which CloudFormation made up an id', async () => {
    await created();

    await send(change('Delete', 'jobs-DoAccrualsScheduledJob-1A2B3C', {}));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'jobs-DoAccrualsScheduledJob-1A2B3C' });
    expect(world.table().size).toBe(0);
  });

  test.each([
    ['ResourceNotFoundException', OWN],
    ['ResourceNotFoundException', OTHER],
    ['AccessDeniedException', OTHER],
  ])('succeeds where DynamoDB says %s of %p', async (name, place) => {
    world.fail('remove', awsError(name));

    await send(change('Delete', 'any', { SchedulerDynamoDBTable: place.table, Region: place.region }));

    expect(world.answer).toMatchObject({ Status: 'SUCCESS' });
    expect(world.logged).toContainEqual(expect.objectContaining({ level: 'warn', event: 'table.out-of-reach' }));
  });

  test.each(['AccessDeniedException', 'InternalServerError'])(
    'fails where DynamoDB says %s of our own table: the row would go on firing',
    async (name) => {
      world.fail('remove', awsError(name));

      await send(change('Delete', 'any', {}));

      expect(world.answer).toMatchObject({ Status: 'FAILED', Reason: `${name}: the service said so` });
    },
  );
});

describe('the answer', () => {
  test('is sent before the function’s time is over, where DynamoDB does not answer', async () => {
    world.fail('put', 'hang');

    await send(create());

    expect(world.answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('OUT_OF_TIME') });
    expect(world.remaining).toBe(15_000);
  });

  test('that time is over is true: a write that hung is not done after it, when the row may have been deleted', async () => {
    world.fail('put', 'hang');
    await send(create());
    await send(change('Delete', String(world.answer['PhysicalResourceId']), {}));
    world.mend();
    await new Promise((resolve) => setImmediate(resolve));

    expect(world.table().size).toBe(0);
    expect(world.answers).toHaveLength(2);
  });

  test.each([[[503, 500]], [[429]], [['no answer', 502] as const]])('is sent again after %p', async (statuses) => {
    world.statuses.push(...statuses);

    await send(create());

    expect(world.answers).toHaveLength(statuses.length + 1);
    expect(new Set(world.answers.map(({ body }) => body)).size).toBe(1);
  });

  test('waits longer each time, and gives up with the function’s time', async () => {
    world.statuses.push(...Array.from({ length: 100 }, () => 503));

    await expect(send(create())).rejects.toMatchObject({
      name: 'NOT_ANSWERED',
      message: expect.stringContaining('HTTP 503'),
    });
    expect(world.waits.slice(0, 3)).toEqual([200, 400, 800]);
    expect(world.remaining).toBeGreaterThan(0);
  });

  test('that is refused is not sent again, and fails the invocation, which Lambda repeats', async () => {
    world.statuses.push(403);

    await expect(send(create())).rejects.toMatchObject({ name: 'NOT_ANSWERED' });
    expect(world.answers).toHaveLength(1);
  });

  test.each([
    undefined,
    '',
    'cloudformation',
    'ftp://example.com/',
    'http://example.com/answer',
    'file:///etc/passwd',
    5,
  ])('goes nowhere where ResponseURL is %p, and nothing is done', async (ResponseURL) => {
    await expect(send({ ...create(), ResponseURL })).rejects.toMatchObject({
      name: 'NOT_ANSWERED',
      message: expect.stringContaining('ResponseURL'),
    });
    expect(world.answers).toEqual([]);
    expect(world.table().size).toBe(0);
  });

  test.each(['http://localhost:4566/answer', 'http://127.0.0.1:4566/answer', 'http://[::1]:4566/answer'])(
    'goes to %s, a stand-in of AWS on the same machine',
    async (ResponseURL) => {
      await send({ ...create(), ResponseURL });

      expect(world.answers).toHaveLength(1);
    },
  );

  test.each([
    ['ASCII', 'x'.repeat(10_000)],
    ['characters of two bytes', 'é'.repeat(10_000)],
    ['characters of four bytes', '🕐'.repeat(10_000)],
    ['what JSON escapes', '"\\\n'.repeat(5000)],
  ])('is at most 4,096 bytes long, and nearly so: %s', async (_, message) => {
    world.fail('put', awsError('ValidationException', message));

    await send(create());

    const bytes = Buffer.byteLength(world.answers[0]?.body ?? '');
    expect(bytes).toBeLessThanOrEqual(4096);
    expect(bytes).toBeGreaterThan(4090);
    expect(world.answer['Reason']).toContain(`ValidationException: ${message.slice(0, 600)}`);
  });
});

describe('whatever comes', () => {
  const nonsense = fc.record(
    {
      RequestType: fc.oneof(fc.constantFrom('Create', 'Update', 'Delete'), fc.anything()),
      StackId: fc.anything(),
      RequestId: fc.anything(),
      LogicalResourceId: fc.anything(),
      PhysicalResourceId: fc.oneof(fc.anything(), fc.string({ minLength: 1000, maxLength: 3000 })),
      ResourceProperties: fc.oneof(
        fc.anything(),
        fc.record({ CronTime: fc.anything(), Request: fc.anything(), SchedulerDynamoDBTable: fc.anything() }),
        fc.constant(SEED_PROPERTIES),
      ),
      OldResourceProperties: fc.anything(),
    },
    { requiredKeys: [] },
  );

  test('an event with an address is answered once, within 4,096 bytes, with an id', async () => {
    await fc.assert(
      fc.asyncProperty(nonsense, async (event) => {
        world = new RegistrarWorld();

        await send({ ...event, ResponseURL: RESPONSE_URL });

        expect(world.answers).toHaveLength(1);
        expect(['SUCCESS', 'FAILED']).toContain(world.answer['Status']);
        expect(Buffer.byteLength(world.answers[0]?.body ?? '')).toBeLessThanOrEqual(4096);
        expect(Buffer.byteLength(String(world.answer['PhysicalResourceId']))).toBeGreaterThan(0);
        expect(Buffer.byteLength(String(world.answer['PhysicalResourceId']))).toBeLessThanOrEqual(1024);
      }),
    );
  });
});
