import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { findProviderSource } from '../../../local/provider-mirror';
import { MODULE_DEFINITIONS } from '../../../stacks/module-catalogue';
import { copyModules, EXAMPLES, expectTestsPass, type ModulesCopy, TERRAFORM_TESTS } from '../../support/modules-copy';

const ROOT = path.resolve(__dirname, '../../..');
const NAMES = MODULE_DEFINITIONS.map(({ name }) => name);

// A run of `terraform test` takes half a second, and the starter has forty of them.
jest.setTimeout(600_000);

let copy: ModulesCopy;

beforeAll(async () => {
  const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
  copy = await copyModules({ command: ['terraform'], cliConfigFile });
});

afterAll(async () => {
  await copy?.remove();
});

describe('the modules', () => {
  test.each(NAMES)('%s is valid, without a warning', async (name) => {
    await copy.init(`modules/${name}`);

    expect(await copy.diagnostics(`modules/${name}`)).toEqual([]);
  });

  test('plan with their defaults and with every variable set, and refuse each wrong value', () =>
    expectTestsPass(copy, NAMES));
});

/** All blocks of HCL of some pages, one after the other, in a folder of its own beside modules/. */
async function putExample(directory: string, pages: readonly string[]): Promise<void> {
  const texts = await Promise.all(pages.map((page) => readFile(path.join(ROOT, page), 'utf8')));
  const blocks = texts.flatMap((text) =>
    [...text.matchAll(/^```hcl\n([\s\S]*?)^```/gm)].map(([, block = '']) => block),
  );
  await mkdir(path.join(copy.folder, directory), { recursive: true });
  await writeFile(
    path.join(copy.folder, directory, 'main.tf'),
    blocks.join('\n').replaceAll('"./modules/', '"../modules/'),
  );
}

async function putCopiesSideBySide(directory: string): Promise<void> {
  await mkdir(path.join(copy.folder, directory));
  await writeFile(
    path.join(copy.folder, directory, 'main.tf'),
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
  test('the examples on each page are valid and formatted, and two copies of the module stand side by side', async () => {
    // What a page of docs/ shows goes on from the README.
    const examples = [
      ...NAMES.map((name) => [`modules/${name}/README.md`]),
      ['README.md', 'docs/queue-worker.md', 'docs/schedules.md'],
    ];
    const copies = examples.map(([first = '']) => `copy-of-${first.replaceAll(/[/.]/g, '-')}`);
    await Promise.all(examples.map((pages, index) => putExample(String(copies[index]), pages)));
    await putCopiesSideBySide('copies');
    await mkdir(path.join(copy.folder, 'all'));
    const calls = [...copies, 'copies'].map((directory) => [directory, { source: `../${directory}` }]);
    await writeFile(path.join(copy.folder, 'all/main.tf.json'), JSON.stringify({ module: Object.fromEntries(calls) }));
    await copy.init('all');

    expect(await copy.diagnostics('all')).toEqual([]);
    for (const directory of copies) {
      expect(await copy.run(directory, 'fmt', '-check', '-diff')).toMatchObject({ exitCode: 0, stdout: '' });
    }
  });

  test.each(EXAMPLES)('%s is valid and formatted', async (example) => {
    await copy.init(example);

    expect(await copy.diagnostics(example)).toEqual([]);
    expect(await copy.run(example, 'fmt', '-check', '-diff')).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

test('the tests of the modules are formatted', async () => {
  const { stdout } = await copy.run('modules', 'fmt', '-check', '-recursive', TERRAFORM_TESTS);

  expect(stdout).toBe('');
});
