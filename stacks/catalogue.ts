import { Activities } from './activities';
import { Cluster } from './cluster';
import { DatabaseTrigger } from './database-trigger';
import type { ChosenNetwork, Deployment, Modules } from './deployment';
import type { DeploymentStack } from './deployment-stack';
import { resolveNetwork } from './parts/network';
import { type Outputs, writeOutputs } from './parts/outputs';
import { QueueWorker } from './queue-worker';
import { Runner } from './runner';
import { Scheduler } from './scheduler';
import { Starter } from './starter';

/** What the stacks so far have: each row takes from it what it needs of those before it. */
export interface Built {
  readonly cluster?: Cluster;
  readonly network?: ChosenNetwork;
  readonly runner?: Runner;
  readonly starter?: Starter;
  readonly activities?: Activities;
}

export interface CatalogueRow {
  /** Of the module, its stack and its field in deployment.ts. */
  readonly name: keyof Modules;
  readonly construct:
    | typeof Cluster
    | typeof Runner
    | typeof Starter
    | typeof Scheduler
    | typeof Activities
    | typeof QueueWorker
    | typeof DatabaseTrigger;
  readonly sentence: string;
  /**
   * The keys of what there may be several of: each has a stack of its own, named by the module and the key.
   *
   * @default - one, in the stack with the module's name
   */
  readonly keys?: (modules: Modules) => readonly string[];
  /** Puts the module into its stack, and answers what later rows may need. */
  readonly build: (stack: DeploymentStack, deployment: Deployment, built: Built, key: string) => Built;
}

/** CDKTF leaves this id out of addresses, so that they are short: aws_dynamodb_table.ledger. */
const MODULE = 'Default';

/** What each module is, in a sentence. */
export const SENTENCES: Readonly<Record<keyof Modules, string>> = {
  cluster:
    "The place where tasks run: an ECS cluster on Fargate, Fargate Spot and, where asked for, EC2; the tasks' log and security group.",
  runner:
    'What a task needs: task definitions, roles, the ledger of runs, the payload bucket, an image repository, the watcher.',
  starter: 'The Lambda function that turns a request into a run, with its dead-letter queue.',
  scheduler:
    'Schedules that fire once, on time: their tables, the registrar and a service that fires them, or EventBridge Scheduler in their place.',
  activities: 'Step Functions activities, and the ECS services of workers that carry their tasks out.',
  'queue-worker':
    'A queue and the workers that empty it, from none to as many as it takes: bucket, dispatcher, dead-letter queue, and a function or a command for each message.',
  'database-trigger':
    'What starts runs for rows of Aurora or RDS: the role, the router with its rules and queue, and the SQL of the triggers.',
};

/** Every module of Overtime, so that each stands after those that it builds on. */
export const CATALOGUE: readonly CatalogueRow[] = [
  {
    name: 'cluster',
    construct: Cluster,
    sentence: SENTENCES.cluster,
    build: (stack, { name, network, modules }) => {
      const { vpcId, ...others } = resolveNetwork(stack, network);
      const { subnetIds } = others;
      const cluster = withOutputs(stack, new Cluster(stack, MODULE, { ...modules.cluster, name, vpcId, subnetIds }));
      return { cluster, network: { vpcId, ...others } };
    },
  },
  {
    name: 'runner',
    construct: Runner,
    sentence: SENTENCES.runner,
    build: (stack, { name, modules }, { cluster }) => {
      const { logGroup } = present('cluster', cluster);
      const props = { ...modules.runner, name, logGroupName: logGroup.name, logGroupArn: logGroup.arn };
      return { runner: withOutputs(stack, new Runner(stack, MODULE, props)) };
    },
  },
  {
    name: 'starter',
    construct: Starter,
    sentence: SENTENCES.starter,
    build: (stack, { name, modules }, { cluster: builtCluster, network: builtNetwork, runner: builtRunner }) => {
      const { cluster, securityGroup } = present('cluster', builtCluster);
      const { subnetIds, assignPublicIp } = present('cluster', builtNetwork);
      const runner = present('runner', builtRunner);
      const { functionArns, destinationArns } = modules.runner ?? {};
      const starter = new Starter(stack, MODULE, {
        ...modules.starter,
        ...(functionArns === undefined ? {} : { functionArns }),
        ...(destinationArns === undefined ? {} : { destinationArns }),
        name,
        clusterArn: cluster.arn,
        subnetIds,
        securityGroupIds: [securityGroup.id],
        assignPublicIp,
        containerName: runner.containerName,
        taskDefinitions: runner.taskDefinitions,
        executionRoleArn: runner.executionRoleArn,
        taskRoleArn: runner.taskRoleArn,
        ledgerTableName: runner.ledgerTableName,
        ledgerTableArn: runner.ledgerTableArn,
        payloadBucketName: runner.payloadBucketName,
        payloadBucketArn: runner.payloadBucketArn,
        launchQueueUrl: runner.launchQueueUrl,
        launchQueueArn: runner.launchQueueArn,
        watcherFunctionName: runner.watcherFunctionName,
        watcherFunctionArn: runner.watcherFunctionArn,
      });
      return { starter: withOutputs(stack, starter) };
    },
  },
  {
    name: 'scheduler',
    construct: Scheduler,
    sentence: SENTENCES.scheduler,
    build: (stack, { name, modules }, built) => {
      const starter = present('starter', built.starter);
      const common = {
        name,
        starterFunctionArn: starter.function.arn,
      };
      const settings = modules.scheduler ?? {};
      if (settings.engine === 'eventbridge') {
        withOutputs(stack, new Scheduler(stack, MODULE, { ...settings, ...common }));
        return {};
      }
      const { cluster, logGroup, securityGroup } = present('cluster', built.cluster);
      const { subnetIds, assignPublicIp } = present('cluster', built.network);
      const runner = present('runner', built.runner);
      const scheduler = new Scheduler(stack, MODULE, {
        ...settings,
        ...common,
        starterFunctionName: starter.function.functionName,
        clusterArn: cluster.arn,
        logGroupName: logGroup.name,
        logGroupArn: logGroup.arn,
        subnetIds,
        securityGroupIds: [securityGroup.id],
        assignPublicIp,
        ledgerTableName: runner.ledgerTableName,
        ledgerTableArn: runner.ledgerTableArn,
        payloadBucketName: runner.payloadBucketName,
      });
      withOutputs(stack, scheduler);
      return {};
    },
  },
  {
    name: 'activities',
    construct: Activities,
    sentence: SENTENCES.activities,
    build: (stack, deployment, built) => {
      const activities = new Activities(stack, MODULE, {
        ...present('activities', deployment.modules.activities),
        ...workerPlace(deployment, built),
        name: deployment.name,
      });
      return { activities: withOutputs(stack, activities) };
    },
  },
  {
    name: 'queue-worker',
    construct: QueueWorker,
    sentence: SENTENCES['queue-worker'],
    keys: (modules) => Object.keys(modules['queue-worker'] ?? {}),
    build: (stack, deployment, built, key) => {
      const worker = new QueueWorker(stack, MODULE, {
        ...deployment.modules['queue-worker']?.[key],
        ...workerPlace(deployment, built),
        name: `${deployment.name}-${key}`,
      });
      withOutputs(stack, worker);
      return {};
    },
  },
  {
    name: 'database-trigger',
    construct: DatabaseTrigger,
    sentence: SENTENCES['database-trigger'],
    build: (stack, { name, modules }, { runner: builtRunner, starter: builtStarter }) => {
      const runner = present('runner', builtRunner);
      const starter = present('starter', builtStarter);
      const trigger = new DatabaseTrigger(stack, MODULE, {
        ...present('database-trigger', modules['database-trigger']),
        name,
        starterFunctionArn: starter.function.arn,
        payloadBucketName: runner.payloadBucketName,
        payloadBucketArn: runner.payloadBucketArn,
      });
      withOutputs(stack, trigger);
      return {};
    },
  },
];

/** Where workers run, and what they are made of. */
function workerPlace(
  { modules }: Deployment,
  { cluster: builtCluster, network: builtNetwork, runner: builtRunner }: Built,
) {
  const { cluster, securityGroup, logGroup, ec2CapacityProvider } = present('cluster', builtCluster);
  const { subnetIds, assignPublicIp } = present('cluster', builtNetwork);
  const runner = present('runner', builtRunner);
  const { runnerImages, baseImagePrefix, layerArns, kmsKeyArns } = modules.runner ?? {};
  return {
    ...(runnerImages === undefined ? {} : { runnerImages }),
    ...(runnerImages === 'repository' ? { imageRepositoryUrl: runner.imageRepositoryUrl } : {}),
    ...(baseImagePrefix === undefined ? {} : { baseImagePrefix }),
    ...(layerArns === undefined ? {} : { layerArns }),
    ...(kmsKeyArns === undefined ? {} : { kmsKeyArns }),
    clusterArn: cluster.arn,
    subnetIds,
    securityGroupIds: [securityGroup.id],
    assignPublicIp,
    ...(modules.cluster?.ec2Capacity === undefined ? {} : { ec2CapacityProvider }),
    logGroupName: logGroup.name,
    logGroupArn: logGroup.arn,
    payloadBucketName: runner.payloadBucketName,
    payloadBucketArn: runner.payloadBucketArn,
    programKey: runner.programKey,
    programSha256: runner.programSha256,
  };
}

function withOutputs<Module extends { readonly outputs: Outputs }>(stack: DeploymentStack, module: Module): Module {
  writeOutputs(stack, module.outputs);
  return module;
}

function present<Value>(module: keyof Modules, value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error(`The module ${module} stands after one that builds on it: mend the order of the catalogue.`);
  }
  return value;
}
