import fc from 'fast-check';
import { gunzipText, gzipText, payloadText, utf8Bytes } from '../../../handlers/shared/payload';

const noFetch = async () => {
  throw new Error('There is no object to fetch.');
};

describe('payloads', () => {
  test('any text comes back from gzip as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(gunzipText(gzipText(text))).toBe(text);
      }),
    );
  });

  test('the same text packs to the same bytes, as ECS compares a repeated request with the first', () => {
    expect(gzipText('{"a":1}')).toBe(gzipText('{"a":1}'));
  });

  test('fifty S3 records pack to a ninth', () => {
    const record = { eventSource: 'aws:s3', awsRegion: 'eu-west-1', s3: { bucket: { name: 'b'.repeat(40) } } };
    const text = JSON.stringify({ Records: Array.from({ length: 50 }, (_, key) => ({ ...record, key })) });

    expect(text.length / gzipText(text).length).toBeGreaterThan(9);
  });

  test.each([
    ['not base64', '!!'],
    ['base64 of something else', Buffer.from('{}').toString('base64')],
    ['cut off', gzipText('x'.repeat(1000)).slice(0, 20)],
    ['empty', ''],
  ])('fails on a packed text that is %s, with a code', (_, packed) => {
    expect(() => gunzipText(packed)).toThrow(
      expect.objectContaining({ name: 'INVALID_PAYLOAD', code: 'INVALID_PAYLOAD' }),
    );
  });

  test.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['€', 3],
    ['😀', 4],
  ])('%p takes %i bytes', (text, bytes) => {
    expect(utf8Bytes(text)).toBe(bytes);
  });

  test('any JSON value comes back from inline and from gzip', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = JSON.stringify(value);

        expect(await payloadText({ inline: value }, noFetch)).toBe(text);
        expect(await payloadText({ gzip: gzipText(text) }, noFetch)).toBe(text);
      }),
    );
  });

  test('a pointer is fetched', async () => {
    const text = await payloadText({ s3: { bucket: 'b', key: 'k' } }, async ({ bucket, key }) => `"${bucket}/${key}"`);

    expect(text).toBe('"b/k"');
  });
});
