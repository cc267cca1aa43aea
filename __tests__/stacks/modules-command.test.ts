import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modulesCommand } from '../../stacks/modules-command';

const MODULES = path.resolve(__dirname, '../../modules');

/** All that is committed: the same as what would be generated, as __tests__/modules/generated.test.ts says. */
const files = Object.fromEntries(
  readdirSync(MODULES).flatMap((name) =>
    readdirSync(path.join(MODULES, name), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => [`${name}/${entry.name}`, new Uint8Array(readFileSync(path.join(MODULES, name, entry.name)))]),
  ),
);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-modules-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: readonly string[]) {
  const said: string[] = [];
  const exitCode = modulesCommand(args, { folder, generate: () => files, say: (line) => said.push(line) });
  return { exitCode, said };
}

test('writes every module, and has nothing to say the second time', () => {
  expect(run().said).toHaveLength(27);
  expect(run()).toEqual({ exitCode: 0, said: [] });
  expect(run('--check')).toEqual({ exitCode: 0, said: [] });
});

test('--check names each file that differs, is missing or is left over, and changes none', () => {
  run();
  const readme = path.join(folder, 'cluster/README.md');
  writeFileSync(readme, 'by hand');
  rmSync(path.join(folder, 'starter/starter.zip'));
  mkdirSync(path.join(folder, 'old'));
  writeFileSync(path.join(folder, 'old/main.tf.json'), '{}');

  expect(run('--check')).toEqual({
    exitCode: 1,
    said: [
      'modules/cluster/README.md differs from what stacks/ generates',
      'modules/starter/starter.zip is missing',
      'modules/old/main.tf.json belongs to no module',
      'Run npm run modules and commit what it writes.',
    ],
  });
  expect(readFileSync(readme, 'utf8')).toBe('by hand');
});

test('writes only what is wrong, and removes what is left over', () => {
  run();
  writeFileSync(path.join(folder, 'cluster/README.md'), 'by hand');
  writeFileSync(path.join(folder, 'cluster/variables.tf'), '');

  expect(run()).toEqual({
    exitCode: 0,
    said: ['modules/cluster/README.md written anew', 'modules/cluster/variables.tf removed'],
  });
});

test("what Terraform leaves in a module's folder is none of its business", () => {
  run();
  mkdirSync(path.join(folder, 'cluster/.terraform'));
  writeFileSync(path.join(folder, 'cluster/.terraform/modules.json'), '{}');
  writeFileSync(path.join(folder, 'cluster/.terraform.lock.hcl'), '');

  expect(run('--check')).toEqual({ exitCode: 0, said: [] });
});

test('refuses an option that it does not know', () => {
  expect(run('--chek')).toEqual({ exitCode: 2, said: ['npm run modules knows no --chek, only --check.'] });
});
