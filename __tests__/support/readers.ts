import { CACHE_DIRECTORY } from '../../local/cache-directory';
import { findProviderSource } from '../../local/provider-mirror';
import type { ReadingProgram } from './modules-copy';
import { OPENTOFU, OPENTOFU_FIX, openTofuProviderSource } from './opentofu/opentofu';
import { chosenVersions, provideTerraform } from './terraform-versions/versions';

/** What reads Terraform's language besides the Terraform on the PATH. */
export interface Reader {
  readonly name: string;
  /** Its own word of its version. */
  readonly version: RegExp;
  readonly provided: Pick<ReadingProgram, 'command'> | { readonly missing: string };
  /** Why its mocks cannot plan the modules; `undefined` where they can. */
  readonly mocksFailBecause?: string;
  /** Path for TF_CLI_CONFIG_FILE; what it needs besides is put into the directory. */
  readonly providerSource: (directory: string) => Promise<string>;
}

export const READERS: readonly Reader[] = [
  ...chosenVersions(process.env).map((version) => ({
    name: `Terraform ${version}`,
    version: new RegExp(`^${version.replace('.', '\\.')}\\.\\d+$`),
    provided: provideTerraform(version),
    providerSource: async () => (await findProviderSource(CACHE_DIRECTORY, process.env)).cliConfigFile,
  })),
  {
    name: 'OpenTofu',
    // One that is compiled from its module calls itself a development version.
    version: /^1\.(?:9|\d\d)\.\d+(?:-dev)?$/,
    provided: OPENTOFU === undefined ? { missing: OPENTOFU_FIX } : { command: [OPENTOFU] },
    mocksFailBecause:
      'its mocks make up texts for attributes that are unknown in a plan, which the provider refuses as ARNs',
    providerSource: openTofuProviderSource,
  },
];

/** Of a reader, for the title of its tests: nothing, or why they are skipped. */
export function missingOf({ provided }: Reader): string {
  return 'missing' in provided ? `, which is not here: ${provided.missing}` : '';
}

/** @throws {Error} of a reader whose tests should have been skipped */
export function commandOf({ name, provided }: Reader): ReadingProgram['command'] {
  if ('missing' in provided) {
    throw new Error(`${name} is not here: ${provided.missing}`);
  }
  return provided.command;
}
