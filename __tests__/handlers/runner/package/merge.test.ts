import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { merge } from '../../../../handlers/runner/package/merge';

let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-merge-'));
  root = path.join(folder, 'opt');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A folder with these files; a value that begins with -> is a link. */
function unpacked(name: string, files: Readonly<Record<string, string>>): string {
  const from = path.join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    const place = path.join(from, file);
    mkdirSync(path.dirname(place), { recursive: true });
    if (text.startsWith('->')) {
      symlinkSync(text.slice(2), place);
    } else {
      writeFileSync(place, text);
    }
  }
  return from;
}

const mergeLayer = (name: string, files: Readonly<Record<string, string>>) =>
  merge({ subject: `The layer ${name}`, from: unpacked(name, files), root });

test('a file replaces one of an earlier layer, and the rest of its folder stays', async () => {
  await mergeLayer('first', { 'lib/a': 'first', 'lib/b': 'first' });
  await mergeLayer('second', { 'lib/a': 'second' });

  expect(['lib/a', 'lib/b'].map((file) => readFileSync(path.join(root, file), 'utf8'))).toEqual(['second', 'first']);
});

test('a link that stays inside where it was is refused where an earlier layer’s link takes it outside', async () => {
  // In the second layer ../outside is beside deep, and so inside; where deep is the root itself it is not.
  await mergeLayer('first', { 'lib/x': 'x', deep: '->.' });

  await expect(mergeLayer('second', { 'deep/link': '->../outside' })).rejects.toMatchObject({
    code: 'PACKAGE_UNSAFE',
    message: expect.stringContaining('it is a symbolic link that leads outside the package'),
  });
  expect(existsSync(path.join(root, 'link'))).toBe(false);
});

test('a link that stays inside, wherever an earlier layer’s link takes it, is kept', async () => {
  await mergeLayer('first', { 'lib/x': 'x', deep: '->lib' });
  await mergeLayer('second', { 'deep/link': '->x' });

  expect(readlinkSync(path.join(root, 'lib/link'))).toBe('x');
});

test('a folder that meets a file is a corrupt package', async () => {
  await mergeLayer('first', { lib: 'a file' });

  await expect(mergeLayer('second', { 'lib/x': 'x' })).rejects.toMatchObject({ code: 'PACKAGE_CORRUPT' });
});
