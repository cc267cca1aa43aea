import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MODULE_DEFINITIONS } from '../../../stacks/module-catalogue';
import { copyModules, EXAMPLES, expectTestsPass, inLanes, type ModulesCopy } from '../../support/modules-copy';
import { commandOf, missingOf, READERS } from '../../support/readers';

const NAMES = MODULE_DEFINITIONS.map(({ name }) => name);

// At first use it installs 50 MB; the modules have some 150 runs of `terraform test`.
jest.setTimeout(900_000);

describe.each(READERS)('$name', (reader) => {
  const missing = missingOf(reader);

  (missing === '' ? describe : describe.skip)(`reads what Overtime writes${missing}`, () => {
    let directory: string;
    let copy: ModulesCopy;

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), 'overtime-versions-'));
      const cliConfigFile = await reader.providerSource(directory);
      copy = await copyModules({ command: commandOf(reader), cliConfigFile });
    });

    afterAll(async () => {
      await copy?.remove();
      await rm(directory, { recursive: true, force: true });
    });

    test('is of the version that is named', async () => {
      const { stdout } = await copy.run('modules', 'version', '-json');

      expect(JSON.parse(stdout)).toMatchObject({ terraform_version: expect.stringMatching(reader.version) });
    });

    test('every module is valid, without a warning, and so is every example', async () => {
      const directories = [...NAMES.map((name) => `modules/${name}`), ...EXAMPLES];
      const found = await inLanes(directories, async (each) => {
        await copy.init(each);
        return [each, await copy.diagnostics(each)];
      });

      expect(found).toEqual(directories.map((each) => [each, []]));
    });

    const mocks = reader.mocksFailBecause;
    const title = `modules plan with their defaults and with every variable set, and refuse each wrong value${mocks === undefined ? '' : `: ${mocks}`}`;

    (mocks === undefined ? test : test.skip)(title, () => expectTestsPass(copy, NAMES));
  });
});
