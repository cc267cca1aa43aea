import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { contentsOf } from '../../../../handlers/runner/package/contents';
import { unpackBatch } from '../../../../handlers/runner/package/unpack-batch';
import { wholeFile } from '../../../support/whole-file';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-batch-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Unpacks a whole zip as one batch, into a folder of its own. */
async function unpack(zip: Uint8Array) {
  const name = path.join(mkdtempSync(path.join(folder, 'one-')), 'package.zip');
  writeFileSync(name, zip);
  const root = path.dirname(name);
  const file = await wholeFile(name);
  try {
    const entries = [];
    for await (const some of contentsOf('The package', file)) {
      entries.push(...some);
    }
    const batch = { descriptor: file.handle.fd, readableEnd: file.bytes, root, entries, replaces: false };
    return { root, result: await unpackBatch(batch) };
  } finally {
    await file.close();
  }
}

/** Where a field of an entry stands in the zip's table of contents. */
function fieldOf(zip: Uint8Array, index: number, offset: number) {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  let at = -1;
  for (let entry = 0; entry <= index; entry += 1) {
    at = bytes.indexOf('PK\x01\x02', at + 1, 'latin1');
  }
  return { bytes, position: at + offset };
}

const CRC_OFFSET = 16;
const BYTES_OFFSET = 24;

const THREE: Zippable = { 'one.txt': strToU8('one'), 'two.txt': strToU8('two two two'), 'three.txt': strToU8('three') };

const fileArbitrary = fc.record({
  content: fc.uint8Array({ maxLength: 3_000 }),
  repeat: fc.constantFrom(0, 1, 1, 1, 40, 200),
  level: fc.constantFrom(0, 6),
} as const);

test('files come out as they went in, whatever their number, their lengths and how they are packed', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fileArbitrary, { maxLength: 40 }), async (files) => {
      const contents = files.map(({ content, repeat }) => Buffer.concat(Array(repeat).fill(content)));
      const { root, result } = await unpack(
        zipSync(
          Object.fromEntries(
            files.map(({ level }, index) => [`f${index}`, [contents[index] ?? Buffer.of(), { level }]]),
          ),
        ),
      );

      expect(result).toEqual({ kind: 'unpacked', links: [], repeated: [] });
      expect(contents.every((content, index) => readFileSync(path.join(root, `f${index}`)).equals(content))).toBe(true);
    }),
    { numRuns: 40 },
  ));

test('a checksum of the zip that is wrong keeps no file back, nor those beside it: the hash of the whole counts', async () => {
  const zip = zipSync(THREE);
  const { bytes, position } = fieldOf(zip, 1, CRC_OFFSET);
  bytes.writeUInt32LE(0, position);

  const { root, result } = await unpack(zip);

  expect(result.kind).toBe('unpacked');
  expect(Object.keys(THREE).map((name) => readFileSync(path.join(root, name), 'utf8'))).toEqual([
    'one',
    'two two two',
    'three',
  ]);
});

test('a file among many that has more bytes than the zip says is refused', async () => {
  const zip = zipSync(THREE);
  const { bytes, position } = fieldOf(zip, 1, BYTES_OFFSET);
  bytes.writeUInt32LE(4, position);

  expect((await unpack(zip)).result).toMatchObject({ kind: 'failed', reason: 'corrupt' });
});

test('of many files the one that has less bytes than the zip says is named', async () => {
  const zip = zipSync(THREE);
  const { bytes, position } = fieldOf(zip, 1, BYTES_OFFSET);
  bytes.writeUInt32LE(12, position);

  expect((await unpack(zip)).result).toEqual({
    kind: 'failed',
    reason: 'corrupt',
    message: '"two.txt" has 11 bytes or more, and the zip says 12',
  });
});

test('zips that are unpacked side by side in one thread each get their own files', async () => {
  // A large file lets the other zip go on before it is whole; the small one after it would take the other's place.
  const large = Buffer.alloc(3_000_000, 'large');
  const frames = ['a', 'b', 'c', 'd', 'e', 'f'];
  const zips = frames.map((frame) =>
    zipSync({ 'first.txt': strToU8(`first ${frame}`), large, 'last.txt': strToU8(`last ${frame}`) }),
  );

  const unpacked = await Promise.all(zips.map(unpack));

  expect(unpacked.map(({ result }) => result.kind)).toEqual(frames.map(() => 'unpacked'));
  expect(
    unpacked.map(({ root }) => ['first.txt', 'last.txt'].map((name) => readFileSync(path.join(root, name), 'utf8'))),
  ).toEqual(frames.map((frame) => [`first ${frame}`, `last ${frame}`]));
});

test('a file that deflating made larger comes out, up to what is small enough for one call', async () => {
  const lengths = Array.from({ length: 16 }, (_, index) => 262_144 - 4 * index);
  for (const length of lengths) {
    const content = randomBytes(length);
    const { root, result } = await unpack(zipSync({ content }, { level: 6 }));

    expect(result).toEqual({ kind: 'unpacked', links: [], repeated: [] });
    expect(readFileSync(path.join(root, 'content')).equals(content)).toBe(true);
  }
});
