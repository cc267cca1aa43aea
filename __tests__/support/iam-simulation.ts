import { runSimulation } from '@cloud-copilot/iam-simulate';
import { EXAMPLE_ACCOUNT, type RoleCall } from '../../local/role-calls';
import type { Statement } from '../../stacks/parts/policy-document';

type SimulatedCall = Omit<RoleCall, 'role' | 'context'> & {
  /** Condition keys: some have several values. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
};

/** Whether IAM lets a role with these statements, and nothing else, make the call. @throws {Error} where it is no call of AWS's */
export async function isAllowed(
  statements: readonly Statement[],
  { action, resource, context }: SimulatedCall,
): Promise<boolean> {
  // Most statements are of another service: the simulator need not be asked about them.
  const relevant = statements.filter(({ Action }) => Action.some((each) => each === action || each.includes('*')));
  if (relevant.length === 0) {
    return false;
  }
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${EXAMPLE_ACCOUNT}:assumed-role/overtime/session`,
        action,
        // As if the account were ours, whatever the ARN says: else AWS asks the other side, and the role alone is looked at.
        resource: { resource, accountId: EXAMPLE_ACCOUNT },
        contextVariables: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
        ),
      },
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: relevant } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource} cannot be simulated: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}
