import { setTimeout as wait } from 'node:timers/promises';
import { deferred } from '../../../../../handlers/runner/deferred';
import type { Outcome } from '../../../../../handlers/runner/outcome';
import { attendTask } from '../../../../../handlers/runner/worker/activity/attend-task';
import type { Job } from '../../../../../handlers/runner/worker/executor';
import type { TaskOutcomeCall } from '../../../../../handlers/shared/delivery/task-outcome';
import { jsonLog } from '../../../../../handlers/shared/log';

class NamedError extends Error {
  constructor(name: string, metadata: object = {}) {
    super('a fault');
    this.name = name;
    Object.assign(this, metadata);
  }
}

const REFUSED = { $metadata: { httpStatusCode: 400 } };

interface World {
  readonly carryOut?: (job: Job) => Promise<Outcome>;
  /** What each call that tells the outcome throws, in order; then they go well. */
  readonly faults?: readonly Error[];
  readonly storeFault?: Error;
  /** Stores the output, however long that takes. */
  readonly store?: () => Promise<void>;
  readonly heartbeatMilliseconds?: number;
  /** Told of each heartbeat. */
  readonly onHeartbeat?: () => void;
  readonly interruption?: AbortSignal;
  readonly spent?: AbortSignal;
}

const SUCCESS: Outcome = { status: 'SUCCEEDED', exitReason: 'succeeded', body: new TextEncoder().encode('{"a":1}') };

async function attend({ carryOut = async () => SUCCESS, faults = [], storeFault, interruption, ...world }: World) {
  const left = [...faults];
  const order: string[] = [];
  const calls: TaskOutcomeCall[] = [];
  const lines: string[] = [];
  const pauses: number[] = [];
  await attendTask(
    {
      activity: {
        heartbeat: async () => {
          order.push('heartbeat');
          world.onHeartbeat?.();
        },
        tell: async (call) => {
          order.push(call.call);
          calls.push(call);
          const fault = left.shift();
          if (fault !== undefined) {
            throw fault;
          }
        },
      },
      executor: {
        carryOut: async (job) => {
          order.push('work');
          return { outcome: await carryOut(job), timings: {} };
        },
        close: async () => undefined,
        ...(world.spent === undefined ? {} : { spent: world.spent }),
      },
      writeOutput: async ({ key }) => {
        order.push(`store ${key}`);
        if (storeFault !== undefined) {
          throw storeFault;
        }
        await world.store?.();
        order.push('stored');
      },
      payloadBucket: 'payloads',
      heartbeatMilliseconds: world.heartbeatMilliseconds ?? 60_000,
      interruption: interruption ?? new AbortController().signal,
      newRequestId: () => 'request-1',
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
      random: () => 0.5,
      log: jsonLog(
        (line) => lines.push(line),
        () => new Date(0),
      ),
    },
    { taskToken: 'token-1', input: '{}' },
  );
  return { order, calls, pauses, events: lines.map((line) => JSON.parse(line).event as string), text: lines.join('') };
}

const large = async (): Promise<Outcome> => ({ ...SUCCESS, body: new TextEncoder().encode('x'.repeat(262_145)) });

test('the first heartbeat comes before the work, and none after the outcome', async () => {
  const { order, calls } = await attend({});

  expect(order).toEqual(['heartbeat', 'work', 'success']);
  expect(calls).toEqual([{ call: 'success', input: { taskToken: 'token-1', output: '{"a":1}' } }]);
});

test('what comes when the worker is stopping is given back unseen, under no heartbeat', async () => {
  const { order, calls } = await attend({ interruption: AbortSignal.abort() });

  expect(order).toEqual(['failure']);
  expect(calls).toMatchObject([{ input: { error: 'Overtime.Interrupted' } }]);
});

test('and so is what comes when its one runtime has ended', async () => {
  const { order, calls } = await attend({ spent: AbortSignal.abort('crashed') });

  expect(order).toEqual(['failure']);
  expect(calls).toMatchObject([{ input: { error: 'Overtime.Interrupted' } }]);
});

test('a fault of the runner itself is told, too', async () => {
  const { order, calls } = await attend({ carryOut: async () => Promise.reject(new Error('a bug')) });

  expect(order).toEqual(['heartbeat', 'work', 'failure']);
  expect(calls).toMatchObject([
    { input: { error: 'INTERNAL_ERROR', cause: expect.stringContaining('The runner failed: a bug') } },
  ]);
});

test('heartbeats go on between the tries to tell an outcome that Step Functions throttles', async () => {
  const throttled = () => new NamedError('ThrottlingException', REFUSED);
  const { order } = await attend({ faults: [throttled(), throttled()] });

  expect(order).toEqual(['heartbeat', 'work', 'success', 'heartbeat', 'success', 'heartbeat', 'success']);
});

test('a large output is stored before it is told of', async () => {
  const { order } = await attend({ carryOut: large });

  expect(order).toEqual(['heartbeat', 'work', 'store outputs/request-1/1.json', 'stored', 'success']);
});

test('heartbeats go on while a large output is stored, and none comes after the outcome', async () => {
  let beats = 0;
  const third = deferred<void>();
  const onHeartbeat = () => {
    beats += 1;
    if (beats === 3) {
      third.resolve();
    }
  };
  const { order } = await attend({
    carryOut: large,
    store: () => third.promise,
    heartbeatMilliseconds: 5,
    onHeartbeat,
  });
  const told = order.length;
  await wait(50);

  const stored = order.lastIndexOf('stored');
  expect(order.slice(0, 2)).toEqual(['heartbeat', 'work']);
  expect(order.slice(order.indexOf('store outputs/request-1/1.json'), stored)).toContain('heartbeat');
  expect(order.slice(stored).filter((one) => one !== 'heartbeat')).toEqual(['stored', 'success']);
  expect(order.at(-1)).toBe('success');
  expect(order).toHaveLength(told);
});

test('an output that cannot be stored fails the task', async () => {
  const { order, calls } = await attend({ carryOut: large, storeFault: new Error('no bucket') });

  expect(order).toEqual(['heartbeat', 'work', 'store outputs/request-1/1.json', 'failure']);
  expect(calls).toMatchObject([{ input: { error: 'OUTPUT_NOT_STORED' } }]);
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
  'when the answer comes too late, as %s tells, that is noted and no other is given',
  async (name) => {
    const { order, events } = await attend({ faults: [new NamedError(name, REFUSED)] });

    expect(order).toEqual(['heartbeat', 'work', 'success']);
    expect(events).toEqual(['task.begins', 'task.finished', 'outcome.nobody-waits']);
  },
);

test('a success that is refused is told as a failure', async () => {
  const { order, calls, events } = await attend({ faults: [new NamedError('InvalidOutput', REFUSED)] });

  expect(order).toEqual(['heartbeat', 'work', 'success', 'failure']);
  expect(calls[1]).toMatchObject({ input: { error: 'OUTPUT_REFUSED' } });
  expect(events).toEqual(['task.begins', 'task.finished', 'outcome.not-told']);
});

test('a success whose credentials have just run out is told again, not as a failure', async () => {
  const { order } = await attend({ faults: [new NamedError('ExpiredTokenException', REFUSED)] });

  expect(order).toEqual(['heartbeat', 'work', 'success', 'heartbeat', 'success']);
});

const FAILURE: Outcome = {
  status: 'FAILED',
  exitReason: 'functionError',
  error: { errorType: 'E', errorMessage: 'm' },
};

test('a failure that is refused is noted, and costs the worker nothing', async () => {
  const faults = [new NamedError('AccessDeniedException', REFUSED)];
  const { order, events } = await attend({ carryOut: async () => FAILURE, faults });

  expect(order).toEqual(['heartbeat', 'work', 'failure']);
  expect(events).toEqual(['task.begins', 'task.finished', 'outcome.not-told']);
});

test('while Step Functions is out of reach the outcome is told again, later each time', async () => {
  const { calls, pauses, events } = await attend({
    faults: [
      new NamedError('TimeoutError'),
      new NamedError('ThrottlingException', REFUSED),
      new NamedError('TimeoutError'),
    ],
  });

  expect(calls.map(({ call }) => call)).toEqual(['success', 'success', 'success', 'success']);
  expect(pauses).toEqual([250, 500, 1_000]);
  expect(events.slice(2)).toEqual(['outcome.told-again', 'outcome.told-again', 'outcome.told-again']);
});

test('an outcome that nobody takes for five minutes is given up, and costs the worker nothing', async () => {
  const faults = Array.from({ length: 100 }, () => new NamedError('TimeoutError'));
  const { calls, pauses, events } = await attend({ faults });

  expect(calls).toHaveLength(20);
  expect(2 * pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(300_000);
  expect(events.at(-1)).toBe('outcome.not-told');
});

test('the token is in no line of the log, and each names the request', async () => {
  const { text } = await attend({ faults: [new NamedError('TimeoutError')] });

  expect(text).not.toContain('token-1');
  expect(
    text
      .trim()
      .split('\n')
      .every((line) => line.includes('"requestId":"request-1"')),
  ).toBe(true);
});
