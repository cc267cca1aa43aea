// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSettings } from '../../handlers/dispatcher/settings';
import { LONGEST_OF_ONE_RECEIPT_SECONDS } from '../../handlers/runner/worker/queue/queue-settings';
import { readWorkerSettings } from '../../handlers/runner/worker/settings';
import {
  LONGEST_FIFO_SECONDS,
  MAX_WORKERS,
  MESSAGE_EVENTS,
  MESSAGES_PER_WORKER,
} from '../../stacks/parts/queue-worker';
import type { QueueWorkerProps } from '../../stacks/queue-worker-props';
import { CLUSTER_ARN, viewQueueWorker } from '../support/queue-worker';

const HANDLERS = path.resolve(__dirname, '../../handlers');

const worker = viewQueueWorker();

test('the queue worker makes these resources and no others', () => {
  expect(worker.addresses).toEqual([
    'aws_cloudwatch_dashboard.dashboard',
    'aws_cloudwatch_event_rule.object_events',
    'aws_cloudwatch_event_rule.sweep',
    'aws_cloudwatch_event_target.object_events_target',
    'aws_cloudwatch_event_target.sweep_target',
    'aws_cloudwatch_log_group.dispatcher_logs',
    'aws_cloudwatch_metric_alarm.dead_letters_alarm',
    'aws_cloudwatch_metric_alarm.dispatcher_dead_letters_alarm',
    'aws_cloudwatch_metric_alarm.dispatcher_errors_alarm',
    'aws_cloudwatch_metric_alarm.failed_messages_alarm',
    'aws_cloudwatch_metric_alarm.late_messages_alarm',
    'aws_cloudwatch_metric_alarm.missing_workers_alarm',
    'aws_dynamodb_table.jobs',
    'aws_ecs_service.workers',
    'aws_ecs_task_definition.worker',
    'aws_ecs_task_definition.worker_of_image',
    'aws_ecs_task_definition.worker_on_base_images',
    'aws_iam_policy.worker_policy',
    'aws_iam_role.dispatcher_role',
    'aws_iam_role.execution',
    'aws_iam_role.worker_role',
    'aws_iam_role_policy.dispatcher_policy',
    'aws_iam_role_policy.execution_policy',
    'aws_iam_role_policy_attachment.worker_own',
    'aws_iam_role_policy_attachment.worker_runner',
    'aws_lambda_function.dispatcher_function',
    'aws_lambda_function_event_invoke_config.dispatcher_retries',
    'aws_lambda_permission.notification_permission',
    'aws_lambda_permission.object_events_permission',
    'aws_lambda_permission.sweep_permission',
    'aws_s3_bucket.objects',
    'aws_s3_bucket_lifecycle_configuration.objects_expiry',
    'aws_s3_bucket_notification.notification',
    'aws_s3_bucket_policy.objects_policy',
    'aws_s3_bucket_public_access_block.objects_public_access',
    'aws_s3_bucket_server_side_encryption_configuration.objects_encryption',
    'aws_s3_bucket_versioning.objects_versioning',
    'aws_sqs_queue.dead_letters',
    'aws_sqs_queue.dispatcher_dead_letters',
    'aws_sqs_queue.queue',
    'aws_sqs_queue_policy.dead_letters_policy',
    'aws_sqs_queue_policy.dispatcher_dead_letters_policy',
    'aws_sqs_queue_policy.queue_policy',
    'aws_sqs_queue_redrive_allow_policy.dead_letters_source',
  ]);
});

describe('the queues', () => {
  const KEPT = {
    message_retention_seconds: 1_209_600,
    fifo_queue: '${local.settings.fifo}',
    content_based_deduplication: '${local.settings.fifo ? true : null}',
    sqs_managed_sse_enabled: '${local.settings.queue_kms_key_arn == null ? true : null}',
    kms_master_key_id: '${local.settings.queue_kms_key_arn}',
  };

  test('keep messages for two weeks, encrypted, and set aside after ten receives for each try', () => {
    expect(viewQueueWorker({ maxReceiveCount: 3 }).all('aws_sqs_queue')).toEqual({
      queue: {
        ...KEPT,
        count: '${local.settings.queue == "new" ? 1 : 0}',
        name: 'scenes${local.settings.fifo ? ".fifo" : ""}',
        visibility_timeout_seconds: 120,
        redrive_policy:
          '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.dead_letters.arn, "maxReceiveCount" = (3 * 10)})}',
      },
      dead_letters: { ...KEPT, name: 'scenes-dead-letters${local.settings.fifo ? ".fifo" : ""}' },
      dispatcher_dead_letters: {
        name: 'scenes-dispatcher-dead-letters',
        message_retention_seconds: 1_209_600,
        sqs_managed_sse_enabled: true,
      },
    });
  });

  test('are one for the other, and for no third', () => {
    expect(worker.json('aws_sqs_queue_redrive_allow_policy.dead_letters_source', 'redrive_allow_policy')).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: ['${local.queue_arn}'],
    });
  });

  test('may be one that exists, which is found by the name in its ARN', () => {
    expect(worker.document.data?.['aws_sqs_queue']).toEqual({
      existing_queue: {
        count: '${local.settings.queue == "new" ? 0 : 1}',
        name: '${element(split(":", local.settings.queue_arn), 5)}',
      },
    });
  });
});

test('the table of jobs is keyed by the job, forgets by itself, and is encrypted and backed up', () => {
  expect(worker.only('aws_dynamodb_table')).toEqual({
    name: 'scenes-jobs',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    ttl: { attribute_name: 'expires_at', enabled: true },
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true },
  });
});

test('the service leaves the number of its workers to the dispatcher, and moves none', () => {
  expect(viewQueueWorker({ workers: 'service', minWorkers: 1 }).only('aws_ecs_service')).toMatchObject({
    for_each: '${local.served}',
    name: '${each.key}',
    cluster: CLUSTER_ARN,
    desired_count: 1,
    force_new_deployment: true,
    availability_zone_rebalancing: 'DISABLED',
    depends_on: [
      'aws_iam_role_policy.execution_policy',
      'aws_iam_role_policy_attachment.worker_runner',
      'aws_iam_role_policy_attachment.worker_own',
    ],
    lifecycle: { ignore_changes: ['desired_count'] },
  });
  expect(worker.document.locals?.['served']).toBe(
    '${{ for key, row in local.by_name : key => row if row.workers == "service" }}',
  );
});

describe('the dispatcher', () => {
  test('has a minute, a dead-letter queue, and each event three times within six hours', () => {
    expect(worker.only('aws_lambda_function')).toMatchObject({
      function_name: 'scenes-dispatcher',
      architectures: ['arm64'],
      timeout: 60,
      dead_letter_config: { target_arn: '${aws_sqs_queue.dispatcher_dead_letters.arn}' },
    });
    expect(worker.only('aws_lambda_function_event_invoke_config')).toEqual({
      function_name: '${aws_lambda_function.dispatcher_function.function_name}',
      maximum_retry_attempts: 2,
      maximum_event_age_in_seconds: 21_600,
    });
  });

  test('is asked every minute whether a message is without a worker', () => {
    expect(worker.at('aws_cloudwatch_event_rule.sweep')).toMatchObject({ schedule_expression: 'rate(1 minute)' });
    expect(worker.json('aws_cloudwatch_event_target.sweep_target', 'input')).toEqual({ action: 'sweep' });
    expect(worker.at('aws_lambda_permission.sweep_permission')).toMatchObject({
      principal: 'events.amazonaws.com',
      source_arn: '${aws_cloudwatch_event_rule.sweep.arn}',
    });
  });

  test('reads every variable that it has', () => {
    const files = ['dispatcher/settings.ts', 'shared/network-settings.ts'];
    const text = files.map((file) => readFileSync(path.join(HANDLERS, file), 'utf8')).join('');
    const read = new Set([...text.matchAll(/\(environment, '([A-Z_0-9]+)'/g)].map(([, name]) => name));
    const { variables } = worker.only('aws_lambda_function')['environment'] as { variables: object };

    expect(Object.keys(variables).length).toBeGreaterThan(15);
    expect(Object.keys(variables).filter((name) => !read.has(name))).toEqual([]);
  });
});

test('the worker reads every variable that its container has', () => {
  const files = ['settings', 'worker/settings', 'worker/queue/queue-settings', 'worker/objects/object-settings'];
  const sidecar = ['sidecar/runtime-container'];
  const text = [...files, ...sidecar]
    .map((name) => readFileSync(path.join(HANDLERS, 'runner', `${name}.ts`), 'utf8'))
    .join('');
  const read = new Set([...text.matchAll(/'(OVERTIME_[A-Z_0-9]+)'/g)].map(([, name]) => name));
  const { locals } = worker.document;
  const rows = ['worker_rows', 'workers_on_base_images', 'container_images', 'worker_variables'];
  const given = [...JSON.stringify(rows.map((name) => locals?.[name])).matchAll(/\bOVERTIME_[A-Z_0-9]+/g)];

  expect(given.length).toBeGreaterThan(25);
  expect(given.map(([name]) => name).filter((name) => !read.has(name))).toEqual([]);
});

test('what a prop may be is what the programs take', () => {
  expect(LONGEST_FIFO_SECONDS).toBe(LONGEST_OF_ONE_RECEIPT_SECONDS);
  for (const messageEvent of MESSAGE_EVENTS) {
    expect(
      readWorkerSettings({
        OVERTIME_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/scenes',
        OVERTIME_COMMAND: '["render"]',
        OVERTIME_MESSAGE_EVENT: messageEvent,
      }).source,
    ).toMatchObject({ messageEvent });
  }
  for (const [workers, capacity] of [
    ['tasks', 'FARGATE'],
    ['tasks', 'FARGATE_SPOT'],
    ['tasks', '[{"capacityProvider":"instances","weight":1}]'],
    ['service', 'FARGATE'],
  ] as const) {
    expect(
      parseSettings({
        OVERTIME_ASSIGN_PUBLIC_IP: 'DISABLED',
        OVERTIME_CAPACITY: capacity,
        OVERTIME_CAPACITY_FALLBACK: '',
        OVERTIME_CLUSTER: CLUSTER_ARN,
        OVERTIME_IGNORE_CASE: 'true',
        OVERTIME_JOBS_TABLE: 'scenes-jobs',
        OVERTIME_MAX_WORKERS: String(MAX_WORKERS.maximum),
        OVERTIME_MESSAGES_PER_WORKER: String(MESSAGES_PER_WORKER.maximum),
        OVERTIME_OUTPUT_BUCKET: '',
        OVERTIME_PREFIXES: '[]',
        OVERTIME_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/scenes',
        OVERTIME_SERVICE: 'scenes',
        OVERTIME_SUBNETS: 'subnet-0a',
        OVERTIME_SUFFIXES: '[".zip"]',
        OVERTIME_TASK_DEFINITION: 'scenes',
        OVERTIME_WORKERS: workers,
      }),
    ).toMatchObject({ workers: { kind: workers }, outputs: { bucket: undefined }, filter: { prefixes: [] } });
  }
});

test.each(['worker_on_base_images', 'worker_of_image'])(
  'the runner of %s is started with the options that its benchmark measured',
  (id) => {
    const containers = worker.json(`aws_ecs_task_definition.${id}`, 'container_definitions') as readonly object[];

    expect(containers[0]).toMatchObject({
      name: 'runner',
      entryPoint: ['/var/lang/bin/node', '--max-semi-space-size=4'],
    });
  },
);

test('a worker’s own image may be read-only but for its volume', () => {
  const [container] = worker.json('aws_ecs_task_definition.worker', 'container_definitions') as readonly object[];

  expect(container).toMatchObject({
    name: 'runner',
    stopTimeout: 120,
    readonlyRootFilesystem: '${each.value.read_only_root}',
    mountPoints: '${each.value.mount_points}',
  });
  expect(worker.at('aws_ecs_task_definition.worker')).toMatchObject({
    family: '${each.key}',
    dynamic: {
      volume: { for_each: '${each.value.mount_points}', content: { name: '${volume.value.sourceVolume}' } },
    },
  });
});

describe('alarms', () => {
  const alarms = (props: Partial<QueueWorkerProps>) => viewQueueWorker(props).all('aws_cloudwatch_metric_alarm');

  test('are raised for what was given up, what waits, and what the dispatcher could not do', () => {
    const measured = Object.entries(alarms({ lateMessageSeconds: 60 })).map(([id, alarm]) => [
      id,
      alarm['namespace'],
      alarm['metric_name'],
      alarm['dimensions'],
      alarm['statistic'],
      alarm['threshold'],
    ]);
    const queue = '${local.queue_name}';
    const deadLetters = '${aws_sqs_queue.dead_letters.name}';

    expect(measured).toEqual([
      ['dead_letters_alarm', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: deadLetters }, 'Maximum', 1],
      ['late_messages_alarm', undefined, undefined, undefined, undefined, 60],
      ['missing_workers_alarm', 'Overtime', 'WorkersMissing', { service: queue }, 'Maximum', 1],
      ['failed_messages_alarm', 'Overtime', 'MessagesFailed', { service: queue }, 'Sum', 1],
      [
        'dispatcher_errors_alarm',
        'AWS/Lambda',
        'Errors',
        { FunctionName: '${aws_lambda_function.dispatcher_function.function_name}' },
        'Sum',
        1,
      ],
      [
        'dispatcher_dead_letters_alarm',
        'AWS/SQS',
        'ApproximateNumberOfMessagesVisible',
        { QueueName: '${aws_sqs_queue.dispatcher_dead_letters.name}' },
        'Maximum',
        1,
      ],
    ]);
  });

  test('tell an old message from work that takes long: only while others wait all the time does its age count', () => {
    const measured = (id: string, metric_name: string, stat: string) => ({
      id,
      metric: {
        namespace: 'AWS/SQS',
        metric_name,
        dimensions: { QueueName: '${local.queue_name}' },
        period: 300,
        stat,
      },
    });

    expect(worker.at('aws_cloudwatch_metric_alarm.late_messages_alarm')).toMatchObject({
      alarm_name: 'scenes-late-messages',
      comparison_operator: 'GreaterThanOrEqualToThreshold',
      treat_missing_data: 'notBreaching',
      metric_query: [
        {
          id: 'late',
          label: 'Age of the oldest message while some wait',
          expression: 'IF(FILL(waiting, 0) > 0, FILL(age, 0), 0)',
          return_data: true,
        },
        measured('age', 'ApproximateAgeOfOldestMessage', 'Maximum'),
        measured('waiting', 'ApproximateNumberOfMessagesVisible', 'Minimum'),
      ],
    });
  });

  test('measure what the dispatcher counts', () => {
    const text = readFileSync(path.join(HANDLERS, 'dispatcher/metrics.ts'), 'utf8');
    const counted = Object.values(alarms({})).filter(({ namespace }) => namespace === 'Overtime');

    expect(counted.map(({ metric_name: name }) => text.includes(`addMetric('${name}'`))).toEqual([true, true]);
  });

  test('tell whoever is to hear of them', () => {
    const alarmActions = ['arn:aws:sns:eu-west-1:111122223333:pager'];

    expect(Object.values(alarms({ alarmActions })).map((alarm) => alarm['alarm_actions'])).toEqual(
      Array(6).fill(alarmActions),
    );
  });
});

test('the dashboard shows messages, objects, workers and dead letters', () => {
  const body = worker.json('aws_cloudwatch_dashboard.dashboard', 'dashboard_body') as {
    widgets: readonly { properties: { title: string } }[];
  };

  expect(body.widgets.map(({ properties }) => properties.title)).toEqual([
    'Messages',
    'Age of the oldest message, seconds',
    'Objects',
    'Workers',
    'Dead letters',
  ]);
});

test('the outputs are what others need to know', () => {
  expect(Object.keys(worker.publicOutputs)).toEqual([
    'queue_url',
    'queue_arn',
    'dead_letter_queue_url',
    'dead_letter_queue_arn',
    'bucket_name',
    'dispatcher_function_name',
    'dispatcher_function_arn',
    'dispatcher_role_name',
    'dispatcher_dead_letter_queue_url',
    'jobs_table_name',
    'task_definition_arn',
    'service_name',
    'worker_role_arn',
    'worker_policy_arn',
  ]);
});

describe('fails with a message that names the prop, its value and what is allowed', () => {
  test.each<[string, Partial<QueueWorkerProps>, string]>([
    ['a function and a command', { command: ['render'] }, 'command is ["render"]: give a function or a command'],
    [
      'objects for a function',
      { messageEvent: 'objects' },
      'messageEvent is "objects": give objects only for a command',
    ],
    ['a batch of eleven', { batchSize: 11 }, 'batchSize is 11: give at most 10 messages without a window'],
    [
      'a batch of eleven of a FIFO queue',
      { batchSize: 11, batchWindowSeconds: 1, fifo: true },
      'batchWindowSeconds is 1: give no window for a FIFO queue',
    ],
    [
      'thirteen hours of a FIFO queue',
      { fifo: true, timeoutSeconds: 46_800 },
      'timeoutSeconds is 46800: give at most 42600',
    ],
    ['a queue that exists somewhere', { queue: 'existing' }, 'queueArn is missing: give the ARN of the queue'],
    [
      'a FIFO queue that is said to be none',
      { queue: 'existing', queueArn: 'arn:aws:sqs:eu-west-1:111122223333:orders.fifo' },
      'fifo is missing: give true for a queue whose name ends in .fifo',
    ],
    ['a bucket that exists somewhere', { bucket: 'existing' }, 'bucketName is missing: give the name of the bucket'],
    ['a bucket’s name without a bucket', { bucketName: 'my-scenes' }, 'bucketName is "my-scenes": give the name'],
    [
      'a prefix that begins with another',
      { prefixes: ['in/', 'in/scenes/'] },
      'prefixes is ["in/","in/scenes/"]: give prefixes of which none begins with another',
    ],
    [
      'a suffix that ends with another',
      { suffixes: ['zip', '.zip'] },
      'suffixes is ["zip",".zip"]: give suffixes of which none ends with another',
    ],
    ['a prefix twice', { prefixes: ['in/', 'in/'] }, 'prefixes is ["in/","in/"]: give prefixes of which none'],
    ['workers that always run, and end', { minWorkers: 1 }, 'minWorkers is 1: give 0 where workers are tasks'],
    [
      'more workers at least than at most',
      { workers: 'service', minWorkers: 2, maxWorkers: 1 },
      'minWorkers is 2: give at most max_workers',
    ],
    [
      'a fallback of a service',
      { workers: 'service', capacity: 'FARGATE_SPOT', capacityFallback: 'FARGATE' },
      'capacityFallback is "FARGATE": give it only for tasks on Fargate',
    ],
    [
      'a fallback from instances',
      { capacity: 'EC2', ec2CapacityProvider: 'instances', capacityFallback: 'FARGATE' },
      'capacityFallback is "FARGATE": give it only for tasks on Fargate',
    ],
    ['a read-only base image', { readOnlyRoot: true }, 'readOnlyRoot is true: give it only for an image of your own'],
    ['instances that the cluster has not', { capacity: 'EC2' }, 'capacity is "EC2": give the capacity EC2 only in'],
    [
      'a size that Fargate has not',
      { memoryMiB: 4_000, cpu: 1_024 },
      'size is {"cpu":1024,"memoryMiB":4000}: give a pair',
    ],
    ['a prefix of outputs with a slash', { outputPrefix: '/out' }, 'outputPrefix is "/out": give the beginning'],
    [
      'a queue by its name',
      { queue: 'existing', queueArn: 'orders' },
      'queueArn is "orders": give the ARN of an SQS queue',
    ],
    [
      'a batch of bodies',
      { messageEvent: 'body', batchSize: 5 },
      'batchSize is 5: give a batch of messages only where the event is sqs',
    ],
    [
      'outputs of a function',
      { outputRequired: true },
      'outputRequired is true: give it only for a command that gets objects',
    ],
    [
      'an end after idle time that ECS would undo',
      { workers: 'service', idleSeconds: 61 },
      'idleSeconds is 61: give an end after idle time only for tasks',
    ],
    [
      'events of no bucket',
      { bucketEvents: 'eventbridge' },
      'bucketEvents is "eventbridge": give how the dispatcher hears of objects only with a bucket',
    ],
    ['prefixes in no bucket', { prefixes: ['in/'] }, 'prefixes is ["in/"]: give prefixes only with a bucket'],
    ['suffixes in no bucket', { suffixes: ['.zip'] }, 'suffixes is [".zip"]: give suffixes only with a bucket'],
    [
      'versions in a bucket that exists',
      { bucket: 'existing', bucketName: 'my-scenes', noncurrentVersionDays: 31 },
      'noncurrentVersionDays is 31: give how long versions are kept only of a new bucket',
    ],
    [
      'the end of a bucket that exists',
      { bucket: 'existing', bucketName: 'my-scenes', bucketForceDestroy: true },
      'bucketForceDestroy is true: give it only for a new bucket',
    ],
    ['no try', { maxReceiveCount: 0 }, 'maxReceiveCount is 0: give a whole number from 1 to 100'],
  ])('%s', (_, props, message) => {
    expect(() => viewQueueWorker(props)).toThrow(message);
  });

  test.each<[string, Partial<QueueWorkerProps>, string]>([
    [
      'a version of a command',
      { qualifier: 'live' },
      'qualifier is "live": give the version or alias only of a function',
    ],
    [
      'a batch of its objects',
      { batchSize: 5 },
      'batchSize is 5: give a batch of messages only where the event is sqs',
    ],
    ['a window of them', { batchWindowSeconds: 5 }, 'batchWindowSeconds is 5: give a window only where the event is'],
  ])('%s', (_, props, message) => {
    expect(() => viewQueueWorker(props, { image: 'example.org/scenes:1', command: ['render'] })).toThrow(message);
  });

  test('nothing to do', () => {
    expect(() => viewQueueWorker({}, {})).toThrow('functionName is missing: give a function, or the image');
  });

  test('several at once', () => {
    expect(() => viewQueueWorker({ maxWorkers: 0, idleSeconds: 0 })).toThrow(
      /^The queue worker is wrong:\n {2}idleSeconds is 0.*\n {2}maxWorkers is 0.*$/,
    );
  });
});

test.each<[string, Partial<QueueWorkerProps>]>([
  ['a batch of eleven with a window', { batchSize: 11, batchWindowSeconds: 1 }],
  ['objects into a FIFO queue', { fifo: true, bucket: 'new' }],
  ['a new bucket with a name', { bucket: 'new', bucketName: 'my-scenes' }],
  ['several prefixes and suffixes', { bucket: 'new', prefixes: ['in/', 'out/'], suffixes: ['.zip', '.tar'] }],
  ['bodies one by one, as they are in any case', { messageEvent: 'body', batchSize: 1 }],
  ['what is the default where it has no effect', { workers: 'service', idleSeconds: 60, noncurrentVersionDays: 30 }],
  ['where a function writes', { bucket: 'new', outputBucketName: 'my-pictures', outputPrefix: 'pictures/' }],
  [
    'a function that never unpacks or answers with failures, and whose workers say so',
    { messageEvent: 'body', unpack: 'none', reportBatchItemFailures: false },
  ],
  ['instances of the cluster', { capacity: 'EC2', ec2CapacityProvider: 'instances', cpu: 300, memoryMiB: 300 }],
])('takes %s', (_, props) => {
  expect(() => viewQueueWorker(props)).not.toThrow();
});
