import path from 'node:path';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Fn, type IResolvable, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { environmentOf, logConfiguration } from './containers';
import { type FetchedProgram, fetchedProgram, NODE, NODE_BASE_IMAGE, storeProgram } from './fetched-program';
import { SCHEDULER_NODE_OPTIONS } from './node-options';
import { PackagedProgram } from './packaged-function';
import { readProgram, trustEcs, trustTasks, writeLog } from './permissions';
import type { Place } from './place';
import { role, rolePolicy } from './role';
import { pullPolicy } from './runner-images';
import { claimSlots, followChanges, invokeStarter, readRuns, readSchedules } from './schedule-permissions';
import type { ScheduleTables } from './schedule-tables';
import { expression } from './terraform-text';

const ENTRY = path.resolve(__dirname, '../../handlers/scheduler/main.ts');

const SCHEDULER_CONTAINER_NAME = 'scheduler';

const HEALTH_PORT = 8080;

/** What is being fired takes a second or two to end; a slot that is not yet claimed is another scheduler's. */
const STOP_TIMEOUT_SECONDS = 30;

/** Where tasks of the service run: on Fargate, on its spare capacity, or on EC2 instances of the cluster's own. */
export const SCHEDULER_CAPACITY = ['FARGATE', 'FARGATE_SPOT', 'EC2'] as const;

export type SchedulerCapacity = (typeof SCHEDULER_CAPACITY)[number];

export interface SchedulerServiceProps {
  readonly name: string;
  readonly place: Place;
  readonly clusterArn: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly assignPublicIp: boolean | IResolvable;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly ledgerTableName: string;
  readonly ledgerTableArn: string;
  readonly payloadBucketName: string;
  readonly starterFunctionName: string;
  readonly starterFunctionArn: string;
  readonly tables: ScheduleTables;
  readonly count: number;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly capacity: SchedulerCapacity;
  readonly architecture: string;
  /** URI of an image that has the program; none: AWS's base image, which fetches it. */
  readonly image: string | undefined;
  readonly imageRepositoryArns: readonly string[];
  readonly baseImagePrefix: string;
}

/** The service that fires slots: as many copies as are asked for, each of which could do it alone. */
export function schedulerService(scope: Construct, props: SchedulerServiceProps): EcsService {
  const { name, place } = props;
  const packaged = new PackagedProgram(scope, 'scheduler-program', { entry: ENTRY });
  const { arn: programArn, stored } = storeProgram(scope, packaged, props.payloadBucketName);
  const program = fetchedProgram(scope, stored, SCHEDULER_NODE_OPTIONS);
  const execution = role(scope, 'execution', {
    namePrefix: `${name}-schedexec-`,
    description: "Lets ECS fetch the scheduler's image and write its log.",
    trust: trustEcs(),
  });
  const executionPolicy = rolePolicy(execution, scope, 'execution_policy', [writeLog(props.logGroupArn)]);
  const repositories = new TerraformLocal(scope, 'pulled_repository_arns', [...props.imageRepositoryArns]);
  pullPolicy(scope, execution, repositories);
  const task = role(scope, 'task_role', {
    namePrefix: `${name}-scheduler-`,
    description: 'The role of the scheduler of Overtime.',
    trust: trustTasks(place),
  });
  const taskPolicy = rolePolicy(task, scope, 'task_policy', [
    readProgram(programArn),
    readSchedules([props.tables.schedules.arn]),
    claimSlots(props.tables.states.arn),
    followChanges(props.tables.states.arn),
    readRuns(props.ledgerTableArn),
    invokeStarter(props.starterFunctionArn),
  ]);
  const definition = new EcsTaskDefinition(scope, 'task', {
    family: `${name}-scheduler`,
    requiresCompatibilities: ['EC2', 'FARGATE'],
    networkMode: 'awsvpc',
    executionRoleArn: execution.arn,
    taskRoleArn: task.arn,
    cpu: Token.asString(props.cpu),
    memory: Token.asString(props.memoryMiB),
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: Fn.upper(props.architecture) },
    containerDefinitions: Fn.jsonencode([container(scope, props, program)]),
  });
  return service(scope, props, definition, [executionPolicy, taskPolicy]);
}

/** Which image, and what it is started with. */
function imageOf(scope: Construct, { image, baseImagePrefix }: SchedulerServiceProps, program: FetchedProgram) {
  if (image === undefined) {
    return { image: Fn.join('/', [baseImagePrefix, NODE_BASE_IMAGE]), ...program };
  }
  if (!Token.isUnresolved(image)) {
    return { image };
  }
  const own = new TerraformLocal(scope, 'image', image);
  new TerraformLocal(scope, 'fetching', program);
  const unlessOwn = (id: string, field: string) =>
    new TerraformLocal(scope, id, expression(`local.image == null ? local.fetching.${field} : null`)).expression;
  return {
    image: Fn.coalesce([own.asString, Fn.join('/', [baseImagePrefix, NODE_BASE_IMAGE])]),
    entryPoint: unlessOwn('entry_point', 'entryPoint'),
    command: unlessOwn('command', 'command'),
    workingDirectory: unlessOwn('working_directory', 'workingDirectory'),
  };
}

// Without double quotes, which CDKTF does not escape here.
const ASK = `fetch('http://127.0.0.1:'+process.env.OVERTIME_HEALTH_PORT+'/health').then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))`;

function container(scope: Construct, props: SchedulerServiceProps, program: FetchedProgram) {
  return {
    name: SCHEDULER_CONTAINER_NAME,
    essential: true,
    stopTimeout: STOP_TIMEOUT_SECONDS,
    linuxParameters: { initProcessEnabled: true },
    // It writes nothing to a disk, and neither does what fetches it.
    readonlyRootFilesystem: true,
    ...imageOf(scope, props, program),
    environment: environmentOf({
      // Fargate sets it by itself; ECS on EC2 does not.
      AWS_REGION: props.place.region,
      OVERTIME_HEALTH_PORT: String(HEALTH_PORT),
      OVERTIME_LEDGER_TABLE: props.ledgerTableName,
      OVERTIME_SCHEDULES_TABLE: props.tables.schedules.name,
      OVERTIME_SCHEDULE_STATES_TABLE: props.tables.states.name,
      OVERTIME_STARTER_FUNCTION: props.starterFunctionName,
      OVERTIME_STOP_TIMEOUT_SECONDS: String(STOP_TIMEOUT_SECONDS),
    }),
    // A large table is read before the first answer: until then a failed check does not count.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    healthCheck: { command: ['CMD', NODE, '-e', ASK], interval: 15, timeout: 5, retries: 3, startPeriod: 60 },
    logConfiguration: logConfiguration(
      { logGroupName: props.logGroupName, region: props.place.region },
      SCHEDULER_CONTAINER_NAME,
    ),
  };
}

/**
 * A new copy is there and healthy before an old one goes, and a deployment whose tasks do not become healthy is rolled
 * back. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
function service(
  scope: Construct,
  props: SchedulerServiceProps,
  definition: EcsTaskDefinition,
  policies: readonly IamRolePolicy[],
): EcsService {
  new TerraformLocal(scope, 'capacity', props.capacity);
  new TerraformLocal(scope, 'assign_public_ip', props.assignPublicIp);
  const ofFargate = new TerraformLocal(
    scope,
    'capacity_providers',
    expression('local.capacity == "EC2" ? [] : [local.capacity]'),
  );
  const providers = TerraformIterator.fromList(ofFargate.asList);
  return new EcsService(scope, 'service', {
    name: `${props.name}-scheduler`,
    cluster: props.clusterArn,
    taskDefinition: definition.arn,
    desiredCount: props.count,
    launchType: Token.asString(expression('local.capacity == "EC2" ? "EC2" : null')),
    capacityProviderStrategy: providers.dynamic({ capacity_provider: providers.value, weight: 1 }),
    // Else another capacity would take the service away first, and nothing would fire for as long; a later provider refuses.
    // https://github.com/hashicorp/terraform-provider-aws/pull/43533
    forceNewDeployment: true,
    networkConfiguration: {
      subnets: [...props.subnetIds],
      securityGroups: [...props.securityGroupIds],
      // A task on an instance has the instance's way out.
      assignPublicIp: Token.asAny(expression('local.capacity == "EC2" ? false : local.assign_public_ip')),
    },
    deploymentMinimumHealthyPercent: 100,
    deploymentMaximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    // Copies are there for the day on which a zone is not: once it is back, they are spread anew.
    availabilityZoneRebalancing: 'ENABLED',
    propagateTags: 'SERVICE',
    // A task that starts needs its rights, and one that stops has them until it is gone.
    dependsOn: [...policies],
  });
}
