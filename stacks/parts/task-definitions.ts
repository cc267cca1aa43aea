import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn, TerraformIterator, TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { baseImageTasks } from './base-image-tasks';
import { type ContainerFunctions, containerFunctionTasks } from './container-functions';
import { type DeclaredTasks, ofEveryTask, runEnvironment, runnerContainer, type TaskProps } from './containers';
import type { FetchedProgram } from './fetched-program';
import type { ImageRepository } from './runner-images';
import { type RunnerRuntimes, runtimeRows } from './runtimes';
import { expression } from './terraform-text';

export interface TaskDefinitionsProps extends TaskProps {
  readonly runtimes: RunnerRuntimes;
  readonly containerFunctions: ContainerFunctions;
  readonly repository: ImageRepository;
  readonly baseImagePrefix: string;
  readonly program: FetchedProgram;
}

export interface TaskDefinitions {
  /** What the starter takes: a list of { family, runtime, architecture, function }. */
  readonly all: TerraformLocal;
  /** ARNs of the ECR repositories that hold the images of container-image functions. */
  readonly functionRepositoryArns: TerraformLocal;
}

/**
 * One task definition for each runtime, and one for each container-image function: Terraform's for_each, as the maps may
 * be variables of the generated module.
 */
export function taskDefinitions(scope: Construct, props: TaskDefinitionsProps): TaskDefinitions {
  new TerraformLocal(scope, 'runtimes', runtimeRows(props.runtimes));
  new TerraformLocal(scope, 'base_image_prefix', props.baseImagePrefix);
  const ofFunctions = containerFunctionTasks(scope, props);
  const lists = [ownImageTasks(scope, props), baseImageTasks(scope, props), ofFunctions].map(listOf);
  return {
    all: new TerraformLocal(scope, 'task_definitions', expression(`concat(${lists.join(', ')})`)),
    functionRepositoryArns: ofFunctions.repositoryArns,
  };
}

/**
 * Tasks of one container, whose image has the runner. The root file system stays writable: the runner unpacks the
 * function where Lambda has it, under /var/task and /opt, and a task's disk is thrown away with the task.
 */
function ownImageTasks(scope: Construct, props: TaskDefinitionsProps): DeclaredTasks {
  const { urls, isThere } = props.repository;
  const image = `row.image != null ? row.image : join(":", concat(local.${urls.friendlyUniqueId}, [key]))`;
  const rows = new TerraformLocal(
    scope,
    'runtimes_on_own_images',
    expression(
      `{ for key, row in local.runtimes : key => merge(row, { image = ${image} }) if row.image != null || local.${isThere.friendlyUniqueId} }`,
    ),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const task = new EcsTaskDefinition(scope, 'task', {
    ...ofEveryTask(props),
    forEach: each,
    family: `${props.name}-${each.key}`,
    cpu: each.getString('cpu'),
    memory: each.getString('memory_mib'),
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: Fn.upper(each.getString('architecture')),
    },
    containerDefinitions: Fn.jsonencode([runnerContainer(props, each.getString('image'), runEnvironment(props, {}))]),
  });
  return { rows, task, runtime: 'row.runtime', function: 'null' };
}

function listOf({ rows, task, ...fields }: DeclaredTasks): string {
  const family = `${task.terraformResourceType}.${task.friendlyUniqueId}[key].family`;
  return `[for key, row in local.${rows.friendlyUniqueId} : { family = ${family}, runtime = ${fields.runtime}, architecture = row.architecture, function = ${fields.function} }]`;
}
