import { spawnSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { cliConfig, findProviderSource, PROVIDER_PATH } from '../../../local/provider-mirror';

/** Go compiles it in seven minutes of one core, so that a test does not do it. */
export const OPENTOFU_FIX =
  'go -C __tests__/support/opentofu build -o "$PWD/.overtime/bin/tofu" github.com/opentofu/opentofu/cmd/tofu';

/** The program, or `undefined` where there is none. */
export const OPENTOFU = [path.join(CACHE_DIRECTORY, 'bin/tofu'), 'tofu'].find(
  (each) => spawnSync(each, ['version']).status === 0,
);

/** The same name means another registry to OpenTofu, and another folder of a mirror. */
const PROVIDER_OF_OPENTOFU = 'registry.opentofu.org/hashicorp/aws';

/**
 * Where OpenTofu takes the AWS provider from: as Terraform does, and out of the same mirror.
 *
 * @param directory gets the mirror's other name and the settings
 * @returns path for TF_CLI_CONFIG_FILE
 */
export async function openTofuProviderSource(directory: string): Promise<string> {
  const { cliConfigFile, mirror } = await findProviderSource(CACHE_DIRECTORY, process.env);
  if (mirror === undefined) {
    return cliConfigFile;
  }
  const [from, to] = [path.join(mirror, PROVIDER_PATH), path.join(directory, 'mirror', PROVIDER_OF_OPENTOFU)];
  for (const version of await readdir(from)) {
    // It follows a link that is a provider's folder for one platform, and none above that.
    await mkdir(path.join(to, version), { recursive: true });
    for (const platform of await readdir(path.join(from, version))) {
      await symlink(path.join(from, version, platform), path.join(to, version, platform));
    }
  }
  const file = path.join(directory, 'tofu.rc');
  await writeFile(file, cliConfig(path.join(directory, 'mirror'), directory, PROVIDER_OF_OPENTOFU));
  return file;
}
