import fc from 'fast-check';
import { batchAnswer } from '../../../../../handlers/runner/worker/queue/batch-answer';

const IDS = new Set(['one', 'two']);
const json = (value: unknown) => JSON.stringify(value);
const named = (itemIdentifier: unknown) => json({ batchItemFailures: [{ itemIdentifier }] });

test.each([
  ['nothing', 'null'],
  ['an empty object', '{}'],
  ['no list', json({ batchItemFailures: null })],
  ['an empty list', json({ batchItemFailures: [] })],
  ['a word of its own', json('all done')],
  ['what is no JSON', 'all done'],
  ['other fields', json({ statusCode: 200 })],
])('an answer with %s says that no message failed', (_, text) => {
  expect(batchAnswer(text, IDS)).toEqual({ kind: 'failures', ids: new Set() });
});

test('an answer that names messages says that these failed', () => {
  const text = json({ batchItemFailures: [{ itemIdentifier: 'two' }, { itemIdentifier: 'two', why: 'x' }], more: 1 });

  expect(batchAnswer(text, IDS)).toEqual({ kind: 'failures', ids: new Set(['two']) });
});

test.each([
  ['an empty identifier', named(''), '1 of its batchItemFailures name no message of the batch'],
  ['the identifier of no message', named('three'), '1 of its batchItemFailures name no message of the batch'],
  ['null for an identifier', named(null), 'its answer is wrong at batchItemFailures.0.itemIdentifier'],
  [
    'a wrong name for the identifier',
    json({ batchItemFailures: [{ id: 'one' }] }),
    'its answer is wrong at batchItemFailures.0.itemIdentifier',
  ],
  ['no list of failures', json({ batchItemFailures: 'one' }), 'its answer is wrong at batchItemFailures'],
  [
    'failures that are no JSON',
    '{"batchItemFailures":',
    'the answer speaks of batchItemFailures and is no JSON object',
  ],
  [
    'failures in a text',
    json('{"batchItemFailures":[]}'),
    'the answer speaks of batchItemFailures and is no JSON object',
  ],
])('an answer with %s says that all failed', (_, text, problem) => {
  expect(batchAnswer(text, IDS)).toEqual({ kind: 'unreadable', problem });
});

test('whatever a function answers, only messages of the batch are said to have failed', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('one', 'two', 'three')), (ids) => {
      const answer = batchAnswer(json({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }), IDS);

      expect(answer.kind).toBe(ids.includes('three') ? 'unreadable' : 'failures');
      expect(answer.kind === 'failures' ? [...answer.ids].every((id) => IDS.has(id)) : true).toBe(true);
    }),
  );
});
