import { jsonLog } from '../../../../handlers/shared/log';
import { type CarryOutDeps, carryOutBatch, carryOutEvent } from '../../../../handlers/starter/entrances/carry-out';
import type { Order } from '../../../../handlers/starter/entrances/orders';
import { failureOf } from '../../../support/starter/examples';
import { NOW } from '../../../support/starter/fake-world';

class Refused extends Error {
  override readonly name = 'REFUSED';
}

/** Answers with the request's id, fails for `bad` ones, and writes down what it was asked. */
function world(fields: Partial<CarryOutDeps<string>> = {}) {
  const asked: string[] = [];
  const logLines: string[] = [];
  const deps: CarryOutDeps<string> = {
    answer: async (event, requestId) => {
      asked.push(requestId);
      if (event === 'bad') {
        throw new Refused(`${requestId} is bad.`);
      }
      return `done ${requestId}`;
    },
    log: jsonLog(
      (line) => logLines.push(line),
      () => NOW,
    ),
    hasTime: () => true,
    ...fields,
  };
  return { asked, deps, events: () => logLines.map((line) => JSON.parse(line)) };
}

const good = (requestId: string): Order => ({ kind: 'request', event: 'good', requestId });
const bad = (requestId: string): Order => ({ kind: 'request', event: 'bad', requestId });
const ignored: Order = { kind: 'ignore', reason: 'another cause' };
const refused: Order = { kind: 'refuse', reason: 'no such form' };
const message = (messageId: string, ...orders: readonly Order[]) => ({ messageId, orders });

describe('an event', () => {
  test('is answered record by record', async () => {
    const { deps } = world();

    expect(await carryOutEvent([good('a'), good('b')], deps)).toEqual({ answers: ['done a', 'done b'] });
  });

  test('that asks for nothing is no failure, so that Lambda does not try it again, and is logged', async () => {
    const { deps, events } = world();

    expect(await carryOutEvent([ignored], deps)).toEqual({ answers: [{ ignored: 'another cause' }] });
    expect(events()).toEqual([
      { time: NOW.toISOString(), level: 'warn', event: 'record-ignored', reason: 'another cause' },
    ]);
  });

  test.each([
    ['its own error', bad('a'), 'REFUSED', 'a is bad.'],
    ['INVALID_INPUT where it could not be read', refused, 'INVALID_INPUT', 'no such form'],
  ])('of one record fails with %s', async (_, order, name, text) => {
    expect(await failureOf(() => carryOutEvent([order], world().deps))).toMatchObject({ name, message: text });
  });

  test('of several records does them all, then names those that failed', async () => {
    const { deps, asked } = world();

    expect(await failureOf(() => carryOutEvent([bad('a'), good('b'), refused], deps))).toMatchObject({
      name: 'RECORDS_FAILED',
      message: "Of the event's 3 records 2 failed. REFUSED: a is bad. INVALID_INPUT: no such form",
    });
    expect(asked).toEqual(['a', 'b']);
  });
});

describe('a batch of a queue', () => {
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => message(`m${index}`, good(`r${index}`)));
  const failures = (...ids: readonly string[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });

  test('without a failure reports none', async () => {
    const { deps, asked } = world();

    expect(await carryOutBatch({ messages: numbered(12), isFifo: false }, deps)).toEqual(failures());
    expect(asked).toHaveLength(12);
  });

  test('of a standard queue reports those that failed, and does the others', async () => {
    const { deps, asked, events } = world();
    const messages = [
      message('m1', good('a')),
      message('m2', bad('b')),
      message('m3', refused),
      message('m4', good('d')),
    ];

    expect(await carryOutBatch({ messages, isFifo: false }, deps)).toEqual(failures('m2', 'm3'));
    expect(asked).toEqual(['a', 'b', 'd']);
    expect(events()).toEqual([
      expect.objectContaining({
        event: 'message-failed',
        messageId: 'm3',
        code: 'INVALID_INPUT',
        reason: 'no such form',
      }),
      expect.objectContaining({ event: 'message-failed', messageId: 'm2', code: 'REFUSED', reason: 'b is bad.' }),
    ]);
  });

  test('of a FIFO queue does nothing after a failure, and reports all of that', async () => {
    const { deps, asked } = world();
    const messages = [
      message('m1', good('a')),
      message('m2', bad('b')),
      message('m3', good('c')),
      message('m4', good('d')),
    ];

    expect(await carryOutBatch({ messages, isFifo: true }, deps)).toEqual(failures('m2', 'm3', 'm4'));
    expect(asked).toEqual(['a', 'b']);
  });

  test('reports a message of which a part failed', async () => {
    expect(
      await carryOutBatch({ messages: [message('m1', good('a'), bad('b'))], isFifo: false }, world().deps),
    ).toEqual(failures('m1'));
  });

  test('reports what there was no time for, and does not begin it', async () => {
    let left = 1;
    const { deps, asked } = world({ hasTime: () => left-- > 0 });

    expect(await carryOutBatch({ messages: numbered(7), isFifo: false }, deps)).toEqual(failures('m5', 'm6'));
    expect(asked).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });
});
