import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn, type MapTerraformIterator, TerraformIterator, TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { BASE_IMAGE, BASE_IMAGE_VARIABLES, baseImageContainers } from './base-image-tasks';
import {
  ECR_URI,
  ENVIRONMENT_SHA256,
  FUNCTION_IMAGE_VARIABLES,
  findContainerFunctions,
  functionImageContainers,
  IMAGE,
} from './container-functions';
import { runnerContainer, runnerVariables } from './containers';
import { type FetchedProgram, fetchedProgram } from './fetched-program';
import { arn, type Place } from './place';
import { BASE_IMAGE_PREFIX, DEFAULT_RUNNER_IMAGES, type RunnerImages } from './runner-images';
import { expression, literal } from './terraform-text';
import type { WorkerPlace } from './worker-place';

export interface WorkerTasksProps {
  readonly region: string;
  readonly executionRoleArn: string;
  readonly logGroupName: string;
  readonly program: FetchedProgram;
  readonly baseImagePrefix: string;
  readonly runnerImages: RunnerImages;
  /** Of the runner's own images; a token, or empty where there is none. */
  readonly imageRepositoryUrl: string;
  /** Of a task definition; `each.key` may stand in it. */
  readonly family: string;
  /** What a container with the runner's own image has besides, by its row. */
  readonly ownImage: (each: MapTerraformIterator) => Readonly<Record<string, unknown>>;
}

/** What of the place every task definition has. */
type PlacedTasks = Omit<WorkerTasksProps, 'region' | 'executionRoleArn' | 'family' | 'ownImage'> & {
  readonly payloadBucket: string;
};

/** @param nodeOptions of the runner */
export function placedTasks(scope: Construct, props: WorkerPlace, nodeOptions: readonly string[]): PlacedTasks {
  const stored = { bucket: props.payloadBucketName, key: props.programKey, sha256: props.programSha256 };
  return {
    logGroupName: props.logGroupName,
    payloadBucket: props.payloadBucketName,
    program: fetchedProgram(scope, stored, nodeOptions),
    baseImagePrefix: props.baseImagePrefix ?? BASE_IMAGE_PREFIX,
    runnerImages: props.runnerImages ?? DEFAULT_RUNNER_IMAGES,
    imageRepositoryUrl: props.imageRepositoryUrl ?? '',
  };
}

/** `local.function_arns` by key, also where a name is given: that of a function of this account and region. */
export function workerFunctions(scope: Construct, rows: string): TerraformLocal {
  const named =
    'join(":", ["arn", data.aws_partition.partition.partition, "lambda", data.aws_region.region.id, data.aws_caller_identity.account.account_id, "function", row.function_name])';
  const found = `can(regex("^arn:", row.function_name)) ? row.function_name : ${named}`;
  return new TerraformLocal(
    scope,
    'function_arns',
    expression(`{ for key, row in ${rows} : key => row.function_name == null ? null : ${found} }`),
  );
}

/** Of a map of variables, those that have a value: some workers have them and others have not. */
export function thoseWithValue(variables: readonly string[]): string {
  return `{ for name, value in { ${variables.join(', ')} } : name => value if value != null }`;
}

/** Assignments of what does the work: a function of `local.function_arns`, or a command. */
export const WORK_VARIABLES = [
  'OVERTIME_FUNCTION_ARN = row.function_name == null ? null : join(":", compact([local.function_arns[key], row.qualifier]))',
  'OVERTIME_COMMAND = row.command == null ? null : jsonencode(row.command)',
] as const;

/** Fargate refuses sizes that it has not, also in a definition that could run elsewhere. */
const COMPATIBILITIES = 'row.capacity == "EC2" ? ["EC2"] : ["EC2", "FARGATE"]';

/** The tag of npm run images for a runtime: nodejs22.x on x86_64 is nodejs22-x86_64. */
const TAG = 'replace(trimsuffix(row.runtime, ".x"), ".", "")';

const list = (more: string) =>
  `[for name, value in merge(row.environment, { ${more} }) : { name = name, value = value }]`;

const assignments = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).map(([name, value]) => `${name} = ${literal(value)}`);

export interface WorkerRowsProps {
  /** Expression of a map of rows that have at least the fields of WorkerRow. */
  readonly rows: string;
  readonly region: string;
  readonly payloadBucket: string;
  /**
   * Expression of the variables that are the worker's own, over `key` and `row`: a user's never hide those that make the
   * worker what it is.
   */
  readonly environment: string;
  /** Assignments of fields besides. */
  readonly more: readonly string[];
}

/** `local.worker_rows`: what a task definition needs to know of each worker. */
export function workerRows(scope: Construct, props: WorkerRowsProps): void {
  new TerraformLocal(scope, 'worker_variables', runnerVariables(props.region, props.payloadBucket));
  const fields = [
    `environment = merge(row.environment, local.worker_variables, ${props.environment})`,
    `compatibilities = ${COMPATIBILITIES}`,
    'role_arn = row.task_role_arn == null ? aws_iam_role.worker_role[key].arn : row.task_role_arn',
    ...props.more,
  ];
  new TerraformLocal(
    scope,
    'worker_rows',
    expression(`{ for key, row in ${props.rows} : key => merge(row, { ${fields.join(', ')} }) }`),
  );
}

/**
 * `local.task_definition_arns` by key: one task definition for each row of `local.worker_rows`. It has one container,
 * where the runner's image is one's own; two, where both are AWS's base images; two, where the function is a container
 * image. Which it is stands in the configuration itself and not in what Lambda says, so that a plan knows it before there
 * is a function.
 */
export function workerTasks(scope: Construct, props: WorkerTasksProps): { readonly ownImage: EcsTaskDefinition } {
  new TerraformLocal(scope, 'base_image_prefix', props.baseImagePrefix);
  new TerraformLocal(scope, 'runner_images', props.runnerImages);
  new TerraformLocal(scope, 'image_repository_url', props.imageRepositoryUrl);
  const own = ownImage(scope, props);
  const definitions = [own, baseImages(scope, props), functionImages(scope, props)];
  const arns = definitions.map(
    ({ rows, task }) =>
      `{ for key, row in local.${rows.friendlyUniqueId} : key => ${task.terraformResourceType}.${task.friendlyUniqueId}[key].arn }`,
  );
  new TerraformLocal(scope, 'task_definition_arns', expression(`merge(${arns.join(', ')})`));
  const images = ['workers_on_own_images', 'workers_on_base_images', 'container_images'].map(
    (rows) => `values(local.${rows})[*].image`,
  );
  new TerraformLocal(
    scope,
    'images',
    expression(`concat([join("/", [local.base_image_prefix, "nodejs"])], ${images.join(', ')})`),
  );
  return { ownImage: own.task };
}

/** Of the images that are in an ECR repository; the one of no repository, whose name has no capitals, stands for others. */
export function pulledRepositoryArns(scope: Construct, place: Place): readonly string[] {
  const none = new TerraformLocal(scope, 'no_repository', arn(place, 'ecr', 'repository/NONE'));
  const found = `format("arn:%s:ecr:%[3]s:%[2]s:repository/%[4]s", concat([data.aws_partition.partition.partition], regex(${ECR_URI}, image))...)`;
  const arns = new TerraformLocal(
    scope,
    'image_repository_arns',
    expression(
      `distinct([for image in local.images : can(regex(${ECR_URI}, image)) ? ${found} : local.${none.friendlyUniqueId}])`,
    ),
  );
  return arns.asList;
}

interface Declared {
  readonly rows: TerraformLocal;
  readonly task: EcsTaskDefinition;
}

function ownImage(scope: Construct, props: WorkerTasksProps): Declared {
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
    containerDefinitions: Fn.jsonencode([{ ...container, ...props.ownImage(each) }]),
  });
  return { rows, task };
}

function baseImages(scope: Construct, props: WorkerTasksProps): Declared {
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

function functionImages(scope: Construct, props: WorkerTasksProps): Declared {
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

function logOf({ logGroupName, region }: WorkerTasksProps, each: MapTerraformIterator) {
  return { logGroupName, region, logStreamPrefix: each.key };
}

function taskDefinition(
  scope: Construct,
  id: string,
  { family, executionRoleArn }: WorkerTasksProps,
  each: MapTerraformIterator,
  containers: { readonly containerDefinitions: string; readonly volume?: { name: string }[] },
): EcsTaskDefinition {
  const task = new EcsTaskDefinition(scope, id, {
    forEach: each,
    family,
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
