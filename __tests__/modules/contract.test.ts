// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { generateModules } from '../../stacks/module-writer';
import { readModule } from '../support/generated-module';

const generated = generateModules();

/**
 * What users of a module write down: the variables, the outputs, and the addresses in their state. Another name is a
 * decision: it breaks their configuration, and an address that changes needs a `moved` block.
 */
const CONTRACT = {
  cluster: {
    variables: [
      'container_insights: string = "disabled"',
      'default_capacity: string = "FARGATE"',
      'log_retention_days: number = 30',
      'name: string = "overtime"',
      'vpc_id: string',
    ],
    outputs: ['cluster_arn', 'cluster_name', 'log_group_arn', 'log_group_name', 'security_group_id'],
    addresses: [
      'aws_cloudwatch_log_group.logs',
      'aws_ecs_cluster.cluster',
      'aws_ecs_cluster_capacity_providers.capacity',
      'aws_security_group.tasks',
    ],
  },
  runner: {
    variables: [
      'alarm_actions: list(string) = []',
      'architecture: string = "arm64"',
      'base_image_prefix: string = "public.ecr.aws/lambda"',
      'container_functions: map(object({ function_name = string, qualifier = optional(string), entry_point = optional(list(string)), command = optional(list(string)), working_directory = optional(string), cpu = optional(number, 1024), memory_mib = optional(number, 2048) })) = {}',
      'destination_arns: list(string) = []',
      'failed_runs_threshold: number = 1',
      'function_arns: list(string) or null = null',
      'image_repository_arns: list(string) = []',
      'image_repository_force_delete: bool = true',
      'kms_key_arns: list(string) = []',
      'late_start_seconds: number = 600',
      'layer_arns: list(string) or null = null',
      'ledger_deletion_protection: bool = false',
      'log_group_arn: string',
      'log_group_name: string',
      'log_retention_days: number = 30',
      'name: string = "overtime"',
      'payload_bucket_force_destroy: bool = false',
      'payload_retention_days: number = 30',
      'runner_images: string = "public"',
      'runtimes: map(object({ runtime = string, architecture = string, image = optional(string), cpu = optional(number, 1024), memory_mib = optional(number, 2048) })) = {"nodejs22-arm64":{"architecture":"arm64","runtime":"nodejs22.x"},"nodejs22-x86_64":{"architecture":"x86_64","runtime":"nodejs22.x"}}',
    ],
    outputs: [
      'container_name',
      'execution_role_arn',
      'image_repository_url',
      'launch_queue_arn',
      'launch_queue_url',
      'ledger_table_arn',
      'ledger_table_name',
      'payload_bucket_arn',
      'payload_bucket_name',
      'runner_policy_arn',
      'task_definitions',
      'task_role_arn',
      'watcher_function_arn',
      'watcher_function_name',
    ],
    addresses: [
      'data.aws_caller_identity.account',
      'data.aws_lambda_function.container',
      'data.aws_partition.partition',
      'data.aws_region.region',
      'aws_cloudwatch_dashboard.dashboard',
      'aws_cloudwatch_event_rule.stopped_tasks',
      'aws_cloudwatch_event_rule.sweep',
      'aws_cloudwatch_event_target.stopped_tasks_target',
      'aws_cloudwatch_event_target.sweep_target',
      'aws_cloudwatch_log_group.watcher_logs',
      'aws_cloudwatch_metric_alarm.failed_runs_alarm',
      'aws_cloudwatch_metric_alarm.late_runs_alarm',
      'aws_cloudwatch_metric_alarm.launch_dead_letters_alarm',
      'aws_cloudwatch_metric_alarm.lost_runs_alarm',
      'aws_cloudwatch_metric_alarm.waiting_launches_alarm',
      'aws_cloudwatch_metric_alarm.watcher_dead_letters_alarm',
      'aws_cloudwatch_metric_alarm.watcher_errors_alarm',
      'aws_dynamodb_table.ledger',
      'aws_ecr_lifecycle_policy.images_expiry',
      'aws_ecr_repository.images',
      'aws_ecs_task_definition.container_function',
      'aws_ecs_task_definition.task',
      'aws_ecs_task_definition.task_on_base_images',
      'aws_iam_policy.runner',
      'aws_iam_role.execution',
      'aws_iam_role.task_role',
      'aws_iam_role.watcher_role',
      'aws_iam_role_policy.execution_images',
      'aws_iam_role_policy.execution_policy',
      'aws_iam_role_policy.watcher_policy',
      'aws_iam_role_policy_attachment.task_role_runner',
      'aws_lambda_function.watcher_function',
      'aws_lambda_permission.stopped_tasks_permission',
      'aws_lambda_permission.sweep_permission',
      'aws_s3_bucket.payloads',
      'aws_s3_bucket_lifecycle_configuration.payloads_expiry',
      'aws_s3_bucket_policy.payloads_policy',
      'aws_s3_bucket_public_access_block.payloads_public_access',
      'aws_s3_bucket_server_side_encryption_configuration.payloads_encryption',
      'aws_s3_object.program',
      'aws_sqs_queue.launch_dead_letters',
      'aws_sqs_queue.launches',
      'aws_sqs_queue.watcher_dead_letters',
    ],
  },
  starter: {
    variables: [
      'alarm_actions: list(string) = []',
      'architecture: string = "arm64"',
      'assign_public_ip: bool',
      'cluster_arn: string',
      'cluster_arns: list(string) = []',
      'container_name: string = "runner"',
      'container_role_arns: list(string) = []',
      'container_task_definitions: list(string) = []',
      'destination_arns: list(string) = []',
      'event_requests: map(string) = {}',
      'execution_role_arn: string',
      'function_arns: list(string) or null = null',
      'function_url: bool = false',
      'invokers: map(object({ principal = string, source_arn = string })) = {}',
      'launch_burst: number = 100',
      'launch_queue_arn: string',
      'launch_queue_url: string',
      'launches_per_second: number = 20',
      'ledger_table_arn: string',
      'ledger_table_name: string',
      'log_retention_days: number = 30',
      'name: string = "overtime"',
      'overflow_causes: list(string) = ["timeout","memory"]',
      'payload_bucket_arn: string',
      'payload_bucket_name: string',
      'request_queue_arns: map(string) = {}',
      'run_retention_days: number = 30',
      'run_timeout_seconds: number = 86400',
      'security_group_ids: list(string)',
      'subnet_ids: list(string)',
      'task_definitions: list(object({ family = string, runtime = string, architecture = string, function = string }))',
      'task_role_arn: string',
      'task_role_arns: list(string) = []',
      'watcher_function_arn: string',
      'watcher_function_name: string',
    ],
    outputs: ['dead_letter_queue_arn', 'dead_letter_queue_url', 'function_arn', 'function_name', 'function_url'],
    addresses: [
      'data.aws_caller_identity.account',
      'data.aws_partition.partition',
      'data.aws_region.region',
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
    ],
  },
  overtime: {
    variables: [
      'alarm_actions: list(string) = []',
      'assign_public_ip: bool',
      'base_image_prefix: string = "public.ecr.aws/lambda"',
      'cluster_arns: list(string) = []',
      'container_functions: map(object({ function_name = string, qualifier = optional(string), entry_point = optional(list(string)), command = optional(list(string)), working_directory = optional(string), cpu = optional(number, 1024), memory_mib = optional(number, 2048) })) = {}',
      'container_insights: string = "disabled"',
      'container_role_arns: list(string) = []',
      'container_task_definitions: list(string) = []',
      'destination_arns: list(string) = []',
      'event_requests: map(string) = {}',
      'failed_runs_threshold: number = 1',
      'function_arns: list(string) or null = null',
      'function_url: bool = false',
      'image_repository_arns: list(string) = []',
      'invokers: map(object({ principal = string, source_arn = string })) = {}',
      'kms_key_arns: list(string) = []',
      'late_start_seconds: number = 600',
      'launch_burst: number = 100',
      'launches_per_second: number = 20',
      'layer_arns: list(string) or null = null',
      'ledger_deletion_protection: bool = false',
      'log_retention_days: number = 30',
      'name: string = "overtime"',
      'overflow_causes: list(string) = ["timeout","memory"]',
      'payload_bucket_force_destroy: bool = false',
      'payload_retention_days: number = 30',
      'request_queue_arns: map(string) = {}',
      'run_retention_days: number = 30',
      'run_timeout_seconds: number = 86400',
      'runner_images: string = "public"',
      'runtimes: map(object({ runtime = string, architecture = string, image = optional(string), cpu = optional(number, 1024), memory_mib = optional(number, 2048) })) = {"nodejs22-arm64":{"architecture":"arm64","runtime":"nodejs22.x"},"nodejs22-x86_64":{"architecture":"x86_64","runtime":"nodejs22.x"}}',
      'subnet_ids: list(string)',
      'task_role_arns: list(string) = []',
      'vpc_id: string',
    ],
    outputs: [
      'cluster_arn',
      'cluster_name',
      'dead_letter_queue_arn',
      'dead_letter_queue_url',
      'function_arn',
      'function_name',
      'function_url',
      'image_repository_url',
      'launch_queue_arn',
      'launch_queue_url',
      'ledger_table_arn',
      'ledger_table_name',
      'log_group_name',
      'payload_bucket_arn',
      'payload_bucket_name',
      'runner_policy_arn',
      'security_group_id',
      'task_role_arn',
      'watcher_function_arn',
      'watcher_function_name',
    ],
    addresses: ['module.cluster', 'module.runner', 'module.starter'],
  },
} as const;

test('the modules are the four that users know', () => {
  expect(MODULE_DEFINITIONS.map(({ name }) => name)).toEqual(Object.keys(CONTRACT));
});

describe.each(Object.entries(CONTRACT))('the module %s', (name, contract) => {
  const { document, addresses } = readModule(generated, name);

  test('has exactly these variables, with type and default', () => {
    const signatures = Object.entries(document.variable).map(
      ([variable, { type, nullable, ...others }]) =>
        `${variable}: ${type}${nullable ? ' or null' : ''}${'default' in others ? ` = ${JSON.stringify(others.default)}` : ''}`,
    );

    expect(signatures).toEqual(contract.variables);
  });

  test('has exactly these outputs', () => {
    expect(Object.keys(document.output)).toEqual(contract.outputs);
  });

  test('has exactly these addresses', () => {
    expect(addresses).toEqual(contract.addresses);
  });
});

test('overtime wires the three modules so', () => {
  expect(readModule(generated, 'overtime').document.module).toEqual({
    cluster: {
      container_insights: '${var.container_insights}',
      log_retention_days: '${var.log_retention_days}',
      name: '${var.name}',
      source: '../cluster',
      vpc_id: '${var.vpc_id}',
    },
    runner: {
      alarm_actions: '${var.alarm_actions}',
      failed_runs_threshold: '${var.failed_runs_threshold}',
      base_image_prefix: '${var.base_image_prefix}',
      container_functions: '${var.container_functions}',
      function_arns: '${var.function_arns}',
      image_repository_arns: '${var.image_repository_arns}',
      kms_key_arns: '${var.kms_key_arns}',
      late_start_seconds: '${var.late_start_seconds}',
      destination_arns: '${var.destination_arns}',
      layer_arns: '${var.layer_arns}',
      ledger_deletion_protection: '${var.ledger_deletion_protection}',
      log_group_arn: '${module.cluster.log_group_arn}',
      log_group_name: '${module.cluster.log_group_name}',
      log_retention_days: '${var.log_retention_days}',
      name: '${var.name}',
      payload_bucket_force_destroy: '${var.payload_bucket_force_destroy}',
      payload_retention_days: '${var.payload_retention_days}',
      runner_images: '${var.runner_images}',
      runtimes: '${var.runtimes}',
      source: '../runner',
    },
    starter: {
      alarm_actions: '${var.alarm_actions}',
      assign_public_ip: '${var.assign_public_ip}',
      cluster_arn: '${module.cluster.cluster_arn}',
      cluster_arns: '${var.cluster_arns}',
      container_name: '${module.runner.container_name}',
      container_role_arns: '${var.container_role_arns}',
      container_task_definitions: '${var.container_task_definitions}',
      destination_arns: '${var.destination_arns}',
      execution_role_arn: '${module.runner.execution_role_arn}',
      function_arns: '${var.function_arns}',
      event_requests: '${var.event_requests}',
      function_url: '${var.function_url}',
      invokers: '${var.invokers}',
      launch_burst: '${var.launch_burst}',
      launch_queue_arn: '${module.runner.launch_queue_arn}',
      launch_queue_url: '${module.runner.launch_queue_url}',
      launches_per_second: '${var.launches_per_second}',
      ledger_table_arn: '${module.runner.ledger_table_arn}',
      ledger_table_name: '${module.runner.ledger_table_name}',
      log_retention_days: '${var.log_retention_days}',
      name: '${var.name}',
      overflow_causes: '${var.overflow_causes}',
      payload_bucket_arn: '${module.runner.payload_bucket_arn}',
      payload_bucket_name: '${module.runner.payload_bucket_name}',
      request_queue_arns: '${var.request_queue_arns}',
      run_retention_days: '${var.run_retention_days}',
      run_timeout_seconds: '${var.run_timeout_seconds}',
      security_group_ids: ['${module.cluster.security_group_id}'],
      source: '../starter',
      subnet_ids: '${var.subnet_ids}',
      task_definitions: '${module.runner.task_definitions}',
      task_role_arn: '${module.runner.task_role_arn}',
      task_role_arns: '${var.task_role_arns}',
      watcher_function_arn: '${module.runner.watcher_function_arn}',
      watcher_function_name: '${module.runner.watcher_function_name}',
    },
  });
});

test('overtime checks a variable as the module does to which it goes', () => {
  const { module, variable } = readModule(generated, 'overtime').document;
  const passed = Object.entries(module ?? {}).flatMap(([called, settings]) =>
    Object.entries(settings).flatMap(([input, value]) => (value === `\${var.${input}}` ? [{ called, input }] : [])),
  );

  for (const { called, input } of passed) {
    const { description: _, ...theirs } = readModule(generated, called).document.variable[input] ?? {};
    expect([input, variable[input]]).toEqual([input, expect.objectContaining(theirs)]);
  }
  expect(new Set(passed.map(({ input }) => input))).toEqual(new Set(Object.keys(variable)));
});
