import { runAFunction as picture } from '../../pictures/patterns/run-a-function';
import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import {
  ARCHITECTURES,
  DEFAULT_LOG_RETENTION_DAYS,
  EVENT_REQUEST,
  LOG_RETENTION_DAYS,
  REQUEST_SUBJECTS,
  RETENTION_DAYS,
} from '../parts/checks';
import { CONTAINER_NAME } from '../parts/containers';
import {
  ANY_ARN,
  BUCKET_ARN,
  CLUSTER_ARN,
  FUNCTION_ARN,
  MAP_KEY,
  QUEUE_ARN,
  ROLE_ARN,
  SECURITY_GROUP_ID,
  SECURITY_GROUPS,
  SERVICE_PRINCIPAL,
  SUBNET_ID,
  SUBNETS,
  TABLE_ARN,
  TASK_FAMILY,
} from '../parts/formats';
import {
  booleanInput,
  choiceInput,
  choiceListInput,
  numberInput,
  structureInput,
  textInput,
  textListInput,
} from '../parts/inputs';
import { asManyAs, each, eachKey, jsonWith, NOT_EMPTY, ofFormat, oneOf, wholeNumberWithin } from '../parts/rules';
import {
  DEFAULT_LAUNCH_BURST,
  DEFAULT_LAUNCHES_PER_SECOND,
  DEFAULT_RUN_RETENTION_DAYS,
  DEFAULT_RUN_TIMEOUT_SECONDS,
  LAUNCH_BURST,
  LAUNCHES_PER_SECOND,
  OVERFLOW_CAUSES,
  RUN_TIMEOUT_SECONDS,
  Starter,
  type StarterProps,
} from '../starter';
import {
  ARNS_OR_NONE,
  alarmActionsInput,
  destinationArnsInput,
  functionArnsInput,
  nameInput,
  REQUEST_NOTE,
} from './shared';

const inputs = {
  name: nameInput,
  cluster_arn: textInput({
    description: 'ARN of the ECS cluster: cluster_arn of the cluster module.',
    rules: [ofFormat(CLUSTER_ARN)],
    example: 'module.cluster.cluster_arn',
  }),
  subnet_ids: textListInput({
    description:
      'Where tasks run: ids of 1 to 16 subnets of one VPC, with a way to ECR, S3, DynamoDB, Lambda and CloudWatch Logs.',
    rules: [asManyAs(SUBNETS), each(ofFormat(SUBNET_ID))],
    example: 'data.aws_subnets.default.ids',
  }),
  security_group_ids: textListInput({
    description:
      "Ids of the tasks' security groups, at most 5: security_group_id of the cluster module, and what their own use needs.",
    rules: [asManyAs(SECURITY_GROUPS), each(ofFormat(SECURITY_GROUP_ID))],
    example: '[module.cluster.security_group_id]',
  }),
  assign_public_ip: booleanInput({
    description:
      'Whether tasks get a public address: they need one in a public subnet, and none in a private one with NAT.',
    example: 'true',
  }),
  container_name: textInput({
    description: "Name of the runner's container in the task definitions: container_name of the runner module.",
    default: CONTAINER_NAME,
  }),
  task_definitions: structureInput(
    'list(object({ family = string, runtime = string, architecture = string, function = string }))',
    {
      description: 'The task definitions to choose from: task_definitions of the runner module.',
      rules: [NOT_EMPTY],
      example: 'module.runner.task_definitions',
    },
  ),
  execution_role_arn: textInput({
    description: 'ARN of the role with which ECS starts tasks: execution_role_arn of the runner module.',
    rules: [ofFormat(ROLE_ARN)],
    example: 'module.runner.execution_role_arn',
  }),
  task_role_arn: textInput({
    description: 'ARN of the role of tasks whose request gives none: task_role_arn of the runner module.',
    rules: [ofFormat(ROLE_ARN)],
    example: 'module.runner.task_role_arn',
  }),
  ledger_table_name: textInput({
    description: 'Name of the DynamoDB table of runs: ledger_table_name of the runner module.',
    example: 'module.runner.ledger_table_name',
  }),
  ledger_table_arn: textInput({
    description: 'ARN of the DynamoDB table of runs: ledger_table_arn of the runner module.',
    rules: [ofFormat(TABLE_ARN)],
    example: 'module.runner.ledger_table_arn',
  }),
  payload_bucket_name: textInput({
    description: 'Name of the S3 bucket of large inputs and outputs: payload_bucket_name of the runner module.',
    example: 'module.runner.payload_bucket_name',
  }),
  payload_bucket_arn: textInput({
    description: 'ARN of the S3 bucket of large inputs and outputs: payload_bucket_arn of the runner module.',
    rules: [ofFormat(BUCKET_ARN)],
    example: 'module.runner.payload_bucket_arn',
  }),
  launch_queue_url: textInput({
    description: 'URL of the SQS queue of starts that wait: launch_queue_url of the runner module.',
    example: 'module.runner.launch_queue_url',
  }),
  launch_queue_arn: textInput({
    description: 'ARN of the SQS queue of starts that wait: launch_queue_arn of the runner module.',
    rules: [ofFormat(QUEUE_ARN)],
    example: 'module.runner.launch_queue_arn',
  }),
  watcher_function_name: textInput({
    description: 'Name of the watcher: watcher_function_name of the runner module.',
    example: 'module.runner.watcher_function_name',
  }),
  watcher_function_arn: textInput({
    description: 'ARN of the watcher: watcher_function_arn of the runner module.',
    rules: [ofFormat({ ...FUNCTION_ARN, allowed: "a function's ARN: watcher_function_arn of the runner module" })],
    example: 'module.runner.watcher_function_arn',
  }),
  function_arns: functionArnsInput,
  destination_arns: destinationArnsInput,
  request_queue_arns: structureInput<Readonly<Record<string, string>>>('map(string)', {
    description:
      'ARNs of SQS queues of requests, by a name of yours: the starter reads each, and gives back what it could not start. Give a queue a visibility time-out of six minutes at least, and a dead-letter queue.',
    default: {},
    rules: [eachKey(MAP_KEY), each(ofFormat(QUEUE_ARN))],
  }),
  invokers: structureInput<NonNullable<StarterProps['invokers']>>(
    'map(object({ principal = string, source_arn = string }))',
    {
      description:
        'Services that may invoke the starter, by a name of yours: principal such as sns.amazonaws.com, events.amazonaws.com or s3.amazonaws.com, and source_arn of the topic, rule or bucket.',
      default: {},
      rules: [
        eachKey(MAP_KEY),
        each(ofFormat(SERVICE_PRINCIPAL), 'item.principal'),
        each(ofFormat(ANY_ARN), 'item.source_arn'),
      ],
    },
  ),
  event_requests: structureInput<Readonly<Record<string, string>>>('map(string)', {
    description:
      'What is started for the events of a source that sends no requests: by the ARN of a queue, topic, bucket, EventBridge rule or function, the JSON text of a request without input, such as jsonencode({ arn = "read-scan", memoryMiB = 8192 }). The input is the event as the function would get it of that source.',
    default: {},
    rules: [eachKey(ANY_ARN), each(jsonWith(REQUEST_SUBJECTS, EVENT_REQUEST))],
  }),
  function_url: booleanInput({
    description: 'A URL for the starter. Callers sign their requests (IAM); nobody else gets in.',
    default: false,
  }),
  launch_burst: numberInput({
    description:
      "How many tasks may start at once before they are spread, which is the account's quota for Fargate; at least as many as launches_per_second do in any case.",
    default: DEFAULT_LAUNCH_BURST,
    rules: [wholeNumberWithin(LAUNCH_BURST)],
  }),
  launches_per_second: numberInput({
    description: 'How many tasks may start each second after that.',
    default: DEFAULT_LAUNCHES_PER_SECOND,
    rules: [wholeNumberWithin(LAUNCHES_PER_SECOND)],
  }),
  overflow_causes: choiceListInput(OVERFLOW_CAUSES, {
    description:
      'For which failures of a Lambda function, whose failure destination or dead-letter queue leads to the starter, it runs the function again as a task: timeout, memory.',
    default: OVERFLOW_CAUSES,
  }),
  alarm_actions: alarmActionsInput,
  task_role_arns: textListInput({
    description:
      "ARNs of roles that requests may give to tasks. Each trusts ecs-tasks.amazonaws.com and has the runner's policy.",
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(ROLE_ARN))],
  }),
  container_task_definitions: textListInput({
    description:
      'Families of the task definitions whose containers requests may start as they are, such as aws_ecs_task_definition.report.family; * may stand in one. Empty: every run is of a function.',
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(TASK_FAMILY))],
  }),
  container_role_arns: textListInput({
    description:
      'ARNs of the task roles and execution roles of container_task_definitions: ECS lets the starter run none whose roles it may not pass.',
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(ROLE_ARN))],
  }),
  cluster_arns: textListInput({
    description: "ARNs of clusters in which requests may start tasks besides the deployment's own.",
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(CLUSTER_ARN))],
  }),
  run_timeout_seconds: numberInput({
    description: 'How long a run may take whose request does not say, in seconds, at most 14 days.',
    default: DEFAULT_RUN_TIMEOUT_SECONDS,
    rules: [wholeNumberWithin(RUN_TIMEOUT_SECONDS)],
  }),
  run_retention_days: numberInput({
    description: 'How long the ledger keeps a run, in days from its creation.',
    default: DEFAULT_RUN_RETENTION_DAYS,
    rules: [wholeNumberWithin(RETENTION_DAYS)],
  }),
  architecture: choiceInput(ARCHITECTURES, {
    description: "Of the starter's own Lambda function, whatever those of the runs are.",
    default: 'arm64',
  }),
  log_retention_days: numberInput({
    description: "How long the starter's log lines are kept, in days: one of the values that CloudWatch Logs takes.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
};

export const starterModule = defineModule({
  name: 'starter',
  sentence: SENTENCES.starter,
  picture,
  exampleOf: ['cluster', 'runner', 'starter'],
  notes: [REQUEST_NOTE],
  inputs,
  build: (stack, values) => {
    const props: Required<StarterProps> = {
      name: values.name,
      clusterArn: values.cluster_arn,
      subnetIds: values.subnet_ids,
      securityGroupIds: values.security_group_ids,
      assignPublicIp: values.assign_public_ip,
      containerName: values.container_name,
      taskDefinitions: values.task_definitions,
      executionRoleArn: values.execution_role_arn,
      taskRoleArn: values.task_role_arn,
      ledgerTableName: values.ledger_table_name,
      ledgerTableArn: values.ledger_table_arn,
      payloadBucketName: values.payload_bucket_name,
      payloadBucketArn: values.payload_bucket_arn,
      launchQueueUrl: values.launch_queue_url,
      launchQueueArn: values.launch_queue_arn,
      watcherFunctionName: values.watcher_function_name,
      watcherFunctionArn: values.watcher_function_arn,
      functionArns: values.function_arns,
      destinationArns: values.destination_arns,
      requestQueueArns: values.request_queue_arns,
      invokers: values.invokers,
      eventRequests: values.event_requests,
      functionUrl: values.function_url,
      launchBurst: values.launch_burst,
      launchesPerSecond: values.launches_per_second,
      overflowCauses: values.overflow_causes,
      alarmActions: values.alarm_actions,
      taskRoleArns: values.task_role_arns,
      containerTaskDefinitions: values.container_task_definitions,
      containerRoleArns: values.container_role_arns,
      clusterArns: values.cluster_arns,
      runTimeoutSeconds: values.run_timeout_seconds,
      runRetentionDays: values.run_retention_days,
      architecture: values.architecture,
      logRetentionDays: values.log_retention_days,
    };
    return new Starter(stack, 'Default', props).outputs;
  },
});
