import { text } from 'node:stream/consumers';
import { openObjectStore } from '../../../../../handlers/runner/worker/objects/object-store';
import type { ObjectEvent } from '../../../../../handlers/shared/object-event/object-event';
import { FakeObjects } from '../../../../support/worker/fake-objects';

const objects = new FakeObjects();

beforeAll(() => objects.start());
afterAll(() => objects.close());

const { signal } = new AbortController();

function open(eTag: string | undefined) {
  const options = {
    region: 'eu-west-1',
    endpoint: objects.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const object: ObjectEvent = {
    bucket: 'bucket',
    key: 'a.txt',
    rawKey: 'a.txt',
    eTag,
    eventName: 'ObjectCreated:Put',
    source: {},
  };
  return openObjectStore({ get: options, put: options }).open(object, signal);
}

test('of a bucket without versions the content is opened that the event tells of, and no other', async () => {
  const first = objects.put('bucket/a.txt', 'first');
  const opened = await open(first.eTag);
  opened.close();
  objects.put('bucket/a.txt', 'other');

  await expect(open(first.eTag)).rejects.toMatchObject({ name: 'PreconditionFailed' });
});

test('what is asked for later is of the content that was opened, also where the event names none', async () => {
  objects.put('bucket/a.txt', 'first');
  const { bytes, source } = await open(undefined);
  expect(await text(await source({ start: 0, end: bytes }, signal))).toBe('first');
  objects.put('bucket/a.txt', 'other');

  await expect(source({ start: 1, end: bytes }, signal)).rejects.toMatchObject({ kind: 'permanent' });
});
