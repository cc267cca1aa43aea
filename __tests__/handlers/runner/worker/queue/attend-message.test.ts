import { setTimeout as wait } from 'node:timers/promises';
import { type Deferred, deferred } from '../../../../../handlers/runner/deferred';
import type { Outcome } from '../../../../../handlers/runner/outcome';
import { attendMessage } from '../../../../../handlers/runner/worker/queue/attend-message';
import { jsonLog } from '../../../../../handlers/shared/log';

const MESSAGE = { messageId: 'm', receiptHandle: 'h', body: '{}', receiveCount: 2 };

const SUCCESS: Outcome = { status: 'SUCCEEDED', exitReason: 'succeeded', body: new TextEncoder().encode('1') };

const failure = (status: 'FAILED' | 'INTERRUPTED' | 'CANCELLED'): Outcome => ({
  status,
  exitReason: 'functionError',
  error: { errorType: 'E', errorMessage: 'm' },
});

interface World {
  readonly outcome?: Outcome;
  readonly interruption?: AbortSignal;
  readonly spent?: AbortSignal;
  /** Removes the message, however long that takes. */
  readonly remove?: () => Promise<void>;
  /** Renews the message's time for the n-th time. */
  readonly renew?: (count: number) => Promise<void>;
}

async function attend({ outcome = SUCCESS, interruption, spent, remove, renew }: World) {
  const order: string[] = [];
  const lines: string[] = [];
  let renewals = 0;
  await attendMessage(
    {
      queue: {
        hide: async (_, seconds, signal) => {
          if (signal === undefined) {
            order.push(`hide ${seconds}`);
            return;
          }
          renewals += 1;
          order.push('renew');
          await renew?.(renewals);
        },
        remove: async () => {
          order.push('remove');
          await remove?.();
          order.push('removed');
        },
      },
      executor: {
        carryOut: async () => {
          order.push('work');
          return { outcome, timings: {} };
        },
        close: async () => undefined,
        ...(spent === undefined ? {} : { spent }),
      },
      renewalMilliseconds: 5,
      interruption: interruption ?? new AbortController().signal,
      newRequestId: () => 'request-1',
      log: jsonLog(
        (line) => lines.push(line),
        () => new Date(0),
      ),
    },
    MESSAGE,
  );
  const told = order.length;
  await wait(50);
  return { order, told, events: lines.map((line) => JSON.parse(line).event as string) };
}

/** Resolves the deferred with the n-th renewal. */
const atRenewal = (count: number, reached: Deferred<void>) => async (renewal: number) => {
  if (renewal === count) {
    reached.resolve();
  }
};

test('the message stays hidden for as long as its deletion takes, and is renewed no more after it', async () => {
  const third = deferred<void>();
  const { order, told } = await attend({ remove: () => third.promise, renew: atRenewal(3, third) });

  expect(order.slice(0, 2)).toEqual(['work', 'remove']);
  expect(order.filter((one) => one === 'renew').length).toBeGreaterThanOrEqual(3);
  expect(order).toHaveLength(told);
});

test('a renewal that finds the message deleted is no fault', async () => {
  const first = deferred<void>();
  const gone = Object.assign(new Error('deleted'), { name: 'ReceiptHandleIsInvalid' });
  const renew = async () => {
    first.resolve();
    throw gone;
  };
  const { events } = await attend({ remove: () => first.promise, renew });

  expect(events).toEqual(['task.begins', 'task.finished']);
});

test.each([
  ['comes back later when it failed', failure('FAILED'), ['work', 'hide 4']],
  ['comes back at once when the worker is stopped', failure('INTERRUPTED'), ['work', 'hide 0']],
  ['is left alone when another worker has it', failure('CANCELLED'), ['work']],
])('a message %s, and nothing hides it after that', async (_, outcome, expected) => {
  expect((await attend({ outcome })).order).toEqual(expected);
});

test.each([
  ['the worker is stopping', { interruption: AbortSignal.abort() }],
  ['its one runtime has ended', { spent: AbortSignal.abort('crashed') }],
])('a message that comes when %s is given back unseen', async (_, world) => {
  expect((await attend(world)).order).toEqual(['hide 0']);
});
