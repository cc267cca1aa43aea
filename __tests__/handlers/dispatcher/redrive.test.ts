import fc from 'fast-check';
import type { StoredObject } from '../../../handlers/dispatcher/ports';
import { storedObjectEvent } from '../../../handlers/dispatcher/redrive';

const FUNCTION = 'arn:aws-cn:lambda:cn-north-1:123456789012:function:overtime-dispatcher';

const nothingKnown: Extract<StoredObject, { kind: 'there' }> = {
  kind: 'there',
  isOutput: false,
  versionId: undefined,
  eTag: undefined,
  sizeBytes: undefined,
  modifiedAt: undefined,
};

describe('the event of an object that is named by hand', () => {
  test('has the region and partition of the function', () => {
    expect(storedObjectEvent({ bucket: 'uploads', key: 'a b' }, nothingKnown, FUNCTION)).toEqual({
      bucket: 'uploads',
      key: 'a b',
      rawKey: 'a+b',
      eventName: 'ObjectCreated:Put',
      region: 'cn-north-1',
      source: {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'cn-north-1',
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'overtime-dispatch',
          bucket: { name: 'uploads', arn: 'arn:aws-cn:s3:::uploads' },
          object: { key: 'a+b' },
        },
      },
    });
  });

  test('has the key that was named, whatever it is', () => {
    const character = fc.oneof(
      fc.constantFrom('+', ' ', '%', '/', '%2B'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit: character, minLength: 1, maxLength: 30 }), (key) => {
        expect(storedObjectEvent({ bucket: 'uploads', key }, nothingKnown, FUNCTION)?.key).toBe(key);
      }),
    );
  });

  test('is none for a folder', () => {
    expect(
      storedObjectEvent({ bucket: 'uploads', key: 'a/' }, { ...nothingKnown, sizeBytes: 0 }, FUNCTION),
    ).toBeUndefined();
  });
});
