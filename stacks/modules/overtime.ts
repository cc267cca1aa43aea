import { runAFunction as picture } from '../../pictures/patterns/run-a-function';
import { callModule, defineModule } from '../module-definition';
import { clusterModule } from './cluster';
import { runnerModule } from './runner';
import { IMAGES_NOTE, REQUEST_NOTE } from './shared';
import { starterModule } from './starter';

const cluster = clusterModule.inputs;
const runner = runnerModule.inputs;
const starter = starterModule.inputs;

/** The common case in one block. Whoever needs another variable of a module calls the three themselves. */
export const overtimeModule = defineModule({
  name: 'overtime',
  sentence: 'Cluster, runner and starter, wired together: all that it takes to run Lambda functions as ECS tasks.',
  picture,
  exampleOf: ['overtime'],
  notes: [IMAGES_NOTE, REQUEST_NOTE],
  inputs: {
    name: cluster.name,
    vpc_id: cluster.vpc_id,
    subnet_ids: starter.subnet_ids,
    assign_public_ip: starter.assign_public_ip,
    function_arns: runner.function_arns,
    layer_arns: runner.layer_arns,
    kms_key_arns: runner.kms_key_arns,
    runtimes: runner.runtimes,
    container_functions: runner.container_functions,
    runner_images: runner.runner_images,
    base_image_prefix: runner.base_image_prefix,
    image_repository_arns: runner.image_repository_arns,
    task_role_arns: starter.task_role_arns,
    container_task_definitions: starter.container_task_definitions,
    container_role_arns: starter.container_role_arns,
    cluster_arns: starter.cluster_arns,
    run_timeout_seconds: starter.run_timeout_seconds,
    run_retention_days: starter.run_retention_days,
    payload_retention_days: runner.payload_retention_days,
    payload_bucket_force_destroy: runner.payload_bucket_force_destroy,
    ledger_deletion_protection: runner.ledger_deletion_protection,
    destination_arns: starter.destination_arns,
    request_queue_arns: starter.request_queue_arns,
    invokers: starter.invokers,
    event_requests: starter.event_requests,
    function_url: starter.function_url,
    launch_burst: starter.launch_burst,
    launches_per_second: starter.launches_per_second,
    overflow_causes: starter.overflow_causes,
    alarm_actions: starter.alarm_actions,
    failed_runs_threshold: runner.failed_runs_threshold,
    late_start_seconds: runner.late_start_seconds,
    container_insights: cluster.container_insights,
    log_retention_days: {
      ...cluster.log_retention_days,
      description:
        'How long the log lines of tasks, starter and watcher are kept, in days: one of the values that CloudWatch Logs takes.',
    },
  },
  build: (stack, values, built) => {
    const { name, function_arns, log_retention_days } = values;
    const { vpc_id, container_insights } = values;
    const place = callModule(stack, clusterModule, { name, vpc_id, container_insights, log_retention_days }, built);

    const { layer_arns, kms_key_arns, runtimes, image_repository_arns, payload_retention_days } = values;
    const { container_functions, runner_images, base_image_prefix } = values;
    const { payload_bucket_force_destroy, ledger_deletion_protection } = values;
    const { alarm_actions, failed_runs_threshold, late_start_seconds, destination_arns } = values;
    const tasks = callModule(
      stack,
      runnerModule,
      {
        name,
        function_arns,
        layer_arns,
        kms_key_arns,
        runtimes,
        container_functions,
        runner_images,
        base_image_prefix,
        image_repository_arns,
        destination_arns,
        payload_retention_days,
        payload_bucket_force_destroy,
        ledger_deletion_protection,
        log_retention_days,
        alarm_actions,
        failed_runs_threshold,
        late_start_seconds,
        log_group_name: place.get('log_group_name'),
        log_group_arn: place.get('log_group_arn'),
      },
      built,
    );

    const { subnet_ids, assign_public_ip, task_role_arns, run_timeout_seconds, run_retention_days } = values;
    const { request_queue_arns, invokers, event_requests, function_url, overflow_causes } = values;
    const { launch_burst, launches_per_second } = values;
    const { container_task_definitions, container_role_arns, cluster_arns } = values;
    const start = callModule(
      stack,
      starterModule,
      {
        name,
        function_arns,
        subnet_ids,
        assign_public_ip,
        task_role_arns,
        container_task_definitions,
        container_role_arns,
        cluster_arns,
        run_timeout_seconds,
        run_retention_days,
        log_retention_days,
        destination_arns,
        request_queue_arns,
        invokers,
        event_requests,
        function_url,
        launch_burst,
        launches_per_second,
        overflow_causes,
        alarm_actions,
        cluster_arn: place.get('cluster_arn'),
        security_group_ids: [place.get('security_group_id')],
        container_name: tasks.get('container_name'),
        task_definitions: tasks.get('task_definitions'),
        execution_role_arn: tasks.get('execution_role_arn'),
        task_role_arn: tasks.get('task_role_arn'),
        ledger_table_name: tasks.get('ledger_table_name'),
        ledger_table_arn: tasks.get('ledger_table_arn'),
        payload_bucket_name: tasks.get('payload_bucket_name'),
        payload_bucket_arn: tasks.get('payload_bucket_arn'),
        launch_queue_url: tasks.get('launch_queue_url'),
        launch_queue_arn: tasks.get('launch_queue_arn'),
        watcher_function_name: tasks.get('watcher_function_name'),
        watcher_function_arn: tasks.get('watcher_function_arn'),
      },
      built,
    );
    return {
      ...start.pass('function_name', 'function_arn', 'function_url', 'dead_letter_queue_url', 'dead_letter_queue_arn'),
      ...tasks.pass('image_repository_url', 'task_role_arn', 'runner_policy_arn'),
      ...tasks.pass('launch_queue_url', 'launch_queue_arn', 'watcher_function_name', 'watcher_function_arn'),
      ...tasks.pass('ledger_table_name', 'ledger_table_arn', 'payload_bucket_name', 'payload_bucket_arn'),
      ...tasks.pass('program_key', 'program_sha256'),
      ...place.pass('cluster_arn', 'cluster_name', 'log_group_name', 'log_group_arn', 'security_group_id'),
    };
  },
});
