import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { merge } from '../../../../handlers/runner/package/merge';
import { HERE } from '../../../../handlers/runner/package/unpackers';
import { unzip as unzipInto } from '../../../../handlers/runner/package/unzip';
import { wholeFile } from '../../../support/whole-file';

const UNIX = 3;
const SYMLINK = 0o120777;
const signal = new AbortController().signal;
const subject = 'The package';

let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-unzip-'));
  root = path.join(folder, 'root');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function zipped(files: Readonly<Record<string, readonly [text: string, mode: number]>>): string {
  const zippable: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, [text, mode]]) => [name, [strToU8(text), { os: UNIX, attrs: mode << 16 }]]),
  );
  const file = path.join(folder, 'package.zip');
  writeFileSync(file, zipSync(zippable));
  return file;
}

/** Unpacks as the runner does: into a folder of its own in the root, and from there over what lies in the root. */
async function unzip(request: { subject: string; file: string; root: string }): Promise<void> {
  mkdirSync(request.root, { recursive: true });
  const staging = mkdtempSync(path.join(request.root, '.staging-'));
  const file = await wholeFile(request.file);
  try {
    await unzipInto({ subject: request.subject, file, root: staging, unpacker: HERE, signal });
    await merge({ subject: request.subject, from: staging, root: request.root });
  } finally {
    await file.close();
    await rm(staging, { recursive: true, force: true });
  }
}

function modeOf(name: string): string {
  return (statSync(path.join(root, name)).mode & 0o777).toString(8);
}

test('keeps folders, contents, execute permissions and symbolic links', async () => {
  const file = zipped({
    'bin/tool': ['#!/bin/sh', 0o100755],
    'lib/deep/ü.txt': ['text', 0o100644],
    'lib/link': ['../bin/tool', SYMLINK],
    secret: ['s', 0o100400],
    'empty/': ['', 0o040755],
  });

  await unzip({ subject, file, root });

  expect(readdirSync(root, { recursive: true }).map(String).sort()).toEqual([
    'bin',
    'bin/tool',
    'empty',
    'lib',
    'lib/deep',
    'lib/deep/ü.txt',
    'lib/link',
    'secret',
  ]);
  expect([modeOf('bin/tool'), modeOf('lib/deep/ü.txt'), modeOf('secret')]).toEqual(['755', '644', '600']);
  expect(readlinkSync(path.join(root, 'lib/link'))).toBe('../bin/tool');
  expect(readFileSync(path.join(root, 'lib/deep/ü.txt'), 'utf8')).toBe('text');
});

test.each([
  { title: 'a path upwards', files: { '../out.txt': ['x', 0o100644] } },
  { title: 'a path upwards in its middle', files: { 'a/../../out.txt': ['x', 0o100644] } },
  { title: 'an absolute path', files: { '/out.txt': ['x', 0o100644] } },
  { title: 'a backslash', files: { '..\\out.txt': ['x', 0o100644] } },
  { title: 'a link upwards', files: { link: ['../out', SYMLINK] } },
  { title: 'an absolute link', files: { link: ['/etc/passwd', SYMLINK] } },
  {
    title: 'a link that leads outside by way of another',
    files: { here: ['.', SYMLINK], up: ['here/..', SYMLINK], 'up/out': ['here', SYMLINK] },
  },
] as const)('refuses $title, and writes nothing outside the root', async ({ files }) => {
  await expect(unzip({ subject, file: zipped(files), root })).rejects.toMatchObject({ code: 'PACKAGE_UNSAFE' });
  expect(readdirSync(folder).sort()).toEqual(['package.zip', 'root']);
});

test.each([
  ['3 entries, where 2 are allowed', { entries: 2, bytes: 10_000 }, 'The package holds more than 2 entries.'],
  [
    '3,000 bytes, where 2,999 are allowed',
    { entries: 3, bytes: 2_999 },
    'The package holds more than 2999 bytes when it is unpacked.',
  ],
])('refuses %s, before it is written', async (_, limits, message) => {
  const text = 'x'.repeat(1_000);
  const file = await wholeFile(zipped({ a: [text, 0o100644], b: [text, 0o100644], c: [text, 0o100644] }));
  mkdirSync(root);

  await expect(unzipInto({ subject, file, root, unpacker: HERE, signal, limits })).rejects.toMatchObject({
    code: 'PACKAGE_UNSAFE',
    message,
  });
  expect(readdirSync(root)).toEqual([]);
  await file.close();
});

test('unpacks what is just within its limits', async () => {
  const file = await wholeFile(zipped({ a: ['xx', 0o100644], b: ['x', 0o100644] }));
  mkdirSync(root);
  await unzipInto({ subject, file, root, unpacker: HERE, signal, limits: { entries: 2, bytes: 3 } });

  expect(readdirSync(root)).toEqual(['a', 'b']);
  await file.close();
});

test('does not write a file through a link of the same zip', async () => {
  const file = zipped({ dir: ['other', SYMLINK], 'dir/file': ['x', 0o100644] });

  await expect(unzip({ subject, file, root })).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' });
});

test('says so when it is no zip', async () => {
  const file = path.join(folder, 'package.zip');
  writeFileSync(file, '<Error>AccessDenied</Error>');

  await expect(unzip({ subject, file, root })).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' });
});

describe('a zip with bytes before it, as a program that unpacks itself has them', () => {
  /** Looks like the table of contents, the end record and an entry of a zip, and is none of them. */
  const SCRIPT = '#!/bin/sh\nPK\x05\x06 PK\x01\x02 PK\x03\x04 exec java -jar "$0" "$@"\n';
  const FILES = { 'bin/tool': ['#!/bin/sh', 0o100755], 'a.txt': ['x'.repeat(1_000), 0o100644] } as const;

  function behind(prefix: Uint8Array, change: (zip: Buffer) => Buffer = (zip) => zip): string {
    const file = zipped(FILES);
    writeFileSync(file, Buffer.concat([prefix, change(readFileSync(file))]));
    return file;
  }

  async function unpacked(file: string): Promise<readonly string[]> {
    await rm(root, { recursive: true, force: true });
    await unzip({ subject, file, root });
    return readdirSync(root, { recursive: true }).map(String).sort();
  }

  test('is unpacked, however long they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), async (prefix) => {
        expect(await unpacked(behind(prefix))).toEqual(['a.txt', 'bin', 'bin/tool']);
        expect(readFileSync(path.join(root, 'a.txt'), 'utf8')).toBe('x'.repeat(1_000));
        expect(modeOf('bin/tool')).toBe('755');
      }),
      { numRuns: 20 },
    );
  });

  test('is unpacked where they look like parts of a zip, and where there are more than the zip has', async () => {
    const prefix = Buffer.concat([Buffer.from(SCRIPT, 'latin1'), Buffer.alloc(200_000, SCRIPT, 'latin1')]);

    expect(await unpacked(behind(prefix))).toEqual(['a.txt', 'bin', 'bin/tool']);
  });

  test('is unpacked where its offsets count them, as "zip -A" makes them do', async () => {
    const prefix = Buffer.from(SCRIPT, 'latin1');
    const counted = (zip: Buffer) => movedBy(prefix.byteLength, zip);

    expect(await unpacked(behind(prefix, counted))).toEqual(['a.txt', 'bin', 'bin/tool']);
  });

  test('is unpacked where it is large, with offsets of 64 bits', async () => {
    expect(await unpacked(behind(Buffer.from(SCRIPT, 'latin1'), asLarge))).toEqual(['a.txt', 'bin', 'bin/tool']);
  });

  test('has the same limits', async () => {
    const file = await wholeFile(behind(Buffer.from(SCRIPT, 'latin1')));
    mkdirSync(root);
    const limits = { entries: 2, bytes: 1_008 };

    await expect(unzipInto({ subject, file, root, unpacker: HERE, signal, limits })).rejects.toMatchObject({
      code: 'PACKAGE_UNSAFE',
      message: 'The package holds more than 1008 bytes when it is unpacked.',
    });
    await file.close();
  });

  test('is refused where its entries are not where it says', async () => {
    const file = zipped(FILES);
    const zip = readFileSync(file);
    writeFileSync(file, Buffer.concat([zip.subarray(0, 30), zip.subarray(60)]));

    await expect(unzip({ subject, file, root })).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' });
  });

  /** The end record, and the entries of the table of contents. */
  const endOf = (zip: Buffer) => zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  function tableOf(zip: Buffer): readonly number[] {
    const places: number[] = [];
    let place = zip.readUInt32LE(endOf(zip) + 16);
    while (zip.toString('latin1', place, place + 4) === 'PK\x01\x02') {
      places.push(place);
      place += 46 + zip.readUInt16LE(place + 28) + zip.readUInt16LE(place + 30) + zip.readUInt16LE(place + 32);
    }
    return places;
  }

  function movedBy(bytes: number, zip: Buffer): Buffer {
    const moved = Buffer.from(zip);
    for (const place of [...tableOf(zip).map((entry) => entry + 42), endOf(zip) + 16]) {
      moved.writeUInt32LE(zip.readUInt32LE(place) + bytes, place);
    }
    return moved;
  }

  /** With the records of a zip that has more entries than 16 bits can count. */
  function asLarge(zip: Buffer): Buffer {
    const end = endOf(zip);
    const count = BigInt(zip.readUInt16LE(end + 10));
    const record = Buffer.alloc(56);
    record.write('PK\x06\x06', 'latin1');
    record.writeBigUInt64LE(44n, 4);
    record.writeBigUInt64LE(count, 24);
    record.writeBigUInt64LE(count, 32);
    record.writeBigUInt64LE(BigInt(zip.readUInt32LE(end + 12)), 40);
    record.writeBigUInt64LE(BigInt(zip.readUInt32LE(end + 16)), 48);
    const locator = Buffer.alloc(20);
    locator.write('PK\x06\x07', 'latin1');
    locator.writeBigUInt64LE(BigInt(end), 8);
    locator.writeUInt32LE(1, 16);
    const small = Buffer.from(zip.subarray(end));
    small.fill(0xff, 8, 20);
    return Buffer.concat([zip.subarray(0, end), record, locator, small]);
  }
});

describe('over an earlier zip', () => {
  async function unzipBoth(first: Parameters<typeof zipped>[0], second: Parameters<typeof zipped>[0]): Promise<void> {
    await unzip({ subject: 'The first', file: zipped(first), root });
    await unzip({ subject: 'The second', file: zipped(second), root });
  }

  test('a file is replaced with its permissions, and the rest stays', async () => {
    await unzipBoth(
      { 'bin/tool': ['old', 0o100444], 'bin/other': ['other', 0o100644] },
      { 'bin/tool': ['new', 0o100755] },
    );

    expect(readFileSync(path.join(root, 'bin/tool'), 'utf8')).toBe('new');
    expect([modeOf('bin/tool'), modeOf('bin/other')]).toEqual(['755', '644']);
  });

  test('a link is replaced, not written through, and a file gives way to a link', async () => {
    await unzipBoth(
      { target: ['kept', 0o100644], one: ['target', SYMLINK], two: ['old', 0o100644] },
      { one: ['new', 0o100644], two: ['target', SYMLINK] },
    );

    expect(['target', 'one', 'two'].map((name) => readFileSync(path.join(root, name), 'utf8'))).toEqual([
      'kept',
      'new',
      'kept',
    ]);
  });

  test.each([
    { title: 'a chain of links', links: { here: ['.', SYMLINK], up: ['here/..', SYMLINK] } },
    { title: 'a link in a linked folder', links: { 'a/b/c': ['', 0o100644], d: ['a/b', SYMLINK] } },
  ] as const)('$title cannot lead a later file out of the root', async ({ links }) => {
    const unpacked = unzipBoth(links, { 'd/up': ['../../..', SYMLINK], 'up/out.txt': ['x', 0o100644] });

    await expect(unpacked).rejects.toMatchObject({ code: 'PACKAGE_UNSAFE' });
    expect(readdirSync(folder).sort()).toEqual(['package.zip', 'root']);
  });

  test('a folder does not give way to a file, and the message names which zip it was', async () => {
    const unpacked = unzipBoth({ 'a/b': ['x', 0o100644] }, { a: ['y', 0o100644] });

    await expect(unpacked).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
      message: expect.stringMatching(/^The second could not be unpacked: /),
    });
  });
});
