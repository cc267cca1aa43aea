import fc from 'fast-check';
import { PATTERN_OPERATORS, parsePattern } from '../../../stacks/parts/event-pattern';

function matches(pattern: unknown, event: unknown): boolean {
  const parsed = parsePattern(pattern);
  if (parsed.kind === 'malformed') {
    throw new Error(parsed.problems.join('; '));
  }
  return parsed.matches(event);
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html has one of each.
test.each<[string, unknown, readonly unknown[], readonly unknown[]]>([
  ['a text', ['a', 'b'], ['a', 'b'], ['c', 'A', 1, null, undefined, {}]],
  ['a number', [5], [5], ['5', 6, undefined]],
  ['true, false or null', [true, null], [true, null], [false, 'true', 'null', 0, undefined]],
  ['any of a list', ['a'], [['b', 'a'], ['a']], [[], ['b'], [{ a: 'a' }]]],
  ['prefix', [{ prefix: 'us-' }], ['us-east-1', ['eu', 'us-']], ['eu', 5, undefined, null]],
  ['prefix in any case', [{ prefix: { 'equals-ignore-case': 'eventb' } }], ['EventBridge'], ['event', 5]],
  ['suffix', [{ suffix: '.png' }], ['a.png'], ['a.PNG', '.pngx', undefined]],
  ['suffix in any case', [{ suffix: { 'equals-ignore-case': '.png' } }], ['a.PNG'], ['a.jpg']],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'Alice' }], ['alice', 'ALICE'], ['alic', 5]],
  ['wildcard', [{ wildcard: 'dir/*.png' }], ['dir/a/b.png', 'dir/.png'], ['dir/a.jpg', 'xdir/a.png', 'dir/axpng']],
  ['wildcard with a star that means itself', [{ wildcard: 'a\\*b*' }], ['a*b', 'a*bc'], ['axb', 'ab']],
  ['wildcard with several stars', [{ wildcard: '*ab*ab*' }], ['abab', 'xabyabz', 'ab\nab'], ['ab', 'aba', 'xaby']],
  ['wildcard whose ends may not overlap', [{ wildcard: 'ab*ba' }], ['abba', 'ab.ba'], ['aba', 'ab']],
  ['wildcard with a backslash', [{ wildcard: 'C:\\\\*' }], ['C:\\x'], ['C:x', 'C:*']],
  ['wildcard with stars side by side', [{ wildcard: 'a*b**' }], ['ab', 'axbx'], ['a', 'ax']],
  ['wildcard of a star', [{ wildcard: '*' }], ['', 'a'], [5, null, undefined]],
  ['exists', [{ exists: true }], ['', 0, null, false, ['a']], [undefined, {}, { a: 1 }, []]],
  ['exists not', [{ exists: false }], [undefined, {}, []], ['', 0, null]],
  ['numeric', [{ numeric: ['>', 0, '<=', 5] }], [1, 5, 0.5, [9, 1]], [0, 6, '1', null, undefined]],
  ['numeric equal', [{ numeric: ['=', 3.018e2] }], [301.8], [301]],
  ['anything-but', [{ 'anything-but': 'a' }], ['b', 5, null], ['a', undefined, {}]],
  ['anything-but of a list', [{ 'anything-but': [1, 2] }], [3, '1'], [1, 2, undefined]],
  ['anything-but prefix', [{ 'anything-but': { prefix: 'us-' } }], ['eu', 5], ['us-east-1', undefined]],
  ['anything-but suffix', [{ 'anything-but': { suffix: ['.png', '.jpg'] } }], ['a.gif'], ['a.png', 'a.jpg']],
  ['anything-but in any case', [{ 'anything-but': { 'equals-ignore-case': 'a' } }], ['b'], ['a', 'A']],
  ['anything-but wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['a/b'], ['a/lib/b']],
  ['one of several', [{ prefix: 'a' }, 'b', { exists: false }], ['ax', 'b', undefined], ['c']],
])('%s', (_, choices, yes, no) => {
  const asked = [...yes, ...no].map((field) => matches({ field: choices }, field === undefined ? {} : { field }));

  expect(asked).toEqual([...yes.map(() => true), ...no.map(() => false)]);
});

test('every field has to match, at any depth', () => {
  const pattern = { table: ['visits'], new: { kind: ['vip'], place: { city: [{ prefix: 'B' }] } } };

  expect(matches(pattern, { table: 'visits', new: { kind: 'vip', place: { city: 'Bonn' } }, more: 1 })).toBe(true);
  expect(matches(pattern, { table: 'visits', new: { kind: 'vip', place: { city: 'Rome' } } })).toBe(false);
  expect(matches(pattern, { table: 'visits', new: null })).toBe(false);
});

test('of a list of objects one has to match as a whole', () => {
  const pattern = { items: { a: [1], b: [2] } };

  expect(matches(pattern, { items: [{ a: 9 }, { a: 1, b: 2 }] })).toBe(true);
  expect(matches(pattern, { items: [{ a: 1 }, { b: 2 }] })).toBe(false);
});

test('$or takes one of its patterns, beside the other fields', () => {
  const pattern = { table: ['visits'], $or: [{ a: [1] }, { b: [{ exists: true }] }] };

  expect([{ a: 1 }, { b: 0 }, { a: 2 }, {}].map((part) => matches(pattern, { table: 'visits', ...part }))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(matches(pattern, { a: 1 })).toBe(false);
});

test('what an object inherits is no field', () => {
  expect(matches({ constructor: [{ exists: true }] }, {})).toBe(false);
});

test.each([
  [{ ip: [{ cidr: '10.0.0.0/8' }] }, 'pattern.ip: there is no operator "cidr", only'],
  [{ a: { b: [{ contains: 'x' }] } }, 'pattern.a.b: there is no operator "contains"'],
  [{ a: [{ constructor: 'x' }] }, 'pattern.a: there is no operator "constructor"'],
  [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'pattern.a: an item of a list is'],
  [{ a: [['x']] }, 'pattern.a: an item of a list is'],
  [{ a: [] }, 'pattern.a: the list is empty'],
  [{ a: 'x' }, 'pattern.a: give an object with at least one field, or a list'],
  [{}, 'pattern: give an object'],
  [[], 'pattern: give an object'],
  [null, 'pattern: give an object'],
  [{ a: [{ prefix: 5 }] }, 'pattern.a: prefix takes a text'],
  [{ a: [{ exists: 'yes' }] }, 'pattern.a: exists takes true or false'],
  [{ a: [{ numeric: [] }] }, 'pattern.a: numeric takes'],
  [{ a: [{ numeric: ['>'] }] }, 'pattern.a: numeric takes'],
  [{ a: [{ numeric: ['~', 5] }] }, 'pattern.a: numeric takes'],
  [{ a: [{ numeric: ['>', 1, '<', 5, '=', 3] }] }, 'pattern.a: numeric takes'],
  [{ a: [{ numeric: ['constructor', 5] }] }, 'pattern.a: numeric takes'],
  [{ a: [{ 'anything-but': true }] }, 'pattern.a: anything-but takes'],
  [{ a: [{ 'anything-but': { constructor: 'x' } }] }, 'pattern.a: anything-but takes'],
  [{ a: [{ 'anything-but': [] }] }, 'pattern.a: anything-but takes'],
  [{ a: [{ 'anything-but': { prefix: 5 } }] }, 'pattern.a: anything-but takes'],
  [{ $or: [{ a: [1] }] }, 'pattern.$or: $or takes a list of two patterns or more'],
])('%j is refused', (pattern, problem) => {
  expect(parsePattern(pattern)).toEqual({
    kind: 'malformed',
    problems: [expect.stringContaining(problem)],
  });
});

test('every problem is named at once', () => {
  const parsed = parsePattern({ a: [{ x: 1 }], b: [], c: 5 });

  expect(parsed.kind === 'malformed' ? parsed.problems.length : 0).toBe(3);
});

test('the operators are these', () => {
  expect([...PATTERN_OPERATORS].sort()).toEqual([
    'anything-but',
    'equals-ignore-case',
    'exists',
    'numeric',
    'prefix',
    'suffix',
    'wildcard',
  ]);
});

test('no text of a row keeps a wildcard busy', () => {
  const { pattern, row } = {
    pattern: { note: [{ wildcard: '*a*b*a*b*a*b*c*' }] },
    row: { note: 'ab'.repeat(100_000) },
  };
  const from = performance.now();

  expect(matches(pattern, row)).toBe(false);
  expect(performance.now() - from).toBeLessThan(20_000);
});

test('no pattern and no event makes it throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (pattern, event) => {
      const parsed = parsePattern(pattern);
      expect(parsed.kind === 'malformed' ? false : parsed.matches(event)).toEqual(expect.any(Boolean));
    }),
  );
});

test('a pattern of the texts of an event matches that event', () => {
  const event = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '$or'),
    fc.string(),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(event, (fields) => {
      const pattern = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, [value]]));
      expect(matches(pattern, fields)).toBe(true);
    }),
  );
});
