import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { StatusAnswer } from '../../../handlers/starter/status';
import { clientSettings } from '../../../local/clients';
import { followRun } from '../../../local/follow-run';
import { invokeOrThrow } from '../../../local/invoke';
import { type LocalOvertime, startLocalOvertime, textOutput } from '../../../local/local-overtime';
import { putSampleFunction } from '../../../local/sample-function';
import { type CallCounter, COUNTED_FUNCTION, startCallCounter } from '../../support/call-counter';
import { eventually } from '../../support/eventually';
import { type FaultProxy, type ProxiedCall, startFaultProxy } from '../../support/fault-proxy';
import { killRunner } from '../../support/task-processes';

const DEPLOY_MILLISECONDS = 600_000;
const RUN_MILLISECONDS = 180_000;

jest.setTimeout(RUN_MILLISECONDS * 2);

/** The ledger's write that makes a run's row this. */
const writes =
  (status: string) =>
  ({ action, body }: ProxiedCall): boolean =>
    action === 'DynamoDB.UpdateItem' && body.includes(`{"S":"${status}"}`);

/** A queue of the test's own. */
async function resultQueue({ aws }: LocalOvertime) {
  const sqs = new SQSClient(clientSettings(aws.adminEnvironment));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'results' }));
  return {
    arn: `arn:aws:sqs:${aws.region}:${aws.accountId}:results`,
    receive: async (): Promise<unknown> => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      const [message] = Messages;
      return message?.Body === undefined ? undefined : JSON.parse(message.Body);
    },
  };
}

describe('every accepted run ends in one outcome, whatever fails', () => {
  let overtime: LocalOvertime;
  let proxy: FaultProxy;
  let counter: CallCounter;
  let counted: string;
  let results: Awaited<ReturnType<typeof resultQueue>>;

  beforeAll(async () => {
    counter = await startCallCounter();
    overtime = await startLocalOvertime({
      runnerProps: async () => ({ destinationArns: ['arn:aws:sqs:*:*:results'] }),
      backend: 'processes',
      onProgress: () => undefined,
      frontDoor: async (endpoint) => {
        proxy = await startFaultProxy(endpoint);
        return proxy.endpoint;
      },
    });
    counted = await putSampleFunction(overtime.clients, {
      functionName: 'counted',
      files: { 'index.mjs': COUNTED_FUNCTION },
    });
    results = await resultQueue(overtime);
  }, DEPLOY_MILLISECONDS);

  afterEach(() => proxy.failWith(() => undefined));

  afterAll(async () => {
    await overtime?.stop();
    await proxy?.close();
    await counter?.close();
  }, DEPLOY_MILLISECONDS);

  const start = async (request: object = {}): Promise<string> => {
    const input = { counter: counter.url };
    const answer = await invokeOrThrow(overtime.clients.lambda, overtime.starter, { arn: counted, input, ...request });
    return (answer as { runId: string }).runId;
  };

  const outcome = (runId: string): Promise<StatusAnswer> =>
    followRun(overtime.clients.lambda, overtime.starter, runId, { withinMilliseconds: RUN_MILLISECONDS });

  /** Kills the runner of each run that begins from now on, once, at the first call for which `isMoment` holds. */
  const killAt = (isMoment: (call: ProxiedCall) => boolean): void => {
    let isDone = false;
    proxy.failWith((call) => {
      if (isDone || !isMoment(call)) {
        return undefined;
      }
      isDone = true;
      const runId = /run-[0-9a-f]{32}/.exec(call.body)?.[0];
      if (runId !== undefined) {
        killRunner(runId);
      }
      return 'unreachable';
    });
  };

  describe('a runner that is killed', () => {
    const MOMENTS: readonly (readonly [string, (call: ProxiedCall) => boolean, number])[] = [
      ['before it has the run', writes('RUNNING'), 1],
      ['before it closes the run', writes('SUCCEEDED'), 2],
    ];

    test.each(MOMENTS)('%s, with a retry left, ends in a second attempt that succeeds', async (_, moment, calls) => {
      killAt(moment);
      const runId = await start({ retries: 1 });
      const { status, attempt, attempts } = await outcome(runId);

      expect([status, attempt, attempts?.length]).toEqual(['SUCCEEDED', 2, 1]);
      expect(counter.counts.get(runId)).toBe(calls);
    });

    test.each(MOMENTS)('%s, without a retry, is known to have died', async (_, moment, calls) => {
      killAt(moment);
      const runId = await start();
      const { status, exitCode } = await outcome(runId);

      expect([status, exitCode]).toEqual(['FAILED', 137]);
      expect(counter.counts.get(runId) ?? 0).toBe(calls - 1);
    });

    test('in its handler is known to have died, and the handler was called once', async () => {
      const runId = await start({ input: { counter: counter.url, milliseconds: 60_000 } });
      await eventually('the handler is called', async () => counter.counts.get(runId));
      killRunner(runId);

      expect(await outcome(runId)).toMatchObject({ status: 'FAILED', exitCode: 137 });
      expect(counter.counts.get(runId)).toBe(1);
    });
  });

  test('a runner that is killed between the end and its delivery: the watcher tells those who wait', async () => {
    killAt(({ action }) => action === 'SQS.SendMessage');
    const runId = await start({ onSuccess: results.arn });
    const { status, attempt } = await outcome(runId);
    const told = await eventually('the outcome is told', async () => results.receive());

    expect([status, attempt]).toEqual(['SUCCEEDED', 1]);
    expect(told).toMatchObject({ requestContext: { requestId: runId, condition: 'Success' } });
    expect(counter.counts.get(runId)).toBe(1);
  });

  test('the event of a stopped task comes three times, and the sweep at once: one retry, and one outcome', async () => {
    killAt(writes('SUCCEEDED'));
    const runId = await start({ retries: 1 });
    const ended = await outcome(runId);
    const detail = {
      clusterArn: ended.cluster,
      taskArn: ended.attempts?.[0]?.taskArn,
      startedBy: runId,
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'runner', exitCode: 137 }],
    };
    const event = {
      id: '00000000-0000-4000-8000-000000000001',
      source: 'aws.ecs',
      'detail-type': 'ECS Task State Change',
      detail,
    };
    const watcher = textOutput(overtime.stacks, 'runner', 'watcher_function_name');
    const both = [event, event, event, { action: 'sweep' }, { action: 'settle', runId }];
    await Promise.all(both.map((each) => invokeOrThrow(overtime.clients.lambda, watcher, each)));

    expect(await outcome(runId)).toEqual({ ...ended, durations: expect.anything() });
    expect([ended.status, ended.attempt, counter.counts.get(runId)]).toEqual(['SUCCEEDED', 2, 2]);
  });

  test.each([
    ['enters the run', ({ action }: ProxiedCall) => action === 'DynamoDB.PutItem'],
    ['asks for the task', ({ action }: ProxiedCall) => action === 'ECS.RunTask'],
    ['notes the task', writes('STARTING')],
    ['begins the run', writes('RUNNING')],
    ['closes the run', writes('SUCCEEDED')],
  ])('the call that %s takes effect and its answer is lost: the run succeeds, once', async (_, isMoment) => {
    let isLost = false;
    proxy.failWith((call) => {
      const isNow = !isLost && isMoment(call);
      isLost ||= isNow;
      return isNow ? 'answer-lost' : undefined;
    });
    const runId = await start();

    expect((await outcome(runId)).status).toBe('SUCCEEDED');
    expect([isLost, counter.counts.get(runId)]).toEqual([true, 1]);
  });

  test('30 % of all calls are throttled: 12 runs succeed, each called once', async () => {
    let calls = 0;
    proxy.failWith(() => {
      calls += 1;
      return calls % 10 < 3 ? 'throttled' : undefined;
    });
    const runIds = await Promise.all(Array.from({ length: 12 }, () => start()));
    const ended = await Promise.all(runIds.map(outcome));

    expect(ended.map(({ status }) => status)).toEqual(runIds.map(() => 'SUCCEEDED'));
    expect(runIds.map((runId) => counter.counts.get(runId))).toEqual(runIds.map(() => 1));
  });

  test('AWS is gone for 20 s while runs are in their handlers: each succeeds, called once', async () => {
    const runIds = await Promise.all(
      Array.from({ length: 4 }, () => start({ input: { counter: counter.url, milliseconds: 5_000 } })),
    );
    await eventually('all handlers are called', async () =>
      runIds.every((runId) => counter.counts.get(runId) === 1) ? true : undefined,
    );
    const backAt = performance.now() + 20_000;
    proxy.failWith(() => (performance.now() < backAt ? 'unreachable' : undefined));
    await eventually('AWS is back', async () => (performance.now() >= backAt ? true : undefined));
    const ended = await Promise.all(runIds.map(outcome));

    expect(ended.map(({ status }) => status)).toEqual(runIds.map(() => 'SUCCEEDED'));
    expect(runIds.map((runId) => counter.counts.get(runId))).toEqual(runIds.map(() => 1));
  });
});
