import path from 'node:path';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Fn, type IResolvable, Token } from 'cdktf';
import { Construct } from 'constructs';
import {
  ARCHITECTURES,
  type Architecture,
  DEFAULT_LOG_RETENTION_DAYS,
  deploymentName,
  functionArns,
  LOG_RETENTION_DAYS,
  oneOf,
  type Problem,
  RETENTION_DAYS,
  refuse,
  roleArns,
  securityGroupIds,
  subnetIds,
  wholeNumber,
} from './parts/checks';
import type { Bounds } from './parts/formats';
import type { Outputs } from './parts/outputs';
import { PackagedFunction } from './parts/packaged-function';
import {
  describeFunctions,
  enterRuns,
  functionsOf,
  passTaskRoles,
  runTasks,
  sendToQueue,
  tagNewTasks,
  trustLambda,
  writeInputs,
  writeLog,
} from './parts/permissions';
import { currentPlace } from './parts/place';
import { role, rolePolicy } from './parts/role';

const ENTRY = path.resolve(__dirname, '../handlers/starter/handler.ts');

/** What the program takes from OVERTIME_TIMEOUT_SECONDS: see handlers/starter/limits.ts. */
export const RUN_TIMEOUT_SECONDS: Bounds = { minimum: 1, maximum: 14 * 24 * 60 * 60 };
export const DEFAULT_RUN_TIMEOUT_SECONDS = 24 * 60 * 60;
export const DEFAULT_RUN_RETENTION_DAYS = 30;

const MEMORY_MIB = 256;

/** Five calls of AWS, each retried by the SDK: a minute is ten times what they take when nothing is throttled. */
const TIMEOUT_SECONDS = 60;

/** The most that SQS keeps: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const QUEUE_RETENTION_SECONDS = 14 * 24 * 60 * 60;

export interface StarterProps {
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
  /** Of the runner module, as the next seven. */
  readonly containerName: string;
  /** A list of { family, runtime, architecture }. */
  readonly taskDefinitions: IResolvable;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly ledgerTableName: string;
  readonly ledgerTableArn: string;
  readonly payloadBucketName: string;
  readonly payloadBucketArn: string;
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
    ...wholeNumber('runTimeoutSeconds', props.runTimeoutSeconds, RUN_TIMEOUT_SECONDS),
    ...wholeNumber('runRetentionDays', props.runRetentionDays, RETENTION_DAYS),
    ...oneOf('architecture', props.architecture, ARCHITECTURES),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
  ];
}

/** The Lambda function that turns a request into a run, with its role, its log and its dead-letter queue. */
export class Starter extends Construct {
  readonly package: PackagedFunction;
  readonly function: LambdaFunction;
  readonly deadLetterQueue: SqsQueue;
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: StarterProps) {
    super(scope, id);
    refuse('The starter', starterProblems(props));
    const functionName = `${props.name}-starter`;
    this.package = new PackagedFunction(this, 'starter', { entry: ENTRY });
    this.deadLetterQueue = new SqsQueue(this, 'dead_letters', {
      name: `${functionName}-dead-letters`,
      messageRetentionSeconds: QUEUE_RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const logGroup = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
    });
    const { roleArn, policy } = this.#role(props, logGroup);
    this.function = new LambdaFunction(this, 'function', {
      functionName,
      description: 'Starts runs of Lambda functions as ECS tasks, and tells how they are.',
      filename: this.package.path,
      sourceCodeHash: this.package.hash,
      handler: this.package.handler,
      runtime: 'nodejs22.x',
      architectures: [props.architecture ?? 'arm64'],
      memorySize: MEMORY_MIB,
      timeout: TIMEOUT_SECONDS,
      role: roleArn,
      environment: { variables: environment(props) },
      deadLetterConfig: { targetArn: this.deadLetterQueue.arn },
      loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
      // Lambda refuses a dead-letter queue to which the role may not send yet.
      dependsOn: [policy],
    });
    this.outputs = {
      function_name: {
        value: this.function.functionName,
        description: 'Name of the starter: invoke it to run a function.',
      },
      function_arn: { value: this.function.arn, description: 'ARN of the starter.' },
      dead_letter_queue_url: {
        value: this.deadLetterQueue.url,
        description: 'URL of the queue of asynchronous requests that the starter could not carry out.',
      },
      dead_letter_queue_arn: {
        value: this.deadLetterQueue.arn,
        description: 'ARN of the queue of asynchronous requests that the starter could not carry out.',
      },
    };
  }

  #role(props: StarterProps, logGroup: CloudwatchLogGroup): { roleArn: string; policy: IamRolePolicy } {
    const place = currentPlace(this);
    const functions = functionsOf(place, props.functionArns);
    const starter = role(this, 'role', {
      namePrefix: `${props.name}-starter-`,
      description: 'The role of the starter of Overtime.',
      trust: trustLambda(),
    });
    const policy = rolePolicy(starter, this, 'policy', [
      writeLog(logGroup.arn),
      describeFunctions(functions),
      runTasks(place, families(props.taskDefinitions), props.clusterArn),
      tagNewTasks(props.clusterArn),
      passTaskRoles(passableRoles(props)),
      enterRuns(props.ledgerTableArn),
      writeInputs(props.payloadBucketArn),
      sendToQueue(this.deadLetterQueue.arn),
    ]);
    return { roleArn: starter.arn, policy };
  }
}

function families(taskDefinitions: IResolvable): readonly string[] {
  return Token.asList(Fn.lookupNested(taskDefinitions, ['*', 'family']));
}

function passableRoles({ executionRoleArn, taskRoleArn, taskRoleArns }: StarterProps): readonly string[] {
  const own = [executionRoleArn, taskRoleArn];
  return taskRoleArns === undefined ? own : Token.asList(Fn.concat([own, [...taskRoleArns]]));
}

/** What handlers/starter/settings.ts reads. */
function environment(props: StarterProps): Readonly<Record<string, string>> {
  return {
    OVERTIME_ASSIGN_PUBLIC_IP: Token.asString(Fn.conditional(props.assignPublicIp, 'ENABLED', 'DISABLED')),
    OVERTIME_CLUSTER: props.clusterArn,
    OVERTIME_CONTAINER_NAME: props.containerName,
    OVERTIME_LEDGER_TABLE: props.ledgerTableName,
    OVERTIME_PAYLOAD_BUCKET: props.payloadBucketName,
    OVERTIME_RUN_RETENTION_DAYS: text(props.runRetentionDays ?? DEFAULT_RUN_RETENTION_DAYS),
    OVERTIME_SECURITY_GROUPS: Fn.join(',', [...props.securityGroupIds]),
    // Sorted: a data source may give them in another order each time.
    OVERTIME_SUBNETS: Fn.join(',', Token.asList(Fn.sort([...props.subnetIds]))),
    OVERTIME_TASK_DEFINITIONS: Fn.jsonencode(props.taskDefinitions),
    OVERTIME_TIMEOUT_SECONDS: text(props.runTimeoutSeconds ?? DEFAULT_RUN_TIMEOUT_SECONDS),
  };
}

/** A number for an environment variable. `String` of a token would be the placeholder that stands for it. */
function text(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}
