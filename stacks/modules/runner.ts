import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import { ARCHITECTURES, RETENTION_DAYS } from '../parts/checks';
import { FARGATE_SIZES } from '../parts/fargate-sizes';
import { ARNS, KMS_KEY_ARN, KMS_KEYS, LAYER_ARN, LOG_GROUP_ARN, REPOSITORY_ARN } from '../parts/formats';
import { booleanInput, numberInput, structureInput, textInput, textListInput } from '../parts/inputs';
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
import { DEFAULT_RUNTIMES, DEFAULT_SIZE, RUNTIME_KEY, type RunnerRuntimes } from '../parts/runtimes';
import { DEFAULT_PAYLOAD_RETENTION_DAYS, Runner, type RunnerProps } from '../runner';
import { ARNS_OR_NONE, functionArnsInput, IMAGES_NOTE, nameInput } from './shared';

/** The fields of RuntimeRow in stacks/parts/runtimes.ts. */
const RUNTIME_TYPE = `map(object({ ${[
  'runtime = string',
  'architecture = string',
  'image = optional(string)',
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
      "The runtimes for which there is a task definition each, by a key such as nodejs22-arm64, which is the image's tag where no image is given. cpu is in CPU units, 1,024 to the vCPU, and memory_mib in MiB, for tasks that are run without a size; the starter always gives one.",
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
  image_repository_force_delete: booleanInput({
    description:
      "Whether Terraform may destroy the repository of the runner's images with images in it. They can be built anew at any time.",
    default: true,
  }),
  image_repository_arns: textListInput({
    description: "ARNs of other ECR repositories that hold runners' images.",
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
};

export const runnerModule = defineModule({
  name: 'runner',
  sentence: SENTENCES.runner,
  exampleOf: ['cluster', 'runner'],
  notes: [IMAGES_NOTE],
  inputs,
  build: (stack, values) => {
    // Without createImageRepository: an empty repository costs nothing, and an index in its address would be for ever.
    const props: Required<Omit<RunnerProps, 'createImageRepository'>> = {
      name: values.name,
      logGroupName: values.log_group_name,
      logGroupArn: values.log_group_arn,
      functionArns: values.function_arns,
      layerArns: values.layer_arns,
      kmsKeyArns: values.kms_key_arns,
      runtimes: values.runtimes,
      imageRepositoryForceDelete: values.image_repository_force_delete,
      imageRepositoryArns: values.image_repository_arns,
      payloadRetentionDays: values.payload_retention_days,
      payloadBucketForceDestroy: values.payload_bucket_force_destroy,
      ledgerDeletionProtection: values.ledger_deletion_protection,
    };
    return new Runner(stack, 'Default', props).outputs;
  },
});
