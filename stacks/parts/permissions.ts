import { Fn, Token } from 'cdktf';
import { arn, type Place } from './place';
import type { Statement } from './policy-document';

// Every statement that Overtime grants: one named function each, with the narrowest resource that AWS takes.
// Resource types and condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/

/** ARNs of functions, each as it is and with a qualifier. `functionArns` may be a token. */
function withQualifiers(functionArns: readonly string[]): string[] {
  const arns = [...functionArns];
  return Token.asList(Fn.concat([arns, Token.asList(Fn.formatlist('%s:*', [arns]))]));
}

/** The functions given, or all of the account and region. */
export function functionsOf(place: Place, functionArns: readonly string[] | undefined): readonly string[] {
  return givenOr(functionArns, arn(place, 'lambda', 'function:*'));
}

/** The versions of layers given, or all of the account and region. */
export function layersOf(place: Place, layerArns: readonly string[] | undefined): readonly string[] {
  return givenOr(layerArns, arn(place, 'lambda', 'layer:*:*'));
}

/**
 * The keys given. Where a variable of a generated module gives none, the ARN of no key, as IAM takes no statement
 * without a resource: the id of a key has 36 characters.
 */
export function keysOf(place: Place, kmsKeyArns: readonly string[]): readonly string[] {
  return Token.isUnresolved(kmsKeyArns)
    ? Token.asList(Fn.coalescelist([kmsKeyArns, [arn(place, 'kms', 'key/none')]]))
    : kmsKeyArns;
}

/** The list given, or the one ARN: also where a variable of a generated module is null. */
function givenOr(arns: readonly string[] | undefined, other: string): readonly string[] {
  if (arns === undefined) {
    return [other];
  }
  return Token.isUnresolved(arns) ? Token.asList(Fn.coalesce([arns, [other]])) : arns;
}

/**
 * Lets Lambda, and nobody else, decrypt with these keys for the caller of GetFunction: a function's environment
 * variables, and its package. Lambda calls KMS in the caller's name for both; the service is the first part of what KMS
 * calls the one in between, whatever the Region and the partition.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html#enable-zip-permissions and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function decryptFunctions(kmsKeyArns: readonly string[]): Statement {
  return {
    Sid: 'DecryptFunctions',
    Effect: 'Allow',
    Action: ['kms:Decrypt'],
    Resource: kmsKeyArns,
    Condition: { StringLike: { 'kms:ViaService': 'lambda.*' } },
  };
}

export function writeLog(logGroupArn: string): Statement {
  return {
    Sid: 'WriteLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${logGroupArn}:*`,
  };
}

export function describeFunctions(functionArns: readonly string[]): Statement {
  return {
    Sid: 'DescribeFunctions',
    Effect: 'Allow',
    Action: ['lambda:GetFunctionConfiguration'],
    Resource: withQualifiers(functionArns),
  };
}

/** GetFunction answers a function's environment and a link to its package. */
export function fetchFunctions(functionArns: readonly string[]): Statement {
  return {
    Sid: 'FetchFunctions',
    Effect: 'Allow',
    Action: ['lambda:GetFunction'],
    Resource: withQualifiers(functionArns),
  };
}

/** GetLayerVersionByArn, for which AWS asks the permission of this name, answers a link to a layer's content. */
export function fetchLayers(layerArns: readonly string[]): Statement {
  return { Sid: 'FetchLayers', Effect: 'Allow', Action: ['lambda:GetLayerVersion'], Resource: layerArns };
}

/** Any revision of the families given, in the clusters given. */
export function runTasks(
  place: Place,
  families: readonly string[],
  clusterArns: string | readonly string[],
): Statement {
  return {
    Sid: 'RunTasks',
    Effect: 'Allow',
    Action: ['ecs:RunTask'],
    Resource: Token.asList(Fn.formatlist(arn(place, 'ecs', 'task-definition/%s:*'), [[...families]])),
    Condition: { ArnEquals: { 'ecs:cluster': clusterArns } },
  };
}

/** Terraform's `replace` takes no list; ARNs have no commas. */
function tasksOf(clusterArns: string | readonly string[]): string | readonly string[] {
  if (typeof clusterArns === 'string') {
    return `${Fn.replace(clusterArns, ':cluster/', ':task/')}/*`;
  }
  const tasks = Fn.split(',', Fn.replace(Fn.join(',', [...clusterArns]), ':cluster/', ':task/'));
  return Token.asList(Fn.formatlist('%s/*', [tasks]));
}

/** ECS asks for this where RunTask gives tags, and for nothing else: a task that runs cannot be tagged anew. */
export function tagNewTasks(clusterArns: string | readonly string[]): Statement {
  return {
    Sid: 'TagNewTasks',
    Effect: 'Allow',
    Action: ['ecs:TagResource'],
    Resource: tasksOf(clusterArns),
    Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  };
}

export function passTaskRoles(roleArns: readonly string[]): Statement {
  return {
    Sid: 'PassTaskRoles',
    Effect: 'Allow',
    Action: ['iam:PassRole'],
    Resource: roleArns,
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  };
}

/** The starter enters a run, reads it for `status`, and notes what ECS made of it. */
export function enterRuns(ledgerTableArn: string): Statement {
  return {
    Sid: 'EnterRuns',
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    Resource: ledgerTableArn,
  };
}

/** The starter lists runs by function, state and time. */
export function listRuns(ledgerTableArn: string): Statement {
  return {
    Sid: 'ListRuns',
    Effect: 'Allow',
    Action: ['dynamodb:Query'],
    Resource: ['by-day', 'by-function', 'by-status'].map((index) => `${ledgerTableArn}/index/${index}`),
  };
}

/** The watcher reads a run, and moves one that is there to its end or to its next attempt. */
export function closeRuns(ledgerTableArn: string): Statement {
  return {
    Sid: 'CloseRuns',
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    Resource: ledgerTableArn,
  };
}

export function findOpenRuns(ledgerTableArn: string): Statement {
  return {
    Sid: 'FindOpenRuns',
    Effect: 'Allow',
    Action: ['dynamodb:Query'],
    Resource: `${ledgerTableArn}/index/open`,
  };
}

/** Of any cluster of this account and region: a request may name another one than the deployment's. */
export function describeTasks(place: Place): Statement {
  return {
    Sid: 'DescribeTasks',
    Effect: 'Allow',
    Action: ['ecs:DescribeTasks'],
    Resource: arn(place, 'ecs', 'task/*'),
  };
}

/** Tasks that carry a run: the starter tags each with its id. */
export function stopTasks(place: Place): Statement {
  return {
    Sid: 'StopTasks',
    Effect: 'Allow',
    Action: ['ecs:StopTask'],
    Resource: arn(place, 'ecs', 'task/*'),
    Condition: { StringLike: { 'aws:ResourceTag/overtime:run-id': 'run-*' } },
  };
}

export function sendLaunches(launchQueueArn: string): Statement {
  return { Sid: 'SendLaunches', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: launchQueueArn };
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
export function consumeQueue(sid: string, queueArn: string): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    Resource: queueArn,
  };
}

/** The starter hands over what it has closed and what is still to be delivered. */
export function settleRuns(watcherFunctionArn: string): Statement {
  return { Sid: 'SettleRuns', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: watcherFunctionArn };
}

/** The runner moves a run that is there from state to state. */
export function updateRuns(ledgerTableArn: string): Statement {
  return {
    Sid: 'UpdateRuns',
    Effect: 'Allow',
    Action: ['dynamodb:UpdateItem'],
    Resource: ledgerTableArn,
  };
}

export function writeInputs(payloadBucketArn: string): Statement {
  return { Sid: 'WriteInputs', Effect: 'Allow', Action: ['s3:PutObject'], Resource: `${payloadBucketArn}/inputs/*` };
}

export function readInputs(payloadBucketArn: string): Statement {
  return { Sid: 'ReadInputs', Effect: 'Allow', Action: ['s3:GetObject'], Resource: `${payloadBucketArn}/inputs/*` };
}

/** The runner's program, where a task's image does not have it. */
export function readProgram(programArn: string): Statement {
  return { Sid: 'ReadProgram', Effect: 'Allow', Action: ['s3:GetObject'], Resource: programArn };
}

export function writeOutputs(payloadBucketArn: string): Statement {
  return { Sid: 'WriteOutputs', Effect: 'Allow', Action: ['s3:PutObject'], Resource: `${payloadBucketArn}/outputs/*` };
}

/** A delivery carries the request's payload, and the output. */
export function readPayloads(payloadBucketArn: string): Statement {
  return {
    Sid: 'ReadPayloads',
    Effect: 'Allow',
    Action: ['s3:GetObject'],
    Resource: ['inputs', 'outputs'].map((prefix) => `${payloadBucketArn}/${prefix}/*`),
  };
}

/**
 * The token is what names the task: AWS knows no resource for these.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_stepfunctions.html
 */
export function sendTaskOutcomes(): Statement {
  return {
    Sid: 'SendTaskOutcomes',
    Effect: 'Allow',
    Action: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
    Resource: '*',
  };
}

/**
 * To durable functions of this account and region that wait for a run, and to the destinations given, which may be a
 * token. One statement, as IAM takes none without a resource, and Terraform alone knows whether a list is empty; an
 * action has effect on the ARNs of its own kind alone. Records lie in a bucket where Lambda puts its own.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html#durable-iam-permissions
 */
export function sendOutcomes(place: Place, destinationArns: readonly string[]): Statement {
  const executions = arn(place, 'lambda', 'function:*:*/durable-execution/*');
  const arns = [...destinationArns];
  return {
    Sid: 'SendOutcomes',
    Effect: 'Allow',
    Action: [
      'events:PutEvents',
      'lambda:InvokeFunction',
      'lambda:SendDurableExecutionCallbackFailure',
      'lambda:SendDurableExecutionCallbackSuccess',
      's3:PutObject',
      'sns:Publish',
      'sqs:SendMessage',
    ],
    Resource: Token.asList(
      Fn.concat([[executions], arns, Token.asList(Fn.formatlist('%s/aws/lambda/async/*', [arns]))]),
    ),
  };
}

/** Lambda puts an asynchronous event there that it could not hand over. */
export function sendToQueue(queueArn: string): Statement {
  return { Sid: 'SendToDeadLetterQueue', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: queueArn };
}

/** What ECS needs to pull images from ECR. The token is for the registry: AWS knows no resource for it. */
export function pullImages(repositoryArns: readonly string[]): readonly Statement[] {
  return [
    { Sid: 'LogInToRegistry', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
    {
      Sid: 'PullImages',
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: repositoryArns,
    },
  ];
}

/** Whoever speaks to the bucket or queue without TLS is refused, whatever else they are allowed. */
export function denyPlainHttp(service: 's3' | 'sqs', resource: string | readonly string[]): Statement {
  return {
    Sid: 'DenyPlainHttp',
    Effect: 'Deny',
    Principal: '*',
    Action: [`${service}:*`],
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * Lets tasks of this account and region take the role, and nobody through ECS from elsewhere.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function trustTasks(place: Place): Statement {
  return {
    Sid: 'TrustTasks',
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: ['sts:AssumeRole'],
    Condition: {
      ArnLike: { 'aws:SourceArn': arn(place, 'ecs', '*') },
      StringEquals: { 'aws:SourceAccount': place.account },
    },
  };
}

/**
 * Lets ECS itself take the role, to fetch images and write logs, before there is a task whose ARN could be compared.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function trustEcs(): Statement {
  return {
    Sid: 'TrustEcs',
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: ['sts:AssumeRole'],
  };
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
export function trustLambda(): Statement {
  return {
    Sid: 'TrustLambda',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: ['sts:AssumeRole'],
  };
}
