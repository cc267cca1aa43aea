// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readFileSync } from 'node:fs';
import { writeOutputs } from '../../stacks/parts/outputs';
import { Scheduler } from '../../stacks/scheduler';
import type { ScheduleProps, SchedulerServiceSettings } from '../../stacks/scheduler-props';
import { viewModule } from '../support/stack-view';

const STARTER_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter';
const LEDGER_ARN = 'arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs';
const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime';
const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111122223333:pager';
const OTHER_TABLE_ARN = 'arn:aws:dynamodb:eu-west-1:111122223333:table/clockwork';

const COMMON = { name: 'overtime', starterFunctionArn: STARTER_ARN } as const;

function viewService(props: Partial<ScheduleProps & SchedulerServiceSettings> = {}) {
  return viewModule((stack) => {
    const built = new Scheduler(stack, 'Default', {
      ...COMMON,
      starterFunctionName: 'overtime-starter',
      clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/overtime',
      logGroupName: '/ecs/overtime',
      logGroupArn: LOG_GROUP_ARN,
      subnetIds: ['subnet-0a'],
      securityGroupIds: ['sg-0a'],
      assignPublicIp: true,
      ledgerTableName: 'overtime-runs',
      ledgerTableArn: LEDGER_ARN,
      payloadBucketName: 'overtime-payloads-1',
      ...props,
    });
    writeOutputs(stack, built.outputs);
  });
}

const service = viewService();

interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

function containersOf(view: typeof service): readonly Container[] {
  return view.json('aws_ecs_task_definition.task', 'container_definitions') as readonly Container[];
}

test('the module makes these resources and no others', () => {
  expect(service.addresses).toEqual([
    'aws_cloudwatch_dashboard.dashboard',
    'aws_cloudwatch_log_group.registrar_logs',
    'aws_cloudwatch_metric_alarm.failed_slots_alarm',
    'aws_cloudwatch_metric_alarm.late_slots_alarm',
    'aws_cloudwatch_metric_alarm.missed_slots_alarm',
    'aws_cloudwatch_metric_alarm.no_scheduler_alarm',
    'aws_cloudwatch_metric_alarm.refused_slots_alarm',
    'aws_cloudwatch_metric_alarm.registrar_dead_letters_alarm',
    'aws_cloudwatch_metric_alarm.registrar_errors_alarm',
    'aws_cloudwatch_metric_alarm.set_aside_alarm',
    'aws_dynamodb_table.schedule_states',
    'aws_dynamodb_table.schedules',
    'aws_dynamodb_table_item.schedule',
    'aws_ecs_service.service',
    'aws_ecs_task_definition.task',
    'aws_iam_role.execution',
    'aws_iam_role.registrar_role',
    'aws_iam_role.task_role',
    'aws_iam_role_policy.execution_images',
    'aws_iam_role_policy.execution_policy',
    'aws_iam_role_policy.registrar_policy',
    'aws_iam_role_policy.task_policy',
    'aws_lambda_event_source_mapping.changes',
    'aws_lambda_function.registrar_function',
    'aws_s3_object.program',
    'aws_sqs_queue.registrar_dead_letters',
    'aws_sqs_queue_policy.registrar_dead_letters_policy',
  ]);
});

describe('the tables', () => {
  const kept = {
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true },
    deletion_protection_enabled: false,
  };

  test('of schedules has the key of the seed, and tells its changes', () => {
    expect(service.at('aws_dynamodb_table.schedules')).toEqual({
      ...kept,
      name: 'overtime-schedules',
      attribute: [{ name: 'id', type: 'S' }],
      stream_enabled: true,
      stream_view_type: 'KEYS_ONLY',
    });
  });

  test('of states can be asked for what was changed in a minute', () => {
    expect(service.at('aws_dynamodb_table.schedule_states')).toEqual({
      ...kept,
      name: 'overtime-schedule-states',
      attribute: [
        { name: 'change_minute', type: 'S' },
        { name: 'changed_at', type: 'S' },
        { name: 'id', type: 'S' },
      ],
      global_secondary_index: [
        { name: 'changes', hash_key: 'change_minute', range_key: 'changed_at', projection_type: 'KEYS_ONLY' },
      ],
    });
  });

  test('are protected from deletion if that is asked for', () => {
    const tables = Object.values(viewService({ tableDeletionProtection: true }).all('aws_dynamodb_table'));

    expect(tables.map((table) => table['deletion_protection_enabled'])).toEqual([true, true]);
  });
});

describe('the registrar', () => {
  test('is this function', () => {
    expect(service.only('aws_lambda_function')).toEqual({
      function_name: 'overtime-registrar',
      description: 'Writes the schedules of Overtime: for CloudFormation, for Terraform, and for whoever invokes it.',
      filename: '${path.module}/registrar.zip',
      source_code_hash: '${filebase64sha256("${path.module}/registrar.zip")}',
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      memory_size: 256,
      timeout: 60,
      role: '${aws_iam_role.registrar_role.arn}',
      environment: {
        variables: {
          OVERTIME_SCHEDULES_TABLE: '${aws_dynamodb_table.schedules.name}',
          OVERTIME_SCHEDULE_STATES_TABLE: '${aws_dynamodb_table.schedule_states.name}',
          OVERTIME_STARTER_FUNCTION: 'overtime-starter',
        },
      },
      dead_letter_config: { target_arn: '${aws_sqs_queue.registrar_dead_letters.arn}' },
      logging_config: { log_format: 'Text', log_group: '${aws_cloudwatch_log_group.registrar_logs.name}' },
      depends_on: ['aws_iam_role_policy.registrar_policy'],
    });
  });

  test('hears of each change of a row, and gives up after an hour', () => {
    expect(service.only('aws_lambda_event_source_mapping')).toEqual({
      event_source_arn: '${aws_dynamodb_table.schedules.stream_arn}',
      function_name: '${aws_lambda_function.registrar_function.arn}',
      starting_position: 'TRIM_HORIZON',
      batch_size: 100,
      bisect_batch_on_function_error: true,
      maximum_retry_attempts: 10,
      maximum_record_age_in_seconds: 3600,
      destination_config: { on_failure: { destination_arn: '${aws_sqs_queue.registrar_dead_letters.arn}' } },
      depends_on: ['aws_iam_role_policy.registrar_policy'],
    });
  });

  test('has this whole policy', () => {
    expect(service.json('aws_iam_role_policy.registrar_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'WriteLog',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: '${aws_cloudwatch_log_group.registrar_logs.arn}:*',
        },
        {
          Sid: 'WriteSchedules',
          Effect: 'Allow',
          Action: [
            'dynamodb:DeleteItem',
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:Scan',
            'dynamodb:UpdateItem',
          ],
          Resource: ['${aws_dynamodb_table.schedules.arn}'],
        },
        {
          Sid: 'NoteChanges',
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
          Resource: '${aws_dynamodb_table.schedule_states.arn}',
        },
        { Sid: 'InvokeStarter', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: STARTER_ARN },
        {
          Sid: 'ReadChanges',
          Effect: 'Allow',
          Action: [
            'dynamodb:DescribeStream',
            'dynamodb:GetRecords',
            'dynamodb:GetShardIterator',
            'dynamodb:ListStreams',
          ],
          Resource: '${aws_dynamodb_table.schedules.arn}/stream/*',
        },
        {
          Sid: 'SendToDeadLetterQueue',
          Effect: 'Allow',
          Action: ['sqs:SendMessage'],
          Resource: '${aws_sqs_queue.registrar_dead_letters.arn}',
        },
      ],
    });
  });

  test('may write the other tables that CloudFormation resources name', () => {
    const { Statement } = viewService({ otherTableArns: [OTHER_TABLE_ARN] }).json(
      'aws_iam_role_policy.registrar_policy',
      'policy',
    ) as { readonly Statement: readonly { readonly Sid: string; readonly Resource: unknown }[] };

    expect(Statement.find(({ Sid }) => Sid === 'WriteSchedules')?.Resource).toEqual([
      '${aws_dynamodb_table.schedules.arn}',
      OTHER_TABLE_ARN,
    ]);
  });
});

describe('the service', () => {
  test('has two copies, the new ones up before the old ones go', () => {
    expect(service.only('aws_ecs_service')).toEqual({
      name: 'overtime-scheduler',
      cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/overtime',
      task_definition: '${aws_ecs_task_definition.task.arn}',
      desired_count: 2,
      launch_type: '${local.capacity == "EC2" ? "EC2" : null}',
      dynamic: {
        capacity_provider_strategy: {
          for_each: '${toset(local.capacity_providers)}',
          iterator: 'each',
          content: { capacity_provider: '${each.value}', weight: 1 },
        },
      },
      // Another capacity changes it in place: until a new service ran, nothing would fire.
      force_new_deployment: true,
      network_configuration: {
        subnets: ['subnet-0a'],
        security_groups: ['sg-0a'],
        assign_public_ip: '${local.capacity == "EC2" ? false : local.assign_public_ip}',
      },
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      availability_zone_rebalancing: 'ENABLED',
      propagate_tags: 'SERVICE',
      depends_on: ['aws_iam_role_policy.execution_policy', 'aws_iam_role_policy.task_policy'],
    });
  });

  test('runs on AWS’s base image, which fetches the program, writes to no disk and is asked for its health', () => {
    const [{ environment: _, ...container } = { environment: [] }, ...others] = containersOf(service);

    expect(others).toEqual([]);
    expect(container).toEqual({
      name: 'scheduler',
      image: '${join("/", ["public.ecr.aws/lambda", "nodejs:22"])}',
      entryPoint: ['/var/lang/bin/node', '--max-semi-space-size=4'],
      command: [
        '-e',
        '${local.fetch_program}',
        'overtime-payloads-1',
        '${aws_s3_object.program.key}',
        '${local.program_sha256}',
      ],
      workingDirectory: '/var/runtime',
      essential: true,
      stopTimeout: 30,
      linuxParameters: { initProcessEnabled: true },
      readonlyRootFilesystem: true,
      healthCheck: {
        command: [
          'CMD',
          '/var/lang/bin/node',
          '-e',
          "fetch('http://127.0.0.1:'+process.env.OVERTIME_HEALTH_PORT+'/health').then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))",
        ],
        interval: 15,
        timeout: 5,
        retries: 3,
        startPeriod: 60,
      },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/overtime',
          'awslogs-region': '${data.aws_region.region.id}',
          'awslogs-stream-prefix': 'scheduler',
          mode: 'non-blocking',
          'max-buffer-size': '25m',
        },
      },
    });
  });

  test('gives the program what it reads, and no other setting', () => {
    const settings = readFileSync(`${__dirname}/../../handlers/scheduler/settings.ts`, 'utf8');
    const read = [...settings.matchAll(/\(environment, '(\w+)'/g)].map(([, name]) => name);
    const environment = Object.fromEntries(
      (containersOf(service)[0]?.environment ?? []).map(({ name, value }) => [name, value]),
    );

    expect(Object.keys(environment)).toEqual(read.sort());
    expect(environment).toEqual({
      AWS_REGION: '${data.aws_region.region.id}',
      OVERTIME_HEALTH_PORT: '8080',
      OVERTIME_LEDGER_TABLE: 'overtime-runs',
      OVERTIME_SCHEDULES_TABLE: '${aws_dynamodb_table.schedules.name}',
      OVERTIME_SCHEDULE_STATES_TABLE: '${aws_dynamodb_table.schedule_states.name}',
      OVERTIME_STARTER_FUNCTION: 'overtime-starter',
      OVERTIME_STOP_TIMEOUT_SECONDS: '30',
    });
  });

  test('is as small as Fargate has it, on arm64', () => {
    const { container_definitions: _, ...task } = service.only('aws_ecs_task_definition');

    expect(task).toEqual({
      family: 'overtime-scheduler',
      requires_compatibilities: ['EC2', 'FARGATE'],
      network_mode: 'awsvpc',
      execution_role_arn: '${aws_iam_role.execution.arn}',
      task_role_arn: '${aws_iam_role.task_role.arn}',
      cpu: 256,
      memory: 512,
      runtime_platform: { operating_system_family: 'LINUX', cpu_architecture: '${upper("arm64")}' },
    });
  });

  test('runs an image of one’s own as it is', () => {
    const [container] = containersOf(viewService({ image: 'registry.example.org/scheduler:1' }));

    expect(container).toMatchObject({ image: 'registry.example.org/scheduler:1' });
    expect(Object.keys(container ?? {})).not.toEqual(expect.arrayContaining(['entryPoint']));
  });

  test('has this whole policy, and its program’s key has the program’s hash', () => {
    expect(service.json('aws_iam_role_policy.task_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'ReadProgram', Effect: 'Allow', Action: ['s3:GetObject'], Resource: '${aws_s3_object.program.arn}' },
        {
          Sid: 'ReadSchedules',
          Effect: 'Allow',
          Action: ['dynamodb:BatchGetItem', 'dynamodb:Scan'],
          Resource: ['${aws_dynamodb_table.schedules.arn}'],
        },
        {
          Sid: 'ClaimSlots',
          Effect: 'Allow',
          Action: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
          Resource: '${aws_dynamodb_table.schedule_states.arn}',
        },
        {
          Sid: 'FollowChanges',
          Effect: 'Allow',
          Action: ['dynamodb:Query'],
          Resource: '${aws_dynamodb_table.schedule_states.arn}/index/changes',
        },
        { Sid: 'ReadRuns', Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: LEDGER_ARN },
        { Sid: 'InvokeStarter', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: STARTER_ARN },
      ],
    });
    expect(service.only('aws_s3_object')).toEqual({
      bucket: 'overtime-payloads-1',
      key: 'programs/${filesha256("${path.module}/scheduler-program.js.gz")}/scheduler-program.js.gz',
      source: '${path.module}/scheduler-program.js.gz',
      content_type: 'application/gzip',
      lifecycle: { create_before_destroy: true },
    });
  });

  test('is started by a role that writes the tasks’ log and nothing else', () => {
    expect(service.json('aws_iam_role_policy.execution_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'WriteLog',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${LOG_GROUP_ARN}:*`,
        },
      ],
    });
  });
});

test('the alarms are on the metrics that the program writes', () => {
  const alarms = Object.values(viewService({ alarmActions: [TOPIC_ARN] }).all('aws_cloudwatch_metric_alarm'));
  const program = readFileSync(`${__dirname}/../../handlers/scheduler/metrics.ts`, 'utf8');
  const counts = readFileSync(`${__dirname}/../../handlers/scheduler/tally.ts`, 'utf8');
  const own = alarms.filter(({ namespace }) => namespace === 'Overtime');

  expect(own.map(({ metric_name, statistic, threshold }) => [metric_name, statistic, threshold])).toEqual([
    ['SlotsMissed', 'Sum', 1],
    ['SlotsFailed', 'Sum', 1],
    ['SlotsRefused', 'Sum', 1],
    ['SchedulesSetAside', 'Maximum', 1],
    ['SlotLateness', 'Maximum', 60_000],
    ['Schedules', 'SampleCount', 1],
  ]);
  for (const { metric_name } of own) {
    const name = String(metric_name);
    expect(program.includes(`'${name}'`) || counts.includes(`'${name.replace('Slots', '')}'`)).toBe(true);
  }
  expect(own.map(({ dimensions }) => dimensions)).toEqual(
    own.map(() => ({ service: '${aws_dynamodb_table.schedules.name}' })),
  );
  expect(alarms.map(({ alarm_actions }) => alarm_actions)).toEqual(alarms.map(() => [TOPIC_ARN]));
});

test('no word from any scheduler raises an alarm, where no word of slots is none', () => {
  const { no_scheduler_alarm, ...others } = service.all('aws_cloudwatch_metric_alarm');

  expect(no_scheduler_alarm).toMatchObject({
    comparison_operator: 'LessThanThreshold',
    treat_missing_data: 'breaching',
  });
  for (const each of Object.values(others)) {
    expect(each['treat_missing_data']).toBe('notBreaching');
  }
});

test('the dashboard shows slots, lateness, schedules and what is left over', () => {
  const { widgets } = service.json('aws_cloudwatch_dashboard.dashboard', 'dashboard_body') as {
    readonly widgets: readonly { readonly properties: { readonly title: string; readonly metrics: string[][] } }[];
  };

  expect(service.only('aws_cloudwatch_dashboard')['dashboard_name']).toBe('overtime-schedules');
  expect(
    widgets.map(({ properties: { title, metrics } }) => [
      title,
      metrics.map(([namespace, metric]) => [namespace, metric]),
    ]),
  ).toEqual([
    [
      'Slots by what became of them',
      ['SlotsFired', 'SlotsSkipped', 'SlotsBuffered', 'SlotsMissed', 'SlotsFailed', 'SlotsRefused'].map((metric) => [
        'Overtime',
        metric,
      ]),
    ],
    [
      'Lateness of slots, milliseconds',
      ['SlotLateness', 'SlotLateness', 'SlotLateness'].map((one) => ['Overtime', one]),
    ],
    [
      'Schedules',
      [
        ['Overtime', 'Schedules'],
        ['Overtime', 'SchedulesSetAside'],
      ],
    ],
    ['Dead letters', [['AWS/SQS', 'ApproximateNumberOfMessagesVisible']]],
  ]);
});

test('declared schedules become rows of the table, their requests as text', () => {
  const view = viewService({
    schedules: {
      nightly: { cronTime: '0 3 * * *', timeZone: 'Europe/Berlin', request: { arn: 'report' } },
      seed: { rate: '5 minutes', definitionArn: 'jobs:1', ecsClusterArn: 'jobs', jitterSeconds: 30 },
    },
  });

  expect(view.document.locals?.['declared_schedules']).toEqual({
    nightly: {
      cron_time: '0 3 * * *',
      time_zone: 'Europe/Berlin',
      request: '${jsonencode({"arn" = "report"})}',
    },
    seed: { rate: '5 minutes', definition_arn: 'jobs:1', ecs_cluster_arn: 'jobs', jitter_seconds: 30 },
  });
  expect(view.only('aws_dynamodb_table_item')).toEqual({
    for_each: '${local.schedule_items}',
    table_name: '${aws_dynamodb_table.schedules.name}',
    hash_key: '${aws_dynamodb_table.schedules.hash_key}',
    item: '${each.value}',
  });
});

test('every wrong prop is named at once', () => {
  const schedules = {
    'two words': { cronTime: '* * * *', request: { arn: 'report' } },
    both: { rate: 'rate(5 minutes)', at: 'tomorrow', definitionArn: 'jobs', request: { arn: 'report' } },
    nothing: {
      rate: 'often',
      timeZone: 'not a zone',
      overlap: 'forbid' as never,
      jitterSeconds: -1,
      definitionArn: 'jobs',
    },
    keyed: { rate: '1 hour', request: { arn: 'report', idempotencyKey: 'once' } },
  };

  expect(() => viewService({ schedules, schedulerCount: 0, cpu: 300, otherTableArns: ['clockwork'] })).toThrow(
    [
      'The scheduler is wrong:',
      '  schedules key is "two words": give 1 to 64 letters, digits, hyphens and underscores, such as reports.',
      '  schedules.two words.cronTime is "* * * *": give a cron expression of five fields (minute, hour, day of month, month, day of week), of six with a second before them, or @yearly, @annually, @monthly, @weekly, @daily, @hourly, @minutely, @secondly, @weekdays, @weekends.',
      '  schedules.both is {"rate":"rate(5 minutes)","at":"tomorrow","definitionArn":"jobs","request":{"arn":"report"}}: give exactly one of cronTime, rate, at.',
      '  schedules.both is {"rate":"rate(5 minutes)","at":"tomorrow","definitionArn":"jobs","request":{"arn":"report"}}: give exactly one of request, definitionArn.',
      '  schedules.both.at is "tomorrow": give an instant of ISO 8601 with its zone, such as 2026-12-24T18:00:00Z.',
      '  schedules.nothing.rate is "often": give a period such as rate(5 minutes), 90 seconds, 1 hour, 2 days or 1 week.',
      '  schedules.nothing.timeZone is "not a zone": give the IANA name of a time zone, such as Europe/Berlin.',
      '  schedules.nothing.jitterSeconds is -1: give a whole number from 0 to 86400.',
      '  schedules.nothing.overlap is "forbid": give one of allow, skip, replace, buffer.',
      '  schedules.keyed.request is {"arn":"report","idempotencyKey":"once"}: give a request to the starter with arn or taskDefinition, without action, idempotencyKey, wait.',
      '  otherTableArns[0] is "clockwork": give the ARN of a DynamoDB table, such as arn:aws:dynamodb:eu-west-1:123456789012:table/overtime-runs.',
      '  schedulerCount is 0: give a whole number from 1 to 10.',
      '  cpu and memoryMiB is {"cpu":300,"memoryMiB":512}: give a pair that Fargate has, the nearest being {"cpu":512,"memoryMiB":1024}.',
    ].join('\n'),
  );
});
