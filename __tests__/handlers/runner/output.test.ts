import { INLINE_OUTPUT_LIMIT_BYTES, outputJson, outputText, placeOutput } from '../../../handlers/runner/output';
import { gunzipText } from '../../../handlers/shared/payload';

const POINTER = { bucket: 'b', key: 'k' };

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

test.each([
  { title: 'JSON stays as it is, with its spaces', body: '{ "a": 1 }', text: '{ "a": 1 }' },
  { title: 'nothing is null', body: '', text: 'null' },
  { title: 'text that is no JSON becomes a JSON string', body: 'hello "you"', text: '"hello \\"you\\""' },
])('$title', ({ body, text }) => {
  expect(outputText(Buffer.from(body))).toBe(text);
});

test('a large answer that is JSON is kept as the very bytes that it is, of which no text is made', () => {
  const body = Buffer.from(JSON.stringify({ text: '世'.repeat(INLINE_OUTPUT_LIMIT_BYTES) }));

  expect(outputJson(body)).toBe(body);
});

test.each([
  { title: 'no JSON', body: Buffer.alloc(20_000, 'x'), text: JSON.stringify('x'.repeat(20_000)) },
  {
    title: 'JSON behind a byte order mark',
    body: Buffer.from(`\ufeff[${'1,'.repeat(10_000)}1]`),
    text: `[${'1,'.repeat(10_000)}1]`,
  },
  {
    title: 'JSON but for a byte that is no UTF-8',
    body: Buffer.concat([Buffer.from('"'), Buffer.alloc(20_000, 0xff), Buffer.from('"')]),
    text: JSON.stringify('\ufffd'.repeat(20_000)),
  },
  { title: 'nothing but spaces', body: Buffer.alloc(20_000, ' '), text: 'null' },
])('a large answer that is $title is kept as its text', ({ body, text }) => {
  expect(Buffer.from(outputJson(body)).toString()).toBe(text);
});

test.each([
  {
    title: 'a text of exactly the limit',
    text: JSON.stringify('x'.repeat(INLINE_OUTPUT_LIMIT_BYTES - 2)),
    kind: 'inline',
  },
  { title: 'a text of one byte more', text: JSON.stringify('x'.repeat(INLINE_OUTPUT_LIMIT_BYTES - 1)), kind: 's3' },
  { title: 'a text of fewer characters but more bytes', text: JSON.stringify('世'.repeat(6_000)), kind: 's3' },
  { title: 'a number that DynamoDB’s client would refuse', text: '12345678901234567890', kind: 'gzip' },
  { title: 'a number too small for DynamoDB', text: '1e-200', kind: 'gzip' },
  { title: 'lists nested as deep as a row takes', text: nested(28), kind: 'inline' },
  { title: 'lists nested deeper', text: nested(29), kind: 'gzip' },
  { title: 'a whole surrogate pair', text: '"\\ud83d\\ude00"', kind: 'inline' },
  { title: 'half of a surrogate pair', text: '"\\ud83d"', kind: 'gzip' },
  { title: 'half of a surrogate pair in a name', text: '{"\\ud83d":1}', kind: 'gzip' },
  { title: 'an empty name', text: '{"":1}', kind: 'gzip' },
  { title: 'the name __proto__', text: '{"__proto__":1}', kind: 'gzip' },
])('$title is kept: $kind', ({ text, kind }) => {
  expect(Object.keys(placeOutput(Buffer.from(text), POINTER))).toEqual([kind]);
});

test('what is packed comes out byte for byte', () => {
  const placed = placeOutput(Buffer.from('[12345678901234567890]'), POINTER);

  expect('gzip' in placed ? gunzipText(placed.gzip) : undefined).toBe('[12345678901234567890]');
});
