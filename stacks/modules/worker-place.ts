import { textInput, type Values } from '../parts/inputs';
import type { WorkerPlace } from '../parts/worker-place';
import { runnerModule } from './runner';
import { alarmActionsInput } from './shared';
import { starterModule } from './starter';

const runner = runnerModule.inputs;
const starter = starterModule.inputs;

/**
 * Variables of where workers run, and of what they are made.
 *
 * @param withoutInstances what a cluster without instances means
 */
export function workerPlaceInputs(withoutInstances: string) {
  return {
    cluster_arn: starter.cluster_arn,
    ec2_capacity_provider: textInput({
      description: `Name of the capacity provider of the cluster's instances: ec2_capacity_provider of the cluster module. Empty: ${withoutInstances}.`,
      default: '',
    }),
    subnet_ids: starter.subnet_ids,
    security_group_ids: starter.security_group_ids,
    assign_public_ip: starter.assign_public_ip,
    log_group_name: runner.log_group_name,
    log_group_arn: runner.log_group_arn,
    payload_bucket_name: starter.payload_bucket_name,
    payload_bucket_arn: starter.payload_bucket_arn,
    program_key: textInput({
      description: "Key of the runner's program in the payload bucket: program_key of the runner module.",
      example: 'module.runner.program_key',
    }),
    program_sha256: textInput({
      description: "SHA-256 of the runner's program, in hexadecimal: program_sha256 of the runner module.",
      example: 'module.runner.program_sha256',
    }),
    runner_images: {
      ...runner.runner_images,
      description:
        "Whether workers run on AWS's public Lambda base images or on the runner's own: runner_images of the runner module.",
    },
    image_repository_url: textInput({
      description:
        "URL of the repository of the runner's own images: image_repository_url of the runner module, where runner_images is repository. A tag is the runtime without dots and the architecture, such as nodejs22-x86_64: name the runtimes of the runner module so.",
      default: '',
    }),
    base_image_prefix: runner.base_image_prefix,
    layer_arns: runner.layer_arns,
    kms_key_arns: runner.kms_key_arns,
    alarm_actions: alarmActionsInput,
  };
}

/** The props of those variables. */
export function workerPlace(values: Values<ReturnType<typeof workerPlaceInputs>>): Required<WorkerPlace> {
  return {
    clusterArn: values.cluster_arn,
    ec2CapacityProvider: values.ec2_capacity_provider,
    subnetIds: values.subnet_ids,
    securityGroupIds: values.security_group_ids,
    assignPublicIp: values.assign_public_ip,
    logGroupName: values.log_group_name,
    logGroupArn: values.log_group_arn,
    payloadBucketName: values.payload_bucket_name,
    payloadBucketArn: values.payload_bucket_arn,
    programKey: values.program_key,
    programSha256: values.program_sha256,
    runnerImages: values.runner_images,
    imageRepositoryUrl: values.image_repository_url,
    baseImagePrefix: values.base_image_prefix,
    layerArns: values.layer_arns,
    kmsKeyArns: values.kms_key_arns,
    alarmActions: values.alarm_actions,
  };
}
