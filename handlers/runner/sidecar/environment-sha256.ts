import { createHash } from 'node:crypto';

/**
 * One hash of a function's variables, whatever their order: the same that Terraform finds for those that it puts into a
 * task definition, in stacks/parts/container-functions.ts. No JSON, in which Terraform and JavaScript escape other
 * characters; and Terraform's texts are all of Unicode's form C.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function environmentSha256(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables)
    .map(([name, value]) => `${name} ${sha256(value.normalize('NFC'))}`)
    .sort((one, other) => (one < other ? -1 : 1));
  return sha256(lines.join('\n'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
