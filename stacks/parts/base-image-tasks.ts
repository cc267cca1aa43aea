import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn, TerraformIterator, TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import {
  type ContainerEnvironment,
  type DeclaredTasks,
  type LogProps,
  logConfiguration,
  ofEveryTask,
  RUNTIME_CONTAINER_NAME,
  runEnvironment,
  runnerContainer,
  STOP_TIMEOUT_SECONDS,
  type TaskProps,
} from './containers';
import { type FetchedProgram, NODE_BASE_IMAGE } from './fetched-program';
import type { ImageRepository } from './runner-images';
import { superviseRuntimesText } from './runner-program';
import { expression, plainText } from './terraform-text';

/** What the runner's container beside another needs. */
export interface SidecarProps extends LogProps {
  readonly baseImagePrefix: string;
  readonly program: FetchedProgram;
}

export interface BaseImageTasksProps extends TaskProps, SidecarProps {
  readonly repository: ImageRepository;
}

const CONTROL_ROOT = '/overtime';

/** Of the runner's container, where the other is AWS's base image of a runtime. */
export const BASE_IMAGE_VARIABLES = {
  OVERTIME_CONTROL_ROOT: CONTROL_ROOT,
  OVERTIME_RUNTIME_CONTAINER: 'package',
} as const;

/** As in the runner's images, and no more than a function has in Lambda. */
const RUNTIME_USER = '1000:1000';

/**
 * An image's repository and tag as AWS has them for a runtime: nodejs22.x is nodejs:22, java8.al2 is java:8.al2.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-images-lp
 */
const RUNTIME_TAG = 'join(":", regex("^([a-z]+)\\\\.?([0-9a-z.]+?)(?:\\\\.x)?$", row.runtime))';

/** Expression of the base image of `row.runtime`; `local.base_image_prefix` is part of it. */
export const BASE_IMAGE = `join("/", [local.base_image_prefix, ${RUNTIME_TAG}])`;

export function baseImageTasks(scope: Construct, props: BaseImageTasksProps): DeclaredTasks {
  const hasRepository = `local.${props.repository.isThere.friendlyUniqueId}`;
  const rows = new TerraformLocal(
    scope,
    'runtimes_on_base_images',
    expression(
      `{ for key, row in local.runtimes : key => merge(row, { image = ${BASE_IMAGE} }) if row.image == null && !${hasRepository} }`,
    ),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const task = new EcsTaskDefinition(scope, 'task_on_base_images', {
    ...ofEveryTask(props),
    forEach: each,
    family: `${props.name}-${each.key}`,
    cpu: each.getString('cpu'),
    memory: each.getString('memory_mib'),
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: Fn.upper(each.getString('architecture')),
    },
    ...baseImageContainers(
      scope,
      props,
      each.getString('image'),
      runEnvironment(props, { ...BASE_IMAGE_VARIABLES, OVERTIME_RUNTIME: each.getString('runtime') }),
    ),
  });
  return { rows, task, runtime: 'row.runtime', function: 'null' };
}

/**
 * Two containers, both on AWS's base images as they are. They share loopback, as all containers of an awsvpc task do,
 * and three empty volumes of the task's own: what lies in the images under /var/task and /opt is nothing. A volume
 * belongs to root, and so does the runner's container.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html and
 * https://github.com/aws/containers-roadmap/issues/938
 *
 * The second container depends on nothing: ECS would stop it before the first, and a handler would have no time to end.
 *
 * @param image of the runtime
 * @param environment of the runner
 */
export function baseImageContainers(
  scope: Construct,
  props: SidecarProps,
  image: string,
  environment: ContainerEnvironment,
) {
  const script = new TerraformLocal(scope, 'supervise_runtimes', plainText(superviseRuntimesText()));
  return {
    volume: [{ name: 'code' }, { name: 'layers' }, { name: 'control' }],
    containerDefinitions: Fn.jsonencode([
      { ...sidecar(props, environment), mountPoints: mountPoints(false) },
      {
        name: RUNTIME_CONTAINER_NAME,
        image,
        essential: true,
        user: RUNTIME_USER,
        workingDirectory: '/var/task',
        stopTimeout: STOP_TIMEOUT_SECONDS,
        linuxParameters: { initProcessEnabled: true },
        entryPoint: ['/bin/sh', '-c'],
        command: [script.expression, 'supervise-runtimes', CONTROL_ROOT],
        mountPoints: mountPoints(true),
        logConfiguration: logConfiguration(props, RUNTIME_CONTAINER_NAME),
      },
    ]),
  };
}

/** The runner's container where the runtime has another: AWS's Node.js base image, which fetches the runner. */
export function sidecar(props: SidecarProps, environment: ContainerEnvironment) {
  return { ...runnerContainer(props, `${props.baseImagePrefix}/${NODE_BASE_IMAGE}`, environment), ...props.program };
}

/** As Lambda has it, a function cannot write to its code and layers. */
function mountPoints(isReadOnly: boolean) {
  return [
    { sourceVolume: 'code', containerPath: '/var/task', readOnly: isReadOnly },
    { sourceVolume: 'layers', containerPath: '/opt', readOnly: isReadOnly },
    { sourceVolume: 'control', containerPath: CONTROL_ROOT, readOnly: false },
  ];
}
