import fc from 'fast-check';
import { isJson } from '../../../handlers/runner/json-bytes';

/** What JSON.parse says of it. */
function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const agrees = (text: string) => {
  expect([text, isJson(Buffer.from(text))]).toEqual([text, isParsed(text)]);
};

test.each([
  '',
  ' ',
  'nul',
  'null ',
  ' true\t\r\n',
  'nullx',
  'null null',
  '01',
  '-',
  '-0',
  '-01',
  '1.',
  '.1',
  '1.5e+7',
  '1e',
  '1E-',
  '+1',
  '1_0',
  'NaN',
  '"',
  '"\\"',
  '"\\x"',
  '"\\u12g4"',
  '"\\u12"',
  '"\\u12F4\\/"',
  '"\t"',
  '"\u007f\u2028"',
  "'a'",
  '[',
  '[]',
  '[ ]',
  '[,]',
  '[1,]',
  '[1 2]',
  '[1,2]]',
  '[1}',
  '{',
  '{}',
  '{ }',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{"a":1,"b":[{}]}',
  '{a:1}',
  '{1:1}',
  '{"a":1]',
  '{"a" : 1 , "b" : { } }',
  '[[],{},[{}]]',
  '{"a":1 "b":2}',
  '\ufeff1',
  '\u00a01',
  '// 1',
])('%j is JSON where JSON.parse takes it', (text) => agrees(text));

test('every value written as JSON is, with spaces or without', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) =>
      isJson(Buffer.from(JSON.stringify(value, undefined, space))),
    ),
  );
});

test('a text that was broken somewhere is what JSON.parse says it is', () => {
  const characters = fc.constantFrom(...'{}[]",:\\u0-+.eEtrue \n\u0001é');
  const broken = fc.tuple(fc.jsonValue(), fc.nat(), fc.nat(3), fc.array(characters, { maxLength: 3 }));
  fc.assert(
    fc.property(broken, ([value, place, removed, added]) => {
      const text = JSON.stringify(value);
      const at = place % (text.length + 1);
      // Half of a surrogate pair has no UTF-8.
      agrees(Buffer.from(`${text.slice(0, at)}${added.join('')}${text.slice(at + removed)}`).toString());
    }),
    { numRuns: 2_000 },
  );
});

test('it may be nested as deep as it likes', () => {
  const levels = 100_000;
  const text = `${'['.repeat(levels)}${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}${']'.repeat(levels)}`;

  expect(isJson(Buffer.from(text))).toBe(true);
  expect(isJson(Buffer.from(text.slice(0, -1)))).toBe(false);
});
