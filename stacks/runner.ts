import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Fn, type IResolvable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { runAlarms } from './parts/alarms';
import { DEFAULT_LOG_RETENTION_DAYS, refuse } from './parts/checks';
import { CONTAINER_NAME } from './parts/containers';
import { dashboard } from './parts/dashboard';
import { sendCallbackHeartbeats, sendTaskHeartbeats } from './parts/heartbeat-permissions';
import type { LambdaProgram } from './parts/lambda-program';
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
  sendOutcomes,
  sendTaskOutcomes,
  trustEcs,
  trustTasks,
  updateRuns,
  writeLog,
  writeOutputs,
} from './parts/permissions';
import { currentPlace, type Place } from './parts/place';
import { policyDocument, type Statement } from './parts/policy-document';
import { launchQueue } from './parts/queues';
import { role, rolePolicy } from './parts/role';
import { BASE_IMAGE_PREFIX, DEFAULT_RUNNER_IMAGES, imageRepository, pullPolicy } from './parts/runner-images';
import { runnerProgram } from './parts/runner-program';
import { DEFAULT_RUNTIMES } from './parts/runtimes';
import { taskDefinitions } from './parts/task-definitions';
import { watcher } from './parts/watcher';
import {
  DEFAULT_FAILED_RUNS_THRESHOLD,
  DEFAULT_LATE_START_SECONDS,
  DEFAULT_PAYLOAD_RETENTION_DAYS,
  type RunnerProps,
  runnerProblems,
} from './runner-props';

/** What a task needs: task definitions, roles, the ledger, the payload bucket, a repository for its images; a watcher. */
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
  /** The runner's program in the payload bucket, for tasks on AWS's base images. */
  readonly programKey: string;
  readonly programSha256: string;
  /** Of the repository of the runner's own images, as a token; null where there is none. */
  readonly imageRepositoryUrl: string;
  readonly launchQueueUrl: string;
  readonly launchQueueArn: string;
  readonly watcherFunctionName: string;
  readonly watcherFunctionArn: string;
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
    this.programKey = program.stored.key;
    this.programSha256 = program.stored.sha256;
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
      program: program.container,
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

    const launches = launchQueue(this, name);
    this.launchQueueUrl = launches.queue.url;
    this.launchQueueArn = launches.queue.arn;
    const watching = this.#watcher(props, place);
    this.watcherFunctionName = watching.function.functionName;
    this.watcherFunctionArn = watching.function.arn;
    const watched = {
      name,
      ledgerTable: this.ledgerTableName,
      launchDeadLettersName: launches.deadLetters.name,
      launchQueueName: launches.queue.name,
      watcherDeadLettersName: watching.deadLetters.name,
    };
    runAlarms(this, {
      ...watched,
      watcherFunctionName: this.watcherFunctionName,
      alarmActions: props.alarmActions ?? [],
      failedRunsThreshold: props.failedRunsThreshold ?? DEFAULT_FAILED_RUNS_THRESHOLD,
      lateStartSeconds: props.lateStartSeconds ?? DEFAULT_LATE_START_SECONDS,
    });
    dashboard(this, { ...watched, region: place.region });
    this.imageRepositoryUrl = Token.asString(Fn.one(repository.urls.asList));
    this.outputs = this.#describe();
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
        ...deliveries(props, place),
        sendTaskHeartbeats(),
        sendCallbackHeartbeats(place),
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

  #watcher(props: RunnerProps, place: Place): LambdaProgram {
    return watcher(this, {
      name: props.name,
      place,
      architecture: props.architecture ?? 'arm64',
      logRetentionDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
      ledgerTableName: this.ledgerTableName,
      ledgerTableArn: this.ledgerTableArn,
      payloadBucketArn: this.payloadBucketArn,
      launchQueueUrl: this.launchQueueUrl,
      launchQueueArn: this.launchQueueArn,
      deliveries: deliveries(props, place),
    });
  }

  #describe(): Outputs {
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
      program_key: {
        value: this.programKey,
        description: "Key of the runner's program in the payload bucket.",
      },
      program_sha256: { value: this.programSha256, description: "SHA-256 of the runner's program, in hexadecimal." },
      launch_queue_url: { value: this.launchQueueUrl, description: 'URL of the SQS queue of starts that wait.' },
      launch_queue_arn: { value: this.launchQueueArn, description: 'ARN of the SQS queue of starts that wait.' },
      watcher_function_name: { value: this.watcherFunctionName, description: 'Name of the watcher.' },
      watcher_function_arn: { value: this.watcherFunctionArn, description: 'ARN of the watcher.' },
      image_repository_url: {
        value: this.imageRepositoryUrl,
        description: "URL of the runner images' ECR repository; null where runner_images is public.",
      },
    };
  }
}

/** What runner and watcher need alike to deliver outcomes. */
function deliveries({ destinationArns }: RunnerProps, place: Place): readonly Statement[] {
  return [sendTaskOutcomes(), sendOutcomes(place, destinationArns ?? [])];
}
