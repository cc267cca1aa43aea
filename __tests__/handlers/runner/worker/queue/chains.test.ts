import fc from 'fast-check';
import { chainsOf } from '../../../../../handlers/runner/worker/queue/chains';

/** Names such as `a1` and `a2` are of the group `a`. */
const groupOf = (name: string) => name.charAt(0);

/** Names in capitals are of messages of half of what a batch may have, and a little. */
const bytesOf = (name: string) => (name === name.toLowerCase() ? 1 : 60);
const SIZES = { batchBytes: 100, bytesOf };

const FIFO = { ...SIZES, batchSize: 1, chains: 10, groupOf };

test.each([
  [
    'of a standard queue stand for themselves',
    ['a1', 'a2', 'b1'],
    { ...FIFO, groupOf: undefined },
    [[['a1']], [['a2']], [['b1']]],
  ],
  [
    'of a standard queue are cut into batches',
    ['a1', 'a2', 'b1'],
    { ...FIFO, batchSize: 2, groupOf: undefined },
    [[['a1', 'a2']], [['b1']]],
  ],
  ['of one group are worked on one after another', ['a1', 'a2', 'a3'], FIFO, [[['a1'], ['a2'], ['a3']]]],
  ['of several groups side by side', ['a1', 'b1', 'a2'], FIFO, [[['a1'], ['a2']], [['b1']]]],
  [
    'of more groups than chains share them',
    ['a1', 'b1', 'c1', 'a2'],
    { ...FIFO, chains: 2 },
    [[['a1'], ['c1'], ['a2']], [['b1']]],
  ],
  [
    'that fit in one batch are one, whatever their groups',
    ['a1', 'b1', 'a2'],
    { ...FIFO, batchSize: 10 },
    [[['a1', 'b1', 'a2']]],
  ],
  ['are none where none came', [], FIFO, []],
  [
    'that have too many bytes for one event are several batches',
    ['A1', 'a2', 'B1', 'C1', 'c2'],
    { ...FIFO, batchSize: 10, groupOf: undefined },
    [[['A1', 'a2']], [['B1']], [['C1', 'c2']]],
  ],
  [
    'of one group that have too many bytes for one event are worked on one after another',
    ['A1', 'A2', 'b1'],
    { ...FIFO, batchSize: 10 },
    [[['A1'], ['A2']], [['b1']]],
  ],
  [
    'that are larger than an event may be go alone',
    ['a1', 'A2', 'a3'],
    { ...FIFO, batchBytes: 50, batchSize: 10, groupOf: undefined },
    [[['a1']], [['A2']], [['a3']]],
  ],
])('messages %s: %p', (_, items, options, expected) => {
  expect(chainsOf<string>(items, options)).toEqual(expected);
});

const options = fc.record({ batchSize: fc.integer({ min: 1, max: 10 }), chains: fc.integer({ min: 1, max: 10 }) });
const names = fc
  .array(fc.constantFrom('a', 'b', 'C', 'D'), { maxLength: 10 })
  .map((groups) => groups.map((group, index) => `${group}${index}`));

test('whatever comes: nothing is lost or doubled, and no batch is too large', () => {
  fc.assert(
    fc.property(names, options, fc.boolean(), (items, { batchSize, chains }, isFifo) => {
      const batches = chainsOf(items, { ...SIZES, batchSize, chains, groupOf: isFifo ? groupOf : undefined }).flat();

      expect(batches.flat().toSorted()).toEqual(items.toSorted());
      expect(batches.every((batch) => batch.length >= 1 && batch.length <= batchSize)).toBe(true);
      expect(batches.every((batch) => batch.reduce((bytes, item) => bytes + bytesOf(item), 0) <= 100)).toBe(true);
    }),
  );
});

test('whatever comes of a FIFO queue: each group is in one chain, in order, and there are no more chains than asked for', () => {
  fc.assert(
    fc.property(names, options, (items, { batchSize, chains }) => {
      const made = chainsOf(items, { ...SIZES, batchSize, chains, groupOf }).map((chain) => chain.flat());

      expect(made.length).toBeLessThanOrEqual(chains);
      for (const group of new Set(items.map(groupOf))) {
        const having = made.filter((chain) => chain.some((item) => groupOf(item) === group));
        expect(having).toHaveLength(1);
        expect(having.flat().filter((item) => groupOf(item) === group)).toEqual(
          items.filter((item) => groupOf(item) === group),
        );
      }
    }),
  );
});
