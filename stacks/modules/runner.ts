import { runAFunction as picture } from '../../pictures/patterns/run-a-function';
import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import { ARCHITECTURES, DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS, RETENTION_DAYS } from '../parts/checks';
import type { ContainerFunctions } from '../parts/container-functions';
import { FARGATE_SIZES } from '../parts/fargate-sizes';
import {
  ARNS,
  FUNCTION_REFERENCE,
  KMS_KEY_ARN,
  KMS_KEYS,
  LAYER_ARN,
  LOG_GROUP_ARN,
  REPOSITORY_ARN,
} from '../parts/formats';
import { booleanInput, choiceInput, numberInput, structureInput, textInput, textListInput } from '../parts/inputs';
import { LAMBDA_RUNTIMES } from '../parts/lambda-runtimes';
import {
  asManyAs,
  each,
  eachKey,
  eachOfSize,
  NO_DUPLICATE,
  NOT_EMPTY,
  ofFormat,
  oneOf,
  wholeNumberWithin,
} from '../parts/rules';
import { BASE_IMAGE_PREFIX, DEFAULT_RUNNER_IMAGES, RUNNER_IMAGES } from '../parts/runner-images';
import { DEFAULT_RUNTIMES, DEFAULT_SIZE, RUNTIME_KEY, type RunnerRuntimes } from '../parts/runtimes';
import { Runner } from '../runner';
import {
  DEFAULT_FAILED_RUNS_THRESHOLD,
  DEFAULT_LATE_START_SECONDS,
  DEFAULT_PAYLOAD_RETENTION_DAYS,
  FAILED_RUNS_THRESHOLD,
  LATE_START_SECONDS,
  type RunnerProps,
} from '../runner-props';
import {
  ARNS_OR_NONE,
  alarmActionsInput,
  destinationArnsInput,
  functionArnsInput,
  IMAGES_NOTE,
  nameInput,
} from './shared';

/** The fields of RuntimeRow in stacks/parts/runtimes.ts. */
const RUNTIME_TYPE = `map(object({ ${[
  'runtime = string',
  'architecture = string',
  'image = optional(string)',
  `cpu = optional(number, ${DEFAULT_SIZE.cpu})`,
  `memory_mib = optional(number, ${DEFAULT_SIZE.memoryMiB})`,
].join(', ')} }))`;

/** The fields of ContainerFunctionRow in stacks/parts/container-functions.ts. */
const CONTAINER_FUNCTION_TYPE = `map(object({ ${[
  'function_name = string',
  'qualifier = optional(string)',
  'entry_point = optional(list(string))',
  'command = optional(list(string))',
  'working_directory = optional(string)',
  `cpu = optional(number, ${DEFAULT_SIZE.cpu})`,
  `memory_mib = optional(number, ${DEFAULT_SIZE.memoryMiB})`,
].join(', ')} }))`;

const inputs = {
  name: nameInput,
  log_group_name: textInput({
    description: "Name of the tasks' CloudWatch log group: log_group_name of the cluster module.",
    example: 'module.cluster.log_group_name',
  }),
  log_group_arn: textInput({
    description: "ARN of the tasks' CloudWatch log group: log_group_arn of the cluster module.",
    rules: [ofFormat(LOG_GROUP_ARN)],
    example: 'module.cluster.log_group_arn',
  }),
  function_arns: functionArnsInput,
  destination_arns: destinationArnsInput,
  layer_arns: textListInput({
    description:
      "The layers that those functions may have, by ARN with version; * may stand in it. Name a vendor's beside one's own. Null: all layers of this account and region.",
    default: null,
    rules: [asManyAs(ARNS), each(ofFormat(LAYER_ARN))],
  }),
  kms_key_arns: textListInput({
    description:
      "The customer managed keys that encrypt environment variables or packages of those functions, by ARN; * may stand in it. Lambda, and nobody else, may decrypt with them for the tasks; the key's own policy must leave that to IAM.",
    default: [],
    rules: [asManyAs(KMS_KEYS), each(ofFormat(KMS_KEY_ARN))],
  }),
  runtimes: structureInput<RunnerRuntimes>(RUNTIME_TYPE, {
    description:
      'The runtimes for which there is a task definition each, by a key such as nodejs22-arm64. image is that of a runner of your own for this runtime alone; without it runner_images says where the image is. cpu is in CPU units, 1,024 to the vCPU, and memory_mib in MiB, for tasks that are run without a size; the starter always gives one.',
    // Terraform adds what is optional by itself.
    default: Object.fromEntries(
      Object.entries(DEFAULT_RUNTIMES).map(([key, { runtime, architecture }]) => [key, { runtime, architecture }]),
    ),
    rules: [
      NOT_EMPTY,
      eachKey(RUNTIME_KEY),
      each({ ...oneOf(LAMBDA_RUNTIMES), allowed: `a runtime of ${LAMBDA_RUNTIMES.join(', ')}` }, 'item.runtime'),
      each({ ...oneOf(ARCHITECTURES), allowed: `an architecture of ${ARCHITECTURES.join(', ')}` }, 'item.architecture'),
      eachOfSize(FARGATE_SIZES),
      NO_DUPLICATE,
    ],
  }),
  container_functions: structureInput<ContainerFunctions>(CONTAINER_FUNCTION_TYPE, {
    description:
      "The functions that are container images, by a key of your choice: there is a task definition for each, made of what Lambda says of the function when Terraform runs, its environment included. entry_point, command and working_directory are what the function's ImageConfig says, which Terraform's provider does not read.",
    default: {},
    rules: [eachKey(RUNTIME_KEY), each(ofFormat(FUNCTION_REFERENCE), 'item.function_name'), eachOfSize(FARGATE_SIZES)],
  }),
  runner_images: choiceInput(RUNNER_IMAGES, {
    description:
      "Whether tasks run on AWS's public Lambda base images, for which there is nothing to build, or on images of your own in an ECR repository of the module, which start faster.",
    default: DEFAULT_RUNNER_IMAGES,
  }),
  base_image_prefix: textInput({
    description:
      "What stands before the names of AWS's base images, such as nodejs:22: a mirror of them, for example a pull through cache of your ECR.",
    default: BASE_IMAGE_PREFIX,
  }),
  image_repository_force_delete: booleanInput({
    description:
      "Whether Terraform may destroy the repository of the runner's images with images in it. They can be built anew at any time.",
    default: true,
  }),
  image_repository_arns: textListInput({
    description:
      "ARNs of other ECR repositories that tasks pull from: of runners' images, or of a mirror of AWS's base images. Those of container_functions need not be named.",
    default: [],
    rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(REPOSITORY_ARN))],
  }),
  payload_retention_days: numberInput({
    description: 'How long inputs and outputs stay in the payload bucket, in days.',
    default: DEFAULT_PAYLOAD_RETENTION_DAYS,
    rules: [wholeNumberWithin(RETENTION_DAYS)],
  }),
  payload_bucket_force_destroy: booleanInput({
    description:
      'Whether Terraform may destroy the payload bucket with objects in it: outputs of runs, which exist nowhere else.',
    default: false,
  }),
  ledger_deletion_protection: booleanInput({
    description: 'Whether DynamoDB refuses to delete the ledger of runs.',
    default: false,
  }),
  architecture: choiceInput(ARCHITECTURES, {
    description: "Of the watcher's Lambda function, whatever those of the runs are.",
    default: 'arm64',
  }),
  log_retention_days: numberInput({
    description: "How long the watcher's log lines are kept, in days: one of the values that CloudWatch Logs takes.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
  alarm_actions: alarmActionsInput,
  failed_runs_threshold: numberInput({
    description: 'How many runs that end badly in five minutes raise the alarm.',
    default: DEFAULT_FAILED_RUNS_THRESHOLD,
    rules: [wholeNumberWithin(FAILED_RUNS_THRESHOLD)],
  }),
  late_start_seconds: numberInput({
    description: 'How long a run may wait for its task before the alarm is raised, in seconds.',
    default: DEFAULT_LATE_START_SECONDS,
    rules: [wholeNumberWithin(LATE_START_SECONDS)],
  }),
};

export const runnerModule = defineModule({
  name: 'runner',
  sentence: SENTENCES.runner,
  picture,
  exampleOf: ['cluster', 'runner'],
  notes: [IMAGES_NOTE],
  inputs,
  build: (stack, values) => {
    const props: Required<RunnerProps> = {
      name: values.name,
      logGroupName: values.log_group_name,
      logGroupArn: values.log_group_arn,
      functionArns: values.function_arns,
      layerArns: values.layer_arns,
      kmsKeyArns: values.kms_key_arns,
      destinationArns: values.destination_arns,
      runtimes: values.runtimes,
      containerFunctions: values.container_functions,
      runnerImages: values.runner_images,
      baseImagePrefix: values.base_image_prefix,
      imageRepositoryForceDelete: values.image_repository_force_delete,
      imageRepositoryArns: values.image_repository_arns,
      payloadRetentionDays: values.payload_retention_days,
      payloadBucketForceDestroy: values.payload_bucket_force_destroy,
      ledgerDeletionProtection: values.ledger_deletion_protection,
      architecture: values.architecture,
      logRetentionDays: values.log_retention_days,
      alarmActions: values.alarm_actions,
      failedRunsThreshold: values.failed_runs_threshold,
      lateStartSeconds: values.late_start_seconds,
    };
    return new Runner(stack, 'Default', props).outputs;
  },
});
