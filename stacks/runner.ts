import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Fn, type IResolvable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import {
  deploymentName,
  functionArns,
  kmsKeyArns,
  layerArns,
  oneOf,
  type Problem,
  RETENTION_DAYS,
  refuse,
  repositoryArns,
  wholeNumber,
} from './parts/checks';
import { type ContainerFunctions, containerFunctionProblems } from './parts/container-functions';
import { CONTAINER_NAME } from './parts/containers';
import { ledgerTable } from './parts/ledger-table';
import type { Outputs } from './parts/outputs';
import { payloadBucket } from './parts/payload-bucket';
import {
  decryptFunctions,
  fetchFunctions,
  fetchLayers,
  functionsOf,
  keysOf,
  layersOf,
  readInputs,
  readProgram,
  trustEcs,
  trustTasks,
  updateRuns,
  writeLog,
  writeOutputs,
} from './parts/permissions';
import { currentPlace, type Place } from './parts/place';
import { policyDocument } from './parts/policy-document';
import { role, rolePolicy } from './parts/role';
import {
  BASE_IMAGE_PREFIX,
  DEFAULT_RUNNER_IMAGES,
  imageRepository,
  pullPolicy,
  RUNNER_IMAGES,
  type RunnerImages,
} from './parts/runner-images';
import { runnerProgram } from './parts/runner-program';
import { DEFAULT_RUNTIMES, type RunnerRuntimes, runtimeProblems } from './parts/runtimes';
import { taskDefinitions } from './parts/task-definitions';

export const DEFAULT_PAYLOAD_RETENTION_DAYS = 30;

export interface RunnerProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** Of the cluster module: where the tasks write. */
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /**
   * The functions that may be run, by ARN without qualifier; `*` may stand in it.
   *
   * @default - all functions of this account and region
   */
  readonly functionArns?: readonly string[];
  /**
   * The layers that those functions may have, by ARN with version; `*` may stand in it. A layer of AWS's, a vendor's or
   * another account of yours belongs here, beside your own:
   * `['arn:aws:lambda:eu-west-1:123456789012:layer:*:*', 'arn:aws:lambda:eu-west-1:017000801446:layer:*:*']`
   *
   * @default - all layers of this account and region
   */
  readonly layerArns?: readonly string[];
  /**
   * The customer managed keys that encrypt environment variables or packages of those functions, by ARN; `*` may stand in
   * it. With them Lambda decrypts for the task, and for nobody else; the key's own policy must leave that to IAM.
   *
   * @default - none: a function that is encrypted with a key of the customer's ends with an error that names the key
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * The runtimes for which there is a task definition each, by a key such as nodejs22-arm64.
   *
   * @default - Node.js 22 on arm64 and on x86_64
   */
  readonly runtimes?: RunnerRuntimes;
  /**
   * The functions that are container images, by a key of your choice: there is a task definition for each, made of what
   * Lambda says of the function when Terraform runs. Its environment stands in the task definition and in Terraform's
   * state. A function that has another image since is not run, until Terraform has run again.
   *
   * @default - none
   */
  readonly containerFunctions?: ContainerFunctions;
  /**
   * Whether tasks run on AWS's `public` Lambda base images, or on images of your own in an ECR `repository` of the module.
   *
   * @default public
   */
  readonly runnerImages?: RunnerImages;
  /**
   * What stands before the names of AWS's base images, such as nodejs:22: a mirror of them, for example a pull through
   * cache of your ECR. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   *
   * @default public.ecr.aws/lambda
   */
  readonly baseImagePrefix?: string;
  /**
   * Whether Terraform may destroy the module's repository with images in it. They can be built anew at any time.
   *
   * @default true
   */
  readonly imageRepositoryForceDelete?: boolean | IResolvable;
  /**
   * ARNs of other ECR repositories that tasks pull from: of runners' images, or of a mirror of AWS's base images. Those
   * of container-image functions need not be named.
   *
   * @default - none
   */
  readonly imageRepositoryArns?: readonly string[];
  /**
   * How long inputs and outputs stay in the payload bucket, in days.
   *
   * @default 30
   */
  readonly payloadRetentionDays?: number;
  /**
   * Whether Terraform may destroy the payload bucket with objects in it: outputs of runs, which exist nowhere else.
   *
   * @default false
   */
  readonly payloadBucketForceDestroy?: boolean | IResolvable;
  /**
   * Whether DynamoDB refuses to delete the ledger. Without it a table that is deleted can still be restored, for 35
   * days, from the backup that DynamoDB makes of a table with point-in-time recovery.
   * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
   *
   * @default false
   */
  readonly ledgerDeletionProtection?: boolean | IResolvable;
}

export function runnerProblems(props: Partial<RunnerProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...functionArns('functionArns', props.functionArns),
    ...layerArns('layerArns', props.layerArns),
    ...kmsKeyArns('kmsKeyArns', props.kmsKeyArns),
    ...runtimeProblems(props.runtimes),
    ...containerFunctionProblems(props.containerFunctions),
    ...oneOf('runnerImages', props.runnerImages, RUNNER_IMAGES),
    ...repositoryArns('imageRepositoryArns', props.imageRepositoryArns),
    ...wholeNumber('payloadRetentionDays', props.payloadRetentionDays, RETENTION_DAYS),
  ];
}

/** What a task needs: task definitions, roles, the ledger, the payload bucket, a repository for its images. */
export class Runner extends Construct {
  readonly containerName = CONTAINER_NAME;
  /** A list of { family, runtime, architecture, function }, as a token. */
  readonly taskDefinitions: IResolvable;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  /** Whoever gives a run a role of their own attaches this policy to it. */
  readonly runnerPolicyArn: string;
  readonly ledgerTableName: string;
  readonly ledgerTableArn: string;
  readonly payloadBucketName: string;
  readonly payloadBucketArn: string;
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: RunnerProps) {
    super(scope, id);
    refuse('The runner', runnerProblems(props));
    const { name } = props;
    const place = currentPlace(this);
    const repository = imageRepository(this, {
      name,
      runnerImages: props.runnerImages ?? DEFAULT_RUNNER_IMAGES,
      forceDelete: props.imageRepositoryForceDelete ?? true,
    });
    const ledger = ledgerTable(this, { name, deletionProtection: props.ledgerDeletionProtection ?? false });
    const payloads = payloadBucket(this, {
      name,
      retentionDays: props.payloadRetentionDays ?? DEFAULT_PAYLOAD_RETENTION_DAYS,
      forceDestroy: props.payloadBucketForceDestroy ?? false,
    });
    this.ledgerTableName = ledger.name;
    this.ledgerTableArn = ledger.arn;
    this.payloadBucketName = payloads.bucket;
    this.payloadBucketArn = payloads.arn;

    const program = runnerProgram(this, payloads.bucket);
    const execution = this.#executionRole(props);
    this.executionRoleArn = execution.arn;
    const policy = this.#runnerPolicy(props, place, program.arn);
    this.runnerPolicyArn = policy.arn;
    this.taskRoleArn = this.#taskRole(name, place, policy);

    const definitions = taskDefinitions(this, {
      name,
      runtimes: props.runtimes ?? DEFAULT_RUNTIMES,
      containerFunctions: props.containerFunctions ?? {},
      repository,
      baseImagePrefix: props.baseImagePrefix ?? BASE_IMAGE_PREFIX,
      program,
      executionRoleArn: this.executionRoleArn,
      taskRoleArn: this.taskRoleArn,
      logGroupName: props.logGroupName,
      region: place.region,
      ledgerTable: this.ledgerTableName,
      payloadBucket: this.payloadBucketName,
    });
    this.taskDefinitions = Token.asAny(definitions.all.expression);
    const repositories = [repository.arns.asList, [...(props.imageRepositoryArns ?? [])]];
    const pulled = Fn.concat([...repositories, definitions.functionRepositoryArns.asList]);
    pullPolicy(this, execution, new TerraformLocal(this, 'pulled_repository_arns', pulled));
    this.outputs = this.#describe(Token.asString(Fn.one(repository.urls.asList)));
  }

  #executionRole({ name, logGroupArn }: RunnerProps): IamRole {
    const execution = role(this, 'execution', {
      namePrefix: `${name}-execution-`,
      description: 'Lets ECS fetch the images of Overtime tasks and write their logs.',
      trust: trustEcs(),
    });
    rolePolicy(execution, this, 'execution_policy', [writeLog(logGroupArn)]);
    return execution;
  }

  #runnerPolicy(props: RunnerProps, place: Place, programArn: string): IamPolicy {
    const keys = props.kmsKeyArns ?? [];
    return new IamPolicy(this, 'runner', {
      namePrefix: `${props.name}-runner-`,
      description: "What the runner does itself in an Overtime task, whatever the function's own role is.",
      policy: policyDocument([
        fetchFunctions(functionsOf(place, props.functionArns)),
        fetchLayers(layersOf(place, props.layerArns)),
        ...(keys.length === 0 ? [] : [decryptFunctions(keysOf(place, keys))]),
        updateRuns(this.ledgerTableArn),
        readInputs(this.payloadBucketArn),
        writeOutputs(this.payloadBucketArn),
        readProgram(programArn),
      ]),
    });
  }

  #taskRole(name: string, place: Place, policy: IamPolicy): string {
    const task = role(this, 'task_role', {
      namePrefix: `${name}-task-`,
      description: 'The role of an Overtime task whose request gives none.',
      trust: trustTasks(place),
    });
    new IamRolePolicyAttachment(this, 'task_role_runner', { role: task.name, policyArn: policy.arn });
    return task.arn;
  }

  #describe(repositoryUrl: string): Outputs {
    return {
      task_definitions: {
        value: this.taskDefinitions,
        description:
          'The task definitions: a list of { family, runtime, architecture, function }, where function is the ARN of the one function that it is for, or null.',
      },
      container_name: {
        value: this.containerName,
        description: "Name of the runner's container in each task definition.",
      },
      task_role_arn: { value: this.taskRoleArn, description: 'ARN of the role of tasks whose request gives none.' },
      execution_role_arn: { value: this.executionRoleArn, description: 'ARN of the role with which ECS starts tasks.' },
      runner_policy_arn: {
        value: this.runnerPolicyArn,
        description: 'ARN of the policy that a role given in a request needs besides its own.',
      },
      ledger_table_name: { value: this.ledgerTableName, description: 'Name of the DynamoDB table of runs.' },
      ledger_table_arn: { value: this.ledgerTableArn, description: 'ARN of the DynamoDB table of runs.' },
      payload_bucket_name: {
        value: this.payloadBucketName,
        description: 'Name of the S3 bucket of large inputs and outputs.',
      },
      payload_bucket_arn: {
        value: this.payloadBucketArn,
        description: 'ARN of the S3 bucket of large inputs and outputs.',
      },
      image_repository_url: {
        value: repositoryUrl,
        description: "URL of the runner images' ECR repository; null where runner_images is public.",
      },
    };
  }
}
