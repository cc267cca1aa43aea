import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Construct } from 'constructs';
import { policyDocument, type Statement } from './policy-document';

export interface RoleProps {
  /** At most 38 characters. A prefix: a role's name counts for the whole account, and two regions may have the same. */
  readonly namePrefix: string;
  readonly description: string;
  readonly trust: Statement;
}

export function role(scope: Construct, id: string, props: RoleProps): IamRole {
  return new IamRole(scope, id, {
    namePrefix: props.namePrefix,
    description: props.description,
    assumeRolePolicy: policyDocument([props.trust]),
  });
}

/** The one policy inside a role: whoever uses the role depends on it. */
export function rolePolicy(owner: IamRole, scope: Construct, id: string, statements: readonly Statement[]) {
  return new IamRolePolicy(scope, id, { name: 'overtime', role: owner.name, policy: policyDocument(statements) });
}
