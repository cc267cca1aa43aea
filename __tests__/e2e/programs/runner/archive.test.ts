import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { stageArchive } from '../../../../handlers/runner/package/archive';
import { unpackerPool } from '../../../../handlers/runner/package/unpackers';
import { unpackThreadSource } from '../../../../images/bundle-runner';
import { type DownloadFault, type FakeAws, startFakeAws } from '../../../support/fake-aws';

jest.setTimeout(600_000);

const PART_BYTES = 100_000;
/** Files that are unpacked at once and files that are streamed; packed and as they are. 3 MB packed: threads are worth it. */
const FILES: Record<string, Buffer> = {
  'node_modules/text.js': Buffer.from('module.exports = 1;\n'.repeat(50)),
  'large/noise.bin': randomBytes(1_500_000),
  'large/text.txt': Buffer.from('the same line again\n'.repeat(100_000)),
  'large/noise-deflated.bin': randomBytes(1_500_000),
  'empty.txt': Buffer.alloc(0),
  ...Object.fromEntries(
    Array.from({ length: 600 }, (_, index) => [`many/${index % 7}/${index}.js`, Buffer.from(`exports.n = ${index};`)]),
  ),
};

const ZIP = zipSync(
  Object.fromEntries(
    Object.entries(FILES).map(([name, content]): [string, Zippable[string]] => [
      name,
      [content, { level: name === 'large/noise.bin' ? 0 : 6 }],
    ]),
  ),
);

let aws: FakeAws;
let folder: string;
let threadSource: string;
let archives = 0;

beforeAll(async () => {
  aws = await startFakeAws();
  threadSource = await unpackThreadSource();
});

afterAll(() => aws.close());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-archive-'));
});

afterEach(() => rm(folder, { recursive: true }));

interface Case {
  readonly zip?: Uint8Array;
  /** What Lambda says of it. */
  readonly said?: Uint8Array;
  readonly faults?: readonly DownloadFault[];
  readonly ignoresRanges?: boolean;
  readonly signal?: AbortSignal;
}

/** Stages a zip from the server, and tells what was asked, logged and left on the disk. */
async function stage({ zip = ZIP, said = zip, faults = [], ignoresRanges = false, signal }: Case) {
  archives += 1;
  const name = `archive-${archives}`;
  aws.layers.set(name, { package: zip, downloadFaults: [...faults], ignoresRanges });
  const unpackers = unpackerPool(threadSource);
  const logged: unknown[] = [];
  const note = (event: string, fields: unknown) => logged.push({ event, fields });
  const link = {
    url: `${aws.url}/code/${name}`,
    sha256: hashOf(said),
    bytes: said.byteLength,
  };
  const root = path.join(folder, 'root');
  try {
    const staged = await stageArchive(
      { subject: 'The package', file: path.join(folder, 'zip'), root, locate: async () => link },
      {
        clock: () => new Date(0),
        log: { debug: () => undefined, info: () => undefined, warn: note, error: note },
        unpackers,
        partBytes: PART_BYTES,
      },
      signal ?? new AbortController().signal,
    );
    return { staged, requests: requestsFor(name), logged };
  } finally {
    await unpackers.close();
  }
}

const requestsFor = (name: string) => aws.requests.filter((request) => request === `Download ${name}`).length;

const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('base64');

/** Each file's hash: what is large is compared sooner so. */
function hashesOf(files: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, hashOf(content)]));
}

function contentsOf(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), hashOf(readFileSync(file))];
    }),
  );
}

/** Every file and folder that is left, by its path. */
const leftovers = () => readdirSync(folder, { recursive: true }).map(String);

const PARTS = Math.ceil(ZIP.byteLength / PART_BYTES);

test.each<{ title: string; given: Case; requests: number; failed: number }>([
  { title: 'in parts', given: {}, requests: PARTS, failed: 0 },
  { title: 'whole, from a server that knows no ranges', given: { ignoresRanges: true }, requests: 0, failed: 0 },
  { title: 'after the link has expired', given: { faults: ['expired'] }, requests: PARTS + 1, failed: 1 },
  { title: 'after a part was cut short', given: { faults: ['cut-short'] }, requests: PARTS + 1, failed: 1 },
  { title: 'after a connection broke', given: { faults: ['reset'] }, requests: PARTS + 1, failed: 1 },
])('a package comes $title: every file is there, the zip is gone', async ({ given, requests, failed }) => {
  const { staged, requests: asked, logged } = await stage(given);

  expect(contentsOf(staged.folder)).toEqual(hashesOf(FILES));
  expect(staged.bytes).toBe(ZIP.byteLength);
  expect(readdirSync(folder)).toEqual(['root']);
  // What is there already is not asked for again; parts that were on their way may be.
  expect(asked).toBeGreaterThanOrEqual(requests);
  expect(asked).toBeLessThanOrEqual(PARTS + 8);
  expect(logged).toHaveLength(failed);
});

test('a package of other bytes than Lambda’s hash says is refused and nothing of it left, though the zip is sound', async () => {
  const other = zipSync({ 'index.js': [randomBytes(ZIP.byteLength), { level: 0 }] });
  const sameLength = Buffer.concat([other, Buffer.alloc(ZIP.byteLength)]).subarray(0, ZIP.byteLength);

  await expect(stage({ zip: sameLength, said: ZIP })).rejects.toMatchObject({
    code: 'PACKAGE_CORRUPT',
    message: expect.stringMatching(/^The package could not be downloaded: The package has \d+ bytes and SHA-256 /),
  });
  expect(leftovers()).toEqual(['root']);
});

test('bytes that were wrong once are dropped, with what was unpacked of them', async () => {
  const { staged, logged } = await stage({ faults: ['wrong-bytes'] });

  expect(contentsOf(staged.folder)).toEqual(hashesOf(FILES));
  expect(leftovers().filter((name) => /^root\/\.overtime-[^/]+$/.test(name))).toEqual([
    path.relative(folder, staged.folder),
  ]);
  expect(logged).toHaveLength(1);
});

test.each([
  { title: 'is cut off', damage: (zip: Buffer) => zip.subarray(0, zip.byteLength - 10) },
  {
    title: 'says of a file that it is smaller than it is',
    damage: (zip: Buffer) => {
      const entry = zip.lastIndexOf('large/text.txt') - 46;
      zip.writeUInt32LE(1_000_000, entry + 24);
      return zip;
    },
  },
  {
    title: 'names a place where no file begins',
    damage: (zip: Buffer) => {
      const entry = zip.lastIndexOf('many/0/0.js') - 46;
      zip.writeUInt32LE(1, entry + 42);
      return zip;
    },
  },
  {
    title: 'holds a file that does not inflate',
    damage: (zip: Buffer) => {
      const content = zip.indexOf('large/text.txt') + 'large/text.txt'.length;
      zip.fill(0xff, content, content + 100);
      return zip;
    },
  },
])('a package with the right hash that $title is PACKAGE_CORRUPT, and nothing of it is left', async ({ damage }) => {
  await expect(stage({ zip: damage(Buffer.from(ZIP)) })).rejects.toMatchObject({
    code: 'PACKAGE_CORRUPT',
    message: expect.stringMatching(/^The package could not be unpacked: /),
  });
  expect(leftovers()).toEqual(['root']);
});

test('sizes in the headers before the files do not matter, as in a zip that was written as a stream', async () => {
  const zip = Buffer.from(ZIP);
  for (let at = zip.indexOf('PK\x03\x04'); at !== -1; at = zip.indexOf('PK\x03\x04', at + 4)) {
    if (zip.subarray(at + 30, at + 35).toString() === 'many/') {
      zip.fill(0, at + 14, at + 26);
    }
  }

  const { staged } = await stage({ zip });

  expect(contentsOf(staged.folder)).toEqual(hashesOf(FILES));
});

test('of files with the same name the last in the zip counts, whichever thread was quicker', async () => {
  const large = 'x'.repeat(400_000);
  const names = ['same/a.txt', 'same/b.txt', 'same/c.txt'];
  const zip = Buffer.from(
    zipSync(
      Object.fromEntries(names.map((name, index) => [name, [Buffer.from(`${index}${index === 0 ? large : ''}`), {}]])),
    ),
  );
  for (const name of ['same/a.txt', 'same/b.txt']) {
    for (let at = zip.indexOf(name); at !== -1; at = zip.indexOf(name)) {
      zip.write('same/c.txt', at);
    }
  }

  const { staged } = await stage({ zip });

  expect(contentsOf(staged.folder)).toEqual(hashesOf({ 'same/c.txt': Buffer.from('2') }));
});

test('a download that is given up leaves nothing behind', async () => {
  const stop = new AbortController();
  const staging = stage({ faults: ['stalled', 'stalled'], signal: stop.signal });
  await aws.seen(`Download archive-${archives}`, 4);
  stop.abort(new Error('the task is stopping'));

  await expect(staging).rejects.toThrow('the task is stopping');
  expect(leftovers()).toEqual(['root']);
});
