import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Fn, type MapTerraformIterator, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { pullImages, trustEcs, trustTasks, writeLog } from './permissions';
import { arn, type Place } from './place';
import { policyDocument, type Statement } from './policy-document';
import { role, rolePolicy } from './role';
import { expression } from './terraform-text';
import { pulledRepositoryArns } from './worker-tasks';

export interface WorkerRolesProps {
  readonly place: Place;
  readonly name: string;
  /** Over the workers. */
  readonly each: MapTerraformIterator;
  /** Expression of the map of `each`: rows that have at least the fields of WorkerRow. */
  readonly rows: string;
  /** Of whom the workers are; `each.key` may stand in it. */
  readonly whose: string;
  /** What a worker does itself; `each` may stand in it. */
  readonly statements: readonly Statement[];
}

/** A role for each, also where another is given: Terraform could not tell from an ARN that is still to come. */
export function workerRoles(scope: Construct, props: WorkerRolesProps): readonly IamRolePolicyAttachment[] {
  const { name, each, whose } = props;
  const worker = new IamRole(scope, 'worker_role', {
    forEach: each,
    namePrefix: `${name}-worker-`,
    description: `The role of the workers of ${whose}.`,
    assumeRolePolicy: policyDocument([trustTasks(props.place)]),
  });
  const policy = new IamPolicy(scope, 'worker_policy', {
    forEach: each,
    namePrefix: `${name}-worker-`,
    description: `What a worker of ${whose} does itself, whatever its function may do.`,
    policy: policyDocument(props.statements),
  });
  const runner = new IamRolePolicyAttachment(scope, 'worker_runner', {
    forEach: each,
    role: expression(`${worker.terraformResourceType}.${worker.friendlyUniqueId}[each.key].name`),
    policyArn: expression(`${policy.terraformResourceType}.${policy.friendlyUniqueId}[each.key].arn`),
  });
  const given = new TerraformLocal(
    scope,
    'given_policies',
    // By position: the ARN of a policy may be one that is still to come.
    expression(
      `merge({}, [for key, row in ${props.rows} : { for index, policy in row.policy_arns : join("/", [key, index]) => { worker = key, policy = policy } }]...)`,
    ),
  );
  const eachGiven = TerraformIterator.fromMap(given.asAnyMap);
  const own = new IamRolePolicyAttachment(scope, 'worker_own', {
    forEach: eachGiven,
    role: expression(`${worker.terraformResourceType}.${worker.friendlyUniqueId}[each.value.worker].name`),
    policyArn: eachGiven.getString('policy'),
  });
  return [runner, own];
}

/** The function of a worker. None has a name with a dot: IAM takes no statement without a resource. */
export function functionOf(place: Place, functionArns: TerraformLocal, each: MapTerraformIterator): string {
  const none = arn(place, 'lambda', 'function:no.function');
  return Token.asString(Fn.coalesce([Fn.lookupNested(functionArns.fqn, [each.key]), none]));
}

export interface WorkerExecution {
  readonly roleArn: string;
  readonly policy: IamRolePolicy;
}

/** What ECS itself needs to start workers: their images, of `local.images`, and their log. */
export function workerExecution(scope: Construct, place: Place, name: string, logGroupArn: string): WorkerExecution {
  const execution = role(scope, 'execution', {
    namePrefix: `${name}-workers-`,
    description: 'Lets ECS fetch the images of Overtime workers and write their logs.',
    trust: trustEcs(),
  });
  const policy = rolePolicy(execution, scope, 'execution_policy', [
    writeLog(logGroupArn),
    ...pullImages(pulledRepositoryArns(scope, place)),
  ]);
  return { roleArn: execution.arn, policy };
}
