import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { findProviderSource } from '../../../local/provider-mirror';
import { MODULE_DEFINITIONS } from '../../../stacks/module-catalogue';
import { copyModules, EXAMPLES, inLanes, type ModulesCopy } from '../../support/modules-copy';
import { chosenVersions, provideTerraform } from '../../support/terraform-versions/versions';

const NAMES = MODULE_DEFINITIONS.map(({ name }) => name);

// At first use it installs 50 MB; the modules have some 150 runs of `terraform test`.
jest.setTimeout(900_000);

describe.each(chosenVersions(process.env))('Terraform %s', (version) => {
  const provided = provideTerraform(version);
  const missing = 'missing' in provided ? `, which is not here: ${provided.missing}` : '';

  (missing === '' ? describe : describe.skip)(`reads what Overtime writes${missing}`, () => {
    let copy: ModulesCopy;

    beforeAll(async () => {
      const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
      copy = await copyModules({ command: 'missing' in provided ? [''] : provided.command, cliConfigFile });
    });

    afterAll(async () => {
      await copy?.remove();
    });

    test('is that version', async () => {
      const { stdout } = await copy.run('modules', 'version', '-json');

      expect(JSON.parse(stdout)).toMatchObject({ terraform_version: expect.stringMatching(`^${version}\\.\\d+$`) });
    });

    test('every module is valid, without a warning, and so is every example', async () => {
      const directories = [...NAMES.map((name) => `modules/${name}`), ...EXAMPLES];
      const found = await inLanes(directories, async (directory) => {
        await copy.init(directory);
        return [directory, await copy.diagnostics(directory)];
      });

      expect(found).toEqual(directories.map((directory) => [directory, []]));
    });

    test('plan with their defaults and with every variable set, and refuse each wrong value', async () => {
      const results = await inLanes(NAMES, async (name) => ({ name, ...(await copy.test(name)) }));

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
});
