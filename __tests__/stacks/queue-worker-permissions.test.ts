// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { CLUSTER_ARN, LOG_GROUP_ARN, PAYLOADS_ARN, viewQueueWorker } from '../support/queue-worker';

const inThisPlace = (service: string, resource: string) =>
  `join(":", ["arn", data.aws_partition.partition.partition, "${service}", data.aws_region.region.id, data.aws_caller_identity.account.account_id, "${resource}"])`;

const FUNCTION = `coalesce(local.function_arns[each.key], ${inThisPlace('lambda', 'function:no.function')})`;
const IN_CLUSTER = { ArnEquals: { 'ecs:cluster': CLUSTER_ARN } };

const WRITE_LOG = {
  Sid: 'WriteLog',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '${aws_cloudwatch_log_group.dispatcher_logs.arn}:*',
};
const FILL_QUEUE = {
  Sid: 'FillQueue',
  Effect: 'Allow',
  Action: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
  Resource: '${local.queue_arn}',
};
const HOLD_LAUNCH_LOCK = {
  Sid: 'HoldLaunchLock',
  Effect: 'Allow',
  Action: ['dynamodb:UpdateItem'],
  Resource: '${aws_dynamodb_table.jobs.arn}',
  Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['launch-lock'] } },
};
const SEND_TO_DEAD_LETTER_QUEUE = {
  Sid: 'SendToDeadLetterQueue',
  Effect: 'Allow',
  Action: ['sqs:SendMessage'],
  Resource: '${aws_sqs_queue.dispatcher_dead_letters.arn}',
};
const WORK_ON_QUEUE = {
  Sid: 'WorkOnQueue',
  Effect: 'Allow',
  Action: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
  Resource: '${local.queue_arn}',
};
const SET_MESSAGES_ASIDE = {
  Sid: 'SetMessagesAside',
  Effect: 'Allow',
  Action: ['sqs:SendMessage'],
  Resource: '${aws_sqs_queue.dead_letters.arn}',
};
const CLAIM_JOBS = {
  Sid: 'ClaimJobs',
  Effect: 'Allow',
  Action: ['dynamodb:UpdateItem'],
  Resource: '${aws_dynamodb_table.jobs.arn}',
  Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['message:*', 's3:*'] } },
};
const FETCH = [
  {
    Sid: 'FetchFunction',
    Effect: 'Allow',
    Action: ['lambda:GetFunction'],
    Resource: [`\${${FUNCTION}}`, `\${join(":", [${FUNCTION}, "*"])}`],
  },
  {
    Sid: 'FetchLayers',
    Effect: 'Allow',
    Action: ['lambda:GetLayerVersion'],
    Resource: [`\${${inThisPlace('lambda', 'layer:*:*')}}`],
  },
];
const READ_PROGRAM = {
  Sid: 'ReadProgram',
  Effect: 'Allow',
  Action: ['s3:GetObject'],
  Resource: `\${join("/", ["${PAYLOADS_ARN}", "programs/0a/runner-program.js.gz"])}`,
};

const TELL_MISSING_OBJECTS = {
  Sid: 'TellMissingObjects',
  Effect: 'Allow',
  Action: ['s3:ListBucket'],
  Resource: '${local.bucket_arn}',
};

const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

test('a dispatcher of tasks fills the queue, starts and counts its own workers in its own cluster, and nothing else', () => {
  expect(viewQueueWorker().json('aws_iam_role_policy.dispatcher_policy', 'policy')).toEqual(
    policy(
      WRITE_LOG,
      FILL_QUEUE,
      HOLD_LAUNCH_LOCK,
      {
        Sid: 'RunTasks',
        Effect: 'Allow',
        Action: ['ecs:RunTask'],
        Resource: `\${formatlist(${inThisPlace('ecs', 'task-definition/%s:*')}, ["scenes"])}`,
        Condition: IN_CLUSTER,
      },
      {
        Sid: 'PassTaskRoles',
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: ['${aws_iam_role.execution.arn}', '${local.task_role_arn}'],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      { Sid: 'ListWorkers', Effect: 'Allow', Action: ['ecs:ListTasks'], Resource: '*', Condition: IN_CLUSTER },
      {
        Sid: 'DescribeWorkers',
        Effect: 'Allow',
        Action: ['ecs:DescribeTasks'],
        Resource: `\${replace("${CLUSTER_ARN}", ":cluster/", ":task/")}/*`,
        Condition: IN_CLUSTER,
      },
      SEND_TO_DEAD_LETTER_QUEUE,
    ),
  );
});

test('a dispatcher of a service scales that one service, and starts no task', () => {
  expect(viewQueueWorker({ workers: 'service' }).json('aws_iam_role_policy.dispatcher_policy', 'policy')).toEqual(
    policy(
      WRITE_LOG,
      FILL_QUEUE,
      HOLD_LAUNCH_LOCK,
      {
        Sid: 'ScaleWorkers',
        Effect: 'Allow',
        Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
        Resource: `\${join("/", [replace("${CLUSTER_ARN}", ":cluster/", ":service/"), "scenes"])}`,
        Condition: IN_CLUSTER,
      },
      SEND_TO_DEAD_LETTER_QUEUE,
    ),
  );
});

test('the role that a dispatcher passes is that of the workers, whoever gave it', () => {
  expect(viewQueueWorker().document.locals?.['task_role_arn']).toBe('${one(values(local.worker_rows)[*].role_arn)}');
});

test('a worker without a bucket empties the queue, sets aside, claims, and fetches its function, and nothing else', () => {
  expect(viewQueueWorker().json('aws_iam_policy.worker_policy', 'policy')).toEqual(
    policy(WORK_ON_QUEUE, SET_MESSAGES_ASIDE, CLAIM_JOBS, ...FETCH, READ_PROGRAM),
  );
});

test('a worker of objects reads the versions of its bucket, and writes outputs where they belong', () => {
  expect(viewQueueWorker({ bucket: 'new' }).json('aws_iam_policy.worker_policy', 'policy')).toEqual(
    policy(
      WORK_ON_QUEUE,
      SET_MESSAGES_ASIDE,
      CLAIM_JOBS,
      {
        Sid: 'ReadObjects',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: '${local.bucket_arn}/*',
      },
      {
        Sid: 'WriteObjects',
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
        Resource: '${local.outputs_arn}',
      },
      TELL_MISSING_OBJECTS,
      ...FETCH,
      READ_PROGRAM,
    ),
  );
});

test('a dispatcher of objects looks at them, and reads no other bucket', () => {
  const { Statement } = viewQueueWorker({ bucket: 'new' }).json('aws_iam_role_policy.dispatcher_policy', 'policy') as {
    Statement: readonly { Sid: string; Action: readonly string[] }[];
  };

  expect(Statement.filter(({ Action }) => Action.some((action) => action.startsWith('s3:')))).toEqual([
    {
      Sid: 'LookAtObjects',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: '${local.bucket_arn}/*',
    },
    TELL_MISSING_OBJECTS,
  ]);
});

test.each([
  {
    who: 'the dispatcher',
    address: 'aws_iam_role_policy.dispatcher_policy',
    ofBucket: { Sid: 'ReadWithBucketKey', Action: ['kms:Decrypt'] },
    does: 'reads',
  },
  {
    who: 'a worker',
    address: 'aws_iam_policy.worker_policy',
    ofBucket: { Sid: 'UseBucketKey', Action: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    does: 'reads and writes',
  },
])(
  'with keys of the customer $who sends by way of SQS, $does by way of S3, and uses neither key otherwise',
  ({ address, ofBucket }) => {
    const key = (id: string) => `arn:aws:kms:eu-west-1:111122223333:key/${id}`;
    const view = viewQueueWorker({ bucket: 'new', queueKmsKeyArn: key('queue'), bucketKmsKeyArn: key('bucket') });
    const { Statement } = view.json(address, 'policy') as { Statement: readonly { Action: readonly string[] }[] };
    const useOf = (id: string, service: string, use: object) => ({
      ...use,
      Effect: 'Allow',
      Resource: `\${coalesce("${key(id)}", ${inThisPlace('kms', 'key/none')})}`,
      Condition: { StringLike: { 'kms:ViaService': `${service}.*` } },
    });

    expect(Statement.filter(({ Action }) => Action.some((action) => action.startsWith('kms:')))).toEqual([
      useOf('queue', 'sqs', { Sid: 'UseQueueKey', Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
      useOf('bucket', 's3', ofBucket),
    ]);
  },
);

test('with keys of functions Lambda, and nobody else, may decrypt for the worker', () => {
  const kmsKeyArns = ['arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'];
  const { Statement } = viewQueueWorker({ kmsKeyArns }).json('aws_iam_policy.worker_policy', 'policy') as {
    Statement: readonly object[];
  };

  expect(Statement).toContainEqual({
    Sid: 'DecryptFunctions',
    Effect: 'Allow',
    Action: ['kms:Decrypt'],
    Resource: kmsKeyArns,
    Condition: { StringLike: { 'kms:ViaService': 'lambda.*' } },
  });
});

test("ECS writes the workers' logs and pulls their images", () => {
  expect(viewQueueWorker().json('aws_iam_role_policy.execution_policy', 'policy')).toEqual(
    policy(
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `${LOG_GROUP_ARN}:*`,
      },
      { Sid: 'LogInToRegistry', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
      {
        Sid: 'PullImages',
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: '${local.image_repository_arns}',
      },
    ),
  );
});

test.each([
  ['aws_sqs_queue_policy.queue_policy', '${local.queue_arn}'],
  ['aws_sqs_queue_policy.dead_letters_policy', '${aws_sqs_queue.dead_letters.arn}'],
  ['aws_sqs_queue_policy.dispatcher_dead_letters_policy', '${aws_sqs_queue.dispatcher_dead_letters.arn}'],
])('%s refuses whoever speaks without TLS', (address, Resource) => {
  expect(viewQueueWorker().json(address, 'policy')).toEqual(
    policy({
      Sid: 'DenyPlainHttp',
      Effect: 'Deny',
      Principal: '*',
      Action: ['sqs:*'],
      Resource,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
});
