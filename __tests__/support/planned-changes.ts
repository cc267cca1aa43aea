import { runCommand } from '../../local/run-command';
import type { TerraformOptions } from '../../local/terraform';

/** What a plan does with a resource. */
export interface PlannedChange {
  /** Of the resource in the configuration, without the keys of count and for_each. */
  readonly address: string;
  /** The module of which it is a resource, with keys: `module.everything["day"].module.overtime.module.runner`. */
  readonly module: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'move';
}

interface Message {
  readonly type: string;
  readonly '@level': string;
  readonly '@message': string;
  readonly change?: {
    readonly action: string;
    readonly resource: {
      readonly module: string;
      readonly resource: string;
      readonly resource_type: string;
      readonly resource_name: string;
    };
  };
  readonly diagnostic?: { readonly detail: string };
}

/**
 * The changes of a plan, without what is only read. The state is taken as it is.
 *
 * @throws {Error} with what Terraform said where there is no plan
 */
export async function plannedChanges(
  { directory, env }: TerraformOptions,
  args: readonly string[] = [],
): Promise<readonly PlannedChange[]> {
  const { stdout, exitCode } = await runCommand(
    'terraform',
    ['plan', '-json', '-refresh=false', '-input=false', ...args],
    { cwd: directory, env },
  );
  const messages = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Message);
  if (exitCode !== 0) {
    const errors = messages.filter((message) => message['@level'] === 'error');
    throw new Error(
      errors.map((message) => `${message['@message']}\n${message.diagnostic?.detail ?? ''}`).join('\n') || stdout,
    );
  }
  return messages.flatMap(({ type, change }) => {
    if (type !== 'planned_change' || change === undefined || change.action === 'read') {
      return [];
    }
    const { module, resource_type: resourceType, resource_name: name } = change.resource;
    const action = change.action as PlannedChange['action'];
    return [{ module, address: `${resourceType}.${name}`, action }];
  });
}
