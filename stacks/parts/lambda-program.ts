import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { PackagedFunction } from './packaged-function';
import { sendToQueue, trustLambda, writeLog } from './permissions';
import type { Statement } from './policy-document';
import { deadLetterQueue } from './queues';
import { role, rolePolicy } from './role';

/** The last parts of the addresses: they stand in the state of everyone who has deployed the module. */
interface Ids {
  readonly function: string;
  readonly logs: string;
  readonly role: string;
  readonly policy: string;
  readonly deadLetters: string;
}

export interface LambdaProgramProps {
  readonly ids: Ids;
  /** Of the zip, without an extension, and of its construct. */
  readonly program: string;
  /** Absolute path of the file that exports `handler`. */
  readonly entry: string;
  readonly functionName: string;
  readonly description: string;
  readonly rolePrefix: string;
  readonly roleDescription: string;
  readonly architecture: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do besides writing its log and its dead letters. */
  readonly statements: readonly Statement[];
}

export interface LambdaProgram {
  readonly function: LambdaFunction;
  readonly deadLetters: SqsQueue;
  readonly package: PackagedFunction;
  readonly roleName: string;
  /** The policy inside the role: what needs the role's rights depends on it. */
  readonly policy: ReturnType<typeof rolePolicy>;
}

/** A Lambda function of ours, with its package, role, log group and dead-letter queue. */
export function lambdaProgram(scope: Construct, props: LambdaProgramProps): LambdaProgram {
  const { ids, functionName } = props;
  const packaged = new PackagedFunction(scope, props.program, { entry: props.entry });
  const deadLetters = deadLetterQueue(scope, ids.deadLetters, `${functionName}-dead-letters`);
  const logGroup = new CloudwatchLogGroup(scope, ids.logs, {
    name: `/aws/lambda/${functionName}`,
    retentionInDays: props.logRetentionDays,
  });
  const owner = role(scope, ids.role, {
    namePrefix: props.rolePrefix,
    description: props.roleDescription,
    trust: trustLambda(),
  });
  const policy = rolePolicy(owner, scope, ids.policy, [
    writeLog(logGroup.arn),
    ...props.statements,
    sendToQueue(deadLetters.arn),
  ]);
  const lambdaFunction = new LambdaFunction(scope, ids.function, {
    functionName,
    description: props.description,
    filename: packaged.path,
    sourceCodeHash: packaged.hash,
    handler: packaged.handler,
    runtime: 'nodejs22.x',
    architectures: [props.architecture],
    memorySize: props.memoryMiB,
    timeout: props.timeoutSeconds,
    role: owner.arn,
    environment: { variables: props.environment },
    deadLetterConfig: { targetArn: deadLetters.arn },
    loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
    // Lambda refuses a dead-letter queue to which the role may not send yet.
    dependsOn: [policy],
  });
  return { function: lambdaFunction, deadLetters, package: packaged, roleName: owner.name, policy };
}

/** A number for an environment variable. `String` of a token would be the placeholder that stands for it. */
export function numberText(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}
