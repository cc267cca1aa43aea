import { randomUUID } from 'node:crypto';
import type { Delivery, RunEnvelope } from '../../../../handlers/shared/run';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { type RunOptions, runToEnd, startRunner } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const PLACE = 'us-east-1:123456789012';
const FUNCTION_ARN = /^arn:aws:lambda:eu-west-1:123456789012:function:fn-\d+:\$LATEST$/;

/** A name that no other test has: they share the services. */
const unique = (name: string) => `${name}-${randomUUID()}`;

const text = (input: unknown): Partial<RunEnvelope> => ({ input: { inline: input } });

const run = (delivery: Delivery, options: RunOptions) =>
  runToEnd(aws, { ...options, row: { delivery, ...(options.row as object | undefined) } });

/** What was said to somebody, but for the heartbeats. */
const said = (subject: string) => aws.recipients.to(subject).filter(({ action }) => !action.endsWith('Heartbeat'));

const actions = (subject: string) => aws.recipients.to(subject).map(({ action }) => action);

describe('a run with a task token', () => {
  test.concurrent('gives its output to Step Functions, after a heartbeat and before nothing else', async () => {
    const taskToken = unique('token');
    const end = await run({ taskToken }, { functionName: 'echo-esm', envelope: text({ text: 'grüße' }) });

    const output = JSON.stringify({ event: { text: 'grüße' }, remaining: true });
    expect(end.code).toBe(0);
    expect(said(taskToken)).toEqual([{ action: 'SendTaskSuccess', subject: taskToken, input: { taskToken, output } }]);
    expect(actions(taskToken)).toEqual(['SendTaskHeartbeat', 'SendTaskSuccess']);
    expect(end.row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: TIME });
    expect(end.row).not.toHaveProperty('open');
    expect(end.row).not.toHaveProperty('checkAt');
    expect(end.lastLine).toMatchObject({ overtime: 'outcome', status: 'SUCCEEDED' });
    expect(end.stdout + end.stderr).not.toContain(taskToken);
  });

  test.concurrent.each([
    ['262,144 bytes as they are', 262_144 - 2],
    ['more as a pointer to the object that holds them', 262_145 - 2],
  ])('gives outputs of %s', async (_, times) => {
    const taskToken = unique('token');
    const end = await run({ taskToken }, { functionName: 'returns-text', envelope: text({ text: 'x', times }) });

    const output =
      times + 2 <= 262_144
        ? JSON.stringify('x'.repeat(times))
        : JSON.stringify({
            overtime: 'payload-pointer',
            runId: end.runId,
            bytes: 262_145,
            bucket: 'payloads',
            key: `outputs/${end.runId}/1.json`,
          });
    expect(said(taskToken)).toEqual([{ action: 'SendTaskSuccess', subject: taskToken, input: { taskToken, output } }]);
    // It wrote the object itself, and has no right to read it.
    expect(aws.requests).not.toContain(`GetObject outputs/${end.runId}/1.json`);
  });

  test.concurrent('that fails names the error as the function does', async () => {
    const taskToken = unique('token');
    const end = await run({ taskToken }, { functionName: 'throws' });

    const [call, ...more] = said(taskToken) as readonly { action: string; input: { error: string; cause: string } }[];
    expect(more).toEqual([]);
    expect([call?.action, call?.input.error]).toEqual(['SendTaskFailure', 'RangeError']);
    expect(JSON.parse(String(call?.input.cause))).toEqual({
      errorType: 'RangeError',
      errorMessage: 'out of range',
      trace: expect.arrayContaining(['RangeError: out of range']),
    });
    expect(end.row).toMatchObject({ status: 'FAILED', deliveredAt: TIME });
  });

  test.concurrent('that is interrupted fails at once with an error to try again on', async () => {
    const taskToken = unique('token');
    const started = await startRunner(aws, {
      functionName: 'ignores-sigterm',
      environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '1' },
      row: { delivery: { taskToken } },
    });
    await started.seen('the handler runs');
    started.child.kill('SIGTERM');
    const end = await started.finished;

    expect(end.code).toBe(143);
    expect(said(taskToken)).toMatchObject([{ action: 'SendTaskFailure', input: { error: 'Overtime.Interrupted' } }]);
    expect(end.row).toMatchObject({ status: 'INTERRUPTED', deliveredAt: TIME });
  });

  test.concurrent('tells nobody of a failure that another attempt follows, and everybody of the last', async () => {
    const taskToken = unique('token');
    const first = await run({ taskToken }, { functionName: 'throws', row: { maxAttempts: 2 } });

    expect(first.row).toMatchObject({ status: 'PENDING', attempt: 2, open: 'open', delivery: { taskToken } });
    expect(said(taskToken)).toEqual([]);

    const { runId } = first;
    const last = await runToEnd(aws, { functionName: 'throws', row: 'as it is', envelope: { runId, attempt: 2 } });

    expect(last.row).toMatchObject({ status: 'FAILED', attempt: 2, deliveredAt: TIME });
    expect(said(taskToken)).toMatchObject([{ action: 'SendTaskFailure', input: { error: 'RangeError' } }]);
  });

  test.concurrent('sends heartbeats from before the download until it has the outcome', async () => {
    const taskToken = unique('token');
    const started = await startRunner(aws, {
      functionName: 'sleeps',
      envelope: text({ milliseconds: 1 }),
      fake: { downloadFaults: ['stalled'] },
      row: { delivery: { taskToken, heartbeatSeconds: 3 } },
    });
    await aws.seen(`SendTaskHeartbeat ${taskToken}`, 3);
    expect(aws.requests).toContain(`Download ${started.functionArn}`);
    started.child.kill('SIGTERM');
    const end = await started.finished;

    expect(end.row).toMatchObject({ status: 'INTERRUPTED' });
    expect(actions(taskToken).at(-1)).toBe('SendTaskFailure');
    expect(actions(taskToken).filter((action) => action !== 'SendTaskHeartbeat')).toHaveLength(1);
  });

  test.concurrent('survives heartbeats that fail', async () => {
    const taskToken = unique('token');
    aws.recipients.faults.set(`SendTaskHeartbeat ${taskToken}`, 'AccessDeniedException');
    const end = await run({ taskToken }, { functionName: 'echo-esm' });

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: TIME });
    expect(end.events).toContain('heartbeat.failed');
  });

  test.concurrent.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'that dies with %s mid-way stops the handler, and no attempt follows',
    async (fault) => {
      const taskToken = unique('token');
      const onFailure = `arn:aws:sqs:${PLACE}:${unique('q')}`;
      const started = await startRunner(aws, {
        functionName: 'hangs',
        envelope: { timeoutSeconds: 600 },
        row: { delivery: { taskToken, heartbeatSeconds: 3, onFailure }, maxAttempts: 3 },
      });
      await started.seen('children');
      aws.recipients.faults.set(`SendTaskHeartbeat ${taskToken}`, fault);
      aws.recipients.faults.set(`SendTaskFailure ${taskToken}`, fault);
      const end = await started.finished;

      expect(end.code).toBe(76);
      expect(end.row).toMatchObject({
        status: 'CANCELLED',
        attempt: 1,
        exitCode: 76,
        error: {
          errorType: 'Overtime.CallerGone',
          errorMessage: 'Nobody waits for the run any more: its task token or callback has expired, or was answered.',
        },
        // That the token is dead is as good as told; the queue has heard.
        deliveredAt: TIME,
      });
      expect(end.events).toEqual(expect.arrayContaining(['heartbeat.caller-gone', 'delivery.gone', 'delivery.sent']));
    },
  );

  test.concurrent('that dies where a new one has come meanwhile goes on, and tells the new one alone', async () => {
    const [first, second] = [unique('token'), unique('token')];
    const started = await startRunner(aws, {
      functionName: 'ignores-sigterm',
      environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '1' },
      envelope: { timeoutSeconds: 600 },
      row: { delivery: { taskToken: first, heartbeatSeconds: 3 }, maxAttempts: 1 },
    });
    await started.seen('the handler runs');
    const row = aws.ledger.get(started.runId);
    aws.ledger.put({ ...row, delivery: { taskToken: second, heartbeatSeconds: 3 } });
    aws.recipients.faults.set(`SendTaskHeartbeat ${first}`, 'TaskTimedOut');
    await aws.seen(`SendTaskHeartbeat ${second}`, 2);
    // That the first died and the second was found changed nothing in the row.
    expect(aws.ledger.get(started.runId)).toEqual({ ...row, delivery: { taskToken: second, heartbeatSeconds: 3 } });
    started.child.kill('SIGTERM');
    const end = await started.finished;

    expect(end.row).toMatchObject({ status: 'INTERRUPTED', deliveredAt: TIME });
    expect(said(first)).toEqual([]);
    expect(said(second)).toMatchObject([{ action: 'SendTaskFailure', input: { error: 'Overtime.Interrupted' } }]);
    expect(end.events).toEqual(expect.arrayContaining(['heartbeat.caller-gone', 'heartbeat.caller-renewed']));
  });

  test.concurrent('that is dead from the start stops the download', async () => {
    const taskToken = unique('token');
    aws.recipients.faults.set(`SendTaskHeartbeat ${taskToken}`, 'TaskTimedOut');
    const end = await run({ taskToken }, { functionName: 'sleeps', fake: { downloadFaults: ['stalled'] } });

    expect(end.code).toBe(76);
    expect(end.row).toMatchObject({ status: 'CANCELLED' });
    expect(end.row).not.toHaveProperty('invokedAt');
  });
});

describe('a run with a callback', () => {
  const callbackOf = (name: string) => Buffer.from(unique(name)).toString('base64');

  test.concurrent('gives its output to the durable function', async () => {
    const callbackId = callbackOf('callback');
    const end = await run({ callbackId }, { functionName: 'returns-text', envelope: text({ text: 'ü', times: 2 }) });

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: TIME });
    expect(actions(callbackId)).toEqual([
      'SendDurableExecutionCallbackHeartbeat',
      'SendDurableExecutionCallbackSuccess',
    ]);
    expect(said(callbackId)[0]?.input).toBe('üü');
  });

  test.concurrent('gives its error to the durable function', async () => {
    const callbackId = callbackOf('callback');
    await run({ callbackId }, { functionName: 'throws' });

    expect(said(callbackId)).toMatchObject([
      {
        action: 'SendDurableExecutionCallbackFailure',
        input: { ErrorType: 'RangeError', ErrorMessage: 'out of range', StackTrace: expect.any(Array) },
      },
    ]);
  });

  test.concurrent('that has timed out stops the handler', async () => {
    const callbackId = callbackOf('callback');
    aws.recipients.faults.set(`SendDurableExecutionCallbackHeartbeat ${callbackId}`, 'CallbackTimeoutException');
    aws.recipients.faults.set(`SendDurableExecutionCallbackFailure ${callbackId}`, 'CallbackTimeoutException');
    const end = await run({ callbackId }, { functionName: 'hangs', envelope: { timeoutSeconds: 600 } });

    expect(end.row).toMatchObject({ status: 'CANCELLED', deliveredAt: TIME });
  });
});

describe('a run with destinations', () => {
  const record = (payload: unknown) => ({
    version: '1.0',
    timestamp: TIME,
    requestContext: {
      requestId: expect.stringMatching(/^run-/),
      functionArn: expect.stringMatching(FUNCTION_ARN),
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { text: 'ok', times: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: payload,
  });
  const OK: RunOptions = { functionName: 'returns-text', envelope: text({ text: 'ok', times: 1 }) };

  test.concurrent('sends its record to a FIFO queue', async () => {
    const name = `${unique('q')}.fifo`;
    const end = await run({ onSuccess: `arn:aws:sqs:${PLACE}:${name}` }, OK);

    const queueUrl = `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
    const [{ action, input } = { action: '', input: {} }, ...more] = aws.recipients.to(queueUrl);
    const { MessageBody, ...others } = input as Record<string, string>;
    expect([action, more]).toEqual(['SendMessage', []]);
    expect(JSON.parse(String(MessageBody))).toEqual(record('ok'));
    expect(others).toEqual({
      QueueUrl: queueUrl,
      MessageGroupId: end.functionArn.split(':')[6],
      MessageDeduplicationId: `${end.runId}-1`,
    });
    expect(end.row).toMatchObject({ deliveredAt: TIME });
  });

  test.concurrent('sends its record to a topic', async () => {
    const onSuccess = `arn:aws:sns:${PLACE}:${unique('t')}`;
    await run({ onSuccess }, OK);

    const [call] = aws.recipients.to(onSuccess) as readonly { input: Record<string, string> }[];
    expect(call?.input).toEqual({ TopicArn: onSuccess, Message: expect.any(String) });
    expect(JSON.parse(String(call?.input['Message']))).toEqual(record('ok'));
  });

  test.concurrent('sends its record to an event bus, whose entry may be refused in an answer of 200', async () => {
    const onSuccess = `arn:aws:events:${PLACE}:event-bus/${unique('b')}`;
    aws.recipients.faults.set(`PutEvents ${onSuccess}`, [
      'ThrottlingException in the entry',
      'InternalFailure in the entry',
    ]);
    const end = await run({ onSuccess }, OK);

    const calls = aws.recipients.to(onSuccess) as readonly { input: { Entries: Record<string, unknown>[] } }[];
    expect(calls).toHaveLength(3);
    const [{ Detail, ...entry } = {}] = calls[2]?.input.Entries ?? [];
    expect(JSON.parse(String(Detail))).toEqual(record('ok'));
    expect(entry).toEqual({
      EventBusName: onSuccess,
      Source: 'lambda',
      DetailType: 'Lambda Function Invocation Result - Success',
      Resources: [onSuccess, `${end.functionArn}:$LATEST`],
      Time: expect.any(Number),
    });
    expect(end.row).toMatchObject({ deliveredAt: TIME });
  });

  test.concurrent('sends its record to a function', async () => {
    const onSuccess = `arn:aws:lambda:${PLACE}:function:${unique('after')}`;
    await run({ onSuccess }, OK);

    expect(aws.recipients.to(onSuccess)).toEqual([{ action: 'Invoke', subject: onSuccess, input: record('ok') }]);
  });

  test.concurrent('puts its record into a bucket', async () => {
    const bucket = unique('results');
    const end = await run({ onSuccess: `arn:aws:s3:::${bucket}` }, OK);

    const [[key, body] = ['', '']] = [...aws.objects].filter(([name]) => name.startsWith(bucket));
    const name = end.functionArn.split(':')[6];
    expect(key).toMatch(
      new RegExp(
        `^${bucket}/aws/lambda/async/${name}/\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d-${end.runId}$`,
      ),
    );
    expect(JSON.parse(body)).toEqual(record('ok'));
  });

  test.concurrent('tells the one for how it ended, and not the other', async () => {
    const onSuccess = `arn:aws:sns:${PLACE}:${unique('t')}`;
    const onFailure = `arn:aws:sns:${PLACE}:${unique('t')}`;
    const end = await run({ onSuccess, onFailure }, { functionName: 'throws' });

    expect(aws.recipients.to(onSuccess)).toEqual([]);
    const [call] = aws.recipients.to(onFailure) as readonly { input: Record<string, string> }[];
    expect(JSON.parse(String(call?.input['Message']))).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', requestId: end.runId },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError' },
    });
  });

  test.concurrent.each([
    ['has it in its record', (key: string) => aws.objects.has(key), { text: 'ok', times: 1 }],
    [
      'that is gone before its end has a pointer there',
      (key: string) => aws.objects.delete(key),
      {
        overtime: 'payload-pointer',
        runId: expect.any(String),
        bytes: 40,
        bucket: 'payloads',
        key: expect.any(String),
      },
    ],
  ])('with an input in the bucket %s', async (_, meanwhile, requestPayload) => {
    const onSuccess = `arn:aws:lambda:${PLACE}:function:${unique('after')}`;
    const key = `inputs/${unique('run')}.json`;
    aws.objects.set(`payloads/${key}`, '{"milliseconds":300,"text":"ok","times":1}');
    const started = await startRunner(aws, {
      functionName: 'sleeps',
      envelope: { input: { s3: { bucket: 'payloads', key } } },
      row: { delivery: { onSuccess }, inputBytes: 40 },
    });
    await started.seen('the handler runs');
    meanwhile(`payloads/${key}`);
    const end = await started.finished;

    expect(end.row).toMatchObject({ deliveredAt: TIME });
    expect(aws.recipients.to(onSuccess)[0]?.input).toMatchObject({ requestPayload, responsePayload: 'woke up' });
  });
});

test.concurrent('heartbeats go on while the input is read again for a record, and none comes after the outcome', async () => {
  const [taskToken, key] = [unique('token'), `inputs/${unique('run')}.json`];
  const read = `GetObject ${key}`;
  const [beat, success] = [`SendTaskHeartbeat ${taskToken}`, `SendTaskSuccess ${taskToken}`];
  const beats = () => aws.requests.filter((request) => request === beat).length;
  aws.objects.set(`payloads/${key}`, '{"text":"ok","times":1}');
  // Each time, the object comes when one more heartbeat has come.
  aws.holds.set(read, () => aws.seen(beat, beats() + 1));
  const onSuccess = `arn:aws:sqs:${PLACE}:${unique('q')}`;
  await run(
    { taskToken, heartbeatSeconds: 3, onSuccess },
    { functionName: 'returns-text', envelope: { input: { s3: { bucket: 'payloads', key } } }, row: { inputBytes: 23 } },
  );

  const order = aws.requests.filter((request) => request === read || request.endsWith(` ${taskToken}`));
  expect(order.filter((request) => request === read)).toHaveLength(2);
  expect(order.slice(order.lastIndexOf(read) + 1, -1)).toContain(beat);
  expect(order.at(-1)).toBe(success);
});

describe('a delivery that goes wrong', () => {
  test.concurrent('for a while is made in the end', async () => {
    const taskToken = unique('token');
    aws.recipients.faults.set(`SendTaskSuccess ${taskToken}`, [
      'ThrottlingException',
      'unavailable',
      'ThrottlingException',
    ]);
    const end = await run({ taskToken }, { functionName: 'echo-esm' });

    expect(said(taskToken)).toHaveLength(4);
    expect(end.row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: TIME });
  });

  test.concurrent.each([
    [`arn:aws:sqs:${PLACE}:`, 'SendMessage', 'QueueDoesNotExist'],
    [`arn:aws:sns:${PLACE}:`, 'Publish', 'AuthorizationError'],
    [`arn:aws:events:${PLACE}:event-bus/`, 'PutEvents', 'AccessDeniedException'],
    [`arn:aws:events:${PLACE}:event-bus/`, 'PutEvents', 'MalformedDetail in the entry'],
    [`arn:aws:lambda:${PLACE}:function:`, 'Invoke', 'ResourceNotFoundException'],
  ])('at %s for %s: %s, leaves the run as it ended, and the row for the watcher', async (prefix, action, fault) => {
    const name = unique('x');
    const onSuccess = `${prefix}${name}`;
    const url = `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
    aws.recipients.faults.set(`${action} ${action === 'SendMessage' ? url : onSuccess}`, fault);
    const end = await run({ onSuccess }, { functionName: 'echo-esm' });

    expect(end.code).toBe(0);
    expect(end.row).toMatchObject({ status: 'SUCCEEDED', open: 'open', checkAt: TIME });
    expect(end.row).not.toHaveProperty('deliveredAt');
    expect(end.events).toContain('delivery.refused');
    expect(end.stderr).toContain(fault.split(' ')[0]);
  });

  test.concurrent('at one place does not keep another from hearing', async () => {
    const taskToken = unique('token');
    const name = unique('q');
    const url = `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
    aws.recipients.faults.set(`SendMessage ${url}`, 'QueueDoesNotExist');
    const end = await run({ taskToken, onSuccess: `arn:aws:sqs:${PLACE}:${name}` }, { functionName: 'echo-esm' });

    expect(said(taskToken)).toMatchObject([{ action: 'SendTaskSuccess' }]);
    expect(end.row).not.toHaveProperty('deliveredAt');
  });

  test.concurrent('because the run was closed by somebody else is not made', async () => {
    const taskToken = unique('token');
    const started = await startRunner(aws, {
      functionName: 'sleeps',
      envelope: text({ milliseconds: 300 }),
      row: { delivery: { taskToken } },
    });
    await started.seen('the handler runs');
    aws.ledger.put({ ...aws.ledger.get(started.runId), status: 'CANCELLED' });
    const end = await started.finished;

    expect(end.code).toBe(65);
    expect(said(taskToken)).toEqual([]);
  });

  test.concurrent('is made to a token that came while the handler ran, where there was none before', async () => {
    const taskToken = unique('token');
    const started = await startRunner(aws, {
      functionName: 'sleeps',
      envelope: { input: { inline: { milliseconds: 1_000 } } },
    });
    await started.seen('the handler runs');
    aws.ledger.put({ ...aws.ledger.get(started.runId), delivery: { taskToken } });
    const end = await started.finished;

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', deliveredAt: TIME });
    expect(actions(taskToken)).toContain('SendTaskSuccess');
  });

  test.concurrent('is not marked as made where a new token has come meanwhile', async () => {
    const taskToken = unique('token');
    const started = await startRunner(aws, {
      functionName: 'echo-esm',
      row: { delivery: { taskToken } },
    });
    aws.recipients.faults.set(`SendTaskSuccess ${taskToken}`, ['unavailable', 'unavailable', 'unavailable']);
    await aws.seen(`SendTaskSuccess ${taskToken}`);
    aws.ledger.put({ ...aws.ledger.get(started.runId), delivery: { taskToken: 'new' } });
    const end = await started.finished;

    expect(end.row).toMatchObject({ status: 'SUCCEEDED', delivery: { taskToken: 'new' }, open: 'open' });
    expect(end.row).not.toHaveProperty('deliveredAt');
    expect(end.events).toContain('ledger.delivered-refused');
  });
});
