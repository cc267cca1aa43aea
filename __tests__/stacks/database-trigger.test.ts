// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { DatabaseTrigger, type DatabaseTriggerProps } from '../../stacks/database-trigger';
import { writeOutputs } from '../../stacks/parts/outputs';
import { viewModule } from '../support/stack-view';

const STARTER_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter';
const BUCKET_ARN = 'arn:aws:s3:::overtime-payloads-1';

function view(props: Partial<DatabaseTriggerProps> = {}) {
  return viewModule((stack) => {
    const built = new DatabaseTrigger(stack, 'Default', {
      name: 'overtime',
      engine: 'aurora-postgresql',
      databaseIdentifier: 'shop',
      starterFunctionArn: STARTER_ARN,
      payloadBucketName: 'overtime-payloads-1',
      payloadBucketArn: BUCKET_ARN,
      ...props,
    });
    writeOutputs(stack, built.outputs);
  });
}

const trigger = view();

test('the module makes these resources and no others', () => {
  expect(trigger.addresses).toEqual([
    'aws_cloudwatch_log_group.logs',
    'aws_cloudwatch_metric_alarm.dead_letters_alarm',
    'aws_cloudwatch_metric_alarm.errors_alarm',
    'aws_cloudwatch_metric_alarm.row_dead_letters_alarm',
    'aws_db_instance_role_association.instance_role',
    'aws_dynamodb_table.rows',
    'aws_iam_role.database_role',
    'aws_iam_role.role',
    'aws_iam_role_policy.database_policy',
    'aws_iam_role_policy.policy',
    'aws_lambda_event_source_mapping.windows',
    'aws_lambda_function.function',
    'aws_rds_cluster_parameter_group.parameters',
    'aws_rds_cluster_role_association.cluster_role',
    'aws_sqs_queue.dead_letters',
    'aws_sqs_queue.row_dead_letters',
    'aws_sqs_queue.rows_queue',
    'aws_sqs_queue_policy.dead_letters_policy',
    'aws_sqs_queue_policy.row_dead_letters_policy',
    'aws_sqs_queue_policy.rows_queue_policy',
  ]);
});

test('the router is this function', () => {
  expect(trigger.only('aws_lambda_function')).toEqual({
    function_name: 'overtime-router',
    description: 'Starts runs for rows of a database, by rules.',
    filename: '${path.module}/router.zip',
    source_code_hash: '${filebase64sha256("${path.module}/router.zip")}',
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    memory_size: 1024,
    timeout: 60,
    reserved_concurrent_executions: -1,
    role: '${aws_iam_role.role.arn}',
    environment: {
      variables: {
        ENV_CLUSTER: '',
        ENV_SECURITY_GROUP: '${join(",", [])}',
        ENV_SUBNET: '${join(",", sort([]))}',
        OVERTIME_COALESCE_KEY: '',
        OVERTIME_COALESCE_ROWS: '1000',
        OVERTIME_COALESCE_SECONDS: '0',
        OVERTIME_NO_MATCH: 'error',
        OVERTIME_PAYLOAD_BUCKET: 'overtime-payloads-1',
        OVERTIME_ROWS_QUEUE_URL: '${false ? aws_sqs_queue.rows_queue.url : ""}',
        OVERTIME_ROWS_TABLE: '${aws_dynamodb_table.rows.name}',
        OVERTIME_RULES:
          '${jsonencode([for rule in local.rules : { pattern = jsondecode(rule.pattern), request = jsondecode(rule.request) }])}',
        OVERTIME_STARTER_FUNCTION: STARTER_ARN,
      },
    },
    dead_letter_config: { target_arn: '${aws_sqs_queue.dead_letters.arn}' },
    logging_config: { log_format: 'Text', log_group: '${aws_cloudwatch_log_group.logs.name}' },
    depends_on: ['aws_iam_role_policy.policy'],
  });
});

test('its whole policy is this', () => {
  expect(trigger.json('aws_iam_role_policy.policy', 'policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${aws_cloudwatch_log_group.logs.arn}:*',
      },
      { Sid: 'InvokeStarter', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: STARTER_ARN },
      {
        Sid: 'KeepRows',
        Effect: 'Allow',
        Action: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:ConditionCheckItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        Resource: '${aws_dynamodb_table.rows.arn}',
      },
      { Sid: 'SendRows', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: '${aws_sqs_queue.rows_queue.arn}' },
      {
        Sid: 'ConsumeRows',
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: '${aws_sqs_queue.rows_queue.arn}',
      },
      { Sid: 'WriteRows', Effect: 'Allow', Action: ['s3:PutObject'], Resource: `${BUCKET_ARN}/inputs/rows/*` },
      {
        Sid: 'SendToDeadLetterQueue',
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: '${aws_sqs_queue.dead_letters.arn}',
      },
    ],
  });
});

test('the database may invoke the router, and nothing else', () => {
  expect(trigger.json('aws_iam_role_policy.database_policy', 'policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'InvokeRouter',
        Effect: 'Allow',
        Action: ['lambda:InvokeFunction'],
        Resource: '${aws_lambda_function.function.arn}',
      },
    ],
  });
});

test.each(['aurora-mysql3', 'rds-postgresql'] as const)(
  'RDS takes the role for this database of %s alone',
  (engine) => {
    const { Statement } = view({ engine }).json('aws_iam_role.database_role', 'assume_role_policy') as {
      readonly Statement: readonly unknown[];
    };

    expect(Statement).toEqual([
      {
        Sid: 'TrustDatabase',
        Effect: 'Allow',
        Principal: { Service: 'rds.amazonaws.com' },
        Action: ['sts:AssumeRole'],
        Condition: {
          ArnEquals: {
            'aws:SourceArn':
              '${join(":", ["arn", data.aws_partition.partition.partition, "rds", data.aws_region.region.id, ' +
              `data.aws_caller_identity.account.account_id, join(":", [("${engine}" == "rds-postgresql") ? "db" : "cluster", "shop"])])}`,
          },
          StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.account.account_id}' },
        },
      },
    ]);
  },
);

test('rows wait in this table and behind this queue', () => {
  const waiting = view({ coalesceSeconds: 30 });

  expect(waiting.only('aws_dynamodb_table')).toEqual({
    name: 'overtime-rows',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'window',
    range_key: 'item',
    attribute: [
      { name: 'window', type: 'S' },
      { name: 'item', type: 'S' },
    ],
    ttl: { attribute_name: 'expiresAt', enabled: true },
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true },
  });
  expect(waiting.at('aws_sqs_queue.rows_queue')).toMatchObject({
    name: 'overtime-rows',
    delay_seconds: 30,
    visibility_timeout_seconds: 90,
    sqs_managed_sse_enabled: true,
  });
  expect(waiting.json('aws_sqs_queue.rows_queue', 'redrive_policy')).toEqual({
    deadLetterTargetArn: '${aws_sqs_queue.row_dead_letters.arn}',
    maxReceiveCount: 10,
  });
  expect(waiting.only('aws_lambda_event_source_mapping')).toEqual({
    event_source_arn: '${aws_sqs_queue.rows_queue.arn}',
    function_name: '${aws_lambda_function.function.arn}',
    enabled: true,
    batch_size: 100,
    maximum_batching_window_in_seconds: 1,
    function_response_types: ['ReportBatchItemFailures'],
    depends_on: ['aws_iam_role_policy.policy'],
  });
  expect(trigger.only('aws_lambda_event_source_mapping')['enabled']).toBe(false);
});

test('an association is for its own engine, and never for Aurora MySQL, which has no such feature', () => {
  expect(trigger.only('aws_rds_cluster_role_association')).toEqual({
    count: '${("aurora-postgresql" == "aurora-postgresql") ? 1 : 0}',
    db_cluster_identifier: 'shop',
    feature_name: 'Lambda',
    role_arn: '${aws_iam_role.database_role.arn}',
  });
  expect(trigger.only('aws_db_instance_role_association')).toEqual({
    count: '${("aurora-postgresql" == "rds-postgresql") ? 1 : 0}',
    db_instance_identifier: 'shop',
    feature_name: 'Lambda',
    role_arn: '${aws_iam_role.database_role.arn}',
  });
});

const RIGHT = { pattern: '{"table": ["a"]}', request: '{"arn": "f"}' };
const TABLE = { schema: 's', table: 't', columns: ['id'] };

test.each<[string, Partial<DatabaseTriggerProps>, string]>([
  ['name', { name: 'Shop' }, 'name is "Shop"'],
  ['engine', { engine: 'rds-mysql' as 'aurora-mysql2' }, 'engine is "rds-mysql": give one of aurora-mysql3'],
  ['identifier', { databaseIdentifier: 'a:b' }, 'databaseIdentifier is "a:b"'],
  ['identifier in capitals', { databaseIdentifier: 'Shop' }, 'databaseIdentifier is "Shop"'],
  [
    'list of rules longer than an environment',
    {
      rules: Array.from({ length: 50 }, () => ({
        pattern: '{"table": ["visits"]}',
        request: '{"arn": "a, with its name of many letters"}',
      })),
    },
    'rules is "3200 bytes": give at most 2900 bytes for all rules',
  ],
  ['pattern', { rules: [{ ...RIGHT, pattern: 'x' }] }, 'rules[0].pattern is "x"'],
  [
    'operator',
    { rules: [RIGHT, { ...RIGHT, pattern: '{"a": [{"cidr": "x"}]}' }] },
    'pattern.a: there is no operator "cidr", only',
  ],
  ['request', { rules: [{ ...RIGHT, request: '{}' }] }, 'rules[0].request is "{}"'],
  ['policy', { noMatch: 'start' }, 'noMatch is "start": give error, ignore'],
  ['subnets', { subnetIds: ['a'] }, 'subnetIds[0] is "a"'],
  ['groups', { securityGroupIds: ['a'] }, 'securityGroupIds[0] is "a"'],
  ['window', { coalesceSeconds: 901 }, 'coalesceSeconds is 901'],
  ['key', { coalesceKey: 'new.id' }, 'coalesceKey is "new.id"'],
  ['rows', { coalesceRows: 0 }, 'coalesceRows is 0'],
  ['trigger name', { triggers: { 'Buy!': TABLE } }, 'triggers key is "Buy!"'],
  ['schema', { triggers: { buy: { ...TABLE, schema: '' } } }, 'triggers.buy.schema is ""'],
  ['table', { triggers: { buy: { ...TABLE, table: 'x'.repeat(64) } } }, 'triggers.buy.table is'],
  ['columns', { triggers: { buy: { ...TABLE, columns: [] } } }, 'triggers.buy.columns is []'],
  ['column', { triggers: { buy: { ...TABLE, columns: ['a\nb'] } } }, 'triggers.buy.columns[0] is'],
  ['operations', { triggers: { buy: { ...TABLE, operations: ['TRUNCATE'] } } }, 'triggers.buy.operations is'],
  ['operation twice', { triggers: { buy: { ...TABLE, operations: ['INSERT', 'INSERT'] } } }, 'each once'],
  ['mode', { mode: 'later' as 'outbox' }, 'mode is "later"'],
  ['user', { databaseUsers: [''] }, 'databaseUsers[0] is ""'],
  ['outbox', { outboxSchema: 'A' }, 'outboxSchema is "A"'],
  ['outbox seconds', { outboxSeconds: 60 }, 'outboxSeconds is 60'],
  ['database', { databaseName: '' }, 'databaseName is ""'],
  ['concurrency', { reservedConcurrency: -2 }, 'reservedConcurrency is -2'],
  ['alarms', { alarmActions: ['a'] }, 'alarmActions[0] is "a"'],
  ['architecture', { architecture: 'arm' as 'arm64' }, 'architecture is "arm"'],
  ['retention', { logRetentionDays: 31 }, 'logRetentionDays is 31'],
])('a wrong %s is refused by name', (_, props, problem) => {
  expect(() => view(props)).toThrow(
    expect.objectContaining({ code: 'INVALID_PROPS', message: expect.stringContaining(problem) }),
  );
});

test('the alarms are these', () => {
  const alarms = Object.values(
    view({ alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'] }).all('aws_cloudwatch_metric_alarm'),
  );

  expect(alarms.map((alarm) => [alarm['alarm_name'], alarm['metric_name'], alarm['dimensions']])).toEqual([
    [
      '${aws_lambda_function.function.function_name}-errors',
      'Errors',
      { FunctionName: '${aws_lambda_function.function.function_name}' },
    ],
    [
      '${aws_lambda_function.function.function_name}-dead-letters',
      'ApproximateNumberOfMessagesVisible',
      { QueueName: '${aws_sqs_queue.dead_letters.name}' },
    ],
    [
      '${aws_lambda_function.function.function_name}-row-dead-letters',
      'ApproximateNumberOfMessagesVisible',
      { QueueName: '${aws_sqs_queue.row_dead_letters.name}' },
    ],
  ]);
  expect(alarms.map((alarm) => alarm['alarm_actions'])).toEqual(
    alarms.map(() => ['arn:aws:sns:eu-west-1:111122223333:pager']),
  );
});
