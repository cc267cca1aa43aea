import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import { ARCHITECTURES, DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS, RETENTION_DAYS } from '../parts/checks';
import { CONTAINER_NAME } from '../parts/containers';
import {
  BUCKET_ARN,
  CLUSTER_ARN,
  ROLE_ARN,
  SECURITY_GROUP_ID,
  SECURITY_GROUPS,
  SUBNET_ID,
  SUBNETS,
  TABLE_ARN,
} from '../parts/formats';
import { booleanInput, choiceInput, numberInput, structureInput, textInput, textListInput } from '../parts/inputs';
import { asManyAs, each, NOT_EMPTY, ofFormat, oneOf, wholeNumberWithin } from '../parts/rules';

import {
  DEFAULT_RUN_RETENTION_DAYS,
  DEFAULT_RUN_TIMEOUT_SECONDS,
  RUN_TIMEOUT_SECONDS,
  Starter,
  type StarterProps,
} from '../starter';
import { ARNS_OR_NONE, functionArnsInput, nameInput, REQUEST_NOTE } from './shared';

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
  function_arns: functionArnsInput,
  task_role_arns: textListInput({
    description:
      "ARNs of roles that requests may give to tasks. Each trusts ecs-tasks.amazonaws.com and has the runner's policy.",
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(ROLE_ARN))],
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
      functionArns: values.function_arns,
      taskRoleArns: values.task_role_arns,
      runTimeoutSeconds: values.run_timeout_seconds,
      runRetentionDays: values.run_retention_days,
      architecture: values.architecture,
      logRetentionDays: values.log_retention_days,
    };
    return new Starter(stack, 'Default', props).outputs;
  },
});
