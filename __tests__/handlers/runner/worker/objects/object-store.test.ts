import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { openObjectStore } from '../../../../../handlers/runner/worker/objects/object-store';
import type { ObjectEvent } from '../../../../../handlers/shared/object-event/object-event';
import { FakeObjects } from '../../../../support/worker/fake-objects';

const objects = new FakeObjects();
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-store-'));
  await objects.start();
});
afterAll(async () => {
  await objects.close();
  await rm(folder, { recursive: true, force: true });
});

const { signal } = new AbortController();

function openStore() {
  const options = {
    region: 'eu-west-1',
    endpoint: objects.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  return openObjectStore({ get: options, put: options });
}

function open(eTag: string | undefined) {
  const object: ObjectEvent = {
    bucket: 'bucket',
    key: 'a.txt',
    rawKey: 'a.txt',
    eTag,
    eventName: 'ObjectCreated:Put',
    source: {},
  };
  return openStore().open(object, signal);
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

const MIB = 1_024 * 1_024;

function output(content: string, metadata: Readonly<Record<string, string>> = { 'overtime-source': 'job' }) {
  const file = path.join(folder, 'output');
  writeFileSync(file, content);
  return { file, bytes: content.length, bucket: 'bucket', key: 'out.txt', contentType: 'text/plain', metadata };
}

describe.each([
  ['an output', 1],
  ['an output in parts', 9 * MIB],
])('%s', (_, bytes) => {
  test('that an earlier attempt has left is there where its bytes are the same', async () => {
    await openStore().put(output('x'.repeat(bytes)), signal);

    expect(await openStore().isThere(output('x'.repeat(bytes)), signal)).toBe(true);
  });

  test.each([
    ['it has as many other bytes', () => output('y'.repeat(bytes))],
    ['it has more bytes', () => output('x'.repeat(bytes + 1))],
    ['it is of another job', () => output('x'.repeat(bytes), { 'overtime-source': 'other' })],
  ])('is not there where %s', async (__, other) => {
    await openStore().put(output('x'.repeat(bytes)), signal);

    expect(await openStore().isThere(other(), signal)).toBe(false);
  });
});

test('an output of which S3 does not say what its bytes are is not there', async () => {
  objects.put('bucket/out.txt', 'x', { 'overtime-source': 'job' });

  expect(await openStore().isThere(output('x'), signal)).toBe(false);
});

test('an output that S3 does not show is not there', async () => {
  objects.put('bucket/out.txt', 'x');
  objects.faults.set('HeadObject bucket/out.txt', ['denied']);

  expect(await openStore().isThere(output('x'), signal)).toBe(false);
});
