import type { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import type { IResolvable, TerraformLocal } from 'cdktf';

/** Name of the runner's container in every task definition. */
export const CONTAINER_NAME = 'runner';

/** Name of the container in which a function's runtime runs, where that is another: handlers/runner/sidecar/task-metadata.ts. */
export const RUNTIME_CONTAINER_NAME = 'runtime';

/**
 * How long a task has from SIGTERM to SIGKILL: the most that Fargate gives, as a run that is interrupted needs each second.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const STOP_TIMEOUT_SECONDS = 120;

/** Where the Runtime API listens, on the loopback interface that the containers of an awsvpc task share. */
export const RUNTIME_API_PORT = 9001;

export interface LogProps {
  readonly logGroupName: string;
  readonly region: string;
  /**
   * Begins the names of the log streams.
   *
   * @default - the container's name
   */
  readonly logStreamPrefix?: string;
}

export interface TaskProps extends LogProps {
  readonly name: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly ledgerTable: string;
  readonly payloadBucket: string;
}

/** A container's environment in ECS's own words: a list of { name, value }, or a token of one. */
export type ContainerEnvironment = IResolvable | readonly { readonly name: string; readonly value: string }[];

/** Task definitions made by a loop over a map. `row` is an item of it, in the expressions. */
export interface DeclaredTasks {
  readonly rows: TerraformLocal;
  readonly task: EcsTaskDefinition;
  /** Expression of the runtime that they are for, `null` for none. */
  readonly runtime: string;
  /** Expression of the function that they are for, `null` for none. */
  readonly function: string;
}

/** The same for every task definition. */
export function ofEveryTask({ executionRoleArn, taskRoleArn }: TaskProps) {
  return {
    requiresCompatibilities: ['EC2', 'FARGATE'],
    networkMode: 'awsvpc',
    executionRoleArn,
    taskRoleArn,
  };
}

/** What every container of the runner has. */
export function runnerVariables(region: string, payloadBucket: string) {
  return {
    // Fargate sets it by itself; ECS on EC2 does not.
    AWS_REGION: region,
    OVERTIME_PAYLOAD_BUCKET: payloadBucket,
    OVERTIME_STOP_TIMEOUT_SECONDS: String(STOP_TIMEOUT_SECONDS),
  };
}

/**
 * The environment of a runner's container that carries out one run.
 *
 * @param variables besides those that every such container needs
 */
export function runEnvironment(props: TaskProps, variables: Readonly<Record<string, string>>): ContainerEnvironment {
  return environmentOf({
    ...runnerVariables(props.region, props.payloadBucket),
    OVERTIME_LEDGER_TABLE: props.ledgerTable,
    ...variables,
  });
}

/** The runner's container. No port, no limit of its own: the containers of a task share the whole of it. */
export function runnerContainer(props: LogProps, image: string, environment: ContainerEnvironment) {
  return {
    name: CONTAINER_NAME,
    image,
    essential: true,
    stopTimeout: STOP_TIMEOUT_SECONDS,
    // Reaps what a function's processes leave behind, and passes SIGTERM on.
    linuxParameters: { initProcessEnabled: true },
    environment,
    logConfiguration: logConfiguration(props, CONTAINER_NAME),
  };
}

export function logConfiguration({ logGroupName, region, logStreamPrefix }: LogProps, container: string) {
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logGroupName,
      'awslogs-region': region,
      'awslogs-stream-prefix': logStreamPrefix ?? container,
      // In blocking mode a program stands still in its next write when CloudWatch Logs does not answer, the runner
      // with it, and no deadline would be kept. Lines are lost only when this buffer, larger than the default, is full.
      // Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
      mode: 'non-blocking',
      'max-buffer-size': '25m',
    },
  };
}

/** Sorted, as ECS would take another order for a change. */
export function environmentOf(variables: Readonly<Record<string, string>>) {
  return Object.entries(variables)
    .map(([name, value]) => ({ name, value }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
