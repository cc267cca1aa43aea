import { DataAwsLambdaFunction } from '@cdktf/provider-aws/lib/data-aws-lambda-function';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn, type MapTerraformIterator, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { type BaseImageTasksProps, type SidecarProps, sidecar } from './base-image-tasks';
import { fargateSize, matching, type Problem } from './checks';
import {
  type ContainerEnvironment,
  type DeclaredTasks,
  logConfiguration,
  ofEveryTask,
  RUNTIME_API_PORT,
  RUNTIME_CONTAINER_NAME,
  runEnvironment,
  STOP_TIMEOUT_SECONDS,
} from './containers';
import { FUNCTION_REFERENCE } from './formats';
import { healthCheck } from './health-check';
import { RUNTIME_KEY, type SizedTask, sizeOf } from './runtimes';
import { expression } from './terraform-text';

/**
 * A function that is a container image, with what Lambda's `ImageConfig` says over the image. Terraform's provider does
 * not read that: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/lambda_function
 */
export interface ContainerFunction extends SizedTask {
  /** Name or ARN of the function. */
  readonly functionName: string;
  /**
   * The version or alias whose image and environment the task has.
   *
   * @default - $LATEST
   */
  readonly qualifier?: string;
  /** @default - the image's own */
  readonly entryPoint?: readonly string[];
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** @default - the image's own */
  readonly workingDirectory?: string;
}

/** By a key that is part of the task definition's name. */
export type ContainerFunctions = Readonly<Record<string, ContainerFunction>>;

export function containerFunctionProblems(functions: ContainerFunctions | undefined): readonly Problem[] {
  if (functions === undefined || Token.isUnresolved(functions)) {
    return [];
  }
  return Object.entries(functions).flatMap(([key, one]) => [
    ...matching('key of containerFunctions', key, RUNTIME_KEY.pattern, RUNTIME_KEY.allowed),
    ...matching(
      `containerFunctions.${key}.functionName`,
      one.functionName,
      FUNCTION_REFERENCE.pattern,
      FUNCTION_REFERENCE.allowed,
    ),
    ...fargateSize(`size of containerFunctions.${key}`, sizeOf(one)),
  ]);
}

interface ContainerFunctionRow {
  readonly function_name: string;
  readonly qualifier: string | null;
  readonly entry_point: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly working_directory: string | null;
  readonly cpu: number;
  readonly memory_mib: number;
}

function functionRows(
  functions: ContainerFunctions,
): Readonly<Record<string, ContainerFunctionRow>> | ContainerFunctions {
  if (Token.isUnresolved(functions)) {
    return functions;
  }
  return Object.fromEntries(
    Object.entries(functions).map(([key, one]) => {
      const { cpu, memoryMiB } = sizeOf(one);
      const row: ContainerFunctionRow = {
        function_name: one.functionName,
        qualifier: one.qualifier ?? null,
        entry_point: one.entryPoint ?? null,
        command: one.command ?? null,
        working_directory: one.workingDirectory ?? null,
        cpu,
        memory_mib: memoryMiB,
      };
      return [key, row];
    }),
  );
}

export interface ContainerFunctionTasks extends DeclaredTasks {
  readonly repositoryArns: TerraformLocal;
}

export interface ContainerFunctionTasksProps extends BaseImageTasksProps {
  readonly containerFunctions: ContainerFunctions;
}

/**
 * What Lambda itself sets for a container-image function, but for the credentials, which the task has, and the log
 * stream, which is known to ECS alone. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const RESERVED = [
  `AWS_LAMBDA_RUNTIME_API = "127.0.0.1:${RUNTIME_API_PORT}"`,
  'AWS_LAMBDA_FUNCTION_NAME = one(regex("([^:]+)$", data.aws_lambda_function.container[key].arn))',
  'AWS_LAMBDA_FUNCTION_VERSION = data.aws_lambda_function.container[key].version',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE = tostring(data.aws_lambda_function.container[key].memory_size)',
  'AWS_LAMBDA_INITIALIZATION_TYPE = "on-demand"',
  'AWS_LAMBDA_LOG_GROUP_NAME = try(data.aws_lambda_function.container[key].logging_config[0].log_group, "")',
  `AWS_LAMBDA_LOG_STREAM_NAME = "${RUNTIME_CONTAINER_NAME}"`,
  'AWS_REGION = split(":", data.aws_lambda_function.container[key].arn)[3]',
  'AWS_DEFAULT_REGION = split(":", data.aws_lambda_function.container[key].arn)[3]',
  'LAMBDA_TASK_ROOT = "/var/task"',
  'LAMBDA_RUNTIME_DIR = "/var/runtime"',
].join(', ');

const ENVIRONMENT = `merge({ TZ = ":UTC" }, try(data.aws_lambda_function.container[key].environment[0].variables, {}), { ${RESERVED} }, try({ _HANDLER = row.command[0] }, {}))`;

/**
 * The image by its digest, so that a task runs what Lambda runs and not what the tag names by then. For a container image
 * CodeSha256 is the digest in hexadecimal, which its documentation does not say and deployment tools rely on; whatever
 * else it is, the image is named as the function names it.
 * Source: https://github.com/serverless/serverless/blob/main/lib/plugins/aws/deploy-function.js
 */
export const IMAGE =
  'can(regex("^[0-9a-f]{64}$", data.aws_lambda_function.container[key].code_sha256)) ? format("%s@sha256:%s", regex("^[^:@]+", data.aws_lambda_function.container[key].image_uri), data.aws_lambda_function.container[key].code_sha256) : data.aws_lambda_function.container[key].image_uri';

/** As handlers/runner/sidecar/environment-sha256.ts has it. A map's items come in the order of their keys. */
export const ENVIRONMENT_SHA256 =
  'sha256(join("\\n", try([for name, value in data.aws_lambda_function.container[key].environment[0].variables : join(" ", [name, sha256(value)])], [])))';

/** A private repository of ECR's, as all images of Lambda's are in: its account, region and name. */
export const ECR_URI = '"^([0-9]+)[.]dkr[.]ecr[.]([a-z0-9-]+)[.][a-z0-9.-]+/([^:@]+)"';

/**
 * Looks up the functions of `local.container_functions`: rows of ContainerFunctionRow, with more fields or none. Answers
 * those rows, each with `function` (its ARN), `image`, `architecture`, `function_environment` and `environment_sha256`.
 *
 * @param more assignments of other fields, for which Lambda is asked too
 */
export function findContainerFunctions(
  scope: Construct,
  given: TerraformLocal,
  more: readonly string[] = [],
): TerraformLocal {
  const fields = [
    'function = data.aws_lambda_function.container[key].arn',
    `image = ${IMAGE}`,
    `environment_sha256 = ${ENVIRONMENT_SHA256}`,
    'architecture = one(data.aws_lambda_function.container[key].architectures)',
    `function_environment = [for name, value in ${ENVIRONMENT} : { name = name, value = value }]`,
    ...more,
  ].join(', ');
  const each = TerraformIterator.fromMap(given.asAnyMap);
  new DataAwsLambdaFunction(scope, 'container', {
    forEach: each,
    functionName: each.getString('function_name'),
    qualifier: each.getString('qualifier'),
  });
  const rows = new TerraformLocal(
    scope,
    'container_images',
    expression(`{ for key, row in local.container_functions : key => merge(row, { ${fields} }) }`),
  );
  return rows;
}

/** Of the runner's container, where the other is a function's own image. */
export const FUNCTION_IMAGE_VARIABLES = {
  OVERTIME_RUNTIME_API_PORT: String(RUNTIME_API_PORT),
  OVERTIME_RUNTIME_CONTAINER: 'image',
} as const;

export function containerFunctionTasks(scope: Construct, props: ContainerFunctionTasksProps): ContainerFunctionTasks {
  const given = new TerraformLocal(scope, 'container_functions', functionRows(props.containerFunctions));
  const rows = findContainerFunctions(scope, given);
  // Each as often as it is used: of a list without repetitions a plan would not know how long it is.
  const repositoryArns = new TerraformLocal(
    scope,
    'function_repository_arns',
    expression(
      `[for row in values(local.container_images) : format("arn:%s:ecr:%[3]s:%[2]s:repository/%[4]s", concat([split(":", row.function)[1]], regex(${ECR_URI}, row.image))...)]`,
    ),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const task = new EcsTaskDefinition(scope, 'container_function', {
    ...ofEveryTask(props),
    forEach: each,
    family: `${props.name}-function-${each.key}`,
    cpu: each.getString('cpu'),
    memory: each.getString('memory_mib'),
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: Fn.upper(each.getString('architecture')),
    },
    ...functionImageContainers(
      props,
      each,
      runEnvironment(props, {
        ...FUNCTION_IMAGE_VARIABLES,
        OVERTIME_ENVIRONMENT_SHA256: each.getString('environment_sha256'),
        OVERTIME_IMAGE_URI: each.getString('image'),
      }),
    ),
  });
  return { rows, task, runtime: 'null', function: 'row.function', repositoryArns };
}

/**
 * Two containers: the runner's, and the function's own image with its own environment. There may be no shell in it to
 * wait with, so ECS starts it when the runner's health check finds the Runtime API listening; and no process of ours, so
 * that the runtime is the first process, to which a SIGTERM that it has no handler for does nothing. It is not
 * essential: the runner is to report how it ended before the task does.
 *
 * @param each over the rows of {@link findContainerFunctions}
 * @param environment of the runner
 */
export function functionImageContainers(
  props: SidecarProps,
  each: MapTerraformIterator,
  environment: ContainerEnvironment,
) {
  const runner = sidecar(props, environment);
  return {
    containerDefinitions: Fn.jsonencode([
      { ...runner, healthCheck: healthCheck(RUNTIME_API_PORT) },
      {
        name: RUNTIME_CONTAINER_NAME,
        image: each.getString('image'),
        essential: false,
        dependsOn: [{ containerName: runner.name, condition: 'HEALTHY' }],
        stopTimeout: STOP_TIMEOUT_SECONDS,
        entryPoint: each.getAny('entry_point'),
        command: each.getAny('command'),
        workingDirectory: each.getAny('working_directory'),
        environment: each.getAny('function_environment'),
        logConfiguration: logConfiguration(props, RUNTIME_CONTAINER_NAME),
      },
    ]),
  };
}
