// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { type TerraformStack, TerraformVariable, type TerraformVariableConfig } from 'cdktf';
import { Cluster } from '../../stacks/cluster';
import { Runner } from '../../stacks/runner';
import { Starter, type StarterProps } from '../../stacks/starter';
import { viewModule } from '../support/stack-view';

// A generated Terraform module has variables for props: whatever a construct does with a prop, Terraform has to do.

function variables(stack: TerraformStack) {
  const variable = (id: string, config: TerraformVariableConfig = {}) => new TerraformVariable(stack, id, config);
  return {
    text: (id: string) => variable(id).stringValue,
    list: (id: string) => variable(id).listValue,
    number: (id: string) => variable(id).numberValue,
    boolean: (id: string) => variable(id).booleanValue,
    any: (id: string) => variable(id).value,
  };
}

test('every prop of the cluster may be a variable', () => {
  const cluster = viewModule((stack) => {
    const { text, number } = variables(stack);
    new Cluster(stack, 'Default', {
      name: text('name'),
      vpcId: text('vpc_id'),
      containerInsights: text('container_insights') as 'disabled',
      defaultCapacity: text('default_capacity') as 'FARGATE',
      logRetentionDays: number('log_retention_days'),
    });
  });

  expect(cluster.only('aws_cloudwatch_log_group')).toEqual({
    name: '/ecs/${var.name}',
    retention_in_days: '${var.log_retention_days}',
  });
  expect(cluster.only('aws_ecs_cluster')['setting']).toEqual([
    { name: 'containerInsights', value: '${var.container_insights}' },
  ]);
});

test('every prop of the runner may be a variable, the maps of runtimes and functions too', () => {
  const runner = viewModule((stack) => {
    const { text, list, number, boolean, any } = variables(stack);
    new Runner(stack, 'Default', {
      name: text('name'),
      logGroupName: text('log_group_name'),
      logGroupArn: text('log_group_arn'),
      functionArns: list('function_arns'),
      kmsKeyArns: list('kms_key_arns'),
      destinationArns: list('destination_arns'),
      runtimes: any('runtimes'),
      containerFunctions: any('container_functions'),
      runnerImages: text('runner_images') as 'public',
      baseImagePrefix: text('base_image_prefix'),
      imageRepositoryForceDelete: boolean('image_repository_force_delete'),
      imageRepositoryArns: list('image_repository_arns'),
      payloadRetentionDays: number('payload_retention_days'),
      payloadBucketForceDestroy: boolean('payload_bucket_force_destroy'),
      ledgerDeletionProtection: boolean('ledger_deletion_protection'),
      architecture: text('architecture') as 'arm64',
      logRetentionDays: number('log_retention_days'),
      alarmActions: list('alarm_actions'),
      failedRunsThreshold: number('failed_runs_threshold'),
      lateStartSeconds: number('late_start_seconds'),
    });
  });

  expect(runner.document.locals?.['runtimes']).toBe('${var.runtimes}');
  expect(runner.document.locals?.['container_functions']).toBe('${var.container_functions}');
  expect(runner.document.locals?.['has_image_repository']).toBe('${(var.runner_images == "repository")}');
  expect(runner.at('aws_ecs_task_definition.task_on_base_images')).toMatchObject({
    for_each: '${local.runtimes_on_base_images}',
    family: '${var.name}-${each.key}',
  });
  expect(runner.at('aws_cloudwatch_metric_alarm.failed_runs_alarm')).toMatchObject({
    threshold: '${var.failed_runs_threshold}',
    alarm_actions: '${var.alarm_actions}',
  });
  expect(runner.at('aws_cloudwatch_metric_alarm.late_runs_alarm')['threshold']).toBe('${var.late_start_seconds}');
  expect(runner.only('aws_dynamodb_table')['deletion_protection_enabled']).toBe('${var.ledger_deletion_protection}');
  expect(JSON.stringify(runner.json('aws_iam_policy.runner', 'policy'))).toContain(
    'coalesce(var.function_arns, [join(',
  );
  expect(JSON.stringify(runner.json('aws_iam_policy.runner', 'policy'))).toContain(
    'coalescelist(var.kms_key_arns, [join(',
  );
  expect(JSON.stringify(runner.json('aws_iam_policy.runner', 'policy'))).toContain(
    'var.destination_arns, formatlist(\\"%s/aws/lambda/async/*\\", var.destination_arns))}',
  );
  expect(runner.document.locals?.['pulled_repository_arns']).toBe(
    '${concat(local.image_repository_arns, var.image_repository_arns, local.function_repository_arns)}',
  );
});

test('every prop of the starter may be a variable', () => {
  const starter = viewModule((stack) => {
    const { text, list, number, boolean, any } = variables(stack);
    new Starter(stack, 'Default', {
      name: text('name'),
      clusterArn: text('cluster_arn'),
      subnetIds: list('subnet_ids'),
      securityGroupIds: list('security_group_ids'),
      assignPublicIp: boolean('assign_public_ip'),
      containerName: text('container_name'),
      taskDefinitions: any('task_definitions'),
      executionRoleArn: text('execution_role_arn'),
      taskRoleArn: text('task_role_arn'),
      ledgerTableName: text('ledger_table_name'),
      ledgerTableArn: text('ledger_table_arn'),
      payloadBucketName: text('payload_bucket_name'),
      payloadBucketArn: text('payload_bucket_arn'),
      launchQueueUrl: text('launch_queue_url'),
      launchQueueArn: text('launch_queue_arn'),
      watcherFunctionName: text('watcher_function_name'),
      watcherFunctionArn: text('watcher_function_arn'),
      destinationArns: list('destination_arns'),
      requestQueueArns: any('request_queue_arns') as unknown as Record<string, string>,
      invokers: any('invokers') as unknown as NonNullable<StarterProps['invokers']>,
      eventRequests: any('event_requests') as unknown as Record<string, string>,
      functionUrl: boolean('function_url'),
      launchBurst: number('launch_burst'),
      launchesPerSecond: number('launches_per_second'),
      overflowCauses: list('overflow_causes') as 'timeout'[],
      alarmActions: list('alarm_actions'),
      functionArns: list('function_arns'),
      taskRoleArns: list('task_role_arns'),
      containerTaskDefinitions: list('container_task_definitions'),
      containerRoleArns: list('container_role_arns'),
      clusterArns: list('cluster_arns'),
      runTimeoutSeconds: number('run_timeout_seconds'),
      runRetentionDays: number('run_retention_days'),
      architecture: text('architecture') as 'arm64',
      logRetentionDays: number('log_retention_days'),
    });
  });

  expect(starter.only('aws_lambda_function')['environment']).toEqual({
    variables: {
      OVERTIME_ASSIGN_PUBLIC_IP: '${var.assign_public_ip ? "ENABLED" : "DISABLED"}',
      OVERTIME_CLUSTER: '${var.cluster_arn}',
      OVERTIME_CONTAINER_NAME: '${var.container_name}',
      OVERTIME_CONTAINER_TASK_DEFINITIONS: '${jsonencode(var.container_task_definitions)}',
      OVERTIME_DESTINATION_ARNS: '${jsonencode(var.destination_arns)}',
      OVERTIME_EVENT_REQUESTS:
        '${jsonencode({ for source, request in local.event_requests : source => jsondecode(request) })}',
      OVERTIME_LAUNCHES_PER_SECOND: '${var.launches_per_second}',
      OVERTIME_LAUNCH_BURST: '${var.launch_burst}',
      OVERTIME_LAUNCH_QUEUE_URL: '${var.launch_queue_url}',
      OVERTIME_LEDGER_TABLE: '${var.ledger_table_name}',
      OVERTIME_OVERFLOW_CAUSES: '${join(",", var.overflow_causes)}',
      OVERTIME_PAYLOAD_BUCKET: '${var.payload_bucket_name}',
      OVERTIME_RUN_RETENTION_DAYS: '${var.run_retention_days}',
      OVERTIME_SECURITY_GROUPS: '${join(",", var.security_group_ids)}',
      OVERTIME_SUBNETS: '${join(",", sort(var.subnet_ids))}',
      OVERTIME_TASK_DEFINITIONS: '${jsonencode(var.task_definitions)}',
      OVERTIME_TIMEOUT_SECONDS: '${var.run_timeout_seconds}',
      OVERTIME_WATCHER_FUNCTION: '${var.watcher_function_name}',
    },
  });
  expect(starter.document.locals).toEqual({
    request_queues: '${var.request_queue_arns}',
    invokers: '${var.invokers}',
    event_requests: '${var.event_requests}',
  });
  expect(starter.only('aws_lambda_function_url')['count']).toBe('${var.function_url ? 1 : 0}');
  expect(JSON.stringify(starter.json('aws_iam_role_policy.policy', 'policy'))).toContain(
    'concat(var.task_definitions[*].family, var.container_task_definitions)',
  );
});
