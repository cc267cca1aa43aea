/** Variables of the developer's own shell that a program against the local AWS must not see. */
const FOREIGN = /^(AWS_|TF_|CDKTF_)/;

/**
 * The environment of Terraform and other tools against the local AWS: the developer's own, without any AWS or Terraform
 * setting of theirs, so that no command can reach a real account, plus `local`.
 */
export function toolEnvironment(
  own: NodeJS.ProcessEnv,
  local: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(own).flatMap(([name, value]) =>
    value === undefined || FOREIGN.test(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    // No look for newer versions of Terraform: https://developer.hashicorp.com/terraform/cli/commands#upgrade-and-security-bulletin-checks
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    // Terraform and its provider read tens of megabytes of schema and end: a fifth of their time went into collecting garbage.
    GOGC: '400',
    ...local,
  };
}
