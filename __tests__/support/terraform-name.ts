/**
 * A name as Terraform makes it unique: the prefix, 18 digits of a time, and a counter of 8. Where a test makes a role of a
 * module by hand, this has the calls of its program count as the module's (local/role-calls.ts).
 */
export function terraformName(prefix: string, counter = 1): string {
  return `${prefix}202611270000000000${String(counter).padStart(8, '0')}`;
}
