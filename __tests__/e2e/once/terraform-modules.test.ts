import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { toolEnvironment } from '../../../local/environment';
import { findProviderSource } from '../../../local/provider-mirror';
import { runCommand } from '../../../local/run-command';
import { MODULE_DEFINITIONS } from '../../../stacks/module-catalogue';

const ROOT = path.resolve(__dirname, '../../..');
const TERRAFORM_TESTS = path.join(ROOT, '__tests__/modules/examples');
const NAMES = MODULE_DEFINITIONS.map(({ name }) => name);

const EXAMPLES = [
  'terraform',
  'terraform-schedules',
  'terraform-activities',
  'terraform-database',
  'terraform-everything',
  'povray',
].map((name) => `examples/${name}`);

// A run of `terraform test` takes half a second, and the starter has forty of them.
jest.setTimeout(600_000);

let folder: string;
let env: Readonly<Record<string, string>>;

// A copy, so that what Terraform leaves behind is not in the project. Paths from one folder to another stay true.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overtime-terraform-'));
  await cp(path.join(ROOT, 'modules'), path.join(folder, 'modules'), { recursive: true });
  for (const example of EXAMPLES) {
    await cp(path.join(ROOT, example), path.join(folder, example), { recursive: true });
  }
  const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
  env = toolEnvironment(process.env, { TF_CLI_CONFIG_FILE: cliConfigFile });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function terraform(directory: string, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await runCommand('terraform', args, { cwd: path.join(folder, directory), env });
  return { exitCode, stdout, said: exitCode === 0 ? '' : `${stdout}\n${stderr}` };
}

async function init(directory: string): Promise<void> {
  const { exitCode, said } = await terraform(directory, 'init', '-backend=false', '-input=false', '-no-color');
  expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' });
}

/** Everything that `terraform validate` has to say, warnings too. */
async function diagnostics(directory: string): Promise<readonly unknown[]> {
  const { stdout } = await terraform(directory, 'validate', '-json');
  const { diagnostics: found } = JSON.parse(stdout) as { diagnostics: readonly unknown[] };
  return found;
}

interface TestMessage {
  readonly type: string;
  readonly '@message': string;
  readonly test_summary?: Readonly<Record<string, unknown>>;
}

async function terraformTest(directory: string) {
  const { stdout } = await terraform(directory, 'test', '-json');
  const messages = stdout.split('\n').map((line) => JSON.parse(line) as TestMessage);
  return {
    problems: messages.filter(({ type }) => type === 'diagnostic').map((message) => message['@message']),
    summary: messages.find(({ type }) => type === 'test_summary')?.test_summary,
  };
}

/** The `terraform test` files of a module, beside it. Answers how many runs they have. */
async function putTests(name: string): Promise<number> {
  const tests = path.join(folder, 'modules', name, 'tests');
  await cp(path.join(TERRAFORM_TESTS, name), tests, { recursive: true });
  const files = await readdir(tests);
  const texts = await Promise.all(files.map((file) => readFile(path.join(tests, file), 'utf8')));
  return texts.join('\n').match(/^run "/gm)?.length ?? 0;
}

/** A test of Terraform keeps one core busy, and takes half a gigabyte. `init`, which comes before, writes what they share. */
async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
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

describe('the modules', () => {
  test.each(NAMES)('%s is valid, without a warning', async (name) => {
    await init(`modules/${name}`);

    expect(await diagnostics(`modules/${name}`)).toEqual([]);
  });

  test('plan with their defaults and with every variable set, and refuse each wrong value', async () => {
    const results = await inLanes(NAMES, async (name) => {
      const runs = await putTests(name);
      return { name, runs, ...(await terraformTest(`modules/${name}`)) };
    });

    expect(results).toEqual(
      results.map(({ name, runs }) => ({
        name,
        runs,
        problems: [],
        summary: { status: 'pass', passed: runs, failed: 0, errored: 0, skipped: 0 },
      })),
    );
    expect(results.filter(({ runs }) => runs < 3)).toEqual([]);
  });
});

/** The first block of HCL in a file, in a folder of its own beside modules/. */
async function putExample(directory: string, file: string): Promise<void> {
  const block = /```hcl\n([\s\S]*?)```/.exec(await readFile(path.join(ROOT, file), 'utf8'))?.[1];
  await mkdir(path.join(folder, directory), { recursive: true });
  await writeFile(path.join(folder, directory, 'main.tf'), (block ?? '').replaceAll('"./modules/', '"../modules/'));
}

async function putCopiesSideBySide(directory: string): Promise<void> {
  await mkdir(path.join(folder, directory));
  await writeFile(
    path.join(folder, directory, 'main.tf'),
    `module "overtime" {
  source   = "../modules/overtime"
  for_each = toset(["day", "night"])

  name             = "overtime-\${each.key}"
  vpc_id           = "vpc-0a"
  subnet_ids       = ["subnet-0a"]
  assign_public_ip = true
}
`,
  );
}

describe('what users copy', () => {
  // As modules of one configuration: to read the provider's schema takes most of the time.
  test('the example in each README is valid and formatted, and two copies of the module stand side by side', async () => {
    const files = [...NAMES.map((name) => `modules/${name}/README.md`), 'README.md'];
    const copies = files.map((file) => `copy-of-${file.replaceAll(/[/.]/g, '-')}`);
    await Promise.all(files.map((file, index) => putExample(String(copies[index]), file)));
    await putCopiesSideBySide('copies');
    await mkdir(path.join(folder, 'all'));
    const calls = [...copies, 'copies'].map((directory) => [directory, { source: `../${directory}` }]);
    await writeFile(path.join(folder, 'all/main.tf.json'), JSON.stringify({ module: Object.fromEntries(calls) }));
    await init('all');

    expect(await diagnostics('all')).toEqual([]);
    for (const directory of copies) {
      expect(await terraform(directory, 'fmt', '-check', '-diff')).toMatchObject({ exitCode: 0, stdout: '' });
    }
  });

  test.each(EXAMPLES)('%s is valid and formatted', async (example) => {
    await init(example);

    expect(await diagnostics(example)).toEqual([]);
    expect(await terraform(example, 'fmt', '-check', '-diff')).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

test('the tests of the modules are formatted', async () => {
  const { stdout } = await runCommand('terraform', ['fmt', '-check', '-recursive', TERRAFORM_TESTS], { env });

  expect(stdout).toBe('');
});
