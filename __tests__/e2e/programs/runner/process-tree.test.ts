import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

// A PID namespace is what a container has, and Linux gives it without an image.
const NAMESPACE = ['--map-root-user', '--pid', '--fork', '--mount-proc'];
const hasNamespaces = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;

// Each test starts a dozen processes, which a busy machine may make slow.
jest.setTimeout(600_000);

const folder = mkdtempSync(path.join(tmpdir(), 'overtime-tree-'));
const probe = path.join(folder, 'probe.js');

beforeAll(() => {
  buildSync({
    entryPoints: [path.resolve(__dirname, '../../../support/process-tree/probe.ts')],
    outfile: probe,
    bundle: true,
    platform: 'node',
    target: 'node20',
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The command of an init is its own, and then that of its only child. */
const INIT = [
  process.execPath,
  '-e',
  "require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' }).once('exit', process.exit)",
];

function inNamespace(...command: readonly string[]): unknown {
  const { stdout, stderr } = spawnSync('unshare', [...NAMESPACE, ...command], { encoding: 'utf8', timeout: 120_000 });
  if (stdout === '') {
    throw new Error(`The probe said nothing: ${stderr}`);
  }
  return JSON.parse(stdout);
}

const describeHere = hasNamespaces ? describe : describe.skip;

describeHere('in a container (Linux with unshare and PID namespaces)', () => {
  test.each([
    { title: 'that the runner is the first process of', before: [] },
    { title: 'with an init before the runner', before: INIT },
  ])('$title, a daemon without environment, group or parent is killed too', ({ before }) => {
    expect(inNamespace(...before, process.execPath, probe)).toEqual({
      before: { all: 4, marked: 2 },
      after: { all: 0, marked: 0 },
    });
  });

  test('that runs another runtime beside, the daemon is left, as it may be the other’s', () => {
    expect(inNamespace(process.execPath, probe, 'beside')).toEqual({
      before: { all: 6, marked: 4 },
      after: { all: 4, marked: 2 },
    });
  });
});
