import { schedules as picture } from '../../pictures/patterns/schedules';
import { defineModule } from '../module-definition';
import { ARCHITECTURES, DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS } from '../parts/checks';
import { FARGATE_CPU_UNITS } from '../parts/fargate-sizes';
import {
  CLUSTER_ARN,
  FUNCTION_ARN,
  LOG_GROUP_ARN,
  REPOSITORY_ARN,
  SECURITY_GROUP_ID,
  SECURITY_GROUPS,
  SUBNET_ID,
  SUBNETS,
  TABLE_ARN,
} from '../parts/formats';
import { booleanInput, choiceInput, numberInput, orNone, textInput, textListInput } from '../parts/inputs';
import { asManyAs, each, ofFormat, oneOf, wholeNumberWithin } from '../parts/rules';
import { BASE_IMAGE_PREFIX } from '../parts/runner-images';
import { SCHEDULER_CAPACITY } from '../parts/scheduler-service';
import { Scheduler } from '../scheduler';
import {
  DEFAULT_LATENESS_MILLISECONDS,
  DEFAULT_SCHEDULER_COUNT,
  DEFAULT_SCHEDULER_SIZE,
  LATENESS_MILLISECONDS,
  SCHEDULER_COUNT,
  type ScheduleProps,
  type SchedulerServiceSettings,
} from '../scheduler-props';
import { schedulesInput } from './schedules-input';
import { ARNS_OR_NONE, alarmActionsInput, nameInput } from './shared';

/** What either engine takes. */
export const COMMON_INPUTS = {
  name: nameInput,
  starter_function_arn: textInput({
    description: 'ARN of the starter: function_arn of the starter module.',
    rules: [ofFormat({ ...FUNCTION_ARN, allowed: "a function's ARN: function_arn of the starter module" })],
    example: 'module.starter.function_arn',
  }),
  alarm_actions: alarmActionsInput,
};

const imageInput = orNone(
  textInput({
    description:
      "URI of an image that has the scheduler, as npm run images builds it. Null: AWS's public base image, in which the scheduler is fetched from the payload bucket.",
  }),
);

const inputs = {
  ...COMMON_INPUTS,
  schedules: schedulesInput(),
  starter_function_name: textInput({
    description: 'Name of the starter: function_name of the starter module.',
    example: 'module.starter.function_name',
  }),
  cluster_arn: textInput({
    description: 'ARN of the ECS cluster: cluster_arn of the cluster module.',
    rules: [ofFormat(CLUSTER_ARN)],
    example: 'module.cluster.cluster_arn',
  }),
  log_group_name: textInput({
    description: "Name of the tasks' CloudWatch log group: log_group_name of the cluster module.",
    example: 'module.cluster.log_group_name',
  }),
  log_group_arn: textInput({
    description: "ARN of the tasks' CloudWatch log group: log_group_arn of the cluster module.",
    rules: [ofFormat(LOG_GROUP_ARN)],
    example: 'module.cluster.log_group_arn',
  }),
  subnet_ids: textListInput({
    description:
      "Where the service's tasks run: ids of 1 to 16 subnets of one VPC, with a way to S3, DynamoDB, Lambda and CloudWatch Logs.",
    rules: [asManyAs(SUBNETS), each(ofFormat(SUBNET_ID))],
    example: 'data.aws_subnets.default.ids',
  }),
  security_group_ids: textListInput({
    description: "Ids of the tasks' security groups, at most 5: security_group_id of the cluster module does.",
    rules: [asManyAs(SECURITY_GROUPS), each(ofFormat(SECURITY_GROUP_ID))],
    example: '[module.cluster.security_group_id]',
  }),
  assign_public_ip: booleanInput({
    description:
      'Whether tasks get a public address: they need one in a public subnet, and none in a private one with NAT.',
    example: 'true',
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
    description: 'Name of the S3 bucket that holds the program: payload_bucket_name of the runner module.',
    example: 'module.runner.payload_bucket_name',
  }),
  other_table_arns: textListInput({
    description:
      "ARNs of tables besides the module's own in which CloudFormation resources may put schedules (their property SchedulerDynamoDBTable). The service fires those of its own table.",
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(TABLE_ARN))],
  }),
  scheduler_count: numberInput({
    description: 'How many copies of the scheduler run. Each slot is fired once, whatever their number.',
    default: DEFAULT_SCHEDULER_COUNT,
    rules: [wholeNumberWithin(SCHEDULER_COUNT)],
  }),
  cpu: numberInput({
    description: 'CPU units of each copy, 1,024 to the vCPU; with memory_mib a pair that Fargate has.',
    default: DEFAULT_SCHEDULER_SIZE.cpu,
    rules: [oneOf(FARGATE_CPU_UNITS)],
  }),
  memory_mib: numberInput({
    description: 'Memory of each copy, in MiB.',
    default: DEFAULT_SCHEDULER_SIZE.memoryMiB,
    rules: [wholeNumberWithin({ minimum: 512, maximum: 120 * 1024 })],
  }),
  capacity: choiceInput(SCHEDULER_CAPACITY, {
    description: "Where the copies run: on Fargate, on its spare capacity, or on EC2 instances of the cluster's own.",
    default: 'FARGATE',
  }),
  image: imageInput,
  image_repository_arns: textListInput({
    description: "ARNs of the ECR repositories from which ECS may pull that image, or a mirror of AWS's base images.",
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(REPOSITORY_ARN))],
  }),
  base_image_prefix: textInput({
    description: "What stands before the names of AWS's base images: a mirror of them.",
    default: BASE_IMAGE_PREFIX,
  }),
  architecture: choiceInput(ARCHITECTURES, { description: 'Of scheduler and registrar.', default: 'arm64' }),
  table_deletion_protection: booleanInput({
    description: 'Whether DynamoDB refuses to delete the tables of schedules.',
    default: false,
  }),
  log_retention_days: numberInput({
    description: "How long the registrar's log lines are kept, in days: one of the values that CloudWatch Logs takes.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
  lateness_milliseconds: numberInput({
    description: 'How late a slot may be fired before the alarm is raised, in milliseconds.',
    default: DEFAULT_LATENESS_MILLISECONDS,
    rules: [wholeNumberWithin(LATENESS_MILLISECONDS)],
  }),
};

export const schedulerServiceModule = defineModule({
  name: 'scheduler-service',
  sentence: "The service of the scheduler module: its engine 'service', by itself.",
  picture,
  exampleOf: ['cluster', 'runner', 'starter', 'scheduler-service'],
  notes: ['The module `scheduler` calls this one where `engine` is `service`.'],
  inputs,
  build: (stack, values) => {
    const props: Required<ScheduleProps & SchedulerServiceSettings> = {
      name: values.name,
      starterFunctionName: values.starter_function_name,
      starterFunctionArn: values.starter_function_arn,
      schedules: values.schedules,
      alarmActions: values.alarm_actions,
      clusterArn: values.cluster_arn,
      logGroupName: values.log_group_name,
      logGroupArn: values.log_group_arn,
      subnetIds: values.subnet_ids,
      securityGroupIds: values.security_group_ids,
      assignPublicIp: values.assign_public_ip,
      ledgerTableName: values.ledger_table_name,
      ledgerTableArn: values.ledger_table_arn,
      payloadBucketName: values.payload_bucket_name,
      otherTableArns: values.other_table_arns,
      schedulerCount: values.scheduler_count,
      cpu: values.cpu,
      memoryMiB: values.memory_mib,
      capacity: values.capacity,
      image: values.image,
      imageRepositoryArns: values.image_repository_arns,
      baseImagePrefix: values.base_image_prefix,
      architecture: values.architecture,
      tableDeletionProtection: values.table_deletion_protection,
      logRetentionDays: values.log_retention_days,
      latenessMilliseconds: values.lateness_milliseconds,
    };
    return new Scheduler(stack, 'Default', props).outputs;
  },
});
