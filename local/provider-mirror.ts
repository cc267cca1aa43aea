import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command';

/** Where Terraform keeps a provider inside a filesystem mirror's root. */
const PROVIDER_PATH = 'registry.terraform.io/hashicorp/aws';

/**
 * Folders that hold no mirror. Terraform's caches and working folders look like one, but are made of links to wherever
 * the provider came from, and Terraform refuses to install a provider from its own cache.
 */
const NO_MIRRORS = ['proc', 'sys', 'node_modules', '.terraform', 'plugin-cache', 'terraform-plugins'] as const;

/** Terraform's command-line settings: where to look for the AWS provider, and where to keep one that it downloads. */
export interface ProviderSource {
  /** Path for TF_CLI_CONFIG_FILE. */
  readonly cliConfigFile: string;
  /** Root of the filesystem mirror; `undefined` where the registry is asked. */
  readonly mirror: string | undefined;
}

/**
 * The text of a Terraform CLI configuration file:
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function cliConfig(mirror: string | undefined, cacheDirectory: string): string {
  return mirror === undefined
    ? `plugin_cache_dir = ${JSON.stringify(cacheDirectory)}\n`
    : `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${PROVIDER_PATH}"]
  }
  direct {
    exclude = ["${PROVIDER_PATH}"]
  }
}
`;
}

/**
 * Finds a filesystem mirror of the AWS provider on this machine's disk, once: the answer is kept in `directory`, and
 * asked for again when the mirror is no longer where it was. A configuration file that the user has set wins.
 *
 * @param searched the folder below which a mirror may be @default '/'
 */
export async function findProviderSource(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
  searched = '/',
): Promise<ProviderSource> {
  const own = environment['TF_CLI_CONFIG_FILE'];
  if (own !== undefined && existsSync(own)) {
    return { cliConfigFile: own, mirror: undefined };
  }
  const mirror = await findMirror(directory, environment, searched);
  const cacheDirectory = path.join(directory, 'terraform-plugins');
  const cliConfigFile = path.join(directory, 'terraform.rc');
  await mkdir(cacheDirectory, { recursive: true });
  await writeFile(cliConfigFile, cliConfig(mirror, cacheDirectory));
  return { cliConfigFile, mirror };
}

async function findMirror(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
  searched: string,
): Promise<string | undefined> {
  const remembered = path.join(directory, 'provider-mirror');
  if (existsSync(remembered)) {
    const mirror = (await readFile(remembered, 'utf8')).trim();
    if (existsSync(path.join(mirror, PROVIDER_PATH))) {
      return mirror;
    }
  }
  // One look over the disk, a few seconds; not into other file systems.
  const prune = NO_MIRRORS.flatMap((name, index) => [...(index === 0 ? [] : ['-o']), '-name', name]);
  const { stdout } = await runCommand(
    'find',
    [
      searched,
      '-xdev',
      '(',
      ...prune,
      ')',
      '-prune',
      '-o',
      '-type',
      'd',
      '-path',
      `*/${PROVIDER_PATH}`,
      '-print',
      '-quit',
    ],
    { env: environment },
  );
  const found = stdout.split('\n')[0];
  if (found === undefined || found === '') {
    return undefined;
  }
  const mirror = found.slice(0, -PROVIDER_PATH.length - 1);
  await mkdir(directory, { recursive: true });
  await writeFile(remembered, `${mirror}\n`);
  return mirror;
}
