import type { IResolvable } from 'cdktf';
import { kmsKeyArns, layerArns, oneOf, type Problem, securityGroupIds, subnetIds, topicArns } from './checks';
import { RUNNER_IMAGES, type RunnerImages } from './runner-images';

/** Where workers run, what they are made of, and who hears of them: that of activities, and that of a queue. */
export interface WorkerPlace {
  /** Of the cluster module. */
  readonly clusterArn: string;
  /**
   * Of the cluster module: the capacity provider of its instances.
   *
   * @default - none: no worker has the capacity EC2
   */
  readonly ec2CapacityProvider?: string;
  /** Where workers run: 1 to 16 subnets of one VPC. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether workers on Fargate get a public address. On instances they get none, and need a subnet with NAT. */
  readonly assignPublicIp: boolean | IResolvable;
  /** Of the cluster module: where the workers write. */
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /** Of the runner module, as the next three: where its program is, and outputs above Step Functions' 256 KiB. */
  readonly payloadBucketName: string;
  readonly payloadBucketArn: string;
  readonly programKey: string;
  readonly programSha256: string;
  /**
   * Whether workers run on AWS's `public` Lambda base images, or on the runner's own, from the runner module's `repository`.
   *
   * @default public
   */
  readonly runnerImages?: RunnerImages;
  /**
   * Of the runner module: the repository of the runner's own images. An image's tag is the runtime without dots, and the
   * architecture: nodejs22-x86_64, python313-arm64. Name the runner module's runtimes so.
   *
   * @default - none: runnerImages is public
   */
  readonly imageRepositoryUrl?: string;
  /**
   * What stands before the names of AWS's base images, such as nodejs:22: a mirror of them.
   *
   * @default public.ecr.aws/lambda
   */
  readonly baseImagePrefix?: string;
  /**
   * The layers that functions may have, by ARN with version; `*` may stand in it.
   *
   * @default - all layers of this account and region
   */
  readonly layerArns?: readonly string[];
  /**
   * The customer managed keys that encrypt environment variables or packages of functions, by ARN; `*` may stand in it.
   * With them Lambda decrypts for the worker, and for nobody else.
   *
   * @default - none
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * ARNs of SNS topics that hear of the alarms.
   *
   * @default - the alarms are there, and nobody is told
   */
  readonly alarmActions?: readonly string[];
}

export function workerPlaceProblems(props: Partial<WorkerPlace>): readonly Problem[] {
  return [
    ...subnetIds('subnetIds', props.subnetIds),
    ...securityGroupIds('securityGroupIds', props.securityGroupIds),
    ...oneOf('runnerImages', props.runnerImages, RUNNER_IMAGES),
    ...layerArns('layerArns', props.layerArns),
    ...kmsKeyArns('kmsKeyArns', props.kmsKeyArns),
    ...topicArns('alarmActions', props.alarmActions),
  ];
}
