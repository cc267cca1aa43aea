import fc from 'fast-check';
import { objectJobId } from '../../../../handlers/shared/object-event/job-id';

describe('the id of a job', () => {
  test.each([
    ['a version', { versionId: 'v1', eTag: 'e1', sequencer: '01' }, 's3://uploads/scene.zip?version=v1'],
    ['the content, where there are no versions', { eTag: 'e1', sequencer: '01' }, 's3://uploads/scene.zip?etag=e1'],
    ['the event, where nothing else is known', { sequencer: '01' }, 's3://uploads/scene.zip?sequencer=01'],
    ['the key, where not even that is', {}, 's3://uploads/scene.zip'],
  ])('names %s', (_, state, id) => {
    expect(objectJobId({ bucket: 'uploads', key: 'scene.zip', ...state })).toBe(id);
  });

  test('is ASCII whatever the key, as S3 takes no other metadata', () => {
    expect(objectJobId({ bucket: 'uploads', key: 'größe/a b+c?.zip', eTag: 'e1' })).toBe(
      's3://uploads/gr%C3%B6%C3%9Fe/a%20b%2Bc%3F.zip?etag=e1',
    );
  });

  test('is a digest where it would be longer than 1,024 characters', () => {
    const longest = 1_024 - 's3://uploads/?etag=e1'.length;

    expect(objectJobId({ bucket: 'uploads', key: 'k'.repeat(longest), eTag: 'e1' })).toHaveLength(1_024);
    expect(objectJobId({ bucket: 'uploads', key: 'k'.repeat(longest + 1), eTag: 'e1' })).toMatch(
      /^s3:sha256:[0-9a-f]{64}$/,
    );
  });

  test('differs for different objects, long and short', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '/', '?', '%', '=', '雪'), minLength: 1, maxLength: 300 });
    const state = fc.option(text, { nil: undefined });
    const object = fc.record({ bucket: text, key: text, versionId: state, eTag: state });
    fc.assert(
      fc.property(object, object, (one, other) => {
        const what = ({ bucket, key, versionId, eTag }: typeof one) =>
          JSON.stringify([bucket, key, versionId ?? null, versionId === undefined ? (eTag ?? null) : null]);

        expect(objectJobId(one) === objectJobId(other)).toBe(what(one) === what(other));
      }),
    );
  });
});
