import { Keeper } from '../../../../../handlers/runner/worker/queue/keeper';
import type { OutgoingMessage } from '../../../../../handlers/runner/worker/queue/message-copy';
import { jsonLog } from '../../../../../handlers/shared/log';
import { CLAIM_TABLE, FakeClaims } from '../../../../support/worker/fake-claims';
import { queueMessageOf } from '../../../../support/worker/queue-messages';

const RENEWAL_MILLISECONDS = 30_000;
const HOUR = 3_600_000;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

interface World {
  readonly renew?: () => Promise<void>;
  readonly send?: () => Promise<void>;
  readonly handOverMilliseconds?: number;
}

function world({ renew, send, handOverMilliseconds }: World = {}) {
  const calls: string[] = [];
  const copies: OutgoingMessage[] = [];
  const lines: string[] = [];
  const clock = () => new Date(Date.now());
  const fake = new FakeClaims({ ...CLAIM_TABLE, leaseMilliseconds: 88_000 });
  const claims = fake.claims(clock);
  const keeper = new Keeper({
    queue: {
      renew: async ({ messageId }, seconds) => {
        calls.push(`renew ${messageId} ${seconds}`);
        await renew?.();
      },
      send: async (copy) => {
        calls.push('send');
        await send?.();
        copies.push(copy);
      },
      remove: async ({ messageId }) => {
        calls.push(`remove ${messageId}`);
      },
    },
    claims,
    renewalMilliseconds: RENEWAL_MILLISECONDS,
    handOverMilliseconds,
    clock,
    log: jsonLog((line) => lines.push(line), clock),
  });
  const events = () => lines.map((line) => JSON.parse(line).event as string);
  return { keeper, claims, calls, copies, events };
}

/** As SQS and DynamoDB name it when something is no more this worker's. */
const gone = async () => {
  throw Object.assign(new Error('gone'), { name: 'ReceiptHandleIsInvalid', $metadata: { httpStatusCode: 400 } });
};
const busy = async () => {
  throw Object.assign(new Error('busy'), { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
};

async function claimed({ keeper, claims }: ReturnType<typeof world>, attributes = {}) {
  const held = keeper.hold(queueMessageOf('m', { attributes }));
  const claiming = await claims.claim('job', 'm');
  if (claiming.kind === 'ours') {
    held.claim = claiming.claim;
    held.attempt = claiming.attempt;
  }
  return held;
}

test('a message is hidden for 90 s every 30 s, the first time when what the poll did has worn off a little', async () => {
  const { keeper, calls } = world();
  const held = keeper.hold(queueMessageOf('m'));
  await jest.advanceTimersByTimeAsync(14_000);
  const atFirst = [...calls];
  await jest.advanceTimersByTimeAsync(80_000);
  await keeper.letGo(held);
  await jest.advanceTimersByTimeAsync(HOUR);

  expect([atFirst, calls]).toEqual([[], Array(3).fill('renew m 90')]);
});

test('a renewal that fails is made again, and the job goes on', async () => {
  const { keeper, calls, events } = world({ renew: busy });
  const held = keeper.hold(queueMessageOf('m'));
  await jest.advanceTimersByTimeAsync(60_000);

  expect([held.gone.aborted, calls.length, events()]).toEqual([
    false,
    2,
    ['message.renewal-failed', 'message.renewal-failed'],
  ]);
  await keeper.letGo(held);
});

test('a receipt that SQS does not know any more ends the job, and is asked about no more', async () => {
  const { keeper, calls, events } = world({ renew: gone });
  const held = keeper.hold(queueMessageOf('m'));
  await jest.advanceTimersByTimeAsync(HOUR);

  expect([held.gone.aborted, calls, events()]).toEqual([true, ['renew m 90'], ['message.lost']]);
  await keeper.letGo(held);
});

test('a message that another worker has put off while SQS was out of reach leaves the job to its claim', async () => {
  const parts = world({ renew: gone, handOverMilliseconds: 11 * HOUR });
  const held = await claimed(parts);
  await jest.advanceTimersByTimeAsync(HOUR);

  expect([held.gone.aborted, held.isHandedOver, parts.calls]).toEqual([false, true, ['renew m 90']]);
  expect([parts.events(), (await parts.claims.claim('job', 'm')).kind]).toEqual([
    ['message.handed-over-by-others'],
    'held',
  ]);
  await parts.keeper.letGo(held);
});

test('a message that another worker has put off is no reason to go on once the claim is lost, too', async () => {
  const parts = world({ renew: gone, handOverMilliseconds: 11 * HOUR });
  const held = await claimed(parts);
  jest.setSystemTime(89_000);
  await parts.claims.claim('job', 'm');
  await jest.advanceTimersByTimeAsync(30_000);

  expect([held.gone.aborted, parts.events()]).toEqual([true, expect.arrayContaining(['claim.lost'])]);
  await parts.keeper.letGo(held);
});

test('of a FIFO queue a message that is gone ends the job, whatever the claim', async () => {
  const parts = world({ renew: gone });
  const held = await claimed(parts);
  await jest.advanceTimersByTimeAsync(30_000);

  expect([held.gone.aborted, held.isHandedOver, parts.events()]).toEqual([true, false, ['message.lost']]);
  await parts.keeper.letGo(held);
});

test('a claim that another worker has taken ends the job', async () => {
  const { claims, ...rest } = world();
  const held = await claimed({ claims, ...rest });
  // As if this worker had been cut off for as long as a lease is.
  jest.setSystemTime(89_000);
  await claims.claim('job', 'm');
  await jest.advanceTimersByTimeAsync(30_000);

  expect([held.gone.aborted, rest.events()]).toEqual([true, ['claim.lost']]);
  await rest.keeper.letGo(held);
});

test('a job that is renewed stays this worker’s', async () => {
  const parts = world();
  const held = await claimed(parts);
  await jest.advanceTimersByTimeAsync(HOUR);

  expect([held.gone.aborted, (await parts.claims.claim('job', 'm')).kind]).toEqual([false, 'held']);
  await parts.keeper.letGo(held);
});

test('what is done is renewed until it is deleted, and that it is deleted is no news', async () => {
  const { claims, ...rest } = world({ renew: gone });
  const held = await claimed({ claims, ...rest });
  held.isDone = true;
  await jest.advanceTimersByTimeAsync(30_000);

  expect([held.gone.aborted, rest.calls, rest.events()]).toEqual([false, ['renew m 90'], []]);
  await rest.keeper.letGo(held);
});

test('a renewal that is on its way when a message is let go is waited for, a second at most', async () => {
  const { keeper } = world({ renew: () => new Promise(() => undefined) });
  const held = keeper.hold(queueMessageOf('m'));
  await jest.advanceTimersByTimeAsync(30_000);
  let isLetGo = false;
  const letting = keeper.letGo(held).then(() => {
    isLetGo = true;
  });
  await jest.advanceTimersByTimeAsync(900);
  const before = isLetGo;
  await jest.advanceTimersByTimeAsync(100);
  await letting;

  expect([before, isLetGo]).toEqual([false, true]);
});

test('without a copy a message is kept for twelve hours less a minute, and then its job ends', async () => {
  const { keeper, calls, events } = world();
  const held = keeper.hold(queueMessageOf('m'));
  await jest.advanceTimersByTimeAsync(12 * HOUR);

  expect([held.gone.aborted, events()]).toEqual([true, ['message.out-of-time']]);
  const longest = calls.map((call, index) => (index + 1) * 30 + Number(call.split(' ')[2]));
  expect(Math.max(...longest)).toBeLessThanOrEqual(43_200);
  await keeper.letGo(held);
});

test('after eleven hours a copy takes the place of a message, once, and the job goes on under its claim', async () => {
  const parts = world({ handOverMilliseconds: 11 * HOUR });
  const held = await claimed(parts);
  await jest.advanceTimersByTimeAsync(26 * HOUR);

  expect(parts.calls.filter((call) => !call.startsWith('renew'))).toEqual(['send', 'remove m']);
  expect(parts.calls.at(-1)).toBe('remove m');
  expect(parts.copies).toMatchObject([
    {
      DelaySeconds: 90,
      MessageAttributes: { 'overtime-message': { StringValue: 'm' }, 'overtime-attempt': { StringValue: '1' } },
    },
  ]);
  expect([held.isHandedOver, held.gone.aborted, parts.events()]).toEqual([true, false, ['message.handed-over']]);
  await parts.keeper.letGo(held);
});

test('a copy that cannot be sent is sent again with the next renewal, and the message stays', async () => {
  let sends = 0;
  const parts = world({
    handOverMilliseconds: HOUR,
    send: async () => {
      sends += 1;
      await (sends < 3 ? busy() : undefined);
    },
  });
  const held = await claimed(parts);
  await jest.advanceTimersByTimeAsync(2 * HOUR);

  expect(parts.calls.filter((call) => !call.startsWith('renew'))).toEqual(['send', 'send', 'send', 'remove m']);
  expect(held.isHandedOver).toBe(true);
  await parts.keeper.letGo(held);
});

test('a message with too many attributes for a copy is kept as long as SQS allows', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'v' }]),
  );
  const parts = world({ handOverMilliseconds: 11 * HOUR });
  const held = await claimed(parts, many);
  await jest.advanceTimersByTimeAsync(12 * HOUR);

  expect([held.gone.aborted, parts.events()]).toEqual([true, ['message.cannot-be-copied', 'message.out-of-time']]);
  await parts.keeper.letGo(held);
});
