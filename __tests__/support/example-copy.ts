import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../local/cache-directory';
import { toolEnvironment } from '../../local/environment';
import { findProviderSource } from '../../local/provider-mirror';
import type { TerraformOptions } from '../../local/terraform';

const ROOT = path.resolve(__dirname, '../..');

/** An example and the modules that it uses, as a user of plain Terraform copies them. */
export interface ExampleCopy {
  /** Holds `modules` and the example, where they are in the project. */
  readonly folder: string;
  readonly terraform: TerraformOptions;
  /**
   * Changes the example's main.tf: what of it cannot be had where it is deployed.
   *
   * @throws {Error} where the example has not what is to be replaced
   */
  readonly replace: (replacements: readonly (readonly [from: string, to: string])[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * @param example such as examples/terraform
 * @param environment where it is deployed to, and the values of its variables
 */
export async function copyExample(
  example: string,
  environment: Readonly<Record<string, string>>,
): Promise<ExampleCopy> {
  const { cliConfigFile } = await findProviderSource(CACHE_DIRECTORY, process.env);
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-example-'));
  for (const each of ['modules', example]) {
    await cp(path.join(ROOT, each), path.join(folder, each), { recursive: true });
  }
  const directory = path.join(folder, example);
  const main = path.join(directory, 'main.tf');
  return {
    folder,
    terraform: {
      directory,
      env: toolEnvironment(process.env, { ...environment, TF_CLI_CONFIG_FILE: cliConfigFile }),
    },
    replace: async (replacements) => {
      let text = await readFile(main, 'utf8');
      for (const [from, to] of replacements) {
        if (!text.includes(from)) {
          throw new Error(`${example}/main.tf has no longer ${from}`);
        }
        text = text.replace(from, to);
      }
      await writeFile(main, text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
