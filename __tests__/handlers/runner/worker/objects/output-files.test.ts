import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { outputFiles } from '../../../../../handlers/runner/worker/objects/output-files';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-outputs-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('files are found in all folders, by name, and links to files; other things are no output', async () => {
  mkdirSync(path.join(folder, 'deep/empty'), { recursive: true });
  writeFileSync(path.join(folder, 'deep/b.png'), '123');
  writeFileSync(path.join(folder, 'a.txt'), '');
  symlinkSync('deep/b.png', path.join(folder, 'link.png'));
  symlinkSync('no such file', path.join(folder, 'broken'));
  // It would never end.
  symlinkSync('.', path.join(folder, 'circle'));

  expect(await outputFiles(folder)).toEqual([
    { file: path.join(folder, 'a.txt'), name: 'a.txt', bytes: 0 },
    { file: path.join(folder, 'deep/b.png'), name: 'deep/b.png', bytes: 3 },
    { file: path.join(folder, 'link.png'), name: 'link.png', bytes: 3 },
  ]);
});

test('a folder that the command has removed holds nothing', async () => {
  expect(await outputFiles(path.join(folder, 'gone'))).toEqual([]);
});
