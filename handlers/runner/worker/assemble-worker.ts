import { randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/clock';
import { parseFunctionName } from '../../shared/function-name';
import type { ObjectPointer } from '../../shared/run';
import { optionalText } from '../../shared/settings';
import {
  assembleHost,
  assemblePayloads,
  clientOptions,
  heartbeatOptions,
  lambdaClient,
  REQUEST_MILLISECONDS,
} from '../assemble-host';
import { getFunction } from '../function-lookup';
import { readOwnTask } from '../own-task';
import { drainMilliseconds, stopMilliseconds } from '../settings';
import type { Surroundings } from '../start-function';
import type { Activity } from './activity/activity';
import type { Executor } from './executor';
import type { Claims } from './queue/claims/claims';
import type { Queue } from './queue/queue';
import type { QueueSettings } from './queue/queue-settings';
import { leaseMilliseconds, visibilitySeconds } from './queue/visibility';
import type { Work, WorkerSettings } from './settings';

/** What a worker is made of. */
export interface WorkerParts {
  readonly source:
    | { readonly kind: 'activity'; readonly activity: Activity }
    | {
        readonly kind: 'queue';
        readonly queue: Queue;
        readonly claims: Claims | undefined;
        readonly settings: QueueSettings;
      }
    | { readonly kind: 'event'; readonly event: string };
  readonly executor: Executor;
  /** Aborted when the task is told to stop. */
  readonly interruption: AbortSignal;
  readonly writeOutput: (pointer: ObjectPointer, text: string) => Promise<void>;
  readonly newRequestId: () => string;
  /** How the history of an execution names this worker. */
  readonly workerName: string;
  /** The activity, queue or event, for the log. */
  readonly subject: string;
}

/** @throws {RunnerError} when the function is given by its name, and there is none of that name */
export async function assembleWorker(settings: WorkerSettings, surroundings: Surroundings): Promise<WorkerParts> {
  const { environment, log, runnerId } = surroundings;
  const stopping = new AbortController();
  const interruption = AbortSignal.any([surroundings.interruption, stopping.signal]);
  const task = await readOwnTask(optionalText(environment, 'ECS_CONTAINER_METADATA_URI_V4'), log);
  const workerName = task?.taskArn.split('/').at(-1) ?? runnerId;
  const subject = subjectOf(settings);
  const source = await openSource(settings, surroundings, workerName);
  const claims = source.kind === 'queue' ? source.claims : undefined;
  const onStopping = () => stopping.abort();
  return {
    source,
    executor: await makeExecutor(settings, surroundings, { subject, interruption, onStopping, claims }),
    interruption,
    writeOutput: assemblePayloads(settings, environment).payloads.write,
    newRequestId: randomUUID,
    workerName,
    subject,
  };
}

function subjectOf({ source }: WorkerSettings): string {
  switch (source.kind) {
    case 'activity':
      return source.activityArn.split(':').slice(6).join(':');
    case 'queue':
      return new URL(source.queueUrl).pathname.split('/').at(-1) ?? '';
    case 'event':
      return 'event';
  }
}

/** The rest of the tries is the worker's own: see `attendTask`. */
const TASK_ATTEMPTS = 3;

/** Each client is loaded where it is needed: a worker needs one of them. */
async function openSource(
  settings: WorkerSettings,
  { clock }: Surroundings,
  workerName: string,
): Promise<WorkerParts['source']> {
  const { source, concurrency } = settings;
  if (source.kind === 'event') {
    return source;
  }
  const { region } = source;
  const calls = { ...clientOptions(settings, REQUEST_MILLISECONDS), region };
  const beat = { ...heartbeatOptions(settings), region };
  if (source.kind === 'activity') {
    const { activityArn } = source;
    const tell = { ...calls, maxAttempts: TASK_ATTEMPTS };
    const { openActivity } = await import('./activity/activity');
    return {
      kind: 'activity',
      activity: openActivity({ activityArn, workerName, polls: concurrency, poll: calls, heartbeat: beat, tell }),
    };
  }
  const { openQueue } = await import('./queue/queue');
  const { batchSize, deadLetterQueueUrl, isFifo, queueUrl } = source;
  const queue = openQueue({
    queueUrl,
    region,
    deadLetterQueueUrl,
    visibilitySeconds: visibilitySeconds(settings.heartbeatMilliseconds),
    polls: Math.ceil((concurrency * batchSize) / 10),
    // The next message of a group comes when this one is deleted.
    lingerMilliseconds: isFifo ? 0 : DELETION_LINGER_MILLISECONDS,
    clock,
    poll: calls,
    renewal: beat,
    // A message that is not deleted is worked on again, whatever that took.
    tell: calls,
  });
  return { kind: 'queue', queue, claims: await openClaims(settings, source, clock), settings: source };
}

/** Short beside what it takes to do the work again if the worker dies meanwhile. */
const DELETION_LINGER_MILLISECONDS = 10;

/** A day longer than a message may stay in a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const CLAIM_SECONDS = 15 * 86_400;

async function openClaims(
  settings: WorkerSettings,
  { jobsTable: tableName, region }: QueueSettings,
  clock: Clock,
): Promise<Claims | undefined> {
  if (tableName === undefined) {
    return undefined;
  }
  const [{ DynamoDBClient }, { tableClaims }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('./queue/claims/claims-table'),
  ]);
  const clients = {
    writer: new DynamoDBClient({ ...clientOptions(settings, REQUEST_MILLISECONDS), region }),
    renewer: new DynamoDBClient({ ...heartbeatOptions(settings), region }),
  };
  return tableClaims(clients, {
    tableName,
    leaseMilliseconds: leaseMilliseconds(settings.heartbeatMilliseconds),
    keepSeconds: CLAIM_SECONDS,
    clock,
    newOwner: randomUUID,
  });
}

interface ExecutorOptions {
  readonly subject: string;
  readonly interruption: AbortSignal;
  readonly onStopping: () => void;
  readonly claims: Claims | undefined;
}

async function makeExecutor(
  settings: WorkerSettings,
  surroundings: Surroundings,
  { subject, interruption, onStopping, claims }: ExecutorOptions,
): Promise<Executor> {
  const { concurrency, stopTimeoutSeconds, timeoutSeconds, work, workRoot, outputLimitBytes } = settings;
  const ending = {
    drainMilliseconds: drainMilliseconds(stopTimeoutSeconds),
    stopMilliseconds: stopMilliseconds(stopTimeoutSeconds),
  };
  if (work.kind === 'command') {
    const { environment, streams } = surroundings;
    const { commandExecutor } = await import('./command/command-executor');
    const { words } = work;
    return commandExecutor({
      words,
      name: subject,
      environment,
      workRoot,
      streams,
      timeoutSeconds,
      outputLimitBytes,
      ...ending,
    });
  }
  if (work.kind === 'objects') {
    const { assembleObjects } = await import('./objects/assemble-objects');
    const { words, objects, queueUrl } = work;
    return assembleObjects(settings, surroundings, { words, objects, queueUrl, claims, ...ending });
  }
  const { functionExecutor } = await import('./function-executor');
  const functionArn = await wholeArn(settings, work, interruption);
  const { initTimeoutSeconds, codeCheckSeconds } = settings;
  const deps = assembleHost(settings, { functionArn, streamId: surroundings.runnerId }, surroundings, onStopping);
  return functionExecutor(deps, {
    functionArn,
    concurrency,
    initTimeoutSeconds,
    codeCheckSeconds,
    timeoutSeconds,
    isOneRuntime: settings.runtimeContainer?.kind === 'image',
    interruption,
    ...ending,
  });
}

/** A function sees its whole ARN, whatever it was called by. */
async function wholeArn(
  settings: WorkerSettings,
  { functionName }: Extract<Work, { kind: 'function' }>,
  signal: AbortSignal,
): Promise<string> {
  if (parseFunctionName(functionName)?.region !== undefined) {
    return functionName;
  }
  const { Configuration } = await getFunction(lambdaClient(settings, functionName), functionName, signal);
  return Configuration?.FunctionArn ?? functionName;
}
