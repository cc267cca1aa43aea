import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
