import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { oneFile } from '../../../stacks/parts/one-file';

const OPTIONS = { platform: 'node', target: 'node20', minifyWhitespace: true } as const;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-one-file-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program that imports one module at once, one when it is asked to, and one that both of these share. */
function project(name: string): string {
  const place = path.join(folder, name);
  mkdirSync(place);
  const files = {
    'shared.ts': 'export const loaded: string[] = [];',
    'early.ts': "import { loaded } from './shared';\nloaded.push('early');\nexport const early = () => [...loaded];",
    'late.ts':
      "import { sep } from 'node:path';\nimport { loaded } from './shared';\nloaded.push('late');\n" +
      "export const late = () => [...loaded, sep, __filename.endsWith('program.js')];\n" +
      "export function fail() { throw new Error('why'); }",
    'entry.ts':
      "import { early } from './early';\nexport { early };\n" +
      "export const late = async () => (await import('./late')).late();\n" +
      "export const fail = async () => (await import('./late')).fail();",
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(path.join(place, file), text);
  }
  return path.join(place, 'entry.ts');
}

const bundled = (entry: string) => oneFile(entry, { ...OPTIONS, absWorkingDir: path.dirname(entry) }).bytes;

function load(name: string) {
  const file = path.join(folder, name, 'program.js');
  writeFileSync(file, bundled(project(name)));
  return { file, program: createRequire(__filename)(file) };
}

test('what is imported when it is needed is loaded then, and shares what was loaded before', async () => {
  const { program } = load('lazy');

  expect(program.early()).toEqual(['early']);
  expect(await program.late()).toEqual(['early', 'late', path.sep, true]);
  expect(await program.late()).toEqual(['early', 'late', path.sep, true]);
});

test('a stack trace names the file for what was imported late', async () => {
  const { file, program } = load('fails');

  await expect(program.fail()).rejects.toMatchObject({ message: 'why', stack: expect.stringContaining(`${file}/`) });
});

test('an ES module may import by name what the program exports', async () => {
  const text = new TextDecoder().decode(bundled(project('names')));

  expect(text).toMatch(/^0&&\(module\.exports=\{early,fail,late\}\);$/m);
});

test('its bytes are the same in any folder', () => {
  expect(Buffer.from(bundled(project('here'))).equals(bundled(project('there')))).toBe(true);
});

test('a program that imports everything at once is what esbuild makes of it', () => {
  const file = path.join(folder, 'plain.ts');
  writeFileSync(file, 'export const handler = async () => 1;');

  expect(new TextDecoder().decode(oneFile(file, { ...OPTIONS, absWorkingDir: folder }).bytes)).not.toContain(
    'compileFunction',
  );
});
