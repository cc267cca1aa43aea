import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeTree } from '../../../handlers/runner/remove-tree';

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

let folder: string;

// Root may write anywhere: what others cannot remove shows to others alone.
beforeEach(() => {
  if (isRoot) {
    process.seteuid?.(NOBODY);
  }
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-tree-'));
});

afterEach(() => {
  if (isRoot) {
    process.seteuid?.(0);
  }
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['may be read alone', 0o555],
  ['may not even be read', 0o000],
])('a folder within it that %s is removed as well', async (_, mode) => {
  const tree = path.join(folder, 'tree');
  mkdirSync(path.join(tree, 'closed/deep'), { recursive: true });
  writeFileSync(path.join(tree, 'closed/deep/file'), '');
  chmodSync(path.join(tree, 'closed/deep'), mode);
  chmodSync(path.join(tree, 'closed'), mode);

  await removeTree(tree);

  expect(existsSync(tree)).toBe(false);
});

test('what a link leads to is left as it is', async () => {
  const tree = path.join(folder, 'tree');
  const other = path.join(folder, 'other');
  mkdirSync(path.join(tree, 'closed'), { recursive: true });
  mkdirSync(other);
  writeFileSync(path.join(other, 'file'), 'kept');
  symlinkSync(other, path.join(tree, 'closed/link'));
  chmodSync(path.join(tree, 'closed'), 0o555);

  await removeTree(tree);

  expect([existsSync(tree), readFileSync(path.join(other, 'file'), 'utf8')]).toEqual([false, 'kept']);
});

test('a folder that is not there is no error', async () => {
  await expect(removeTree(path.join(folder, 'gone'))).resolves.toBeUndefined();
});
