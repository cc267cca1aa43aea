import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { strToU8, zipSync } from 'fflate';
import { DownloadError, type Stretch } from '../../../../../handlers/runner/package/download';
import { unpackerPool } from '../../../../../handlers/runner/package/unpackers';
import { fetchObject } from '../../../../../handlers/runner/worker/objects/fetch-object';
import { objectPaths } from '../../../../../handlers/runner/worker/objects/object-paths';
import type { OpenedObject } from '../../../../../handlers/runner/worker/objects/object-store';
import { jsonLog } from '../../../../../handlers/shared/log';

const CONTENT = Buffer.from('0123456789');
const OBJECT = { bucket: 'b', key: 'a/file.txt', rawKey: 'a/file.txt', eventName: 'ObjectCreated:Put', source: {} };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-fetch-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** What one call for a stretch gives: so many bytes of it, or an error. */
type Answer = number | Error;

interface World {
  readonly content?: Buffer;
  /** One after another; the whole stretch after them. */
  readonly answers?: readonly Answer[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly opens?: Error;
  readonly sizeBytes?: number;
  /** Where the object is written to. @default - a file in its folder */
  readonly objectFile?: string;
  readonly isArchive?: boolean;
  readonly signal?: AbortSignal;
}

function fetchFrom({ content = CONTENT, answers = [], metadata = {}, opens, sizeBytes, ...world }: World) {
  const asked: Stretch[] = [];
  const left = [...answers];
  const { isArchive = false, objectFile } = world;
  const paths = objectPaths(folder, { key: OBJECT.key, isArchive });
  const open = async (): Promise<OpenedObject> => {
    if (opens !== undefined) {
      throw opens;
    }
    return {
      bytes: content.byteLength,
      metadata,
      source: async ({ start, end }) => {
        asked.push({ start, end });
        const answer = left.shift() ?? end - start;
        if (typeof answer !== 'number') {
          throw new DownloadError('permanent', answer.message, { cause: answer });
        }
        return Readable.from([content.subarray(start, start + answer)]);
      },
      close: () => undefined,
    };
  };
  const log = jsonLog(
    () => undefined,
    () => new Date(0),
  );
  const deps = {
    store: { open },
    unpackers: unpackerPool(undefined),
    queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/work',
    log,
  };
  const request = {
    object: { ...OBJECT, sizeBytes },
    paths: { ...paths, ...(objectFile === undefined ? {} : { objectFile }) },
    unpackLimits: isArchive ? { entries: 10, bytes: 1_000 } : undefined,
  };
  return { asked, paths, fetched: fetchObject(deps, request, world.signal ?? new AbortController().signal) };
}

const named = (name: string) => Object.assign(new Error('the message'), { name });

test('an object becomes a file, and the folders for input and output are there', async () => {
  const { fetched, paths } = fetchFrom({ sizeBytes: 10 });

  expect(await fetched).toEqual({ kind: 'fetched', bytes: 10 });
  expect(readFileSync(paths.objectFile)).toEqual(CONTENT);
  expect(existsSync(paths.outputFolder)).toBe(true);
});

test('an object without a byte becomes an empty file', async () => {
  const { fetched, paths } = fetchFrom({ content: Buffer.alloc(0) });

  expect(await fetched).toEqual({ kind: 'fetched', bytes: 0 });
  expect(readFileSync(paths.objectFile)).toHaveLength(0);
});

test('a download that is cut goes on where it stopped', async () => {
  const { fetched, paths, asked } = fetchFrom({ answers: [4, 3] });

  expect(await fetched).toEqual({ kind: 'fetched', bytes: 10 });
  expect(asked.map(({ start }) => start)).toEqual([0, 4, 7]);
  expect(readFileSync(paths.objectFile)).toEqual(CONTENT);
});

test('a download that is cut four times has failed', async () => {
  const { fetched } = fetchFrom({ answers: [1, 1, 1, 1] });

  await expect(fetched).rejects.toMatchObject({
    code: 'INPUT_UNAVAILABLE',
    message: expect.stringContaining('The download was cut short at 4 of 10 bytes'),
  });
});

test.each([
  ['is an output of a worker', { metadata: { 'overtime-source': 's3://b/scene.zip' } }, 'output'],
  ['is gone', { opens: named('NoSuchKey') }, 'gone'],
  ['was written over', { opens: named('PreconditionFailed') }, 'superseded'],
  ['was written over while it was downloaded', { answers: [4, named('PreconditionFailed')] }, 'superseded'],
])('an object that %s is no work', async (_, world, reason) => {
  expect(await fetchFrom(world).fetched).toEqual({ kind: 'skipped', reason });
});

test.each([
  ['access is denied', { opens: named('AccessDenied') }, 'INPUT_UNAVAILABLE', /could not be downloaded: AccessDenied/],
  ['it has another size', { sizeBytes: 11 }, 'INPUT_UNAVAILABLE', /it has 10 bytes, and the event tells of 11$/],
  ['the disk is full', { objectFile: '/dev/full' }, 'STORAGE_FULL', /ephemeralStorageGiB/],
  ['it is no zip', { isArchive: true }, 'PACKAGE_CORRUPT', /^The object s3:\/\/b\/a\/file\.txt could not be unpacked/],
])('an object fails where %s, and it is said of which', async (_, world, code, message) => {
  await expect(fetchFrom(world).fetched).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('a zip is unpacked beside itself', async () => {
  const content = Buffer.from(zipSync({ 'deep/scene.ini': strToU8('[Low]') }));
  const { fetched, paths } = fetchFrom({ content, isArchive: true });
  await fetched;

  expect(readFileSync(path.join(paths.inputFolder, 'deep/scene.ini'), 'utf8')).toBe('[Low]');
  expect(readFileSync(paths.objectFile)).toEqual(content);
});

test('a download that is cut off ends with the reason of whoever cut it off', async () => {
  const { fetched } = fetchFrom({ signal: AbortSignal.abort(new Error('stopped')) });

  await expect(fetched).rejects.toThrow('stopped');
});
