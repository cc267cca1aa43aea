import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { bundle, zipOf } from '../../../stacks/parts/packaged-function';

const ROOT = path.resolve(__dirname, '../../..');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-package-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A package of two files, one of which is CommonJS: esbuild names those by their path. */
function project(name: string): string {
  const root = path.join(folder, name);
  mkdirSync(path.join(root, 'src'), { recursive: true });
  writeFileSync(path.join(root, 'package.json'), '{}');
  writeFileSync(path.join(root, 'src/greeting.cjs'), "exports.greeting = (name) => 'Grüße, ' + name;");
  writeFileSync(
    path.join(root, 'src/handler.ts'),
    "import { greeting } from './greeting.cjs';\nexport const handler = async (event: { name: string }) => greeting(event.name);",
  );
  return path.join(root, 'src/handler.ts');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The hash of the zip that another process makes, in a time zone and folder of its own. */
function hashElsewhere(entry: string, timeZone: string, cwd: string): string {
  const source = `
    import { createHash } from 'node:crypto';
    import { bundle, zipOf } from ${JSON.stringify(path.join(ROOT, 'stacks/parts/packaged-function.ts'))};
    const zip = zipOf({ 'index.js': bundle(${JSON.stringify(entry)}) });
    console.log(createHash('sha256').update(zip).digest('hex'));`;
  const script = path.join(folder, `${timeZone.replaceAll('/', '-')}.ts`);
  writeFileSync(script, source);
  const { stdout, stderr } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsx'), [script], {
    cwd,
    env: { ...process.env, TZ: timeZone },
    encoding: 'utf8',
  });
  return stdout.trim() || stderr;
}

test('the bundle is one CommonJS file that exports the handler with all that it imports', async () => {
  const loaded: { exports: { handler?: (event: unknown) => Promise<unknown> } } = { exports: {} };
  new Function('module', 'exports', new TextDecoder().decode(bundle(project('run'))))(loaded, loaded.exports);

  await expect(loaded.exports.handler?.({ name: 'Ada' })).resolves.toBe('Grüße, Ada');
});

test('the bundle is the same where node_modules is a link as where it is a folder', () => {
  const library = "module.exports = (name) => 'Hello, ' + name;";
  const bundleOf = (name: string, install: (nodeModules: string) => void) => {
    const root = path.join(folder, name);
    mkdirSync(root);
    writeFileSync(path.join(root, 'package.json'), '{}');
    writeFileSync(
      path.join(root, 'handler.ts'),
      "import greet from 'greet';\nexport const handler = async () => greet('Ada');",
    );
    install(path.join(root, 'node_modules'));
    return new TextDecoder().decode(bundle(path.join(root, 'handler.ts')));
  };
  const installed = bundleOf('installed', (nodeModules) => {
    mkdirSync(path.join(nodeModules, 'greet'), { recursive: true });
    writeFileSync(path.join(nodeModules, 'greet/index.js'), library);
  });
  const linked = bundleOf('linked', (nodeModules) =>
    symlinkSync(path.join(folder, 'installed/node_modules'), nodeModules),
  );

  expect(installed).toContain('node_modules/greet/index.js');
  expect(linked).toBe(installed);
});

test('the zip holds index.js, which anybody may read, dated 1980', () => {
  const content = new TextEncoder().encode('exports.handler = async () => 1;');
  const zip = Buffer.from(zipOf({ 'index.js': content }));
  const directory = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));

  expect(unzipSync(zip)).toEqual({ 'index.js': content });
  expect((zip.readUInt32LE(directory + 38) >>> 16).toString(8)).toBe('100644');
  // 1980-01-01 12:00 as DOS counts: years since 1980, month, day; hours, minutes, half seconds.
  expect(zip.readUInt16LE(directory + 14)).toBe((0 << 9) | (1 << 5) | 1);
  expect(zip.readUInt16LE(directory + 12)).toBe(12 << 11);
});

test('the zip is the same from one time zone, folder and checkout to another', () => {
  const entry = project('one');
  const here = sha256(zipOf({ 'index.js': bundle(entry) }));

  expect(hashElsewhere(entry, 'Pacific/Apia', tmpdir())).toBe(here);
  expect(hashElsewhere(project('two'), 'UTC', ROOT)).toBe(here);
});
