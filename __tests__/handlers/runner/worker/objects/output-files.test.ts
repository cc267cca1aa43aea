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

  expect(await outputFiles(folder, folder)).toEqual({
    kind: 'found',
    files: [
      { file: path.join(folder, 'a.txt'), name: 'a.txt', bytes: 0 },
      { file: path.join(folder, 'deep/b.png'), name: 'deep/b.png', bytes: 3 },
      { file: path.join(folder, 'link.png'), name: 'link.png', bytes: 3 },
    ],
  });
});

test('a folder that the command has removed holds nothing', async () => {
  expect(await outputFiles(path.join(folder, 'gone'), folder)).toEqual({ kind: 'found', files: [] });
});

describe('nothing is uploaded, and the reason is told, where', () => {
  test.each([
    ['a link leads to a file of the container', '/etc/passwd'],
    ['a link leads to the environment of a process', '/proc/self/environ'],
    ['a link leads to a folder beside, whose name begins alike', 'beside'],
  ])('%s', async (_, target) => {
    const beside = `${folder}-beside`;
    mkdirSync(beside);
    writeFileSync(path.join(beside, 'file'), 'secret');
    symlinkSync(target === 'beside' ? path.join(beside, 'file') : target, path.join(folder, 'a.txt'));
    try {
      expect(await outputFiles(folder, folder)).toEqual({
        kind: 'refused',
        reason:
          'The output "a.txt" is a link that leads out of the folder of the job: leave the files themselves there.',
      });
    } finally {
      await rm(beside, { recursive: true });
    }
  });

  test('the command has put a link in the place of the output folder', async () => {
    symlinkSync('/etc', path.join(folder, 'output'));

    expect(await outputFiles(path.join(folder, 'output'), folder)).toEqual({
      kind: 'refused',
      reason: 'The output folder is a link that leads out of the folder of the job: leave the files themselves there.',
    });
  });

  test('a name is no UTF-8, under which it could be lost', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe9]), Buffer.from('.png')]), 'picture');

    expect(await outputFiles(folder, folder)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('UTF-8'),
    });
  });
});

test('a link to the object itself, or to what it held, is an output', async () => {
  mkdirSync(path.join(folder, 'input'));
  mkdirSync(path.join(folder, 'output'));
  writeFileSync(path.join(folder, 'input/a.txt'), '12');
  symlinkSync('../input/a.txt', path.join(folder, 'output/b.txt'));

  expect(await outputFiles(path.join(folder, 'output'), folder)).toEqual({
    kind: 'found',
    files: [{ file: path.join(folder, 'output/b.txt'), name: 'b.txt', bytes: 2 }],
  });
});
