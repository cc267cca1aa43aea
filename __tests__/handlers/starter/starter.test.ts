import { createStarter } from '../../../handlers/starter/starter';
import scheduled from '../../support/events/eventbridge-schedule.json';
import functionUrl from '../../support/events/function-url.json';
import invocationRecord from '../../support/events/invocation-record.json';
import s3Event from '../../support/events/s3.json';
import snsEvent from '../../support/events/sns.json';
import sqsStandard from '../../support/events/sqs-standard.json';
import { CONFIGURATION, FUNCTION_ARN, failureOf } from '../../support/starter/examples';
import { fakeWorld, invocation, NOW, type World } from '../../support/starter/fake-world';

const REQUEST = { arn: FUNCTION_ARN, input: { a: 1 } };
const BUCKET = 'arn:aws:s3:::lambda-artifacts-deafc19498e3f2df';

function withBody(body: unknown) {
  return { Records: sqsStandard.Records.map((record) => ({ ...record, body: JSON.stringify(body) })) };
}

const [snsRecord] = snsEvent.Records;
const timedOut = {
  ...invocationRecord,
  requestContext: { ...invocationRecord.requestContext, functionArn: `${FUNCTION_ARN}:$LATEST` },
  responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Error: Task timed out after 3.00 seconds' },
};

function world(): World {
  return fakeWorld({
    settings: { eventRequests: new Map([[BUCKET, { arn: FUNCTION_ARN }]]), overflowCauses: ['timeout'] },
    ports: { lookUpFunction: async () => CONFIGURATION },
  });
}

const inputsOf = ({ tasks }: World) =>
  [...tasks.values()].map(
    ({ overrides }) => JSON.parse(overrides?.containerOverrides?.[0]?.environment?.[0]?.value ?? '').input.inline,
  );

describe('the same event three times, as if its first two answers were lost', () => {
  test.each([
    ['asynchronous invocation', REQUEST, [REQUEST.input], 'id-1'],
    ['batch of a queue, one run per message', withBody(REQUEST), [REQUEST.input, REQUEST.input], undefined],
    [
      'message of a topic',
      { Records: [{ ...snsRecord, Sns: { ...snsRecord?.Sns, Message: JSON.stringify(REQUEST) } }] },
      [REQUEST.input],
      undefined,
    ],
    ['event of a bus', { ...scheduled, detail: REQUEST }, [REQUEST.input], undefined],
    ['event of a bucket', s3Event, [s3Event], undefined],
    ['failed invocation', timedOut, [invocationRecord.requestPayload], undefined],
    [
      'failed invocation, from a queue',
      { Records: [{ ...sqsStandard.Records[0], body: JSON.stringify(timedOut) }] },
      [invocationRecord.requestPayload],
      undefined,
    ],
  ])('starts what it starts once: %s', async (_, event, inputs, requestId) => {
    const deployment = world();
    const starter = createStarter(deployment.deps);
    for (const id of ['id-1', 'id-2', 'id-3']) {
      await starter(event, invocation(requestId ?? id));
    }

    expect(inputsOf(deployment)).toEqual(inputs);
    expect([...deployment.rows.values()].map(({ status }) => status)).toEqual(inputs.map(() => 'STARTING'));
  });
});

describe('the starter', () => {
  test('starts one run for a failed invocation, though it is told of it by two ways', async () => {
    const deployment = world();
    const starter = createStarter(deployment.deps);
    await starter(timedOut, invocation('id-1'));
    await starter({ ...scheduled, detail: timedOut }, invocation('id-2'));

    expect(deployment.tasks.size).toBe(1);
  });

  test('does not wait for a run that a message asks for: nobody hears the answer, and others stand behind it', async () => {
    const deployment = world();
    await createStarter(deployment.deps)(withBody({ ...REQUEST, wait: true }), invocation());

    expect(deployment.clock.now).toBe(NOW.getTime());
    expect(deployment.tasks.size).toBe(2);
  });

  test("takes a request's own key before that of what brought it", async () => {
    const deployment = world();
    await createStarter(deployment.deps)(withBody({ ...REQUEST, idempotencyKey: 'k' }), invocation('id-1'));

    expect(deployment.tasks.size).toBe(1);
  });

  test('knows a message again that a function gets whole, though its receipt handle is another', async () => {
    const deployment = fakeWorld({
      settings: { eventRequests: new Map([['arn:aws:sqs:us-east-2:123456789012:my-queue', { arn: FUNCTION_ARN }]]) },
    });
    const starter = createStarter(deployment.deps);
    const again = { Records: sqsStandard.Records.map((record) => ({ ...record, receiptHandle: 'another' })) };
    await starter(sqsStandard, invocation('id-1'));

    expect(await starter(again, invocation('id-2'))).toEqual({ batchItemFailures: [] });
    expect(deployment.tasks.size).toBe(sqsStandard.Records.length);
  });

  test('puts a failed message back, and a try with it later goes on where that stopped', async () => {
    const deployment = world();
    const broken = { ...deployment.deps.ports, runTask: () => Promise.reject(new Error('no network')) };
    const event = withBody(REQUEST);
    const ids = sqsStandard.Records.map(({ messageId }) => ({ itemIdentifier: messageId }));

    expect(await createStarter({ ...deployment.deps, ports: broken })(event, invocation('id-1'))).toEqual({
      batchItemFailures: ids,
    });
    expect(await createStarter(deployment.deps)(event, invocation('id-2'))).toEqual({ batchItemFailures: [] });
    expect(deployment.tasks.size).toBe(2);
  });

  test('does not begin a batch for which its time is too short', async () => {
    const deployment = fakeWorld({ lambdaMilliseconds: 9_999 });
    const answer = await createStarter(deployment.deps)(withBody(REQUEST), invocation());

    expect(answer).toEqual({
      batchItemFailures: sqsStandard.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    expect(deployment.calls).toEqual([]);
  });

  test('leaves a failed invocation alone whose cause is another, which is no failure of its own', async () => {
    const deployment = world();

    expect(await createStarter(deployment.deps)(invocationRecord, invocation('id-1'))).toEqual({
      answers: [{ ignored: expect.stringContaining('failed by another cause') }],
    });
    expect(deployment.calls).toEqual([]);
  });

  test('answers a request by its URL with what a direct one gets', async () => {
    const deployment = world();
    const starter = createStarter(deployment.deps);
    const direct = await starter({ ...REQUEST, idempotencyKey: 'k' }, invocation('id-1'));
    const body = JSON.stringify({ ...REQUEST, idempotencyKey: 'k' });

    expect(await starter({ ...functionUrl, body }, invocation('id-2'))).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(direct),
    });
  });

  test('logs why a request by its URL failed', async () => {
    const deployment = world();

    expect(await createStarter(deployment.deps)(functionUrl, invocation('id-1'))).toMatchObject({ statusCode: 400 });
    expect(deployment.logLines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'request-failed', awsRequestId: 'id-1', code: 'INVALID_INPUT' }),
    ]);
  });

  test.each([
    ['an event that it cannot read', { Records: [] }],
    ['a request that is none', { greeting: 'hello' }],
  ])('fails with INVALID_INPUT for %s', async (_, event) => {
    expect(await failureOf(() => createStarter(world().deps)(event, invocation('id-1')))).toMatchObject({
      name: 'INVALID_INPUT',
    });
  });
});
