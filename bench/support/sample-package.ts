import { createCipheriv } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

const ROOT = path.resolve(__dirname, '../..');

/** Real modules, small and many: what a Node.js function of some size consists of. */
const SOURCE_FOLDERS = ['@aws-sdk', '@smithy'].map((scope) => path.join(ROOT, 'node_modules', scope));
const SOURCE_NAME = /\.(js|json|md)$/;

/** The part of a package that is no text: native addons, models, pictures. It hardly compresses. */
const BINARY_SHARE = 0.4;
const BINARY_FILE_BYTES = 1_000_000;
const BINARY_EXTENSION = '.bin';

const BYTES_PER_MB = 1_000_000;

// A zip holds local time without a zone, in steps of two seconds: without a fixed one its bytes follow the clock.
const MODIFIED = new Date(1980, 0, 1, 12);

/** What each handler prints when its first line runs, with the time since the epoch in microseconds after it. */
export const FIRST_LINE = 'first line of the handler at';

const HANDLER = `exports.handler = async () => {
  console.log(${JSON.stringify(FIRST_LINE)}, Math.round((performance.timeOrigin + performance.now()) * 1000));
};
`;

/**
 * The zip of a function whose files are so many megabytes together, the measure that Lambda's limit of 250 MB has:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * Made once, the same bytes each time, and kept in `folder`.
 *
 * @returns its file
 */
export function samplePackage(folder: string, megabytes: number): string {
  const file = path.join(folder, `package-${megabytes}.zip`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, zipped(sampleFiles(megabytes * BYTES_PER_MB)));
    renameSync(fresh, file);
  }
  return file;
}

interface SampleFile {
  readonly name: string;
  readonly content: Buffer;
}

function* sampleFiles(totalBytes: number): Generator<SampleFile> {
  yield { name: 'index.js', content: Buffer.from(HANDLER) };
  let left = totalBytes * (1 - BINARY_SHARE);
  for (let copy = 0; left > 0; copy += 1) {
    for (const source of sourceFiles()) {
      const content = readFileSync(source.file);
      left -= content.byteLength;
      if (left < 0) {
        break;
      }
      yield { name: `node_modules/copy-${copy}/${source.name}`, content };
    }
  }
  for (let index = 0, bytes = totalBytes * BINARY_SHARE; bytes > 0; index += 1, bytes -= BINARY_FILE_BYTES) {
    yield {
      name: `assets/${index}${BINARY_EXTENSION}`,
      content: noise(Math.min(BINARY_FILE_BYTES, Math.ceil(bytes)), index),
    };
  }
}

function sourceFiles(): readonly { readonly file: string; readonly name: string }[] {
  return SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && SOURCE_NAME.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => ({ file, name: path.relative(path.dirname(folder), file) })),
  );
}

/** The same bytes for the same seed, as good as random. */
function noise(bytes: number, seed: number): Buffer {
  const key = Buffer.alloc(16);
  key.writeUInt32LE(seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

function zipped(files: Iterable<SampleFile>): Buffer {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) {
      throw error;
    }
    chunks.push(chunk);
  });
  for (const { name, content } of files) {
    // As zip does with what does not compress.
    const entry = name.endsWith(BINARY_EXTENSION) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    entry.mtime = MODIFIED;
    zip.add(entry);
    entry.push(content, true);
  }
  zip.end();
  return Buffer.concat(chunks);
}
