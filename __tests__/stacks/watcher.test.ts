// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { Runner } from '../../stacks/runner';
import { deliveryStatements } from '../support/delivery/statements';
import { viewModule } from '../support/stack-view';

const runner = viewModule((stack) => {
  new Runner(stack, 'Default', {
    name: 'overtime',
    logGroupName: '/ecs/overtime',
    logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime',
  });
});

const LEDGER = '${aws_dynamodb_table.ledger.arn}';

const task =
  '${join(":", ["arn", data.aws_partition.partition.partition, "ecs", data.aws_region.region.id, ' +
  'data.aws_caller_identity.account.account_id, "task/*"])}';

test('the watcher is this function', () => {
  expect(runner.only('aws_lambda_function')).toEqual({
    function_name: 'overtime-watcher',
    description: 'Closes the runs of Overtime whose task stopped without a word.',
    filename: '${path.module}/watcher.zip',
    source_code_hash: '${filebase64sha256("${path.module}/watcher.zip")}',
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    memory_size: 256,
    timeout: 60,
    role: '${aws_iam_role.watcher_role.arn}',
    environment: {
      variables: {
        OVERTIME_LAUNCH_QUEUE_URL: '${aws_sqs_queue.launches.url}',
        OVERTIME_LEDGER_TABLE: '${aws_dynamodb_table.ledger.name}',
      },
    },
    dead_letter_config: { target_arn: '${aws_sqs_queue.watcher_dead_letters.arn}' },
    logging_config: { log_format: 'Text', log_group: '${aws_cloudwatch_log_group.watcher_logs.name}' },
    depends_on: ['aws_iam_role_policy.watcher_policy'],
  });
});

test('its whole policy is this', () => {
  expect(runner.json('aws_iam_role_policy.watcher_policy', 'policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${aws_cloudwatch_log_group.watcher_logs.arn}:*',
      },
      {
        Sid: 'CloseRuns',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        Resource: LEDGER,
      },
      { Sid: 'FindOpenRuns', Effect: 'Allow', Action: ['dynamodb:Query'], Resource: `${LEDGER}/index/open` },
      { Sid: 'DescribeTasks', Effect: 'Allow', Action: ['ecs:DescribeTasks'], Resource: task },
      {
        Sid: 'StopTasks',
        Effect: 'Allow',
        Action: ['ecs:StopTask'],
        Resource: task,
        Condition: { StringLike: { 'aws:ResourceTag/overtime:run-id': 'run-*' } },
      },
      {
        Sid: 'SendLaunches',
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: '${aws_sqs_queue.launches.arn}',
      },
      {
        Sid: 'ReadPayloads',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: ['${aws_s3_bucket.payloads.arn}/inputs/*', '${aws_s3_bucket.payloads.arn}/outputs/*'],
      },
      ...deliveryStatements('[]'),
      {
        Sid: 'SendToDeadLetterQueue',
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: '${aws_sqs_queue.watcher_dead_letters.arn}',
      },
    ],
  });
});

test('it hears of every stopped task that carries a run, and sweeps once a minute', () => {
  const target = '${aws_lambda_function.watcher_function.arn}';

  expect(runner.json('aws_cloudwatch_event_rule.stopped_tasks', 'event_pattern')).toEqual({
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: { lastStatus: ['STOPPED'], startedBy: [{ prefix: 'run-' }] },
  });
  expect(runner.at('aws_cloudwatch_event_rule.sweep')).toEqual({
    name: 'overtime-sweep',
    description: 'Looks for runs of Overtime of whose end no event told.',
    schedule_expression: 'rate(1 minute)',
  });
  expect(runner.all('aws_cloudwatch_event_target')).toEqual({
    stopped_tasks_target: {
      rule: '${aws_cloudwatch_event_rule.stopped_tasks.name}',
      arn: target,
      depends_on: ['aws_lambda_permission.stopped_tasks_permission'],
    },
    sweep_target: {
      rule: '${aws_cloudwatch_event_rule.sweep.name}',
      arn: target,
      input: '${jsonencode({"action" = "sweep"})}',
      depends_on: ['aws_lambda_permission.sweep_permission'],
    },
  });
});

test('each of its two rules may invoke it, and nothing else', () => {
  const permission = (rule: string) => ({
    statement_id: `${rule}-rule`,
    action: 'lambda:InvokeFunction',
    function_name: '${aws_lambda_function.watcher_function.function_name}',
    principal: 'events.amazonaws.com',
    source_arn: `\${aws_cloudwatch_event_rule.${rule}.arn}`,
  });

  expect(runner.all('aws_lambda_permission')).toEqual({
    stopped_tasks_permission: permission('stopped_tasks'),
    sweep_permission: permission('sweep'),
  });
});

test('the launch queue keeps order and sets aside what fails twenty times', () => {
  const { redrive_policy: _, ...queue } = runner.at('aws_sqs_queue.launches');

  expect(queue).toEqual({
    name: 'overtime-launches.fifo',
    fifo_queue: true,
    message_retention_seconds: 1_209_600,
    visibility_timeout_seconds: 90,
    sqs_managed_sse_enabled: true,
  });
  expect(runner.json('aws_sqs_queue.launches', 'redrive_policy')).toEqual({
    deadLetterTargetArn: '${aws_sqs_queue.launch_dead_letters.arn}',
    maxReceiveCount: 20,
  });
  expect(runner.at('aws_sqs_queue.launch_dead_letters')).toEqual({
    name: 'overtime-launches-dead-letters.fifo',
    fifo_queue: true,
    message_retention_seconds: 1_209_600,
    sqs_managed_sse_enabled: true,
  });
});
