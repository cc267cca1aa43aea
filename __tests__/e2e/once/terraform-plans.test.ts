import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { toolEnvironment } from '../../../local/environment';
import { type LocalAws, startLocalAws } from '../../../local/local-aws';
import { findProviderSource } from '../../../local/provider-mirror';
import { runCommand } from '../../../local/run-command';
import { inventory } from '../../support/inventory';
import type { ReadingProgram } from '../../support/modules-copy';
import { commandOf, missingOf, READERS } from '../../support/readers';

const ROOT = path.resolve(__dirname, '../../..');
const DEPLOY_MILLISECONDS = 600_000;

jest.setTimeout(DEPLOY_MILLISECONDS);

/** A cluster in the account's default VPC: it is there within seconds, as it has no queue. */
const CLUSTER = `
data "aws_vpc" "default" {
  default = true
}

module "cluster" {
  source = "../modules/cluster"

  name   = var.name
  vpc_id = data.aws_vpc.default.id
}

variable "name" {
  type = string
}
`;

/**
 * What a plan is, without who made it and when. Its `planned_values` say the same as its changes, with the modules in no
 * order.
 */
interface Plan {
  readonly resource_changes: readonly unknown[];
  readonly output_changes: unknown;
}

describe('beside the Terraform on the PATH', () => {
  let aws: LocalAws;
  let folder: string;
  let terraform: ReadingProgram;

  beforeAll(async () => {
    aws = await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined });
    folder = await mkdtemp(path.join(tmpdir(), 'overtime-plans-'));
    await cp(path.join(ROOT, 'modules'), path.join(folder, 'modules'), { recursive: true });
    const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
    terraform = { command: ['terraform'], cliConfigFile };
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await aws?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** @returns what it printed, with the names that OpenTofu has for Terraform's registry put right */
  async function run({ command, cliConfigFile }: ReadingProgram, directory: string, ...args: readonly string[]) {
    const [program, ...first] = command;
    const env = toolEnvironment(process.env, { ...aws.adminEnvironment, TF_CLI_CONFIG_FILE: cliConfigFile });
    const { exitCode, stdout, stderr } = await runCommand(program, [...first, ...args], { cwd: directory, env });
    expect({ args, exitCode, said: exitCode === 0 ? '' : `${stdout}\n${stderr}` }).toEqual({
      args,
      exitCode: 0,
      said: '',
    });
    return stdout.replaceAll('registry.opentofu.org', 'registry.terraform.io');
  }

  /** Of examples/terraform, in a copy of its own. */
  async function planOf(program: ReadingProgram): Promise<Plan> {
    const directory = path.join(await mkdtemp(path.join(folder, 'plan-')), 'terraform');
    await cp(path.join(ROOT, 'examples/terraform'), directory, { recursive: true });
    await run(program, directory, 'init', '-input=false', '-no-color');
    await run(program, directory, 'plan', '-input=false', '-no-color', '-out=plan');
    return JSON.parse(await run(program, directory, 'show', '-json', 'plan')) as Plan;
  }

  describe.each(READERS)('$name', (reader) => {
    const missing = missingOf(reader);

    (missing === '' ? describe : describe.skip)(`on the same account${missing}`, () => {
      let program: ReadingProgram;

      beforeAll(async () => {
        const own = await mkdtemp(path.join(folder, 'reader-'));
        program = { command: commandOf(reader), cliConfigFile: await reader.providerSource(own) };
      });

      test('plans the same resources with the same values', async () => {
        const [here, there] = [await planOf(terraform), await planOf(program)];

        expect(there.resource_changes).toEqual(here.resource_changes);
        expect(there.output_changes).toEqual(here.output_changes);
        expect(here.resource_changes.length).toBeGreaterThan(50);
      });

      test('takes over what Terraform deployed without a change, and destroys it', async () => {
        const directory = await mkdtemp(path.join(folder, 'cluster-'));
        const name = path
          .basename(directory)
          .toLowerCase()
          .replaceAll(/[^a-z0-9-]/g, '');
        await writeFile(path.join(directory, 'main.tf'), CLUSTER);
        const take = async (who: ReadingProgram) => {
          // A lock file names the registry of who wrote it.
          await rm(path.join(directory, '.terraform.lock.hcl'), { force: true });
          await run(who, directory, 'init', '-input=false', '-no-color');
        };
        const found = async () => Object.values(await inventory(aws.adminEnvironment, name)).flat().length;
        const variables = ['-input=false', '-no-color', `-var=name=${name}`];

        await take(terraform);
        await run(terraform, directory, 'apply', '-auto-approve', ...variables);
        const made = await found();
        await take(program);
        // Ends with 2 where there is something to change: https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
        await run(program, directory, 'plan', '-detailed-exitcode', ...variables);
        await run(program, directory, 'destroy', '-auto-approve', ...variables);

        expect({ made: made > 0, left: await found() }).toEqual({ made: true, left: 0 });
      });
    });
  });
});
