import path from 'node:path';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { Fn, type IResolvable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { starterAlarms } from './parts/alarms';
import {
  ARCHITECTURES,
  type Architecture,
  clusterArns,
  DEFAULT_LOG_RETENTION_DAYS,
  deploymentName,
  destinationArns,
  functionArns,
  LOG_RETENTION_DAYS,
  oneOf,
  type Problem,
  RETENTION_DAYS,
  refuse,
  roleArns,
  securityGroupIds,
  someOf,
  subnetIds,
  taskFamilies,
  topicArns,
  wholeNumber,
} from './parts/checks';
import { describeTaskDefinitions } from './parts/container-permissions';
import type { Bounds } from './parts/formats';
import { type LambdaProgram, lambdaProgram, numberText } from './parts/lambda-program';
import type { Outputs } from './parts/outputs';
import {
  consumeQueue,
  describeFunctions,
  enterRuns,
  functionsOf,
  listRuns,
  passTaskRoles,
  runTasks,
  sendLaunches,
  settleRuns,
  stopTasks,
  tagNewTasks,
  writeInputs,
} from './parts/permissions';
import { currentPlace } from './parts/place';
import {
  entranceProblems,
  eventRequestsText,
  type StarterEntranceProps,
  starterEntrances,
} from './parts/starter-entrances';

const ENTRY = path.resolve(__dirname, '../handlers/starter/handler.ts');

/** What the program takes from OVERTIME_TIMEOUT_SECONDS: see handlers/starter/limits.ts. */
export const RUN_TIMEOUT_SECONDS: Bounds = { minimum: 1, maximum: 14 * 24 * 60 * 60 };
export const DEFAULT_RUN_TIMEOUT_SECONDS = 24 * 60 * 60;
export const DEFAULT_RUN_RETENTION_DAYS = 30;

const MEMORY_MIB = 256;

/** Five calls of AWS, each retried by the SDK: a minute is ten times what they take when nothing is throttled. */
const TIMEOUT_SECONDS = 60;

/** Launches that the account takes at once, and a second: an account with a higher quota says so. */
export const LAUNCH_BURST: Bounds = { minimum: 1, maximum: 10_000 };
export const LAUNCHES_PER_SECOND: Bounds = { minimum: 1, maximum: 1_000 };
/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html */
export const DEFAULT_LAUNCH_BURST = 100;
export const DEFAULT_LAUNCHES_PER_SECOND = 20;

export const OVERFLOW_CAUSES = ['timeout', 'memory'] as const;

export interface StarterProps extends StarterEntranceProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** Of the cluster module. */
  readonly clusterArn: string;
  /** Where tasks run: 1 to 16 subnets of one VPC, with a way to ECR, S3, DynamoDB, Lambda and CloudWatch Logs. */
  readonly subnetIds: readonly string[];
  /** The tasks' security groups, at most 5: that of the cluster module, and what their own use needs. */
  readonly securityGroupIds: readonly string[];
  /** Whether tasks get a public address: they need one in a public subnet, and none in a private one with NAT. */
  readonly assignPublicIp: boolean | IResolvable;
  /** Of the runner module, as the next eleven. */
  readonly containerName: string;
  /** A list of { family, runtime, architecture }. */
  readonly taskDefinitions: IResolvable;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly ledgerTableName: string;
  readonly ledgerTableArn: string;
  readonly payloadBucketName: string;
  readonly payloadBucketArn: string;
  readonly launchQueueUrl: string;
  readonly launchQueueArn: string;
  readonly watcherFunctionName: string;
  readonly watcherFunctionArn: string;
  /**
   * Queues, topics, event buses, functions and buckets to which requests may send outcomes, by ARN; `*` may stand in
   * it. Give the runner the same.
   *
   * @default - none
   */
  readonly destinationArns?: readonly string[];
  /**
   * How many tasks may start at once before they are spread, which is the account's quota for Fargate.
   *
   * @default 100
   */
  readonly launchBurst?: number;
  /**
   * How many tasks may start each second after that.
   *
   * @default 20
   */
  readonly launchesPerSecond?: number;
  /**
   * For which failures of a Lambda function, whose failure destination or dead-letter queue leads to the starter, it
   * runs the function again as a task.
   *
   * @default - for both
   */
  readonly overflowCauses?: readonly (typeof OVERFLOW_CAUSES)[number][];
  /**
   * ARNs of SNS topics that hear of the starter's alarms.
   *
   * @default - the alarms are there, and nobody is told
   */
  readonly alarmActions?: readonly string[];
  /**
   * The functions that may be run, by ARN without qualifier; `*` may stand in it. Give the runner the same.
   *
   * @default - all functions of this account and region
   */
  readonly functionArns?: readonly string[];
  /**
   * ARNs of roles that requests may give to tasks. Each trusts ecs-tasks.amazonaws.com and has the runner's policy.
   *
   * @default - tasks have the runner module's role
   */
  readonly taskRoleArns?: readonly string[];
  /**
   * The families of the task definitions whose containers requests may start as they are; `*` may stand in one.
   *
   * @default - none: every run is of a function
   */
  readonly containerTaskDefinitions?: readonly string[];
  /**
   * ARNs of the task roles and execution roles of those task definitions: ECS lets the starter run none whose roles it may
   * not pass.
   *
   * @default - none: those that have no roles
   */
  readonly containerRoleArns?: readonly string[];
  /**
   * ARNs of clusters in which requests may start tasks besides the deployment's own.
   *
   * @default - none
   */
  readonly clusterArns?: readonly string[];
  /**
   * How long a run may take whose request does not say, in seconds, at most 14 days.
   *
   * @default 86400
   */
  readonly runTimeoutSeconds?: number;
  /**
   * How long the ledger keeps a run, in days from its creation.
   *
   * @default 30
   */
  readonly runRetentionDays?: number;
  /**
   * Of the starter's own Lambda function, whatever those of the runs are.
   *
   * @default arm64
   */
  readonly architecture?: Architecture;
  /**
   * How long the starter's log lines are kept, in days: one of the values that CloudWatch Logs takes.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
}

export function starterProblems(props: Partial<StarterProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...subnetIds('subnetIds', props.subnetIds),
    ...securityGroupIds('securityGroupIds', props.securityGroupIds),
    ...functionArns('functionArns', props.functionArns),
    ...roleArns('taskRoleArns', props.taskRoleArns),
    ...taskFamilies('containerTaskDefinitions', props.containerTaskDefinitions),
    ...roleArns('containerRoleArns', props.containerRoleArns),
    ...clusterArns('clusterArns', props.clusterArns),
    ...wholeNumber('runTimeoutSeconds', props.runTimeoutSeconds, RUN_TIMEOUT_SECONDS),
    ...wholeNumber('runRetentionDays', props.runRetentionDays, RETENTION_DAYS),
    ...oneOf('architecture', props.architecture, ARCHITECTURES),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
    ...destinationArns('destinationArns', props.destinationArns),
    ...wholeNumber('launchBurst', props.launchBurst, LAUNCH_BURST),
    ...wholeNumber('launchesPerSecond', props.launchesPerSecond, LAUNCHES_PER_SECOND),
    ...someOf('overflowCauses', props.overflowCauses, OVERFLOW_CAUSES),
    ...topicArns('alarmActions', props.alarmActions),
    ...entranceProblems(props),
  ];
}

/** The Lambda function that turns a request into a run, with its role, its log and its dead-letter queue. */
export class Starter extends Construct {
  readonly function: LambdaFunction;
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: StarterProps) {
    super(scope, id);
    refuse('The starter', starterProblems(props));
    const program = this.#program(props);
    this.function = program.function;
    const functionUrl = starterEntrances(this, program, props);
    starterAlarms(this, {
      functionName: this.function.functionName,
      deadLetterQueueName: program.deadLetters.name,
      alarmActions: props.alarmActions ?? [],
    });
    this.outputs = {
      function_name: {
        value: this.function.functionName,
        description: 'Name of the starter: invoke it to run a function.',
      },
      function_arn: { value: this.function.arn, description: 'ARN of the starter.' },
      function_url: { value: functionUrl, description: 'URL of the starter; null unless function_url is true.' },
      dead_letter_queue_url: {
        value: program.deadLetters.url,
        description: 'URL of the queue of asynchronous requests that the starter could not carry out.',
      },
      dead_letter_queue_arn: {
        value: program.deadLetters.arn,
        description: 'ARN of the queue of asynchronous requests that the starter could not carry out.',
      },
    };
  }

  #program(props: StarterProps): LambdaProgram {
    const place = currentPlace(this);
    return lambdaProgram(this, {
      ids: { function: 'function', logs: 'logs', role: 'role', policy: 'policy', deadLetters: 'dead_letters' },
      program: 'starter',
      entry: ENTRY,
      functionName: `${props.name}-starter`,
      description: 'Starts runs of Lambda functions as ECS tasks, and tells how they are.',
      rolePrefix: `${props.name}-starter-`,
      roleDescription: 'The role of the starter of Overtime.',
      architecture: props.architecture ?? 'arm64',
      memoryMiB: MEMORY_MIB,
      timeoutSeconds: TIMEOUT_SECONDS,
      logRetentionDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
      environment: environment(props, eventRequestsText(this, props.eventRequests ?? {})),
      statements: [
        describeFunctions(functionsOf(place, props.functionArns)),
        ...(props.containerTaskDefinitions === undefined ? [] : [describeTaskDefinitions()]),
        runTasks(place, families(props), clusters(props)),
        tagNewTasks(clusters(props)),
        passTaskRoles(passableRoles(props)),
        enterRuns(props.ledgerTableArn),
        writeInputs(props.payloadBucketArn),
        listRuns(props.ledgerTableArn),
        stopTasks(place),
        sendLaunches(props.launchQueueArn),
        consumeQueue('ConsumeLaunches', props.launchQueueArn),
        settleRuns(props.watcherFunctionArn),
      ],
    });
  }
}

function families({ taskDefinitions, containerTaskDefinitions }: StarterProps): readonly string[] {
  const own = Token.asList(Fn.lookupNested(taskDefinitions, ['*', 'family']));
  return withOthers(own, [containerTaskDefinitions]);
}

function clusters({ clusterArn, clusterArns: others }: StarterProps): string | readonly string[] {
  return others === undefined ? clusterArn : withOthers([clusterArn], [others]);
}

function passableRoles(props: StarterProps): readonly string[] {
  return withOthers([props.executionRoleArn, props.taskRoleArn], [props.taskRoleArns, props.containerRoleArns]);
}

/** A list, and those of the others that there are: any of them may be a token, and then empty. */
function withOthers(own: readonly string[], others: readonly (readonly string[] | undefined)[]): readonly string[] {
  const given = others.flatMap((list) => (list === undefined ? [] : [[...list]]));
  return given.length === 0 ? own : Token.asList(Fn.concat([[...own], ...given]));
}

/** What handlers/starter/settings.ts reads. */
function environment(props: StarterProps, eventRequests: string): Readonly<Record<string, string>> {
  return {
    OVERTIME_ASSIGN_PUBLIC_IP: Token.asString(Fn.conditional(props.assignPublicIp, 'ENABLED', 'DISABLED')),
    OVERTIME_CLUSTER: props.clusterArn,
    OVERTIME_CONTAINER_NAME: props.containerName,
    OVERTIME_CONTAINER_TASK_DEFINITIONS: Fn.jsonencode(props.containerTaskDefinitions ?? []),
    OVERTIME_DESTINATION_ARNS: Fn.jsonencode(props.destinationArns ?? []),
    OVERTIME_EVENT_REQUESTS: eventRequests,
    OVERTIME_LAUNCHES_PER_SECOND: numberText(props.launchesPerSecond ?? DEFAULT_LAUNCHES_PER_SECOND),
    OVERTIME_LAUNCH_BURST: numberText(props.launchBurst ?? DEFAULT_LAUNCH_BURST),
    OVERTIME_LAUNCH_QUEUE_URL: props.launchQueueUrl,
    OVERTIME_LEDGER_TABLE: props.ledgerTableName,
    OVERTIME_OVERFLOW_CAUSES: Fn.join(',', [...(props.overflowCauses ?? OVERFLOW_CAUSES)]),
    OVERTIME_PAYLOAD_BUCKET: props.payloadBucketName,
    OVERTIME_RUN_RETENTION_DAYS: numberText(props.runRetentionDays ?? DEFAULT_RUN_RETENTION_DAYS),
    OVERTIME_SECURITY_GROUPS: Fn.join(',', [...props.securityGroupIds]),
    // Sorted: a data source may give them in another order each time.
    OVERTIME_SUBNETS: Fn.join(',', Token.asList(Fn.sort([...props.subnetIds]))),
    OVERTIME_TASK_DEFINITIONS: Fn.jsonencode(props.taskDefinitions),
    OVERTIME_TIMEOUT_SECONDS: numberText(props.runTimeoutSeconds ?? DEFAULT_RUN_TIMEOUT_SECONDS),
    OVERTIME_WATCHER_FUNCTION: props.watcherFunctionName,
  };
}
