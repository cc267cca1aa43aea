// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ref } from 'cdktf';
import { writeOutputs } from '../../stacks/parts/outputs';
import { Starter, type StarterProps } from '../../stacks/starter';
import { viewModule } from '../support/stack-view';

const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:111122223333:cluster/overtime';
const EXECUTION_ROLE_ARN = 'arn:aws:iam::111122223333:role/overtime-execution';
const TASK_ROLE_ARN = 'arn:aws:iam::111122223333:role/overtime-task';
const LEDGER_ARN = 'arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs';
const BUCKET_ARN = 'arn:aws:s3:::overtime-payloads-1';
const LAUNCH_QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-launches.fifo';
const LAUNCH_QUEUE_ARN = 'arn:aws:sqs:eu-west-1:111122223333:overtime-launches.fifo';
const WATCHER_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:overtime-watcher';
const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111122223333:pager';

function view(props: Partial<StarterProps> = {}) {
  return viewModule((stack) => {
    const built = new Starter(stack, 'Default', {
      name: 'overtime',
      clusterArn: CLUSTER_ARN,
      subnetIds: ['subnet-0b', 'subnet-0a'],
      securityGroupIds: ['sg-0a'],
      assignPublicIp: true,
      containerName: 'runner',
      taskDefinitions: ref('module.runner.task_definitions'),
      executionRoleArn: EXECUTION_ROLE_ARN,
      taskRoleArn: TASK_ROLE_ARN,
      ledgerTableName: 'overtime-runs',
      ledgerTableArn: LEDGER_ARN,
      payloadBucketName: 'overtime-payloads-1',
      payloadBucketArn: BUCKET_ARN,
      launchQueueUrl: LAUNCH_QUEUE_URL,
      launchQueueArn: LAUNCH_QUEUE_ARN,
      watcherFunctionName: 'overtime-watcher',
      watcherFunctionArn: WATCHER_ARN,
      ...props,
    });
    writeOutputs(stack, built.outputs);
  });
}

const starter = view();

interface Policy {
  readonly Statement: readonly { readonly Sid: string; readonly Resource: unknown }[];
}

function resourceOf(sid: string, props: Partial<StarterProps>): unknown {
  const { Statement } = view(props).json('aws_iam_role_policy.policy', 'policy') as Policy;
  return Statement.find((statement) => statement.Sid === sid)?.Resource;
}

test('the starter module makes these resources and no others', () => {
  expect(starter.addresses).toEqual([
    'aws_cloudwatch_log_group.logs',
    'aws_cloudwatch_metric_alarm.dead_letters_alarm',
    'aws_cloudwatch_metric_alarm.errors_alarm',
    'aws_iam_role.role',
    'aws_iam_role_policy.policy',
    'aws_iam_role_policy.request_queue',
    'aws_lambda_event_source_mapping.launches',
    'aws_lambda_event_source_mapping.requests',
    'aws_lambda_function.function',
    'aws_lambda_function_url.url',
    'aws_lambda_permission.invoker',
    'aws_sqs_queue.dead_letters',
    'aws_sqs_queue_policy.dead_letters_policy',
  ]);
});

test('the function is this', () => {
  const { environment: _, ...configuration } = starter.only('aws_lambda_function');

  expect(configuration).toEqual({
    function_name: 'overtime-starter',
    description: 'Starts runs of Lambda functions as ECS tasks, and tells how they are.',
    filename: '${path.module}/starter.zip',
    source_code_hash: '${filebase64sha256("${path.module}/starter.zip")}',
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    memory_size: 256,
    timeout: 60,
    role: '${aws_iam_role.role.arn}',
    dead_letter_config: { target_arn: '${aws_sqs_queue.dead_letters.arn}' },
    logging_config: { log_format: 'Text', log_group: '${aws_cloudwatch_log_group.logs.name}' },
    depends_on: ['aws_iam_role_policy.policy'],
  });
});

test('its environment is this, with the subnets sorted', () => {
  expect(starter.only('aws_lambda_function')['environment']).toEqual({
    variables: {
      OVERTIME_ASSIGN_PUBLIC_IP: '${true ? "ENABLED" : "DISABLED"}',
      OVERTIME_CLUSTER: CLUSTER_ARN,
      OVERTIME_CONTAINER_NAME: 'runner',
      OVERTIME_CONTAINER_TASK_DEFINITIONS: '${jsonencode([])}',
      OVERTIME_DESTINATION_ARNS: '${jsonencode([])}',
      OVERTIME_EVENT_REQUESTS:
        '${jsonencode({ for source, request in local.event_requests : source => jsondecode(request) })}',
      OVERTIME_LAUNCHES_PER_SECOND: '20',
      OVERTIME_LAUNCH_BURST: '100',
      OVERTIME_LAUNCH_QUEUE_URL: LAUNCH_QUEUE_URL,
      OVERTIME_LEDGER_TABLE: 'overtime-runs',
      OVERTIME_OVERFLOW_CAUSES: '${join(",", ["timeout", "memory"])}',
      OVERTIME_PAYLOAD_BUCKET: 'overtime-payloads-1',
      OVERTIME_RUN_RETENTION_DAYS: '30',
      OVERTIME_SECURITY_GROUPS: '${join(",", ["sg-0a"])}',
      OVERTIME_SUBNETS: '${join(",", sort(["subnet-0b", "subnet-0a"]))}',
      OVERTIME_TASK_DEFINITIONS: '${jsonencode(module.runner.task_definitions)}',
      OVERTIME_TIMEOUT_SECONDS: '86400',
      OVERTIME_WATCHER_FUNCTION: 'overtime-watcher',
    },
  });
});

test('its environment has every variable that the program reads, and no other', () => {
  const files = ['starter/settings', 'shared/network-settings'];
  const settings = files.map((name) => readFileSync(`${__dirname}/../../handlers/${name}.ts`, 'utf8')).join('');
  const read = [...settings.matchAll(/\(environment, '(OVERTIME_\w+)'/g)].map(([, name]) => name);
  const { variables } = starter.only('aws_lambda_function')['environment'] as { variables: object };

  expect(Object.keys(variables)).toEqual([...read].sort());
});

test('what a run gets by default is what the props say', () => {
  const { variables } = view({
    runTimeoutSeconds: 7200,
    runRetentionDays: 90,
    assignPublicIp: false,
    launchBurst: 500,
    launchesPerSecond: 50,
    overflowCauses: ['timeout'],
    destinationArns: ['arn:aws:sqs:eu-west-1:111122223333:results'],
    containerTaskDefinitions: ['report'],
  }).only('aws_lambda_function')['environment'] as { variables: Record<string, string> };

  expect(variables).toMatchObject({
    OVERTIME_TIMEOUT_SECONDS: '7200',
    OVERTIME_RUN_RETENTION_DAYS: '90',
    OVERTIME_ASSIGN_PUBLIC_IP: '${false ? "ENABLED" : "DISABLED"}',
    OVERTIME_LAUNCH_BURST: '500',
    OVERTIME_LAUNCHES_PER_SECOND: '50',
    OVERTIME_OVERFLOW_CAUSES: '${join(",", ["timeout"])}',
    OVERTIME_DESTINATION_ARNS: '${jsonencode(["arn:aws:sqs:eu-west-1:111122223333:results"])}',
    OVERTIME_CONTAINER_TASK_DEFINITIONS: '${jsonencode(["report"])}',
  });
});

test('its whole policy is this', () => {
  const all =
    'join(":", ["arn", data.aws_partition.partition.partition, "lambda", data.aws_region.region.id, ' +
    'data.aws_caller_identity.account.account_id, "function:*"])';
  const taskDefinition =
    'join(":", ["arn", data.aws_partition.partition.partition, "ecs", data.aws_region.region.id, ' +
    'data.aws_caller_identity.account.account_id, "task-definition/%s:*"])';

  expect(starter.json('aws_iam_role_policy.policy', 'policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${aws_cloudwatch_log_group.logs.arn}:*',
      },
      {
        Sid: 'DescribeFunctions',
        Effect: 'Allow',
        Action: ['lambda:GetFunctionConfiguration'],
        Resource: `\${concat([${all}], formatlist("%s:*", [${all}]))}`,
      },
      {
        Sid: 'RunTasks',
        Effect: 'Allow',
        Action: ['ecs:RunTask'],
        Resource: `\${formatlist(${taskDefinition}, module.runner.task_definitions[*].family)}`,
        Condition: { ArnEquals: { 'ecs:cluster': CLUSTER_ARN } },
      },
      {
        Sid: 'TagNewTasks',
        Effect: 'Allow',
        Action: ['ecs:TagResource'],
        Resource: `\${replace("${CLUSTER_ARN}", ":cluster/", ":task/")}/*`,
        Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      },
      {
        Sid: 'PassTaskRoles',
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: [EXECUTION_ROLE_ARN, TASK_ROLE_ARN],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      {
        Sid: 'EnterRuns',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: LEDGER_ARN,
      },
      { Sid: 'WriteInputs', Effect: 'Allow', Action: ['s3:PutObject'], Resource: `${BUCKET_ARN}/inputs/*` },
      {
        Sid: 'ListRuns',
        Effect: 'Allow',
        Action: ['dynamodb:Query'],
        Resource: [`${LEDGER_ARN}/index/by-day`, `${LEDGER_ARN}/index/by-function`, `${LEDGER_ARN}/index/by-status`],
      },
      {
        Sid: 'StopTasks',
        Effect: 'Allow',
        Action: ['ecs:StopTask'],
        Resource:
          '${join(":", ["arn", data.aws_partition.partition.partition, "ecs", data.aws_region.region.id, ' +
          'data.aws_caller_identity.account.account_id, "task/*"])}',
        Condition: { StringLike: { 'aws:ResourceTag/overtime:run-id': 'run-*' } },
      },
      { Sid: 'SendLaunches', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: LAUNCH_QUEUE_ARN },
      {
        Sid: 'ConsumeLaunches',
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: LAUNCH_QUEUE_ARN,
      },
      { Sid: 'SettleRuns', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: WATCHER_ARN },
      {
        Sid: 'SendToDeadLetterQueue',
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: '${aws_sqs_queue.dead_letters.arn}',
      },
    ],
  });
});

test('taskRoleArns may be passed besides the module’s own roles', () => {
  const role = 'arn:aws:iam::111122223333:role/report';

  expect(resourceOf('PassTaskRoles', { taskRoleArns: [role] })).toBe(
    `\${concat(["${EXECUTION_ROLE_ARN}", "${TASK_ROLE_ARN}"], ["${role}"])}`,
  );
});

test('containers of other task definitions need these statements, and change no others', () => {
  const [family, role, cluster] = ['nightly-*', 'arn:aws:iam::111122223333:role/nightly', `${CLUSTER_ARN}-2`];
  const props = { containerTaskDefinitions: [family], containerRoleArns: [role], clusterArns: [cluster] };
  const { Statement: statements } = view(props).json('aws_iam_role_policy.policy', 'policy') as Policy;
  const { Statement: before } = starter.json('aws_iam_role_policy.policy', 'policy') as Policy;
  const clusters = `concat(["${CLUSTER_ARN}"], ["${cluster}"])`;
  const taskDefinition =
    'join(":", ["arn", data.aws_partition.partition.partition, "ecs", data.aws_region.region.id, ' +
    'data.aws_caller_identity.account.account_id, "task-definition/%s:*"])';

  expect(statements.filter((one) => !before.some((other) => isDeepStrictEqual(one, other)))).toEqual([
    { Sid: 'DescribeTaskDefinitions', Effect: 'Allow', Action: ['ecs:DescribeTaskDefinition'], Resource: '*' },
    {
      Sid: 'RunTasks',
      Effect: 'Allow',
      Action: ['ecs:RunTask'],
      Resource: `\${formatlist(${taskDefinition}, concat(module.runner.task_definitions[*].family, ["${family}"]))}`,
      Condition: { ArnEquals: { 'ecs:cluster': `\${${clusters}}` } },
    },
    {
      Sid: 'TagNewTasks',
      Effect: 'Allow',
      Action: ['ecs:TagResource'],
      Resource: `\${formatlist("%s/*", split(",", replace(join(",", ${clusters}), ":cluster/", ":task/")))}`,
      Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    },
    {
      Sid: 'PassTaskRoles',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: `\${concat(["${EXECUTION_ROLE_ARN}", "${TASK_ROLE_ARN}"], ["${role}"])}`,
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
  ]);
  expect(statements).toHaveLength(before.length + 1);
});

test('functionArns narrow which functions it may look up', () => {
  const arns = JSON.stringify(['arn:aws:lambda:eu-west-1:111122223333:function:report-*']);

  expect(resourceOf('DescribeFunctions', { functionArns: JSON.parse(arns) as string[] })).toBe(
    `\${concat(${arns}, formatlist("%s:*", ${arns}))}`,
  );
});

test('Lambda alone may take its role', () => {
  expect(starter.only('aws_iam_role')['name_prefix']).toBe('overtime-starter-');
  expect(starter.json('aws_iam_role.role', 'assume_role_policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TrustLambda',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: ['sts:AssumeRole'],
      },
    ],
  });
});

test('the dead-letter queue is encrypted and keeps a request for 14 days', () => {
  expect(starter.only('aws_sqs_queue')).toEqual({
    name: 'overtime-starter-dead-letters',
    message_retention_seconds: 1_209_600,
    sqs_managed_sse_enabled: true,
  });
});

test('the log group is the one that Lambda would make, with a retention', () => {
  expect(starter.only('aws_cloudwatch_log_group')).toEqual({
    name: '/aws/lambda/overtime-starter',
    retention_in_days: 30,
  });
});

describe('the ways in', () => {
  const functionArn = '${aws_lambda_function.function.arn}';

  test('the launch queue, in batches of ten of which single messages may come back', () => {
    expect(starter.at('aws_lambda_event_source_mapping.launches')).toEqual({
      event_source_arn: LAUNCH_QUEUE_ARN,
      function_name: functionArn,
      batch_size: 10,
      function_response_types: ['ReportBatchItemFailures'],
      depends_on: ['aws_iam_role_policy.policy'],
    });
  });

  test('each queue of requests, with the right to read it and no other', () => {
    const requestQueueArns = { reports: 'arn:aws:sqs:eu-west-1:111122223333:reports' };
    const withQueue = view({ requestQueueArns });

    expect(withQueue.document.locals?.['request_queues']).toEqual(requestQueueArns);
    expect(withQueue.at('aws_lambda_event_source_mapping.requests')).toEqual({
      for_each: '${local.request_queues}',
      event_source_arn: '${each.value}',
      function_name: functionArn,
      batch_size: 10,
      function_response_types: ['ReportBatchItemFailures'],
      depends_on: ['aws_iam_role_policy.request_queue'],
    });
    expect(withQueue.json('aws_iam_role_policy.request_queue', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ConsumeRequests',
          Effect: 'Allow',
          Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          Resource: '${each.value}',
        },
      ],
    });
  });

  test('events of a source that sends no requests, each with what it starts', () => {
    const eventRequests = {
      'arn:aws:s3:::scans': '{"arn": "read-scan"}',
      'arn:aws:s3:::nights': '{"taskDefinition": "nightly"}',
    };

    expect(view({ eventRequests }).document.locals?.['event_requests']).toEqual(eventRequests);
  });

  test('services that invoke it, each for one resource', () => {
    const invokers = { topic: { principal: 'sns.amazonaws.com', sourceArn: TOPIC_ARN } };
    const invoked = view({ invokers });

    expect(invoked.document.locals?.['invokers']).toEqual({
      topic: { principal: 'sns.amazonaws.com', source_arn: TOPIC_ARN },
    });
    expect(invoked.only('aws_lambda_permission')).toEqual({
      for_each: '${local.invokers}',
      statement_id: '${each.key}',
      action: 'lambda:InvokeFunction',
      function_name: functionArn,
      principal: '${each.value.principal}',
      source_arn: '${each.value.source_arn}',
    });
  });

  test.each([
    ['none unless it is asked for', {}, '${false ? 1 : 0}'],
    ['one where it is', { functionUrl: true }, '${true ? 1 : 0}'],
  ])('a URL: %s, for callers who sign their requests', (_, props, count) => {
    expect(view(props).only('aws_lambda_function_url')).toEqual({
      count,
      function_name: functionArn,
      authorization_type: 'AWS_IAM',
    });
  });
});

test('the alarms are raised by one error and by one dead letter, and tell the topics given', () => {
  const alarm = {
    period: 300,
    evaluation_periods: 1,
    threshold: 1,
    treat_missing_data: 'notBreaching',
    comparison_operator: 'GreaterThanOrEqualToThreshold',
    alarm_actions: [TOPIC_ARN],
  };

  expect(view({ alarmActions: [TOPIC_ARN] }).all('aws_cloudwatch_metric_alarm')).toEqual({
    errors_alarm: {
      ...alarm,
      alarm_name: '${aws_lambda_function.function.function_name}-errors',
      alarm_description: 'The starter failed, or refused a request: its log names both.',
      namespace: 'AWS/Lambda',
      metric_name: 'Errors',
      dimensions: { FunctionName: '${aws_lambda_function.function.function_name}' },
      statistic: 'Sum',
    },
    dead_letters_alarm: {
      ...alarm,
      alarm_name: '${aws_lambda_function.function.function_name}-dead-letters',
      alarm_description: 'Asynchronous requests that the starter could not carry out wait in its dead-letter queue.',
      namespace: 'AWS/SQS',
      metric_name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: '${aws_sqs_queue.dead_letters.name}' },
      statistic: 'Maximum',
    },
  });
});

test('the outputs are these', () => {
  expect(starter.publicOutputs).toEqual({
    function_name: '${aws_lambda_function.function.function_name}',
    function_arn: '${aws_lambda_function.function.arn}',
    function_url: '${one(aws_lambda_function_url.url[*].function_url)}',
    dead_letter_queue_url: '${aws_sqs_queue.dead_letters.url}',
    dead_letter_queue_arn: '${aws_sqs_queue.dead_letters.arn}',
  });
});

describe('fails with a message that names the prop, its value and what is allowed', () => {
  test.each<[string, Partial<StarterProps>, string]>([
    ['no subnet', { subnetIds: [] }, 'subnetIds is []: give 1 to 16, each the id of a subnet'],
    [
      '17 subnets',
      { subnetIds: Array.from({ length: 17 }, (_, index) => `subnet-${index}`) },
      'give 1 to 16, each the id of a subnet',
    ],
    [
      'a subnet that is none',
      { subnetIds: ['subnet-0a', 'vpc-0a'] },
      'subnetIds[1] is "vpc-0a": give the id of a subnet',
    ],
    [
      'six security groups',
      { securityGroupIds: Array(6).fill('sg-0a') },
      'give 1 to 5, each the id of a security group',
    ],
    [
      'a timeout of 0, which is not the default',
      { runTimeoutSeconds: 0 },
      'runTimeoutSeconds is 0: give a whole number from 1 to 1209600.',
    ],
    [
      'a timeout in milliseconds',
      { runTimeoutSeconds: 86_400_000 },
      'runTimeoutSeconds is 86400000: give a whole number from 1 to 1209600.',
    ],
    ['a role that is none', { taskRoleArns: ['report'] }, 'taskRoleArns[0] is "report": give the ARN of a role'],
    [
      'a task definition with its revision',
      { containerTaskDefinitions: ['report:3'] },
      'containerTaskDefinitions[0] is "report:3": give a task definition\'s family without its revision',
    ],
    [
      "a container's role that is none",
      { containerRoleArns: ['report'] },
      'containerRoleArns[0] is "report": give the ARN of a role',
    ],
    ['a cluster by name', { clusterArns: ['main'] }, 'clusterArns[0] is "main": give the ARN of an ECS cluster'],
    ['a burst of none', { launchBurst: 0 }, 'launchBurst is 0: give a whole number from 1 to 10000.'],
    [
      'a rate that is not whole',
      { launchesPerSecond: 0.5 },
      'launchesPerSecond is 0.5: give a whole number from 1 to 1000.',
    ],
    [
      'a cause that is none',
      { overflowCauses: ['crash' as 'timeout'] },
      'overflowCauses is ["crash"]: give some of timeout, memory, each once.',
    ],
    [
      'a destination that is none',
      { destinationArns: ['results'] },
      'destinationArns[0] is "results": give the ARN of a queue, topic, event bus, function or bucket',
    ],
    [
      'an alarm to nobody that SNS knows',
      { alarmActions: ['pager@example.org'] },
      'alarmActions[0] is "pager@example.org": give the ARN of an SNS topic',
    ],
    [
      'a queue by its URL',
      { requestQueueArns: { reports: LAUNCH_QUEUE_URL } },
      `requestQueueArns.reports is "${LAUNCH_QUEUE_URL}": give the ARN of an SQS queue`,
    ],
    [
      'a queue by a name with a blank',
      { requestQueueArns: { 'my reports': LAUNCH_QUEUE_ARN } },
      'requestQueueArns key is "my reports": give 1 to 64 letters',
    ],
    [
      'an invoker that is no service',
      { invokers: { me: { principal: 'arn:aws:iam::111122223333:root', sourceArn: TOPIC_ARN } } },
      'invokers.me.principal is "arn:aws:iam::111122223333:root": give a service\'s principal',
    ],
    [
      'events of a source by its name',
      { eventRequests: { scans: '{"arn": "read-scan"}' } },
      'eventRequests key is "scans": give the ARN of what invokes it',
    ],
    [
      'an event request without a function',
      { eventRequests: { 'arn:aws:s3:::scans': '{"memoryMiB": 512}' } },
      'eventRequests.arn:aws:s3:::scans is "{\\"memoryMiB\\": 512}": give the JSON text of a request, such as',
    ],
    [
      'an invoker for everything',
      { invokers: { s3: { principal: 's3.amazonaws.com', sourceArn: '*' } } },
      'invokers.s3.sourceArn is "*": give the ARN of what invokes it',
    ],
    [
      'an architecture that is none',
      { architecture: 'arm' as 'arm64' },
      'architecture is "arm": give one of x86_64, arm64.',
    ],
  ])('%s', (_, props, message) => {
    expect(() => view(props)).toThrow(message);
  });
});
