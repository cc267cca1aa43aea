import type { RunRecord, RunStatus } from '../../../handlers/shared/run';
import { parseRequest } from '../../../handlers/starter/request';
import { startRun } from '../../../handlers/starter/start';
import { FUNCTION_ARN, failureOf, startRequest } from '../../support/starter/examples';
import { fakeWorld, NOW, type World } from '../../support/starter/fake-world';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:results-of-reports';
const BUCKET = 'arn:aws:s3:::results';
const CALLBACK_ID = 'Y2FsbGJhY2s=';

const start = (world: World, fields: Record<string, unknown>, awsRequestId = 'id-1') =>
  startRun(startRequest(fields), awsRequestId, world.deps);

function onlyRow(world: World): RunRecord {
  const [row, ...more] = world.rows.values();
  if (row === undefined || more.length > 0) {
    throw new Error(`The ledger has ${world.rows.size} rows.`);
  }
  return row;
}

describe('a request that says where its outcome goes', () => {
  const delivery = {
    taskToken: 'AAAAKgAAAAIAAAAA/token+=',
    callbackId: CALLBACK_ID,
    heartbeatSeconds: 60,
    onSuccess: BUCKET,
    onFailure: QUEUE,
  };

  test('has it in the ledger, and in neither the task nor the log', async () => {
    const world = fakeWorld();
    await start(world, delivery);

    expect(onlyRow(world).delivery).toEqual(delivery);
    expect(JSON.stringify([...world.tasks.values()])).not.toContain(delivery.taskToken);
    expect(world.logLines.join('')).not.toContain(delivery.taskToken);
    expect(JSON.stringify([...world.tasks.values(), ...world.logLines])).not.toContain(CALLBACK_ID);
  });

  test('and nowhere has no delivery in its row', async () => {
    const world = fakeWorld();
    await start(world, {});

    expect(onlyRow(world)).not.toHaveProperty('delivery');
  });

  test.each([
    ['the longest token', { taskToken: 't'.repeat(2_048) }],
    ['the longest callback', { callbackId: 'c'.repeat(1_024) }],
    ['the shortest heartbeat', { heartbeatSeconds: 3 }],
    ['a FIFO queue in another partition', { onFailure: 'arn:aws-cn:sqs:cn-north-1:123456789012:r.fifo' }],
    ['a topic', { onSuccess: 'arn:aws:sns:eu-west-1:123456789012:r' }],
    ['an event bus', { onSuccess: 'arn:aws:events:eu-west-1:123456789012:event-bus/default' }],
    ['a function', { onSuccess: 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:r:live' }],
  ])('may give %s', (_, fields) => {
    expect(parseRequest({ arn: FUNCTION_ARN, ...fields })).toMatchObject(fields);
  });

  test.each([
    ['taskToken', '', 'taskToken is a text of 0 characters: give the task token, '],
    ['taskToken', 't'.repeat(2_049), 'taskToken is a text of 2049 characters: give the task token, '],
    ['taskToken', 7, 'taskToken is 7: give the task token, '],
    [
      'callbackId',
      'not base64!',
      "callbackId is a text of 11 characters: give the id of a durable function's callback",
    ],
    ['callbackId', 'c'.repeat(1_025), 'callbackId is a text of 1025 characters: give the id of a durable'],
    [
      'heartbeatSeconds',
      2,
      'heartbeatSeconds is 2: give a whole number from 3 to 99,999,999 seconds, the HeartbeatSeconds',
    ],
    ['heartbeatSeconds', 1.5, 'heartbeatSeconds is 1.5: give a whole number from 3 to 99,999,999 seconds'],
    ['onSuccess', 'results', 'onSuccess is "results": give the ARN of an SQS queue (arn:aws:sqs:'],
    [
      'onFailure',
      'arn:aws:states:eu-west-1:123456789012:stateMachine:x',
      ': give the ARN of an SQS queue (arn:aws:sqs:',
    ],
  ])('fails for the %s %p', async (field, value, message) => {
    const failure = await failureOf(() => parseRequest({ arn: FUNCTION_ARN, [field]: value }));

    expect(failure).toMatchObject({ name: 'INVALID_INPUT', message: expect.stringContaining(message) });
  });

  test('fails without a word of a token that is wrong', async () => {
    const { message } = await failureOf(() =>
      parseRequest({ arn: FUNCTION_ARN, taskToken: `secret${'t'.repeat(2_048)}` }),
    );

    expect(message).not.toContain('secret');
  });
});

describe('a destination', () => {
  test('that the deployment allows is taken', async () => {
    expect(await start(fakeWorld(), { onSuccess: QUEUE, onFailure: BUCKET })).toMatchObject({ status: 'STARTING' });
  });

  test.each([
    [QUEUE.replace('results', 'other'), 'another name'],
    [`${BUCKET}-of-others`, 'a longer name than one without *'],
    [BUCKET.replace('results', 'result'), 'a shorter one'],
  ])('%s is refused, and nothing is done: it has %s', async (onFailure) => {
    const world = fakeWorld();

    expect(await failureOf(() => start(world, { onFailure }))).toMatchObject({
      name: 'DESTINATION_NOT_ALLOWED',
      message:
        `onFailure is ${onFailure}, and this deployment sends outcomes to none but those that OVERTIME_DESTINATION_ARNS ` +
        `lists (now arn:aws:sqs:eu-west-1:123456789012:results-*, ${BUCKET}). Add the destination to destination_arns ` +
        '(destinationArns in deployment.ts), or give one of those. Nothing was started.',
    });
    expect(world.calls).toEqual([]);
  });

  test('is refused where the deployment allows none, the one for a success too', async () => {
    const world = fakeWorld({ settings: { destinationArns: [] } });

    expect(await failureOf(() => start(world, { onSuccess: QUEUE, onFailure: BUCKET }))).toMatchObject({
      message: expect.stringContaining(
        `onSuccess is ${QUEUE}, onFailure is ${BUCKET}, and this deployment sends outcomes to none but those that ` +
          'OVERTIME_DESTINATION_ARNS lists (now none).',
      ),
    });
  });

  test('is compared with the list as texts, in which a dot is a dot', async () => {
    const world = fakeWorld({ settings: { destinationArns: ['arn:aws:s3:::a.b'] } });

    expect(await failureOf(() => start(world, { onSuccess: 'arn:aws:s3:::axb' }))).toMatchObject({
      name: 'DESTINATION_NOT_ALLOWED',
    });
  });
});

describe('a request that is repeated', () => {
  const KEY = { idempotencyKey: 'order-7', onFailure: QUEUE };

  async function repeat(status: RunStatus, first: object, second: object): Promise<World> {
    const world = fakeWorld();
    await start(world, { ...KEY, ...first });
    const ended = status === 'SUCCEEDED' ? { endedAt: NOW.toISOString(), deliveredAt: NOW.toISOString() } : {};
    world.rows.set(onlyRow(world).runId, { ...onlyRow(world), status, ...ended });
    world.calls.length = 0;
    await start(world, { ...KEY, ...second }, 'id-2');
    return world;
  }

  test('with a new token hands the run that runs over to it', async () => {
    const world = await repeat('RUNNING', { taskToken: 'first' }, { taskToken: 'second' });

    expect(world.calls).toEqual(['renewDelivery']);
    expect(onlyRow(world)).toMatchObject({ status: 'RUNNING', delivery: { taskToken: 'second', onFailure: QUEUE } });
    expect(onlyRow(world).checkAt).not.toBe(NOW.toISOString());
    expect(world.logLines.join('')).not.toContain('"second"');
  });

  test('with a new callback has the outcome of a run that has ended delivered to it at once', async () => {
    const world = await repeat('SUCCEEDED', { callbackId: 'Zmlyc3Q=' }, { callbackId: CALLBACK_ID });

    expect(world.calls).toEqual(['renewDelivery', 'settle']);
    expect(world.settled).toEqual([onlyRow(world).runId]);
    expect(onlyRow(world)).toMatchObject({
      delivery: { callbackId: CALLBACK_ID, onFailure: QUEUE },
      open: 'open',
      checkAt: NOW.toISOString(),
    });
    expect(onlyRow(world)).not.toHaveProperty('deliveredAt');
  });

  test.each([
    ['the same token', { taskToken: 'first' }],
    ['no token', {}],
  ])('with %s leaves the delivery as it is', async (_, second) => {
    const world = await repeat('SUCCEEDED', { taskToken: 'first' }, second);

    expect(world.calls).toEqual([]);
    expect(onlyRow(world)).toMatchObject({ delivery: { taskToken: 'first' }, deliveredAt: NOW.toISOString() });
  });

  test('while another invocation enters the run hands it over all the same', async () => {
    const world: World = fakeWorld({ ledger: { find: async () => undefined } });
    await start(world, { ...KEY, taskToken: 'first' });
    await start(world, { ...KEY, taskToken: 'second' }, 'id-2');

    expect(onlyRow(world)).toMatchObject({ delivery: { taskToken: 'second' } });
  });

  test('with another destination is another request', async () => {
    const world = fakeWorld();
    await start(world, KEY);

    expect(await failureOf(() => start(world, { ...KEY, onFailure: BUCKET }))).toMatchObject({
      name: 'IDEMPOTENCY_CONFLICT',
    });
  });
});
