import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn, type MapTerraformIterator, TerraformIterator, TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { BASE_IMAGE, BASE_IMAGE_VARIABLES, baseImageContainers } from './base-image-tasks';
import {
  ENVIRONMENT_SHA256,
  FUNCTION_IMAGE_VARIABLES,
  findContainerFunctions,
  functionImageContainers,
  IMAGE,
} from './container-functions';
import { runnerContainer, runnerVariables } from './containers';
import type { FetchedProgram } from './fetched-program';
import type { RunnerImages } from './runner-images';
import { expression, literal } from './terraform-text';

export interface ActivityTasksProps {
  readonly name: string;
  readonly region: string;
  readonly executionRoleArn: string;
  readonly logGroupName: string;
  readonly payloadBucket: string;
  readonly program: FetchedProgram;
  readonly baseImagePrefix: string;
  readonly runnerImages: RunnerImages;
  /** Of the runner's own images; a token, or empty where there is none. */
  readonly imageRepositoryUrl: string;
}

export interface ActivityTasks {
  /** Expression of the ARN of the task definition of `each.key`. */
  readonly taskDefinitionArn: string;
  /** URIs of the images of workers and functions, those of AWS apart. */
  readonly images: TerraformLocal;
}

/** The functions' ARNs, also where a name is given: that of a function of this account and region. */
export const FUNCTION_ARNS =
  '{ for key, row in local.activities : key => row.function_name == null ? null : can(regex("^arn:", row.function_name)) ? row.function_name : join(":", ["arn", data.aws_partition.partition.partition, "lambda", data.aws_region.region.id, data.aws_caller_identity.account.account_id, "function", row.function_name]) }';

/** Those that some workers have and others have not. */
const OPTIONAL_VARIABLES = [
  'OVERTIME_FUNCTION_ARN = row.function_name == null ? null : join(":", compact([local.function_arns[key], row.qualifier]))',
  'OVERTIME_COMMAND = row.command == null ? null : jsonencode(row.command)',
  'OVERTIME_IDLE_SECONDS = row.idle_seconds == null ? null : tostring(row.idle_seconds)',
].join(', ');

/** A user's own never hide those that make the worker what it is. */
const ENVIRONMENT = `merge(row.environment, local.worker_variables, { ${[
  'OVERTIME_ACTIVITY_ARN = aws_sfn_activity.activity[key].id',
  'OVERTIME_CONCURRENCY = tostring(row.concurrency)',
  'OVERTIME_HEARTBEAT_SECONDS = tostring(row.heartbeat_seconds)',
  'OVERTIME_TIMEOUT_SECONDS = tostring(row.timeout_seconds)',
].join(', ')} }, { for name, value in { ${OPTIONAL_VARIABLES} } : name => value if value != null })`;

/** Fargate refuses sizes that it has not, also in a definition that could run elsewhere. */
const COMPATIBILITIES = 'row.capacity == "EC2" ? ["EC2"] : ["EC2", "FARGATE"]';

/** The tag of npm run images for a runtime: nodejs22.x on x86_64 is nodejs22-x86_64. */
const TAG = 'replace(trimsuffix(row.runtime, ".x"), ".", "")';

const list = (more: string) =>
  `[for name, value in merge(row.environment, { ${more} }) : { name = name, value = value }]`;

const assignments = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).map(([name, value]) => `${name} = ${literal(value)}`);

/**
 * One task definition for each activity: of one container, where the runner's image is one's own; of two, where both are
 * AWS's base images; of two, where the function is a container image. Which it is stands in the configuration itself and
 * not in what Lambda says, so that a plan knows it before there is a function.
 */
export function activityTasks(scope: Construct, props: ActivityTasksProps): ActivityTasks {
  new TerraformLocal(scope, 'base_image_prefix', props.baseImagePrefix);
  new TerraformLocal(scope, 'runner_images', props.runnerImages);
  new TerraformLocal(scope, 'image_repository_url', props.imageRepositoryUrl);
  new TerraformLocal(scope, 'worker_variables', runnerVariables(props.region, props.payloadBucket));
  new TerraformLocal(
    scope,
    'worker_rows',
    expression(
      `{ for key, row in local.activities : key => merge(row, { environment = ${ENVIRONMENT}, compatibilities = ${COMPATIBILITIES}, role_arn = row.task_role_arn == null ? aws_iam_role.worker_role[key].arn : row.task_role_arn }) }`,
    ),
  );
  const definitions = [ownImage(scope, props), baseImages(scope, props), functionImages(scope, props)];
  const arns = definitions.map(
    ({ rows, task }) =>
      `{ for key, row in local.${rows.friendlyUniqueId} : key => ${task.terraformResourceType}.${task.friendlyUniqueId}[key].arn }`,
  );
  new TerraformLocal(scope, 'task_definition_arns', expression(`merge(${arns.join(', ')})`));
  const images = ['workers_on_own_images', 'workers_on_base_images', 'container_images'].map(
    (rows) => `values(local.${rows})[*].image`,
  );
  return {
    taskDefinitionArn: expression('local.task_definition_arns[each.key]'),
    images: new TerraformLocal(
      scope,
      'images',
      expression(`concat([join("/", [local.base_image_prefix, "nodejs"])], ${images.join(', ')})`),
    ),
  };
}

interface Declared {
  readonly rows: TerraformLocal;
  readonly task: EcsTaskDefinition;
}

function ownImage(scope: Construct, props: ActivityTasksProps): Declared {
  const image = `row.image != null ? row.image : join(":", [local.image_repository_url, join("-", [${TAG}, row.architecture])])`;
  const rows = new TerraformLocal(
    scope,
    'workers_on_own_images',
    expression(
      `{ for key, row in local.worker_rows : key => merge(row, { image = ${image}, environment = ${list('')} }) if row.package_type != "Image" && (row.image != null || local.runner_images == "repository") }`,
    ),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const container = runnerContainer(logOf(props, each), each.getString('image'), each.getAny('environment'));
  const task = taskDefinition(scope, 'worker', props, each, {
    containerDefinitions: Fn.jsonencode([{ ...container, command: each.getAny('commands') }]),
  });
  return { rows, task };
}

function baseImages(scope: Construct, props: ActivityTasksProps): Declared {
  const variables = [...assignments(BASE_IMAGE_VARIABLES), 'OVERTIME_RUNTIME = row.runtime'].join(', ');
  const rows = new TerraformLocal(
    scope,
    'workers_on_base_images',
    expression(
      `{ for key, row in local.worker_rows : key => merge(row, { image = ${BASE_IMAGE}, environment = ${list(variables)} }) if row.package_type != "Image" && row.image == null && local.runner_images == "public" }`,
    ),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const sidecar = { ...props, ...logOf(props, each) };
  const containers = baseImageContainers(scope, sidecar, each.getString('image'), each.getAny('environment'));
  return { rows, task: taskDefinition(scope, 'worker_on_base_images', props, each, containers) };
}

function functionImages(scope: Construct, props: ActivityTasksProps): Declared {
  const config = ['entry_point', 'command', 'working_directory'].map(
    (field) => `${field} = try(row.image_config.${field}, null)`,
  );
  const given = new TerraformLocal(
    scope,
    'container_functions',
    expression(
      `{ for key, row in local.worker_rows : key => merge(row, { ${config.join(', ')} }) if row.package_type == "Image" }`,
    ),
  );
  const found = [`OVERTIME_ENVIRONMENT_SHA256 = ${ENVIRONMENT_SHA256}`, `OVERTIME_IMAGE_URI = ${IMAGE}`];
  const variables = [...assignments(FUNCTION_IMAGE_VARIABLES), ...found].join(', ');
  const rows = findContainerFunctions(scope, given, [`environment = ${list(variables)}`]);
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const sidecar = { ...props, ...logOf(props, each) };
  const containers = functionImageContainers(sidecar, each, each.getAny('environment'));
  return { rows, task: taskDefinition(scope, 'worker_of_image', props, each, containers) };
}

function logOf({ logGroupName, region }: ActivityTasksProps, each: MapTerraformIterator) {
  return { logGroupName, region, logStreamPrefix: each.key };
}

function taskDefinition(
  scope: Construct,
  id: string,
  { name, executionRoleArn }: ActivityTasksProps,
  each: MapTerraformIterator,
  containers: { readonly containerDefinitions: string; readonly volume?: { name: string }[] },
): EcsTaskDefinition {
  const task = new EcsTaskDefinition(scope, id, {
    forEach: each,
    family: `${name}-activity-${each.key}`,
    requiresCompatibilities: each.getList('compatibilities'),
    networkMode: 'awsvpc',
    executionRoleArn,
    taskRoleArn: each.getString('role_arn'),
    cpu: each.getString('cpu'),
    memory: each.getString('memory_mib'),
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: Fn.upper(each.getString('architecture')) },
    ...containers,
  });
  // CDKTF takes one block or none, and Terraform alone knows which: of null the list is empty.
  task.addOverride('dynamic.ephemeral_storage', {
    for_each: expression('each.value.ephemeral_storage_gib[*]'),
    content: { size_in_gib: expression('ephemeral_storage.value') },
  });
  return task;
}
