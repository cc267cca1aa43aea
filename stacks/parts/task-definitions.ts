import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { type RunnerRuntimes, runtimeRows } from './runtimes';

/** Name of the runner's container in every task definition. */
export const CONTAINER_NAME = 'runner';

/**
 * How long a task has from SIGTERM to SIGKILL: the most that Fargate gives, as a run that is interrupted needs each second.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const STOP_TIMEOUT_SECONDS = 120;

export interface TaskDefinitionsProps {
  readonly name: string;
  readonly runtimes: RunnerRuntimes;
  /** Where a runtime's image is that names none; `undefined` when each names its own. */
  readonly imageRepositoryUrl: string | undefined;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly logGroupName: string;
  readonly region: string;
  readonly ledgerTable: string;
  readonly payloadBucket: string;
}

/**
 * One task definition for each runtime: Terraform's for_each, as the map may be a variable of the generated module.
 * Answers what the starter takes: a list of { family, runtime, architecture }.
 */
export function taskDefinitions(scope: Construct, props: TaskDefinitionsProps): TerraformLocal {
  const runtimes = new TerraformLocal(scope, 'runtimes', runtimeRows(props.runtimes));
  const each = TerraformIterator.fromMap(runtimes.asAnyMap);
  const image = imageOf(each.key, each.getString('image'), props.imageRepositoryUrl);

  const task = new EcsTaskDefinition(scope, 'task', {
    forEach: each,
    family: `${props.name}-${each.key}`,
    requiresCompatibilities: ['EC2', 'FARGATE'],
    networkMode: 'awsvpc',
    cpu: each.getString('cpu'),
    memory: each.getString('memory_mib'),
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: Fn.upper(each.getString('architecture')),
    },
    executionRoleArn: props.executionRoleArn,
    taskRoleArn: props.taskRoleArn,
    containerDefinitions: Fn.jsonencode([runnerContainer(props, image)]),
  });

  return new TerraformLocal(
    scope,
    'task_definitions',
    each.dynamic({
      family: Fn.lookupNested(task.fqn, [each.key, 'family']),
      runtime: each.getString('runtime'),
      architecture: each.getString('architecture'),
    }),
  );
}

function imageOf(key: string, image: string, repositoryUrl: string | undefined): string {
  return repositoryUrl === undefined ? image : Token.asString(Fn.coalesce([image, Fn.join(':', [repositoryUrl, key])]));
}

/**
 * The root file system stays writable: the runner unpacks the function where Lambda has it, under /var/task and /opt,
 * and a task's disk is thrown away with the task. No port, no limit of its own: the container gets the whole task.
 */
function runnerContainer(props: TaskDefinitionsProps, image: string) {
  return {
    name: CONTAINER_NAME,
    image,
    essential: true,
    stopTimeout: STOP_TIMEOUT_SECONDS,
    // Reaps what a function's processes leave behind, and passes SIGTERM on.
    linuxParameters: { initProcessEnabled: true },
    environment: environmentOf({
      // Fargate sets it by itself; ECS on EC2 does not.
      AWS_REGION: props.region,
      OVERTIME_LEDGER_TABLE: props.ledgerTable,
      OVERTIME_PAYLOAD_BUCKET: props.payloadBucket,
      OVERTIME_STOP_TIMEOUT_SECONDS: String(STOP_TIMEOUT_SECONDS),
    }),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': props.logGroupName,
        'awslogs-region': props.region,
        'awslogs-stream-prefix': CONTAINER_NAME,
        // In blocking mode a program stands still in its next write when CloudWatch Logs does not answer, the runner
        // with it, and no deadline would be kept. Lines are lost only when this buffer, larger than the default, is full.
        // Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
        mode: 'non-blocking',
        'max-buffer-size': '25m',
      },
    },
  };
}

/** Sorted, as ECS would take another order for a change. */
function environmentOf(variables: Readonly<Record<string, string>>) {
  return Object.entries(variables)
    .map(([name, value]) => ({ name, value }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
