// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readFileSync } from 'node:fs';
import { CAME_TOO_LATE } from '../../handlers/runner/worker/activity/outcome-call';
import { Activities } from '../../stacks/activities';
import type { ActivitiesProps } from '../../stacks/activities-props';
import type { Activity } from '../../stacks/parts/activity';
import { INTERRUPTED } from '../../stacks/parts/activity-states';
import { writeOutputs } from '../../stacks/parts/outputs';
import { viewModule } from '../support/stack-view';

const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:111122223333:cluster/overtime';
const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime';
const BUCKET_ARN = 'arn:aws:s3:::overtime-payloads-1';

/** As the seed's configuration has it, but for what the module knows itself. */
const QUEUE_GRANULES: Activity = { functionName: 'queue-granules', runtime: 'nodejs22.x' };

function view(props: Partial<ActivitiesProps> = {}) {
  return viewModule((stack) => {
    const built = new Activities(stack, 'Default', {
      name: 'overtime',
      activities: { QueueGranules: QUEUE_GRANULES },
      clusterArn: CLUSTER_ARN,
      subnetIds: ['subnet-0a'],
      securityGroupIds: ['sg-0a'],
      assignPublicIp: true,
      logGroupName: '/ecs/overtime',
      logGroupArn: LOG_GROUP_ARN,
      payloadBucketName: 'overtime-payloads-1',
      payloadBucketArn: BUCKET_ARN,
      programKey: 'programs/0a/runner-program.js.gz',
      programSha256: '0a',
      ...props,
    });
    writeOutputs(stack, built.outputs);
  });
}

const activities = view();

const inThisPlace = (service: string, resource: string) =>
  `join(":", ["arn", data.aws_partition.partition.partition, "${service}", data.aws_region.region.id, data.aws_caller_identity.account.account_id, "${resource}"])`;

test('the activities module makes these resources and no others', () => {
  expect(activities.addresses).toEqual([
    'aws_cloudwatch_metric_alarm.failed_tasks_alarm',
    'aws_cloudwatch_metric_alarm.late_tasks_alarm',
    'aws_cloudwatch_metric_alarm.missing_workers_alarm',
    'aws_cloudwatch_metric_alarm.untaken_tasks_alarm',
    'aws_ecs_service.workers',
    'aws_ecs_task_definition.worker',
    'aws_ecs_task_definition.worker_of_image',
    'aws_ecs_task_definition.worker_on_base_images',
    'aws_iam_policy.worker_policy',
    'aws_iam_role.execution',
    'aws_iam_role.worker_role',
    'aws_iam_role_policy.execution_policy',
    'aws_iam_role_policy_attachment.worker_own',
    'aws_iam_role_policy_attachment.worker_runner',
    'aws_sfn_activity.activity',
  ]);
});

test('each activity is named after the deployment and its key', () => {
  expect(activities.only('aws_sfn_activity')).toEqual({
    for_each: '${local.activities}',
    name: 'overtime-${each.key}',
  });
});

test('the service starts new workers beside the old ones on Fargate, stops the old ones first on instances, and moves none', () => {
  expect(activities.only('aws_ecs_service')).toEqual({
    for_each: '${local.activities}',
    name: 'overtime-activity-${each.key}',
    cluster: CLUSTER_ARN,
    task_definition: '${local.task_definition_arns[each.key]}',
    desired_count: '${each.value.count}',
    capacity_provider_strategy: [
      {
        capacity_provider: '${each.value.capacity == "EC2" ? local.ec2_capacity_provider : each.value.capacity}',
        weight: 1,
      },
    ],
    network_configuration: {
      subnets: ['subnet-0a'],
      security_groups: ['sg-0a'],
      assign_public_ip: '${each.value.capacity == "EC2" ? false : local.assign_public_ip}',
    },
    deployment_circuit_breaker: { enable: true, rollback: true },
    deployment_minimum_healthy_percent: '${each.value.capacity == "EC2" ? 0 : 100}',
    deployment_maximum_percent: '${each.value.capacity == "EC2" ? 100 : 200}',
    availability_zone_rebalancing: 'DISABLED',
    enable_ecs_managed_tags: true,
    propagate_tags: 'SERVICE',
    depends_on: [
      'aws_iam_role_policy.execution_policy',
      'aws_iam_role_policy_attachment.worker_runner',
      'aws_iam_role_policy_attachment.worker_own',
    ],
  });
});

describe('task definitions', () => {
  const LOG = {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': '/ecs/overtime',
      'awslogs-region': '${data.aws_region.region.id}',
      'awslogs-stream-prefix': '${each.key}',
      mode: 'non-blocking',
      'max-buffer-size': '25m',
    },
  };
  const RUNNER = {
    name: 'runner',
    essential: true,
    stopTimeout: 120,
    linuxParameters: { initProcessEnabled: true },
    environment: '${each.value.environment}',
    logConfiguration: LOG,
  };
  const SIDECAR = {
    ...RUNNER,
    image: 'public.ecr.aws/lambda/nodejs:22',
    entryPoint: ['/var/lang/bin/node', '--max-semi-space-size=1', '--v8-pool-size=1'],
    command: ['-e', '${local.fetch_program}', 'overtime-payloads-1', 'programs/0a/runner-program.js.gz', '0a'],
    workingDirectory: '/var/runtime',
  };

  test('there are three loops, for three kinds of images, and each has the same task around its containers', () => {
    const task = {
      family: 'overtime-activity-${each.key}',
      requires_compatibilities: '${each.value.compatibilities}',
      network_mode: 'awsvpc',
      cpu: '${each.value.cpu}',
      memory: '${each.value.memory_mib}',
      runtime_platform: { operating_system_family: 'LINUX', cpu_architecture: '${upper(each.value.architecture)}' },
      execution_role_arn: '${aws_iam_role.execution.arn}',
      task_role_arn: '${each.value.role_arn}',
      dynamic: {
        ephemeral_storage: {
          for_each: '${each.value.ephemeral_storage_gib[*]}',
          content: { size_in_gib: '${ephemeral_storage.value}' },
        },
      },
    };
    const tasks = Object.entries(activities.all('aws_ecs_task_definition')).map(([id, definition]) => {
      const { container_definitions: _, ...others } = definition;
      return [id, others];
    });

    expect(Object.fromEntries(tasks)).toEqual({
      worker: { ...task, for_each: '${local.workers_on_own_images}' },
      worker_on_base_images: {
        ...task,
        for_each: '${local.workers_on_base_images}',
        volume: [{ name: 'code' }, { name: 'layers' }, { name: 'control' }],
      },
      worker_of_image: { ...task, for_each: '${local.container_images}' },
    });
  });

  test('with an image of its own the runner is alone, and hears the words of the command line', () => {
    expect(activities.json('aws_ecs_task_definition.worker', 'container_definitions')).toEqual([
      { ...RUNNER, image: '${each.value.image}', command: '${each.value.commands}' },
    ]);
  });

  test("on AWS's base images the runner is fetched, and the runtime beside it belongs to no root", () => {
    expect(activities.json('aws_ecs_task_definition.worker_on_base_images', 'container_definitions')).toEqual([
      { ...SIDECAR, mountPoints: expect.any(Array) },
      expect.objectContaining({
        name: 'runtime',
        image: '${each.value.image}',
        user: '1000:1000',
        stopTimeout: 120,
        linuxParameters: { initProcessEnabled: true },
        logConfiguration: LOG,
      }),
    ]);
  });

  test('a function that is an image starts when the runner is healthy', () => {
    expect(activities.json('aws_ecs_task_definition.worker_of_image', 'container_definitions')).toEqual([
      { ...SIDECAR, healthCheck: expect.objectContaining({ retries: 10 }) },
      expect.objectContaining({
        name: 'runtime',
        image: '${each.value.image}',
        essential: false,
        dependsOn: [{ containerName: 'runner', condition: 'HEALTHY' }],
        environment: '${each.value.function_environment}',
        logConfiguration: LOG,
      }),
    ]);
  });

  test('the worker reads every variable that its container has', () => {
    const files = ['settings', 'worker/settings', 'sidecar/runtime-container'];
    const text = files.map((name) => readFileSync(`${__dirname}/../../handlers/runner/${name}.ts`, 'utf8')).join('');
    const read = new Set([...text.matchAll(/\(environment, '([A-Z_0-9]+)'/g)].map(([, name]) => name));
    const { locals } = activities.document;
    const rows = ['worker_rows', 'workers_on_base_images', 'container_images', 'worker_variables'];
    const given = [...JSON.stringify(rows.map((name) => locals?.[name])).matchAll(/\bOVERTIME_[A-Z_0-9]+/g)];

    expect(given.length).toBeGreaterThan(10);
    expect(given.map(([name]) => name).filter((name) => !read.has(name))).toEqual([]);
  });
});

describe('IAM', () => {
  const trust = (condition: object) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TrustTasks',
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: ['sts:AssumeRole'],
        Condition: condition,
      },
    ],
  });

  test('each activity has a role of its own, for tasks of this account and region', () => {
    expect(activities.at('aws_iam_role.worker_role')).toMatchObject({
      for_each: '${local.activities}',
      name_prefix: 'overtime-worker-',
    });
    expect(activities.json('aws_iam_role.worker_role', 'assume_role_policy')).toEqual(
      trust({
        ArnLike: { 'aws:SourceArn': `\${${inThisPlace('ecs', '*')}}` },
        StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.account.account_id}' },
      }),
    );
  });

  const FUNCTION = `coalesce(local.function_arns[each.key], ${inThisPlace('lambda', 'function:no.function')})`;

  test('a worker takes the tasks of its activity, tells how they end, and fetches its function, and nothing else', () => {
    expect(activities.json('aws_iam_policy.worker_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TakeActivityTasks',
          Effect: 'Allow',
          Action: ['states:GetActivityTask'],
          Resource: '${aws_sfn_activity.activity[each.key].id}',
        },
        {
          Sid: 'SendTaskOutcomes',
          Effect: 'Allow',
          Action: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
          Resource: '*',
        },
        { Sid: 'SendTaskHeartbeats', Effect: 'Allow', Action: ['states:SendTaskHeartbeat'], Resource: '*' },
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
        { Sid: 'ReadOutputs', Effect: 'Allow', Action: ['s3:GetObject'], Resource: `${BUCKET_ARN}/outputs/*` },
        { Sid: 'WriteOutputs', Effect: 'Allow', Action: ['s3:PutObject'], Resource: `${BUCKET_ARN}/outputs/*` },
        {
          Sid: 'ReadProgram',
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: `\${join("/", ["${BUCKET_ARN}", "programs/0a/runner-program.js.gz"])}`,
        },
      ],
    });
  });

  test('with keys of the customer Lambda, and nobody else, may decrypt for the worker', () => {
    const kmsKeyArns = ['arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'];
    const policy = view({ kmsKeyArns }).json('aws_iam_policy.worker_policy', 'policy') as { Statement: object[] };

    expect(policy.Statement[5]).toEqual({
      Sid: 'DecryptFunctions',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: kmsKeyArns,
      Condition: { StringLike: { 'kms:ViaService': 'lambda.*' } },
    });
  });

  test("ECS writes the workers' logs and pulls their images", () => {
    expect(activities.json('aws_iam_role_policy.execution_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
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
      ],
    });
  });
});

test('a state tries again what the worker fails with when it is stopped', () => {
  expect(CAME_TOO_LATE).toMatchObject({ error: { errorType: INTERRUPTED } });
  expect(activities.document.locals?.['state_definitions']).toContain(
    'ErrorEquals = ["Overtime.Interrupted", "States.HeartbeatTimeout"]',
  );
});

describe('alarms', () => {
  const ACTIVITY = { ActivityArn: '${aws_sfn_activity.activity[each.key].id}' };
  const counted = (id: string, metric_name: string) => ({
    id,
    metric: { namespace: 'AWS/States', metric_name, dimensions: ACTIVITY, period: 300, stat: 'Sum' },
  });

  test('tasks that failed, timed out and fell silent count together', () => {
    expect(activities.at('aws_cloudwatch_metric_alarm.failed_tasks_alarm')).toMatchObject({
      alarm_name: 'overtime-activity-${each.key}-failed-tasks',
      comparison_operator: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      treat_missing_data: 'notBreaching',
      metric_query: [
        {
          id: 'ended_badly',
          label: 'Tasks that ended badly',
          expression: 'FILL(failed, 0) + FILL(late, 0) + FILL(silent, 0)',
          return_data: true,
        },
        counted('failed', 'ActivitiesFailed'),
        counted('late', 'ActivitiesTimedOut'),
        counted('silent', 'ActivitiesHeartbeatTimedOut'),
      ],
    });
  });

  test('tasks of which none was taken raise an alarm, and so does one that waited ten minutes', () => {
    expect(activities.at('aws_cloudwatch_metric_alarm.untaken_tasks_alarm')).toMatchObject({
      threshold: 1,
      metric_query: [
        {
          id: 'untaken',
          label: 'Scheduled while none was taken',
          expression: 'IF(FILL(started, 0) == 0, FILL(scheduled, 0), 0)',
          return_data: true,
        },
        counted('scheduled', 'ActivitiesScheduled'),
        counted('started', 'ActivitiesStarted'),
      ],
    });
    expect(activities.at('aws_cloudwatch_metric_alarm.late_tasks_alarm')).toMatchObject({
      metric_name: 'ActivityScheduleTime',
      dimensions: ACTIVITY,
      statistic: 'Maximum',
      threshold: '${(600 * 1000)}',
    });
  });

  test('a service of which no task is measured has no worker, where one is wanted', () => {
    expect(activities.document.locals?.['staffed']).toBe(
      '${{ for key, row in local.activities : key => row if row.count > 0 }}',
    );
    expect(activities.at('aws_cloudwatch_metric_alarm.missing_workers_alarm')).toMatchObject({
      for_each: '${local.staffed}',
      namespace: 'AWS/ECS',
      metric_name: 'CPUUtilization',
      dimensions: {
        ClusterName: `\${element(split("/", "${CLUSTER_ARN}"), 1)}`,
        ServiceName: '${aws_ecs_service.workers[each.key].name}',
      },
      statistic: 'SampleCount',
      comparison_operator: 'LessThanThreshold',
      evaluation_periods: 2,
      threshold: 1,
      treat_missing_data: 'breaching',
    });
  });

  test('whoever is to hear of them does', () => {
    const alarmActions = ['arn:aws:sns:eu-west-1:111122223333:pager'];
    const alarms = Object.values(view({ alarmActions }).all('aws_cloudwatch_metric_alarm'));

    expect(alarms.map((alarm) => alarm['alarm_actions'])).toEqual(alarms.map(() => alarmActions));
  });
});

test('what the seed says of a service can be said', () => {
  const seed: Activity = {
    image: 'cumuluss/cumulus-ecs-task:1.2.5',
    commands: ['cumulus-ecs-task', '--lambdaArn', 'QueueGranules'],
    cpu: 128,
    memoryMiB: 4000,
    count: 1,
    capacity: 'EC2',
    environment: { AWS_DEFAULT_REGION: 'us-east-1' },
  };
  const locals = view({ activities: { QueueGranules: seed }, ec2CapacityProvider: 'ec2-overtime' }).document.locals;

  expect(locals?.['activities']).toEqual({
    QueueGranules: {
      function_name: null,
      qualifier: null,
      package_type: 'Zip',
      image_config: null,
      runtime: null,
      architecture: 'x86_64',
      image: 'cumuluss/cumulus-ecs-task:1.2.5',
      command: null,
      commands: ['cumulus-ecs-task', '--lambdaArn', 'QueueGranules'],
      cpu: 128,
      memory_mib: 4000,
      ephemeral_storage_gib: null,
      count: 1,
      capacity: 'EC2',
      environment: { AWS_DEFAULT_REGION: 'us-east-1' },
      concurrency: 1,
      heartbeat_seconds: 90,
      timeout_seconds: 86400,
      idle_seconds: null,
      retries: 3,
      policy_arns: [],
      task_role_arn: null,
    },
  });
});

describe('fails with a message that names the prop, its value and what is allowed', () => {
  const IMAGE = 'example.org/worker:1';

  test.each<[string, Activity, string]>([
    [
      'nothing that does the work',
      { runtime: 'nodejs22.x' },
      'activities.a.functionName is missing: give a function, or',
    ],
    [
      'two that do it',
      { ...QUEUE_GRANULES, image: IMAGE, command: ['work'] },
      'activities.a.command is ["work"]: give a function or a command',
    ],
    [
      'a function without its runtime',
      { functionName: 'f' },
      "activities.a.runtime is missing: give the function's runtime",
    ],
    [
      'an image for a function that is one',
      { functionName: 'f', packageType: 'Image', image: IMAGE },
      'activities.a.image is "example.org/worker:1": give no image for a function that is one',
    ],
    [
      'an image configuration for one that is none',
      { ...QUEUE_GRANULES, imageConfig: { command: ['x'] } },
      'activities.a.imageConfig is {"command":["x"]}: give what an image is to be told only',
    ],
    [
      'words for a command line that is not the runner’s',
      { ...QUEUE_GRANULES, commands: ['--heartbeat', '1000'] },
      'activities.a.commands is ["--heartbeat","1000"]: give commands only where',
    ],
    [
      'two tasks at once for the one runtime of an image',
      { functionName: 'f', packageType: 'Image', concurrency: 2 },
      'activities.a.concurrency is 2: give a concurrency of 1, and more workers, for a function that is an image',
    ],
    [
      'a version of a command',
      { image: 'example.org/worker:1', command: ['work'], qualifier: 'live' },
      'activities.a.qualifier is "live": give the version or alias only of a function',
    ],
    [
      'an end after idle time that ECS would undo',
      { ...QUEUE_GRANULES, idleSeconds: 60 },
      'activities.a.idleSeconds is 60: give an end after idle time only with a count of 0',
    ],
    [
      'instances that are not there',
      { ...QUEUE_GRANULES, capacity: 'EC2' },
      'activities.a.capacity is "EC2": give the',
    ],
    [
      'a size that Fargate has not',
      { ...QUEUE_GRANULES, memoryMiB: 4000 },
      'size of activities.a is {"cpu":1024,"memoryMiB":4000}',
    ],
    [
      'a disk smaller than any',
      { ...QUEUE_GRANULES, ephemeralStorageGiB: 20 },
      'activities.a.ephemeralStorageGiB is 20',
    ],
    [
      'half a worker',
      { ...QUEUE_GRANULES, count: 0.5 },
      'activities.a.count is 0.5: give a whole number from 0 to 1000',
    ],
    ['no task at once', { ...QUEUE_GRANULES, concurrency: 0 }, 'activities.a.concurrency is 0'],
    [
      'heartbeats too fast to be missed',
      { ...QUEUE_GRANULES, heartbeatSeconds: 9 },
      'activities.a.heartbeatSeconds is 9',
    ],
    ['a task of no time', { ...QUEUE_GRANULES, timeoutSeconds: 0 }, 'activities.a.timeoutSeconds is 0'],
    ['a role by its name', { ...QUEUE_GRANULES, taskRoleArn: 'granules' }, 'activities.a.taskRoleArn is "granules"'],
    [
      'a policy by its name',
      { ...QUEUE_GRANULES, policyArns: ['granules'] },
      'activities.a.policyArns[0] is "granules"',
    ],
  ])('%s', (_, activity, message) => {
    expect(() => view({ activities: { a: activity } })).toThrow(message);
  });

  test('a key that is no part of a name', () => {
    expect(() => view({ activities: { 'queue granules': QUEUE_GRANULES } })).toThrow(
      'key of activities is "queue granules": give up to 52 letters',
    );
  });

  test('several at once', () => {
    expect(() => view({ failedTasksThreshold: 0, lateStartSeconds: 0 })).toThrow(
      /^The activities module is wrong:\n {2}failedTasksThreshold is 0.*\n {2}lateStartSeconds is 0.*$/,
    );
  });
});

test.each([
  ['images of its own', { runnerImages: 'repository', imageRepositoryUrl: 'registry.example/overtime-runner' }],
  ["AWS's images", { runnerImages: 'public' }],
] as const)('on %s the worker of a zip function takes two tasks at once', (_, images) => {
  expect(() => view({ ...images, activities: { a: { ...QUEUE_GRANULES, concurrency: 2 } } })).not.toThrow();
});

test('the outputs are these', () => {
  expect(activities.publicOutputs).toEqual({
    activity_arns: '${local.activity_arns}',
    state_definitions: '${local.state_definitions}',
    service_names: '${{ for key, one in aws_ecs_service.workers : key => one.name }}',
    task_definition_arns: '${local.task_definition_arns}',
    worker_role_arns: '${{ for key, one in aws_iam_role.worker_role : key => one.arn }}',
    worker_policy_arns: '${{ for key, one in aws_iam_policy.worker_policy : key => one.arn }}',
  });
});
