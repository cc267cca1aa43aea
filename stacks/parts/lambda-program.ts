import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { CheckException } from './check-exception';
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

/** What checkov asks of the function besides. */
export const FUNCTION_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_50',
    asks: 'X-Ray tracing',
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'It costs money for each request. A run has an id that is in the ledger, in every log line and in the tags of its task.',
  },
  {
    rule: 'CKV_AWS_115',
    asks: 'reserved concurrency',
    at: /^[\w-]+: aws_lambda_function\.(?:function|dispatcher_function|registrar_function|watcher_function)$/,
    why: "It takes from what the account's other functions have, 1,000 by default, and a request must not be refused because another one runs. The launch queue paces what the starter does.",
  },
  {
    rule: 'CKV_AWS_117',
    asks: 'a VPC for the function',
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'It speaks to AWS alone. In a VPC it would need NAT or endpoints, and reach more than it does now.',
  },
  {
    rule: 'CKV_AWS_173',
    asks: "a KMS key for the function's environment",
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'It holds names and numbers, no secret, and Lambda encrypts it with its own key.',
  },
  {
    rule: 'CKV_AWS_272',
    asks: 'code signing',
    at: /^[\w-]+: aws_lambda_function\.\w+$/,
    why: 'A signing profile is of an account, and the zip is in the module: Terraform compares its hash with what is deployed.',
  },
];

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
