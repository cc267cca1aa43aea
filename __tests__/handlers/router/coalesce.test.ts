import fc from 'fast-check';
import { createRouter, type RouterAnswer } from '../../../handlers/router/router';
import { COALESCING, Crash, queueEvent, RouterWorld, visit } from '../../support/router/router-world';

const invocation = { awsRequestId: 'request-1' };

function routerOf(world: RouterWorld) {
  return (event: unknown): Promise<RouterAnswer> => createRouter(world.deps)(event, invocation);
}

async function deposit(world: RouterWorld, events: readonly object[]): Promise<void> {
  for (const event of events) {
    world.now += 1;
    await routerOf(world)(event);
  }
}

/** All messages that were sent, in one batch. */
const endWindows = (world: RouterWorld) => routerOf(world)(queueEvent(world.sent));

function rowsOf(world: RouterWorld): readonly (readonly number[])[] {
  return [...world.runs.values()].map(({ input }) => {
    const { rows } = input as { readonly rows: readonly { readonly new: { readonly id: number } }[] };
    return rows.map((row) => row.new.id);
  });
}

test('a row waits, and its caller is told so', async () => {
  const world = new RouterWorld(COALESCING);

  const answer = await routerOf(world)(visit(1, 7));

  expect(answer).toEqual({ status: 'WAITING', windowSeconds: 30 });
  expect([world.waiting, world.sent.map(({ row }) => row), world.runs.size]).toEqual([['event-1'], ['event-1'], 0]);
});

test('the rows of a window are one run, in their order', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(3, 7), visit(1, 7), visit(2, 7)]);

  const answer = await endWindows(world);

  expect(answer).toEqual({ batchItemFailures: [] });
  expect([...world.runs.values()]).toEqual([
    {
      arn: 'collect',
      idempotencyKey: expect.stringMatching(/^rows:/),
      input: { key: 7, count: 3, rows: [visit(3, 7), visit(1, 7), visit(2, 7)] },
    },
  ]);
  expect(world.waiting).toEqual([]);
});

test('each key has a run of its own, and rows without the key have one together', async () => {
  const world = new RouterWorld(COALESCING);
  const keyless = (id: number) => ({ overtimeId: `event-${id}`, table: 'visits', new: { id } });
  await deposit(world, [visit(1, 7), visit(2, 8), keyless(3), visit(4, 7), keyless(5)]);

  await endWindows(world);

  expect(rowsOf(world)).toEqual([[1, 4], [2], [3, 5]]);
});

test('rows of two rules are no company for each other', async () => {
  const world = new RouterWorld({ ...COALESCING, OVERTIME_COALESCE_KEY: '' });
  const purchase = { overtimeId: 'event-2', table: 'purchases', new: { id: 2, task: 'BUY' } };
  const rows = '<$.rows[0].new.id>';
  const rules = [
    { pattern: { table: ['purchases'] }, request: { taskDefinition: 'buy', environment: { FIRST: rows } } },
    { pattern: { table: ['visits'] }, request: { arn: 'collect' } },
  ];
  const changed = new RouterWorld({ ...world.environment, OVERTIME_RULES: JSON.stringify(rules) });
  await deposit(changed, [visit(1, 7), purchase]);

  await endWindows(changed);

  expect([...changed.runs.values()]).toEqual([
    expect.objectContaining({ arn: 'collect' }),
    expect.objectContaining({ taskDefinition: 'buy', environment: { FIRST: '2' } }),
  ]);
});

test('more rows than a run may have are several runs', async () => {
  const world = new RouterWorld({ ...COALESCING, OVERTIME_COALESCE_ROWS: '2' });
  await deposit(
    world,
    [1, 2, 3, 4, 5].map((id) => visit(id, 7)),
  );

  await endWindows(world);

  expect(rowsOf(world)).toEqual([[1, 2], [3, 4], [5]]);
});

test('a row that comes after the window begins the next one: messages of rows that are gone start nothing', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7), visit(2, 7)]);
  const router = routerOf(world);
  await router(queueEvent(world.sent.slice(0, 1)));
  await deposit(world, [visit(3, 7)]);

  await router(queueEvent(world.sent.slice(1, 2)));

  expect([rowsOf(world), world.waiting]).toEqual([[[1, 2]], ['event-3']]);
});

test('an event that comes again is one row, before its run and after it', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7), visit(1, 7)]);
  await endWindows(world);
  const sent = world.sent.length;

  await deposit(world, [visit(1, 7)]);

  expect([rowsOf(world), world.waiting, world.sent.length]).toEqual([[[1]], [], sent]);
});

interface Location {
  readonly bucket: string;
  readonly key: string;
}

test('rows too large for an invocation lie in the payload bucket, and the run is told where', async () => {
  const world = new RouterWorld(COALESCING);
  const note = 'x'.repeat(250_000);
  const events = Array.from({ length: 25 }, (_, index) => visit(index, 7, { note }));
  await deposit(world, events);

  await endWindows(world);

  const [input] = [...world.runs.values()].map((run) => run['input'] as { rowsLocation: Location });
  const { rowsLocation: location, ...others } = input ?? { rowsLocation: { bucket: '', key: '' } };
  expect(others).toEqual({ key: 7, count: 25 });
  expect(location).toEqual({ bucket: 'overtime-payloads', key: expect.stringMatching(/^inputs\/rows\/.+\.json$/) });
  expect(JSON.parse(world.uploads.get(`${location.bucket}/${location.key}`) ?? '')).toEqual(events);
});

test('a row too large to wait has a run of its own at once, which gets a list as the others do', async () => {
  const rules = [
    { pattern: { table: ['visits'] }, request: { arn: 'collect', environment: { ID: '<$.rows[0].new.id>' } } },
  ];
  const world = new RouterWorld({ ...COALESCING, OVERTIME_RULES: JSON.stringify(rules) });
  const row = visit(1, 7, { note: 'x'.repeat(300_001) });

  await routerOf(world)(row);

  expect([world.waiting, [...world.runs.values()]]).toEqual([
    [],
    [
      {
        arn: 'collect',
        environment: { ID: '1' },
        idempotencyKey: 'row:event-1',
        input: { key: 7, count: 1, rows: [row] },
      },
    ],
  ]);
});

test('a batch of another queue is an event like others', async () => {
  const world = new RouterWorld({ ...COALESCING, OVERTIME_NO_MATCH: 'ignore' });
  const batch = queueEvent([{ window: 'w', row: 'r' }], 'arn:aws:sqs:eu-west-1:123456789012:others');

  expect(await routerOf(world)(batch)).toEqual({ status: 'IGNORED' });
});

test('while another invocation has the window, the message waits, and then comes again', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7)]);
  const { window } = world.sent[0] ?? { window: '' };
  await world.deps.ports.rows.lock(window, 'another', world.now, world.now + 75_000);

  const answer = await endWindows(world);

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  expect(world.lines.at(-1)).toEqual({
    event: 'window-failed',
    fields: expect.objectContaining({ code: 'WINDOW_BUSY' }),
  });
  expect(world.runs.size).toBe(0);
});

test('with too little time left a window is not begun', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7)]);
  world.remainingMilliseconds = 5_000;

  expect(await endWindows(world)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  expect(world.waiting).toEqual(['event-1']);
});

test('what the starter refuses stays, and is the same run once it does not', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7)]);
  world.refusal = 'INVALID_INPUT';
  const refused = await endWindows(world);
  await deposit(world, [visit(2, 7)]);

  world.refusal = undefined;
  await endWindows(world);

  expect(refused).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  expect([rowsOf(world), world.waiting]).toEqual([[[1], [2]], []]);
});

test('rows whose run never began get another once it can, as its key starts nothing any more', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7)]);
  world.refusal = 'TASK_NOT_STARTED';
  const refused = await endWindows(world);
  await endWindows(world);

  world.refusal = undefined;
  await endWindows(world);

  expect(refused).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  expect([rowsOf(world), world.waiting, world.neverBegun.size]).toEqual([[[1]], [], 2]);
});

test('rows whose rule is gone wait for one, unless events without a rule are to be ignored', async () => {
  const world = new RouterWorld(COALESCING);
  await deposit(world, [visit(1, 7)]);
  const { OVERTIME_RULES: _, ...others } = COALESCING;
  const rules = JSON.stringify([{ pattern: { table: ['purchases'] }, request: { arn: 'buy' } }]);
  const without = (noMatch: string) => {
    const settings = new RouterWorld({ ...others, OVERTIME_RULES: rules, OVERTIME_NO_MATCH: noMatch }).deps.settings;
    return createRouter({ ...world.deps, settings })(queueEvent(world.sent), invocation);
  };

  expect(await without('error')).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  expect(world.waiting).toEqual(['event-1']);
  expect(await without('ignore')).toEqual({ batchItemFailures: [] });
  expect([world.waiting, world.runs.size]).toEqual([[], 0]);
});

test('a message that is none of the router’s is dropped, and named without its text', async () => {
  const world = new RouterWorld(COALESCING);
  const event = queueEvent([]);
  const record = { messageId: 'm', eventSource: 'aws:sqs', eventSourceARN: 'x', body: 'secret' };
  const { eventSourceARN } = queueEvent([{ window: '', row: '' }]).Records[0] ?? record;

  expect(await routerOf(world)({ ...event, Records: [{ ...record, eventSourceARN }] })).toEqual({
    batchItemFailures: [],
  });
  expect(world.lines).toEqual([{ event: 'message-unreadable', fields: { messageId: 'm' } }]);
});

/** Lambda and SQS: an event, and a message, comes again until its invocation lives to its end. */
async function deliver(world: RouterWorld, event: object): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      const answer = await routerOf(world)(event);
      if (!('batchItemFailures' in answer) || answer.batchItemFailures.length === 0) {
        return;
      }
    } catch (error) {
      if (!(error instanceof Crash)) {
        throw error;
      }
    }
    world.now += 90_000;
  }
  throw new Error('It did not get through');
}

test('wherever an invocation dies, each row is in one run, and no run is started twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      async (call, isDone, customers, mostRows) => {
        const world = new RouterWorld({ ...COALESCING, OVERTIME_COALESCE_ROWS: String(mostRows) });
        world.crashAt = { call, isDone };
        for (const [index, customer] of customers.entries()) {
          await deliver(world, visit(index, customer));
        }
        await deliver(world, queueEvent(world.sent));

        const ids = rowsOf(world).flat().sort();
        expect(ids).toEqual(customers.map((_, index) => index));
        expect(world.waiting).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
