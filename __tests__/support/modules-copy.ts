import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { toolEnvironment } from '../../local/environment';
import { runCommand } from '../../local/run-command';

const ROOT = path.resolve(__dirname, '../..');

/** Of each module its `terraform test` files. */
export const TERRAFORM_TESTS = path.join(ROOT, '__tests__/modules/examples');

export const EXAMPLES = [
  'terraform',
  'terraform-schedules',
  'terraform-activities',
  'terraform-database',
  'terraform-everything',
  'povray',
].map((name) => `examples/${name}`);

/** What reads Terraform's language: Terraform of some version, or OpenTofu. */
export interface ReadingProgram {
  /** Its file, or a name on the PATH, and what stands before its own arguments. */
  readonly command: readonly [string, ...string[]];
  /** Where it takes the AWS provider from. */
  readonly cliConfigFile: string;
}

export interface TestedModule {
  /** How many runs its files have. */
  readonly runs: number;
  readonly problems: readonly string[];
  readonly summary: Readonly<Record<string, unknown>> | undefined;
}

/** A copy of modules and examples, so that what Terraform leaves behind is not in the project. Paths between them stay true. */
export interface ModulesCopy {
  readonly folder: string;
  readonly run: (
    directory: string,
    ...args: readonly string[]
  ) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly said: string }>;
  /** Without a backend. Fails the test where the program does. */
  readonly init: (directory: string) => Promise<void>;
  /** Everything that `validate` has to say, warnings too. */
  readonly diagnostics: (directory: string) => Promise<readonly unknown[]>;
  /** Puts a module's test files beside it and runs them. */
  readonly test: (module: string) => Promise<TestedModule>;
  readonly remove: () => Promise<void>;
}

interface TestMessage {
  readonly type: string;
  readonly '@message': string;
  readonly test_summary?: Readonly<Record<string, unknown>>;
}

export async function copyModules({ command, cliConfigFile }: ReadingProgram): Promise<ModulesCopy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-terraform-'));
  for (const each of ['modules', ...EXAMPLES]) {
    await cp(path.join(ROOT, each), path.join(folder, each), { recursive: true });
  }
  const env = toolEnvironment(process.env, { TF_CLI_CONFIG_FILE: cliConfigFile });

  const run: ModulesCopy['run'] = async (directory, ...args) => {
    const [program, ...first] = command;
    const options = { cwd: path.join(folder, directory), env };
    const { exitCode, stdout, stderr } = await runCommand(program, [...first, ...args], options);
    return { exitCode, stdout, said: exitCode === 0 ? '' : `${stdout}\n${stderr}` };
  };
  return {
    folder,
    run,
    init: async (directory) => {
      const { exitCode, said } = await run(directory, 'init', '-backend=false', '-input=false', '-no-color');
      expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' });
    },
    diagnostics: async (directory) => {
      const { stdout } = await run(directory, 'validate', '-json');
      return (JSON.parse(stdout) as { readonly diagnostics: readonly unknown[] }).diagnostics;
    },
    test: async (module) => {
      const tests = path.join(folder, 'modules', module, 'tests');
      await cp(path.join(TERRAFORM_TESTS, module), tests, { recursive: true });
      const { stdout } = await run(`modules/${module}`, 'test', '-json');
      const messages = stdout.split('\n').map((line) => JSON.parse(line) as TestMessage);
      return {
        runs: await countRuns(tests),
        problems: messages.filter(({ type }) => type === 'diagnostic').map((message) => message['@message']),
        summary: messages.find(({ type }) => type === 'test_summary')?.test_summary,
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function countRuns(tests: string): Promise<number> {
  const files = await readdir(tests);
  const texts = await Promise.all(files.map((file) => readFile(path.join(tests, file), 'utf8')));
  return texts.join('\n').match(/^run "/gm)?.length ?? 0;
}

/** Runs the test files of all these modules: each has some, and all of their runs pass without a word. */
export async function expectTestsPass(copy: ModulesCopy, modules: readonly string[]): Promise<void> {
  const results = await inLanes(modules, async (name) => ({ name, ...(await copy.test(name)) }));

  expect(results).toEqual(
    results.map(({ name, runs }) => ({
      name,
      runs,
      problems: [],
      summary: { status: 'pass', passed: runs, failed: 0, errored: 0, skipped: 0 },
    })),
  );
  expect(results.filter(({ runs }) => runs < 3)).toEqual([]);
}

/** A test of Terraform keeps one core busy, and takes half a gigabyte. `init`, which comes before, writes what they share. */
export async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) {
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return results;
}
