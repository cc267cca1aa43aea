import { DbInstanceRoleAssociation } from '@cdktf/provider-aws/lib/db-instance-role-association';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import { RdsClusterRoleAssociation } from '@cdktf/provider-aws/lib/rds-cluster-role-association';
import { Fn, type IResolvable, Op, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { expression } from './terraform-text';

interface AssociationProps {
  readonly name: string;
  readonly engine: string;
  readonly databaseIdentifier: string;
  readonly role: IamRole;
  readonly parameterGroup: boolean | IResolvable;
  readonly mode: string;
}

const IS_MYSQL = 'startswith(local.sql.engine, "aurora-mysql")';

/** What the SQL of the module needs of a cluster of Aurora MySQL. Its defaults: no role, none active, no events. */
const SOME_PARAMETERS = [
  'aws_default_lambda_role = local.database_role_arn',
  'activate_all_roles_on_login = local.sql.engine == "aurora-mysql3" ? "1" : null',
  'event_scheduler = local.sql.mode == "outbox" ? "ON" : null',
].join(', ');
const PARAMETERS = `{ for name, value in { ${SOME_PARAMETERS} } : name => value if value != null && ${IS_MYSQL} }`;

/**
 * Gives the role to the database, as far as Terraform can. Aurora MySQL knows no feature by the name of Lambda, and the
 * provider's association asks for one: there the cluster itself names the role, in iam_roles.
 * Source: https://github.com/hashicorp/terraform-provider-aws/issues/41176 and
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.LambdaAccess.html
 */
export function associateRole(scope: Construct, props: AssociationProps): IResolvable {
  const feature = { featureName: 'Lambda', roleArn: props.role.arn };
  const onlyFor = (engine: string) => Fn.conditional(Op.eq(props.engine, engine), 1, 0);
  new RdsClusterRoleAssociation(scope, 'cluster_role', {
    ...feature,
    dbClusterIdentifier: props.databaseIdentifier,
  }).addOverride('count', onlyFor('aurora-postgresql'));
  new DbInstanceRoleAssociation(scope, 'instance_role', {
    ...feature,
    dbInstanceIdentifier: props.databaseIdentifier,
  }).addOverride('count', onlyFor('rds-postgresql'));
  return clusterParameters(scope, props);
}

/** The parameters, and where it is wanted a group that has them. */
function clusterParameters(scope: Construct, { name, role, parameterGroup }: AssociationProps): IResolvable {
  new TerraformLocal(scope, 'database_role_arn', role.arn);
  const parameters = new TerraformLocal(scope, 'cluster_parameters', expression(PARAMETERS));
  const group = new RdsClusterParameterGroup(scope, 'parameters', {
    name: `${name}-database-trigger`,
    family: expression('local.sql.engine == "aurora-mysql2" ? "aurora-mysql5.7" : "aurora-mysql8.0"'),
    description: 'What the database trigger of Overtime needs.',
  });
  new TerraformLocal(scope, 'wants_parameter_group', parameterGroup);
  group.addOverride('count', expression(`local.wants_parameter_group && ${IS_MYSQL} ? 1 : 0`));
  group.addOverride('dynamic.parameter', {
    for_each: expression('local.cluster_parameters'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's
    content: { name: '${parameter.key}', value: '${parameter.value}' },
  });
  return Token.asAny(parameters.expression);
}
