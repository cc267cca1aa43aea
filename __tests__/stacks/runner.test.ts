// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readFileSync } from 'node:fs';
import { LEDGER_INDEXES } from '../../handlers/shared/run';
import { writeOutputs } from '../../stacks/parts/outputs';
import { Runner } from '../../stacks/runner';
import type { RunnerProps } from '../../stacks/runner-props';
import { deliveryStatements, HEARTBEAT_STATEMENTS } from '../support/delivery/statements';
import { viewModule } from '../support/stack-view';

const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime';

function view(props: Partial<RunnerProps> = {}) {
  return viewModule((stack) => {
    const built = new Runner(stack, 'Default', {
      name: 'overtime',
      logGroupName: '/ecs/overtime',
      logGroupArn: LOG_GROUP_ARN,
      ...props,
    });
    writeOutputs(stack, built.outputs);
  });
}

const runner = view();

const inThisPlace = (service: string, resource: string) =>
  `join(":", ["arn", data.aws_partition.partition.partition, "${service}", data.aws_region.region.id, data.aws_caller_identity.account.account_id, "${resource}"])`;

test('the runner module makes these resources and no others', () => {
  expect(runner.addresses).toEqual([
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
    'aws_sqs_queue_policy.launch_dead_letters_policy',
    'aws_sqs_queue_policy.launches_policy',
    'aws_sqs_queue_policy.watcher_dead_letters_policy',
  ]);
});

describe('task definitions', () => {
  test('there is one for each runtime, by a loop of Terraform, on Fargate and EC2', () => {
    const tasks = Object.entries(runner.all('aws_ecs_task_definition')).map(([id, definition]) => {
      const { container_definitions: _, ...others } = definition;
      return [id, others];
    });
    const task = {
      family: 'overtime-${each.key}',
      requires_compatibilities: ['EC2', 'FARGATE'],
      network_mode: 'awsvpc',
      cpu: '${each.value.cpu}',
      memory: '${each.value.memory_mib}',
      runtime_platform: {
        operating_system_family: 'LINUX',
        cpu_architecture: '${upper(each.value.architecture)}',
      },
      execution_role_arn: '${aws_iam_role.execution.arn}',
      task_role_arn: '${aws_iam_role.task_role.arn}',
    };

    expect(Object.fromEntries(tasks)).toEqual({
      task: { ...task, for_each: '${local.runtimes_on_own_images}' },
      task_on_base_images: {
        ...task,
        for_each: '${local.runtimes_on_base_images}',
        volume: [{ name: 'code' }, { name: 'layers' }, { name: 'control' }],
      },
      container_function: {
        ...task,
        for_each: '${local.container_images}',
        family: 'overtime-function-${each.key}',
      },
    });
  });

  const LOG_OPTIONS = {
    'awslogs-group': '/ecs/overtime',
    'awslogs-region': '${data.aws_region.region.id}',
    mode: 'non-blocking',
    'max-buffer-size': '25m',
  };
  const logOf = (container: string) => ({
    logDriver: 'awslogs',
    options: { ...LOG_OPTIONS, 'awslogs-stream-prefix': container },
  });

  test('on its own image each has one container, which stops as slowly as Fargate allows and never waits for CloudWatch Logs', () => {
    expect(runner.json('aws_ecs_task_definition.task', 'container_definitions')).toEqual([
      {
        name: 'runner',
        image: '${each.value.image}',
        essential: true,
        stopTimeout: 120,
        linuxParameters: { initProcessEnabled: true },
        environment: [
          { name: 'AWS_REGION', value: '${data.aws_region.region.id}' },
          { name: 'OVERTIME_LEDGER_TABLE', value: '${aws_dynamodb_table.ledger.name}' },
          { name: 'OVERTIME_PAYLOAD_BUCKET', value: '${aws_s3_bucket.payloads.bucket}' },
          { name: 'OVERTIME_STOP_TIMEOUT_SECONDS', value: '120' },
        ],
        logConfiguration: logOf('runner'),
      },
    ]);
  });

  /** The runner's container beside another. */
  const sidecar = (variables: Readonly<Record<string, string>>) => ({
    name: 'runner',
    image: 'public.ecr.aws/lambda/nodejs:22',
    essential: true,
    stopTimeout: 120,
    linuxParameters: { initProcessEnabled: true },
    environment: Object.entries({
      AWS_REGION: '${data.aws_region.region.id}',
      OVERTIME_LEDGER_TABLE: '${aws_dynamodb_table.ledger.name}',
      OVERTIME_PAYLOAD_BUCKET: '${aws_s3_bucket.payloads.bucket}',
      OVERTIME_STOP_TIMEOUT_SECONDS: '120',
      ...variables,
    })
      .map(([name, value]) => ({ name, value }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    logConfiguration: logOf('runner'),
    entryPoint: ['/var/lang/bin/node', '--max-semi-space-size=1', '--v8-pool-size=1'],
    command: [
      '-e',
      '${local.fetch_program}',
      '${aws_s3_bucket.payloads.bucket}',
      '${aws_s3_object.program.key}',
      '${local.program_sha256}',
    ],
    workingDirectory: '/var/runtime',
  });

  const mounts = (readOnly: boolean) => [
    { sourceVolume: 'code', containerPath: '/var/task', readOnly },
    { sourceVolume: 'layers', containerPath: '/opt', readOnly },
    { sourceVolume: 'control', containerPath: '/overtime', readOnly: false },
  ];

  test("on AWS's base images each has two containers with three volumes, and the runtime's belongs to no root", () => {
    expect(runner.json('aws_ecs_task_definition.task_on_base_images', 'container_definitions')).toEqual([
      {
        ...sidecar({
          OVERTIME_CONTROL_ROOT: '/overtime',
          OVERTIME_RUNTIME: '${each.value.runtime}',
          OVERTIME_RUNTIME_CONTAINER: 'package',
        }),
        mountPoints: mounts(false),
      },
      {
        name: 'runtime',
        image: '${each.value.image}',
        essential: true,
        user: '1000:1000',
        workingDirectory: '/var/task',
        stopTimeout: 120,
        linuxParameters: { initProcessEnabled: true },
        entryPoint: ['/bin/sh', '-c'],
        command: ['${local.supervise_runtimes}', 'supervise-runtimes', '/overtime'],
        mountPoints: mounts(true),
        logConfiguration: logOf('runtime'),
      },
    ]);
  });

  test('a container-image function starts when the runner is healthy, and its end is not that of the task', () => {
    expect(runner.json('aws_ecs_task_definition.container_function', 'container_definitions')).toEqual([
      {
        ...sidecar({
          OVERTIME_ENVIRONMENT_SHA256: '${each.value.environment_sha256}',
          OVERTIME_IMAGE_URI: '${each.value.image}',
          OVERTIME_RUNTIME_API_PORT: '9001',
          OVERTIME_RUNTIME_CONTAINER: 'image',
        }),
        healthCheck: {
          command: [
            'CMD-SHELL',
            'while read -r slot here there state others; do [ $here/$state = 0100007F:2329/0A ] && exit 0; done </proc/net/tcp; exit 1',
          ],
          interval: 5,
          timeout: 5,
          retries: 10,
          startPeriod: 60,
        },
      },
      {
        name: 'runtime',
        image: '${each.value.image}',
        essential: false,
        dependsOn: [{ containerName: 'runner', condition: 'HEALTHY' }],
        stopTimeout: 120,
        entryPoint: '${each.value.entry_point}',
        command: '${each.value.command}',
        workingDirectory: '${each.value.working_directory}',
        environment: '${each.value.function_environment}',
        logConfiguration: logOf('runtime'),
      },
    ]);
  });

  test('the program of the runner lies in the payload bucket, where nothing expires, under its hash', () => {
    expect(runner.only('aws_s3_object')).toEqual({
      bucket: '${aws_s3_bucket.payloads.bucket}',
      key: 'programs/${filesha256("${path.module}/runner-program.js.gz")}/runner-program.js.gz',
      source: '${path.module}/runner-program.js.gz',
      content_type: 'application/gzip',
      lifecycle: { create_before_destroy: true },
    });
  });

  test('the runner reads every variable that its container has', () => {
    const settings = ['settings', 'sidecar/runtime-container'].map((name) =>
      readFileSync(`${__dirname}/../../handlers/runner/${name}.ts`, 'utf8'),
    );
    const read = new Set([...settings.join('').matchAll(/\(environment, '([A-Z0-9_]+)'/g)].map(([, name]) => name));
    const given = Object.keys(runner.all('aws_ecs_task_definition')).flatMap((id) => {
      const [container] = runner.json(`aws_ecs_task_definition.${id}`, 'container_definitions') as [
        { environment: { name: string }[] },
      ];
      return container.environment.map(({ name }) => name);
    });

    expect(given.filter((name) => !read.has(name))).toEqual([]);
  });

  test('the runtimes are Node.js 22 on both architectures where none are given', () => {
    const size = { cpu: 1024, memory_mib: 2048, image: null };

    expect(runner.document.locals?.['runtimes']).toEqual({
      'nodejs22-arm64': { runtime: 'nodejs22.x', architecture: 'arm64', ...size },
      'nodejs22-x86_64': { runtime: 'nodejs22.x', architecture: 'x86_64', ...size },
    });
  });

  test('a runtime that says its image and size gets them', () => {
    const runtimes = {
      python: { runtime: 'python3.13', architecture: 'arm64', image: 'example.org/py:1', cpu: 256, memoryMiB: 512 },
    } as const;

    expect(view({ runtimes }).document.locals?.['runtimes']).toEqual({
      python: { runtime: 'python3.13', architecture: 'arm64', image: 'example.org/py:1', cpu: 256, memory_mib: 512 },
    });
  });

  test('container functions that leave out what their images have get it from them', () => {
    const containerFunctions = {
      all: {
        functionName: 'report',
        qualifier: 'live',
        entryPoint: ['/bin/app'],
        command: ['app.handler'],
        workingDirectory: '/app',
        cpu: 256,
        memoryMiB: 512,
      },
      none: { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:resize' },
    };

    expect(view({ containerFunctions }).document.locals?.['container_functions']).toEqual({
      all: {
        function_name: 'report',
        qualifier: 'live',
        entry_point: ['/bin/app'],
        command: ['app.handler'],
        working_directory: '/app',
        cpu: 256,
        memory_mib: 512,
      },
      none: {
        function_name: 'arn:aws:lambda:eu-west-1:111122223333:function:resize',
        qualifier: null,
        entry_point: null,
        command: null,
        working_directory: null,
        cpu: 1024,
        memory_mib: 2048,
      },
    });
  });
});

describe('permissions', () => {
  test('the policy for tasks is exactly this', () => {
    const all = inThisPlace('lambda', 'function:*');

    expect(runner.json('aws_iam_policy.runner', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'FetchFunctions',
          Effect: 'Allow',
          Action: ['lambda:GetFunction'],
          Resource: `\${concat([${all}], formatlist("%s:*", [${all}]))}`,
        },
        {
          Sid: 'FetchLayers',
          Effect: 'Allow',
          Action: ['lambda:GetLayerVersion'],
          Resource: [`\${${inThisPlace('lambda', 'layer:*:*')}}`],
        },
        {
          Sid: 'UpdateRuns',
          Effect: 'Allow',
          Action: ['dynamodb:UpdateItem'],
          Resource: '${aws_dynamodb_table.ledger.arn}',
        },
        {
          Sid: 'ReadInputs',
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: '${aws_s3_bucket.payloads.arn}/inputs/*',
        },
        {
          Sid: 'WriteOutputs',
          Effect: 'Allow',
          Action: ['s3:PutObject'],
          Resource: '${aws_s3_bucket.payloads.arn}/outputs/*',
        },
        {
          Sid: 'ReadProgram',
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: '${aws_s3_object.program.arn}',
        },
        ...deliveryStatements('[]'),
        ...HEARTBEAT_STATEMENTS,
      ],
    });
  });

  test('destinationArns say where runner and watcher may send outcomes, into a bucket where Lambda puts its own', () => {
    const arns = ['arn:aws:sqs:eu-west-1:111122223333:results-*', 'arn:aws:s3:::results'];
    const deployed = view({ destinationArns: arns });
    const statements = ['aws_iam_policy.runner', 'aws_iam_role_policy.watcher_policy'].map(
      (address) => (deployed.json(address, 'policy') as { Statement: { Sid: string }[] }).Statement,
    );

    for (const each of statements) {
      expect(each.filter(({ Sid }) => Sid.startsWith('Send') && Sid.includes('Outcomes'))).toEqual(
        deliveryStatements(`[${arns.map((arn) => JSON.stringify(arn)).join(', ')}]`),
      );
    }
  });

  test('functionArns narrow what tasks may fetch, with and without a qualifier', () => {
    const arns = ['arn:aws:lambda:eu-west-1:111122223333:function:report-*'];
    const policy = view({ functionArns: arns }).json('aws_iam_policy.runner', 'policy') as {
      Statement: { Resource: unknown }[];
    };

    expect(policy.Statement[0]?.Resource).toBe(
      `\${concat(${JSON.stringify(arns)}, formatlist("%s:*", ${JSON.stringify(arns)}))}`,
    );
  });

  test('layerArns say which layers tasks may fetch, those of other accounts too', () => {
    const arns = [
      'arn:aws:lambda:eu-west-1:111122223333:layer:*:*',
      'arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:7',
    ];
    const policy = view({ layerArns: arns }).json('aws_iam_policy.runner', 'policy') as {
      Statement: { Resource: unknown }[];
    };

    expect(policy.Statement[1]?.Resource).toEqual(arns);
  });

  test('with kmsKeyArns Lambda, and nobody else, may decrypt with those keys for tasks; without any there is no such statement', () => {
    const arns = ['arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'];
    const statements = (props: Partial<RunnerProps>) =>
      (view(props).json('aws_iam_policy.runner', 'policy') as { Statement: unknown[] }).Statement;

    const [functions, layers, ...others] = statements({});
    expect(statements({ kmsKeyArns: arns })).toEqual([
      functions,
      layers,
      {
        Sid: 'DecryptFunctions',
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: arns,
        Condition: { StringLike: { 'kms:ViaService': 'lambda.*' } },
      },
      ...others,
    ]);
    expect(statements({ kmsKeyArns: [] })).toEqual(statements({}));
  });

  test('the task role has that policy and no other, and trusts tasks of this account and region alone', () => {
    expect(runner.only('aws_iam_role_policy_attachment')).toEqual({
      role: '${aws_iam_role.task_role.name}',
      policy_arn: '${aws_iam_policy.runner.arn}',
    });
    expect(runner.at('aws_iam_role.task_role')['name_prefix']).toBe('overtime-task-');
    expect(runner.json('aws_iam_role.task_role', 'assume_role_policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TrustTasks',
          Effect: 'Allow',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Action: ['sts:AssumeRole'],
          Condition: {
            ArnLike: { 'aws:SourceArn': `\${${inThisPlace('ecs', '*')}}` },
            StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.account.account_id}' },
          },
        },
      ],
    });
  });

  const writeLog = {
    Sid: 'WriteLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${LOG_GROUP_ARN}:*`,
  };

  test('the execution role writes logs', () => {
    expect(runner.json('aws_iam_role_policy.execution_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [writeLog],
    });
  });

  test('where there is a private repository, the execution role may pull from those and no others', () => {
    const { count, role } = runner.at('aws_iam_role_policy.execution_images');

    expect([count, role]).toEqual([
      '${(length(local.pulled_repository_arns) >= 1) ? 1 : 0}',
      '${aws_iam_role.execution.name}',
    ]);
    expect(runner.json('aws_iam_role_policy.execution_images', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'LogInToRegistry', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
        {
          Sid: 'PullImages',
          Effect: 'Allow',
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          Resource: '${local.pulled_repository_arns}',
        },
      ],
    });
  });

  test.each<[string, Partial<RunnerProps>, string]>([
    ['its own and those of functions', {}, '[]'],
    [
      'and others that are given',
      { imageRepositoryArns: ['arn:aws:ecr:eu-west-1:111122223333:repository/images'] },
      '["arn:aws:ecr:eu-west-1:111122223333:repository/images"]',
    ],
  ])('the private repositories are %s', (_, props, given) => {
    expect(view(props).document.locals?.['pulled_repository_arns']).toBe(
      `\${concat(local.image_repository_arns, ${given}, local.function_repository_arns)}`,
    );
  });

  test('the execution role trusts ECS', () => {
    expect(runner.at('aws_iam_role.execution')['name_prefix']).toBe('overtime-execution-');
    expect(runner.json('aws_iam_role.execution', 'assume_role_policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TrustEcs',
          Effect: 'Allow',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Action: ['sts:AssumeRole'],
        },
      ],
    });
  });
});

describe('the ledger', () => {
  const SUMMARY = ['exitCode', 'functionArn', 'invokedAt', 'startedAt'];
  const index = (name: string, hash_key: string, non_key_attributes: readonly string[]) => ({
    name,
    hash_key,
    range_key: 'createdAt',
    projection_type: 'INCLUDE',
    non_key_attributes,
  });

  test('is on demand, encrypted, restorable to any second, and forgets a run when it expires', () => {
    expect(runner.only('aws_dynamodb_table')).toEqual({
      name: 'overtime-runs',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'runId',
      attribute: [
        { name: 'runId', type: 'S' },
        { name: 'status', type: 'S' },
        { name: 'createdAt', type: 'S' },
        { name: 'unqualifiedFunctionArn', type: 'S' },
        { name: 'createdDay', type: 'S' },
        { name: 'open', type: 'S' },
        { name: 'checkAt', type: 'S' },
      ],
      global_secondary_index: [
        index(LEDGER_INDEXES.byDay, 'createdDay', [
          'attempt',
          'endedAt',
          ...SUMMARY,
          'status',
          'taskArn',
          'taskDefinition',
        ]),
        index(LEDGER_INDEXES.byFunction, 'unqualifiedFunctionArn', [
          'attempt',
          'endedAt',
          ...SUMMARY,
          'status',
          'taskArn',
          'taskDefinition',
        ]),
        index(LEDGER_INDEXES.byStatus, 'status', ['attempt', 'endedAt', ...SUMMARY, 'taskArn', 'taskDefinition']),
        { name: LEDGER_INDEXES.open, hash_key: 'open', range_key: 'checkAt', projection_type: 'KEYS_ONLY' },
      ],
      ttl: { attribute_name: 'expiresAt', enabled: true },
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
      deletion_protection_enabled: false,
    });
  });

  test('is protected from deletion where ledgerDeletionProtection says so', () => {
    const table = view({ ledgerDeletionProtection: true }).only('aws_dynamodb_table');

    expect(table['deletion_protection_enabled']).toBe(true);
  });

  test('has the key that the programs write', () => {
    const shared = readFileSync(`${__dirname}/../../handlers/shared/run.ts`, 'utf8');

    expect(shared).toContain("export const LEDGER_KEY = 'runId';");
    expect(shared).toContain('readonly expiresAt: number;');
  });
});

describe('the payload bucket', () => {
  test('is encrypted, closed to the public, and kept when it has objects', () => {
    expect(runner.only('aws_s3_bucket')).toEqual({ bucket_prefix: 'overtime-payloads-', force_destroy: false });
    expect(runner.only('aws_s3_bucket_server_side_encryption_configuration')['rule']).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } },
    ]);
    expect(runner.only('aws_s3_bucket_public_access_block')).toEqual({
      bucket: '${aws_s3_bucket.payloads.id}',
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test('refuses everybody who does not use TLS', () => {
    expect(runner.json('aws_s3_bucket_policy.payloads_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'DenyPlainHttp',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: ['${aws_s3_bucket.payloads.arn}', '${aws_s3_bucket.payloads.arn}/*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  test('forgets inputs and outputs after payloadRetentionDays, and unfinished uploads after a day', () => {
    const rule = (prefix: string) => ({
      id: `expire-${prefix}`,
      status: 'Enabled',
      filter: [{ prefix: `${prefix}/` }],
      expiration: [{ days: 7 }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
    });

    expect(view({ payloadRetentionDays: 7 }).only('aws_s3_bucket_lifecycle_configuration')).toEqual({
      bucket: '${aws_s3_bucket.payloads.id}',
      rule: [rule('inputs'), rule('outputs')],
    });
  });
});

describe('the image repository', () => {
  test('scans what is pushed, takes a tag again, and goes with its images', () => {
    expect(runner.only('aws_ecr_repository')).toEqual({
      count: '${local.has_image_repository ? 1 : 0}',
      name: 'overtime-runner',
      image_tag_mutability: 'MUTABLE',
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: 'AES256' }],
      force_delete: true,
    });
  });

  test('forgets images without a tag after 7 days', () => {
    expect(runner.json('aws_ecr_lifecycle_policy.images_expiry', 'policy')).toEqual({
      rules: [
        {
          rulePriority: 1,
          description: 'Images without a tag expire after 7 days.',
          selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
          action: { type: 'expire' },
        },
      ],
    });
  });

  test.each<[RunnerProps['runnerImages'], boolean]>([
    ['repository', true],
    ['public', false],
    [undefined, false],
  ])('with runnerImages %s is there: %s', (runnerImages, isThere) => {
    const { document, at } = view(runnerImages === undefined ? {} : { runnerImages });

    expect(document.locals?.['has_image_repository']).toBe(isThere);
    expect([at('aws_ecr_repository.images')['count'], at('aws_ecr_lifecycle_policy.images_expiry')['count']]).toEqual([
      '${local.has_image_repository ? 1 : 0}',
      '${local.has_image_repository ? 1 : 0}',
    ]);
  });
});

test('the outputs are these', () => {
  expect(runner.publicOutputs).toEqual({
    task_definitions: '${local.task_definitions}',
    container_name: 'runner',
    task_role_arn: '${aws_iam_role.task_role.arn}',
    execution_role_arn: '${aws_iam_role.execution.arn}',
    runner_policy_arn: '${aws_iam_policy.runner.arn}',
    ledger_table_name: '${aws_dynamodb_table.ledger.name}',
    ledger_table_arn: '${aws_dynamodb_table.ledger.arn}',
    payload_bucket_name: '${aws_s3_bucket.payloads.bucket}',
    program_key: '${aws_s3_object.program.key}',
    program_sha256: '${local.program_sha256}',
    payload_bucket_arn: '${aws_s3_bucket.payloads.arn}',
    image_repository_url: '${one(local.image_repository_urls)}',
    launch_queue_url: '${aws_sqs_queue.launches.url}',
    launch_queue_arn: '${aws_sqs_queue.launches.arn}',
    watcher_function_name: '${aws_lambda_function.watcher_function.function_name}',
    watcher_function_arn: '${aws_lambda_function.watcher_function.arn}',
  });
});

describe('fails with a message that names the prop, its value and what is allowed', () => {
  const node = { runtime: 'nodejs22.x', architecture: 'arm64' } as const;

  test.each<[string, Partial<RunnerProps>, string]>([
    [
      'a size that Fargate does not have, with the nearest that it has',
      { runtimes: { node: { ...node, cpu: 256, memoryMiB: 4096 } } },
      'size of runtimes.node is {"cpu":256,"memoryMiB":4096}: give a pair that Fargate has, the nearest being {"cpu":512,"memoryMiB":4096}.',
    ],
    [
      'a size with half of it left to the default',
      { runtimes: { node: { ...node, cpu: 4096 } } },
      'size of runtimes.node is {"cpu":4096,"memoryMiB":2048}: give a pair that Fargate has, the nearest being {"cpu":4096,"memoryMiB":8192}.',
    ],
    [
      'a size above all of Fargate',
      { runtimes: { node: { ...node, cpu: 32768, memoryMiB: 65536 } } },
      'give a pair that Fargate has: it has none so large.',
    ],
    [
      'a runtime that Lambda does not have',
      { runtimes: { node: { ...node, runtime: 'node22' } } },
      'runtimes.node.runtime is "node22": give one of nodejs16.x, nodejs18.x,',
    ],
    [
      'an architecture that Lambda does not have',
      { runtimes: { node: { ...node, architecture: 'amd64' as 'arm64' } } },
      'runtimes.node.architecture is "amd64": give one of x86_64, arm64.',
    ],
    ['no runtime at all', { runtimes: {} }, 'runtimes is {}: give at least one runtime'],
    [
      'a key that is no tag',
      { runtimes: { 'Node 22': node } },
      'key of runtimes is "Node 22": give up to 63 lower-case',
    ],
    [
      'two runtimes between which the starter could not choose',
      { runtimes: { one: node, two: node } },
      'give another runtime or architecture than runtimes.one',
    ],
    [
      'a container function by an ARN with a qualifier',
      { containerFunctions: { all: { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:report:live' } } },
      'containerFunctions.all.functionName is "arn:aws:lambda:eu-west-1:111122223333:function:report:live": give a function\'s name or its ARN without qualifier',
    ],
    [
      'images from nowhere',
      { runnerImages: 'private' as 'public' },
      'runnerImages is "private": give one of public, repository.',
    ],
    [
      'a function ARN with a qualifier',
      { functionArns: ['arn:aws:lambda:eu-west-1:111122223333:function:report:live'] },
      'functionArns[0] is "arn:aws:lambda:eu-west-1:111122223333:function:report:live": give a function\'s ARN without qualifier',
    ],
    [
      'a destination that is none',
      { destinationArns: ['results'] },
      'destinationArns[0] is "results": give the ARN of a queue, topic, event bus, function or bucket',
    ],
    [
      'a layer ARN without a version',
      { layerArns: ['arn:aws:lambda:eu-west-1:111122223333:layer:fonts'] },
      'layerArns[0] is "arn:aws:lambda:eu-west-1:111122223333:layer:fonts": give a layer\'s ARN with its version, such as',
    ],
    [
      'an alias of a key',
      { kmsKeyArns: ['arn:aws:kms:eu-west-1:111122223333:alias/functions'] },
      'kmsKeyArns[0] is "arn:aws:kms:eu-west-1:111122223333:alias/functions": give the ARN of a KMS key, not of an alias, such as',
    ],
    ['an empty list of functions', { functionArns: [] }, 'functionArns is []: give 1 to 20'],
    [
      'a retention of 0 days',
      { payloadRetentionDays: 0 },
      'payloadRetentionDays is 0: give a whole number from 1 to 3650.',
    ],
    ['half a day', { payloadRetentionDays: 0.5 }, 'payloadRetentionDays is 0.5: give a whole number from 1 to 3650.'],
    ['a name that a bucket cannot have', { name: 'over_time' }, 'name is "over_time": give 2 to 27 lower-case letters'],
  ])('%s', (_, props, message) => {
    expect(() => view(props)).toThrow(message);
  });
});

test.each([
  'arn:aws-cn:lambda:cn-north-1:111122223333:function:report',
  'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:*',
])('takes a function of another partition: %s', (arn) => {
  expect(() => view({ functionArns: [arn] })).not.toThrow();
});
