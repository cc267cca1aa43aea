import fc from 'fast-check';
import { BatchedCalls, type EntryFault } from '../../../../../handlers/runner/worker/queue/batched-calls';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function world(answers: ((entries: readonly string[]) => readonly EntryFault[])[] = []) {
  const sent: (readonly string[])[] = [];
  const calls = new BatchedCalls<string>({
    lingerMilliseconds: 10,
    call: async (entries) => {
      sent.push(entries);
      return answers.shift()?.(entries) ?? [];
    },
  });
  return { calls, sent };
}

const busy = (index: number): EntryFault => ({ index, code: 'InternalError', message: 'm', isSenders: false });
const INVALID: EntryFault = { index: 1, code: 'ReceiptHandleIsInvalid', message: 'gone', isSenders: true };

test('what comes within the time goes together', async () => {
  const { calls, sent } = world();
  const added = Promise.all([calls.add('one'), calls.add('two')]);
  await jest.advanceTimersByTimeAsync(10);
  await added;

  expect(sent).toEqual([['one', 'two']]);
});

test('ten go at once', async () => {
  const { calls, sent } = world();
  const names = Array.from({ length: 11 }, (_, index) => String(index));
  const added = Promise.all(names.map((name) => calls.add(name)));

  expect(sent).toEqual([names.slice(0, 10)]);
  calls.flush();
  await added;
  expect(sent).toEqual([names.slice(0, 10), ['10']]);
});

test('an entry that is refused fails by itself, with the name that SQS gives', async () => {
  const { calls } = world([() => [INVALID]]);
  const added = Promise.allSettled([calls.add('one'), calls.add('two')]);
  await jest.advanceTimersByTimeAsync(10);

  expect(await added).toEqual([
    { status: 'fulfilled', value: undefined },
    { status: 'rejected', reason: expect.objectContaining({ name: 'ReceiptHandleIsInvalid', message: 'gone' }) },
  ]);
});

test('an entry that SQS could not see to goes again, without those that went well', async () => {
  const { calls, sent } = world([() => [busy(0)]]);
  const added = Promise.all([calls.add('one'), calls.add('two')]);
  await jest.runAllTimersAsync();
  await added;

  expect(sent).toEqual([['one', 'two'], ['one']]);
});

test('an entry is tried five times', async () => {
  const { calls, sent } = world(Array.from({ length: 9 }, () => () => [busy(0)]));
  const added = Promise.allSettled([calls.add('one')]);
  await jest.runAllTimersAsync();

  expect(await added).toEqual([{ status: 'rejected', reason: expect.objectContaining({ name: 'InternalError' }) }]);
  expect(sent).toHaveLength(5);
});

test('a call that fails as a whole fails for each of its entries', async () => {
  const { calls } = world([
    () => {
      throw new Error('refused');
    },
  ]);
  const added = Promise.allSettled([calls.add('one'), calls.add('two')]);
  await jest.advanceTimersByTimeAsync(10);

  expect((await added).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('whatever comes: each entry goes once, in order, and never more than ten together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), async (pauses) => {
      const { calls, sent } = world();
      const added: Promise<void>[] = [];
      for (const [index, pause] of pauses.entries()) {
        added.push(calls.add(String(index)));
        await jest.advanceTimersByTimeAsync(pause);
      }
      await jest.runAllTimersAsync();
      await Promise.all(added);

      expect(sent.flat()).toEqual(pauses.map((_, index) => String(index)));
      expect(sent.every((entries) => entries.length <= 10)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
