import path from 'node:path';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { Fn, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { QueueWorkerProps } from '../queue-worker-props';
import { DEFAULT_LOG_RETENTION_DAYS } from './checks';
import { type LambdaProgram, lambdaProgram, numberText } from './lambda-program';
import { passTaskRoles, runTasks } from './permissions';
import type { Place } from './place';
import type { Statement } from './policy-document';
import { QUEUE_WORKER_DEFAULTS as DEFAULTS } from './queue-worker';
import type { ObjectBucket } from './queue-worker-bucket';
import {
  countWorkers,
  fillQueue,
  holdLaunchLock,
  lookAtObjects,
  readWithBucketKey,
  scaleWorkers,
  tellMissingObjects,
  useQueueKey,
} from './queue-worker-permissions';
import type { WorkQueues } from './queue-worker-queues';
import { invokeByRule } from './rule-target';
import { expression } from './terraform-text';

const ENTRY = path.resolve(__dirname, '../../handlers/dispatcher/handler.ts');

const MEMORY_MIB = 256;

/** What is not done within it, the sweep of the next minute does. */
const TIMEOUT_SECONDS = 60;

/**
 * Lambda tries an event again that the dispatcher failed with, and then puts it into the dispatcher's dead-letter queue.
 * The most tries that there are, for the longest time: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const RETRIES = 2;
const EVENT_AGE_SECONDS = 6 * 60 * 60;

export interface DispatcherProps {
  readonly worker: QueueWorkerProps;
  readonly place: Place;
  readonly queues: WorkQueues;
  readonly bucket: ObjectBucket;
  readonly jobsTable: { readonly name: string; readonly arn: string };
  readonly executionRoleArn: string;
}

/** The Lambda function that makes messages of objects, and sees to it that there are workers for every message. */
export function dispatcher(scope: Construct, props: DispatcherProps): LambdaProgram {
  const { name } = props.worker;
  const program = lambdaProgram(scope, {
    ids: {
      function: 'dispatcher_function',
      logs: 'dispatcher_logs',
      role: 'dispatcher_role',
      policy: 'dispatcher_policy',
      deadLetters: 'dispatcher_dead_letters',
    },
    program: 'dispatcher',
    entry: ENTRY,
    functionName: `${name}-dispatcher`,
    description: 'Makes messages of objects, and starts workers for them.',
    rolePrefix: `${name}-dispatch-`,
    roleDescription: 'The role of the dispatcher of Overtime.',
    architecture: props.worker.dispatcherArchitecture ?? DEFAULTS.dispatcherArchitecture,
    memoryMiB: MEMORY_MIB,
    timeoutSeconds: TIMEOUT_SECONDS,
    logRetentionDays: props.worker.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
    environment: environment(props),
    statements: statements(scope, props),
  });
  new LambdaFunctionEventInvokeConfig(scope, 'dispatcher_retries', {
    functionName: program.function.functionName,
    maximumRetryAttempts: RETRIES,
    maximumEventAgeInSeconds: EVENT_AGE_SECONDS,
  });
  const sweep = new CloudwatchEventRule(scope, 'sweep', {
    name: `${name}-dispatcher-sweep`,
    description: 'Looks for messages of Overtime that no worker is there for.',
    scheduleExpression: 'rate(1 minute)',
  });
  invokeByRule(scope, 'sweep', {
    rule: sweep,
    target: program.function,
    input: Fn.jsonencode({ action: 'sweep' }),
  });
  return program;
}

function statements(scope: Construct, props: DispatcherProps): readonly Statement[] {
  const { worker, place, queues, bucket } = props;
  const kind = worker.workers ?? DEFAULTS.workers;
  const isVariable = Token.isUnresolved(kind);
  return [
    fillQueue(queues.arn),
    holdLaunchLock(props.jobsTable.arn),
    ...(isVariable || kind === 'tasks' ? startStatements(scope, props) : []),
    ...(isVariable || kind === 'service' ? [scaleWorkers(worker.clusterArn, worker.name)] : []),
    ...(worker.bucket === undefined || worker.bucket === 'none'
      ? []
      : [lookAtObjects(`${bucket.arn}/*`), tellMissingObjects(bucket.arn)]),
    ...(worker.queueKmsKeyArn === undefined ? [] : [useQueueKey(place, worker.queueKmsKeyArn)]),
    ...(worker.bucketKmsKeyArn === undefined ? [] : [readWithBucketKey(place, worker.bucketKmsKeyArn)]),
  ];
}

function startStatements(scope: Construct, { worker, place, executionRoleArn }: DispatcherProps): readonly Statement[] {
  const taskRole = expression('one(values(local.worker_rows)[*].role_arn)');
  return [
    runTasks(place, [worker.name], worker.clusterArn),
    passTaskRoles([executionRoleArn, new TerraformLocal(scope, 'task_role_arn', taskRole).asString]),
    ...countWorkers(worker.clusterArn),
  ];
}

const orNothing = (field: string) => expression(`local.settings.${field} == null ? "" : local.settings.${field}`);

/** Instances by the capacity provider that scales them, as a strategy of its own. */
const CAPACITY =
  'local.settings.capacity == "EC2" ? jsonencode([{ capacityProvider = local.ec2_capacity_provider, weight = 1 }]) : local.settings.capacity';

/** What handlers/dispatcher/settings.ts reads. An empty text is none. */
function environment({ worker, queues, jobsTable }: DispatcherProps): Readonly<Record<string, string>> {
  return {
    OVERTIME_ASSIGN_PUBLIC_IP: expression(
      'local.assign_public_ip && local.settings.capacity != "EC2" ? "ENABLED" : "DISABLED"',
    ),
    OVERTIME_CAPACITY: expression(CAPACITY),
    OVERTIME_CAPACITY_FALLBACK: orNothing('capacity_fallback'),
    OVERTIME_CLUSTER: worker.clusterArn,
    OVERTIME_CONCURRENCY: expression('local.settings.concurrency'),
    OVERTIME_IGNORE_CASE: expression('local.settings.ignore_case'),
    OVERTIME_JOBS_TABLE: jobsTable.name,
    OVERTIME_MAX_WORKERS: numberText(worker.maxWorkers ?? DEFAULTS.maxWorkers),
    OVERTIME_MESSAGES_PER_WORKER: numberText(worker.messagesPerWorker ?? DEFAULTS.messagesPerWorker),
    OVERTIME_MIN_WORKERS: numberText(worker.minWorkers ?? DEFAULTS.minWorkers),
    OVERTIME_OUTPUT_BUCKET: orNothing('output_bucket_name'),
    OVERTIME_OUTPUT_PREFIX: orNothing('output_prefix'),
    OVERTIME_PREFIXES: Fn.jsonencode(worker.prefixes ?? []),
    OVERTIME_QUEUE_URL: queues.url,
    OVERTIME_SECURITY_GROUPS: Fn.join(',', [...worker.securityGroupIds]),
    OVERTIME_SERVICE: worker.name,
    // Sorted: a data source may give them in another order each time.
    OVERTIME_SUBNETS: Fn.join(',', Token.asList(Fn.sort([...worker.subnetIds]))),
    OVERTIME_SUFFIXES: Fn.jsonencode(worker.suffixes ?? []),
    // The family: of its revisions ECS takes the newest.
    OVERTIME_TASK_DEFINITION: worker.name,
    OVERTIME_WORKERS: expression('local.settings.workers'),
  };
}
