import type { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Fn, type MapTerraformIterator, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { fetchFunction } from './parts/activity-permissions';
import { refuse } from './parts/checks';
import { queueDashboard } from './parts/dashboard';
import type { LambdaProgram } from './parts/lambda-program';
import { QUEUE_WORKER_NODE_OPTIONS } from './parts/node-options';
import type { Outputs } from './parts/outputs';
import { decryptFunctions, fetchLayers, keysOf, layersOf, readProgram } from './parts/permissions';
import { currentPlace, type Place } from './parts/place';
import { QUEUE_WORKER_DEFAULTS as DEFAULTS } from './parts/queue-worker';
import { queueWorkerAlarms } from './parts/queue-worker-alarms';
import { type ObjectBucket, objectBucket } from './parts/queue-worker-bucket';
import { dispatcher } from './parts/queue-worker-dispatcher';
import { objectEvents } from './parts/queue-worker-events';
import {
  claimJobs,
  readObjects,
  setMessagesAside,
  tellMissingObjects,
  useBucketKey,
  useQueueKey,
  workOnQueue,
  writeObjects,
} from './parts/queue-worker-permissions';
import { queueWorkerProblems } from './parts/queue-worker-problems';
import { type WorkQueues, workQueues } from './parts/queue-worker-queues';
import { queueWorkerRows } from './parts/queue-worker-rows';
import { jobsTable } from './parts/queue-worker-table';
import { queueWorkerTasks } from './parts/queue-worker-tasks';
import { expression } from './parts/terraform-text';
import { functionOf, workerExecution, workerRoles } from './parts/worker-roles';
import { workerCapacity, workerServices } from './parts/worker-services';
import { placedTasks, workerFunctions } from './parts/worker-tasks';
import type { QueueWorkerProps } from './queue-worker-props';

/** What the worker's own policy is about. */
interface Declared {
  /** Over the one worker, by its name. */
  readonly each: MapTerraformIterator;
  readonly place: Place;
  readonly queues: WorkQueues;
  readonly bucket: ObjectBucket;
  readonly jobsTableArn: string;
}

/** A queue and the workers that empty it: a function or a command for each message, from no worker to as many as it takes. */
export class QueueWorker extends Construct {
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    refuse('The queue worker', queueWorkerProblems(props));
    const { name } = props;
    const place = currentPlace(this);
    const each = TerraformIterator.fromMap(queueWorkerRows(this, props).asAnyMap);
    const queues = workQueues(this, name, props.maxReceiveCount ?? DEFAULTS.maxReceiveCount);
    const bucket = objectBucket(this, {
      noncurrentVersionDays: props.noncurrentVersionDays ?? DEFAULTS.noncurrentVersionDays,
      forceDestroy: props.bucketForceDestroy ?? false,
    });
    const jobs = jobsTable(this, name);
    workerCapacity(this, props.ec2CapacityProvider, props.assignPublicIp);

    const execution = workerExecution(this, place, name, props.logGroupArn);
    const attached = this.#workerRoles(props, { each, place, queues, bucket, jobsTableArn: jobs.arn });
    queueWorkerTasks(this, {
      region: place.region,
      executionRoleArn: execution.roleArn,
      ...placedTasks(this, props, QUEUE_WORKER_NODE_OPTIONS),
    });
    this.#service(props, [execution.policy, ...attached]);
    const program = dispatcher(this, {
      worker: props,
      place,
      queues,
      bucket,
      jobsTable: jobs,
      executionRoleArn: execution.roleArn,
    });
    objectEvents(this, name, place, bucket, program.function);
    const watched = {
      name,
      queueName: queues.name,
      deadLettersName: queues.deadLetters.name,
      dispatcherDeadLettersName: program.deadLetters.name,
    };
    queueWorkerAlarms(this, {
      ...watched,
      dispatcherFunctionName: program.function.functionName,
      lateMessageSeconds: props.lateMessageSeconds ?? DEFAULTS.lateMessageSeconds,
      alarmActions: props.alarmActions ?? [],
    });
    queueDashboard(this, { ...watched, region: place.region });
    this.outputs = this.#describe(queues, bucket, program, jobs.name);
  }

  #workerRoles(
    props: QueueWorkerProps,
    { each, place, queues, bucket, jobsTableArn }: Declared,
  ): readonly IamRolePolicyAttachment[] {
    const { name } = props;
    const functions = workerFunctions(this, 'local.by_name');
    const keys = props.kmsKeyArns ?? [];
    const readsObjects = props.bucket !== undefined && props.bucket !== 'none';
    return workerRoles(this, {
      place,
      name,
      each,
      rows: 'local.by_name',
      whose: `the queue ${name}`,
      statements: [
        workOnQueue(queues.arn),
        setMessagesAside(queues.deadLetters.arn),
        claimJobs(jobsTableArn),
        ...(readsObjects ? [readObjects(`${bucket.arn}/*`)] : []),
        ...(readsObjects || props.outputBucketName !== undefined ? [writeObjects(bucket.outputsArn)] : []),
        ...(readsObjects ? [tellMissingObjects(bucket.arn)] : []),
        fetchFunction(functionOf(place, functions, each)),
        fetchLayers(layersOf(place, props.layerArns)),
        ...(keys.length === 0 ? [] : [decryptFunctions(keysOf(place, keys))]),
        ...(props.queueKmsKeyArn === undefined ? [] : [useQueueKey(place, props.queueKmsKeyArn)]),
        ...(props.bucketKmsKeyArn === undefined ? [] : [useBucketKey(place, props.bucketKmsKeyArn)]),
        readProgram(Fn.join('/', [props.payloadBucketArn, props.programKey])),
      ],
    });
  }

  /** The dispatcher says how many workers a service has. */
  #service(props: QueueWorkerProps, dependsOn: Parameters<typeof workerServices>[1]['dependsOn']): void {
    const served = new TerraformLocal(
      this,
      'served',
      expression('{ for key, row in local.by_name : key => row if row.workers == "service" }'),
    );
    workerServices(this, {
      each: TerraformIterator.fromMap(served.asAnyMap),
      name: expression('each.key'),
      clusterArn: props.clusterArn,
      desiredCount: props.minWorkers ?? DEFAULTS.minWorkers,
      subnetIds: props.subnetIds,
      securityGroupIds: props.securityGroupIds,
      dependsOn,
      // How many there are is not Terraform's to change.
      deployEachChange: true,
      lifecycle: { ignoreChanges: ['desired_count'] },
    });
  }

  #describe(queues: WorkQueues, bucket: ObjectBucket, program: LambdaProgram, jobsTableName: string): Outputs {
    const one = (hcl: string) => Token.asAny(expression(`one(values(${hcl}))`));
    return {
      queue_url: { value: queues.url, description: 'URL of the queue.' },
      queue_arn: { value: queues.arn, description: 'ARN of the queue: whoever fills it needs sqs:SendMessage on it.' },
      dead_letter_queue_url: {
        value: queues.deadLetters.url,
        description: 'URL of the queue of messages that were given up, each with the reason as an attribute.',
      },
      dead_letter_queue_arn: {
        value: queues.deadLetters.arn,
        description: 'ARN of the queue of messages that were given up.',
      },
      bucket_name: {
        value: bucket.name,
        description: 'Name of the bucket whose objects become messages; null where there is none.',
      },
      dispatcher_function_name: {
        value: program.function.functionName,
        description: 'Name of the dispatcher: invoke it to have objects worked on that are there already.',
      },
      dispatcher_function_arn: { value: program.function.arn, description: 'ARN of the dispatcher.' },
      dispatcher_role_name: {
        value: program.roleName,
        description: "Name of the dispatcher's role, for what it needs of yours besides.",
      },
      dispatcher_dead_letter_queue_url: {
        value: program.deadLetters.url,
        description: 'URL of the queue of events that the dispatcher could not handle.',
      },
      jobs_table_name: {
        value: jobsTableName,
        description: 'Name of the DynamoDB table of who works on what, and what was done.',
      },
      task_definition_arn: {
        value: one('local.task_definition_arns'),
        description: 'ARN of the task definition of workers.',
      },
      service_name: {
        value: Token.asAny(expression('one(values(aws_ecs_service.workers)[*].name)')),
        description: 'Name of the ECS service of workers; null where they are tasks.',
      },
      worker_role_arn: {
        value: Token.asAny(expression('one(values(aws_iam_role.worker_role)[*].arn)')),
        description: 'ARN of the role of workers that the module makes.',
      },
      worker_policy_arn: {
        value: Token.asAny(expression('one(values(aws_iam_policy.worker_policy)[*].arn)')),
        description: 'ARN of the policy that a role given for workers needs besides its own.',
      },
    };
  }
}
