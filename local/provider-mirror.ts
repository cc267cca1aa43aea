import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AWS_PROVIDER_VERSIONS } from '../stacks/parts/versions';
import { runCommand } from './run-command';
import { isAtLeast } from './version';

/** Where Terraform keeps a provider inside a filesystem mirror's root. */
export const PROVIDER_PATH = 'registry.terraform.io/hashicorp/aws';

/**
 * Folders that are not searched. Anybody may put something into a temporary folder. Terraform's caches and working
 * folders look like a mirror, but are made of links, and Terraform refuses to install a provider from its own cache.
 */
const NOT_SEARCHED = [
  'proc',
  'sys',
  'tmp',
  'home',
  'Users',
  'node_modules',
  '.terraform',
  'plugin-cache',
  'terraform-plugins',
] as const;

const SEARCH_MILLISECONDS = 300_000;

const WRITABLE_BY_OTHERS = 0o022;

/** Terraform's command-line settings: where to look for the AWS provider, and where to keep one that it downloads. */
export interface ProviderSource {
  /** Path for TF_CLI_CONFIG_FILE. */
  readonly cliConfigFile: string;
  /** Root of the filesystem mirror that was found; `undefined` where Terraform looks as it always does. */
  readonly mirror: string | undefined;
}

/**
 * The text of a Terraform CLI configuration file:
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 *
 * @param provider its registry, namespace and name
 */
export function cliConfig(
  mirror: string | undefined,
  cacheDirectory: string,
  provider: string = PROVIDER_PATH,
): string {
  return mirror === undefined
    ? `plugin_cache_dir = ${JSON.stringify(cacheDirectory)}\n`
    : `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${provider}"]
  }
  direct {
    exclude = ["${provider}"]
  }
}
`;
}

/**
 * Where Terraform takes the AWS provider from: what the user has configured (TF_CLI_CONFIG_FILE or ~/.terraformrc), else
 * a filesystem mirror of this machine that holds a version in our range, else the registry. The mirror is searched for
 * once; the answer is kept in `directory`.
 *
 * A mirror is a program that will be run, so only one counts whose folders belong to root or to this user, and that
 * nobody else may write to.
 *
 * @param searched the folder below which a mirror may be @default '/'
 */
export async function findProviderSource(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
  searched = '/',
): Promise<ProviderSource> {
  const own = [environment['TF_CLI_CONFIG_FILE'], path.join(environment['HOME'] ?? '/nowhere', '.terraformrc')].find(
    (file) => file !== undefined && existsSync(file),
  );
  if (own !== undefined) {
    return { cliConfigFile: own, mirror: undefined };
  }
  const mirror = await findMirror(directory, environment, searched);
  const cacheDirectory = path.join(directory, 'terraform-plugins');
  const cliConfigFile = path.join(directory, 'terraform.rc');
  await mkdir(cacheDirectory, { recursive: true });
  await writeWhole(cliConfigFile, cliConfig(mirror, cacheDirectory));
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
    if (await isUsable(mirror)) {
      return mirror;
    }
  }
  for (const mirror of await search(environment, searched)) {
    if (await isUsable(mirror)) {
      await mkdir(directory, { recursive: true });
      await writeWhole(remembered, `${mirror}\n`);
      return mirror;
    }
  }
  return undefined;
}

/** Any number of callers may write at the same time, and Terraform read meanwhile: nobody sees a part of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before !== text) {
    const fresh = `${file}.${randomUUID()}`;
    await writeFile(fresh, text);
    await rename(fresh, file);
  }
}

/** One look over the disk, a few seconds; not into other file systems. */
async function search(
  environment: Readonly<Record<string, string | undefined>>,
  searched: string,
): Promise<readonly string[]> {
  const prune = NOT_SEARCHED.flatMap((name, index) => [...(index === 0 ? [] : ['-o']), '-name', name]);
  const { stdout } = await runCommand(
    'find',
    [searched, '-xdev', '(', ...prune, ')', '-prune', '-o', '-type', 'd', '-path', `*/${PROVIDER_PATH}`, '-print'],
    { env: environment, signal: AbortSignal.timeout(SEARCH_MILLISECONDS) },
  );
  return stdout
    .split('\n')
    .filter((found) => found !== '')
    .map((found) => found.slice(0, -PROVIDER_PATH.length - 1));
}

async function isUsable(mirror: string): Promise<boolean> {
  const provider = path.join(mirror, PROVIDER_PATH);
  try {
    const versions = (await readdir(provider)).filter(isInRange);
    const folders = versions.map((version) => path.join(provider, version));
    const trusted = await Promise.all([mirror, provider, ...folders].map(isOurs));
    return versions.length > 0 && trusted.every((ours) => ours);
  } catch {
    return false;
  }
}

function isInRange(version: string): boolean {
  const { oldest, firstTooNew } = AWS_PROVIDER_VERSIONS;
  return isAtLeast(version, oldest) && !isAtLeast(version, firstTooNew);
}

async function isOurs(folder: string): Promise<boolean> {
  const { uid, mode } = await stat(folder);
  return (uid === 0 || uid === process.getuid?.()) && (mode & WRITABLE_BY_OTHERS) === 0;
}
