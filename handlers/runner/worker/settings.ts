import * as v from 'valibot';
import { FUNCTION_NAME_FORMS, parseFunctionName } from '../../shared/function-name';
import { type Environment, optionalText, requiredText, SettingError, wholeNumber } from '../../shared/settings';
import { heartbeatMilliseconds } from '../heartbeats';
import { type HostSettings, LONGEST_RUN_SECONDS, readHostSettings, STOP_TIMEOUT_SECONDS } from '../settings';
import { type ObjectSettings, readObjectSettings } from './objects/object-settings';
import { checkTimeout, type QueueSettings, readQueueSettings } from './queue/queue-settings';
import { arnRegion, queueRegion } from './region';

/** Where a worker's work comes from. */
type WorkSource =
  | { readonly kind: 'activity'; readonly activityArn: string; readonly region: string }
  | ({ readonly kind: 'queue' } & QueueSettings)
  /** One event, given with the start; nobody is told of its outcome but by stdout and the exit code. */
  | { readonly kind: 'event'; readonly event: string };

/** What does the work. */
export type Work =
  | {
      readonly kind: 'function';
      /** ARN, partial ARN or name, with its qualifier if there is one. */
      readonly functionName: string;
    }
  | { readonly kind: 'command'; readonly words: readonly [string, ...string[]] }
  /** A command, too: it works on the objects of S3 that the messages tell of, and not on the messages. */
  | {
      readonly kind: 'objects';
      readonly words: readonly [string, ...string[]];
      readonly objects: ObjectSettings;
      readonly queueUrl: string;
    };

export interface WorkerSettings extends HostSettings {
  readonly source: WorkSource;
  readonly work: Work;
  /** How many tasks are done side by side. */
  readonly concurrency: number;
  /** Between two heartbeats of one task. */
  readonly heartbeatMilliseconds: number;
  /** The longest that one task may take. */
  readonly timeoutSeconds: number;
  /** The worker ends after so long without a task; `undefined` never. */
  readonly idleSeconds: number | undefined;
  /** Takes outputs that Step Functions does not; without it they fail. */
  readonly payloadBucket: string | undefined;
}

/** The variables that make the runner a worker: the first that is set says where the work comes from. */
const WORKER_VARIABLES = ['OVERTIME_ACTIVITY_ARN', 'OVERTIME_QUEUE_URL', 'OVERTIME_EVENT'] as const;

/** An activity takes 1,000 pollers in all: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const CONCURRENCY = { minimum: 1, maximum: 1_000, fallback: 1 } as const;

/** A day, as the runs of the starter have where nobody says otherwise. */
const TIMEOUT_SECONDS = { minimum: 1, maximum: LONGEST_RUN_SECONDS, fallback: 86_400 } as const;

/** HeartbeatSeconds of a state: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
const HEARTBEAT_SECONDS = { minimum: 1, maximum: 99_999_999 } as const;
const HEARTBEAT_MILLISECONDS = { minimum: 100, maximum: 86_400_000 } as const;

const IDLE_SECONDS = { minimum: 1, maximum: LONGEST_RUN_SECONDS } as const;

/** What ECS waits where the task definition does not say: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

const ACTIVITY_ARN = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:.{1,80}$/;

const WordsSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.tupleWithRest([v.pipe(v.string(), v.minLength(1))], v.string()),
);

/** Whether the environment asks for a worker rather than for one run of the ledger. */
export function isWorker(environment: Environment): boolean {
  return WORKER_VARIABLES.some((name) => optionalText(environment, name) !== undefined);
}

/** @throws {SettingError} for the first setting that is missing or wrong */
export function readWorkerSettings(environment: Environment): WorkerSettings {
  const source = readSource(environment);
  const work = workOn(source, readWork(environment), environment);
  const timeoutSeconds = readTimeout(environment, source);
  const host = readHostSettings(environment, {
    timeoutSeconds,
    stopTimeoutSeconds: wholeNumber(environment, 'OVERTIME_STOP_TIMEOUT_SECONDS', {
      ...STOP_TIMEOUT_SECONDS,
      fallback: DEFAULT_STOP_TIMEOUT_SECONDS,
    }),
    region: readRegion(environment, source, work),
  });
  const concurrency = wholeNumber(environment, 'OVERTIME_CONCURRENCY', CONCURRENCY);
  if (concurrency > 1 && host.runtimeContainer?.kind === 'image') {
    throw new SettingError(
      `OVERTIME_CONCURRENCY is "${concurrency}", and the container of a container-image function is one runtime, which ` +
        'ECS starts once: leave it at 1 and start more tasks.',
    );
  }
  return {
    ...host,
    source,
    work,
    concurrency,
    heartbeatMilliseconds: readHeartbeat(environment),
    timeoutSeconds,
    idleSeconds: optionalNumber(environment, 'OVERTIME_IDLE_SECONDS', IDLE_SECONDS),
    payloadBucket: optionalText(environment, 'OVERTIME_PAYLOAD_BUCKET'),
  };
}

function readTimeout(environment: Environment, source: WorkSource): number {
  const fallback = source.kind === 'queue' ? source.defaultTimeoutSeconds : TIMEOUT_SECONDS.fallback;
  const timeoutSeconds = wholeNumber(environment, 'OVERTIME_TIMEOUT_SECONDS', { ...TIMEOUT_SECONDS, fallback });
  if (source.kind === 'queue') {
    checkTimeout(timeoutSeconds, source);
  }
  return timeoutSeconds;
}

function readSource(environment: Environment): WorkSource {
  const activityArn = optionalText(environment, 'OVERTIME_ACTIVITY_ARN');
  if (activityArn !== undefined) {
    if (!ACTIVITY_ARN.test(activityArn)) {
      throw new SettingError(
        `OVERTIME_ACTIVITY_ARN is "${activityArn}": give an activity's ARN, such as ` +
          'arn:aws:states:eu-west-1:123456789012:activity:name.',
      );
    }
    return { kind: 'activity', activityArn, region: arnRegion(activityArn) ?? ownRegion(environment) };
  }
  const queueUrl = optionalText(environment, 'OVERTIME_QUEUE_URL');
  if (queueUrl !== undefined) {
    if (!URL.canParse(queueUrl)) {
      throw new SettingError(
        `OVERTIME_QUEUE_URL is "${queueUrl}": give a queue's URL, such as ` +
          'https://sqs.eu-west-1.amazonaws.com/123456789012/name.',
      );
    }
    const region = queueRegion(queueUrl) ?? ownRegion(environment);
    return { kind: 'queue', ...readQueueSettings(environment, queueUrl, region) };
  }
  return { kind: 'event', event: requiredText(environment, 'OVERTIME_EVENT') };
}

function readWork(environment: Environment): Work {
  const functionName = optionalText(environment, 'OVERTIME_FUNCTION_ARN');
  const command = optionalText(environment, 'OVERTIME_COMMAND');
  if ((functionName === undefined) === (command === undefined)) {
    throw new SettingError(
      `${command === undefined ? 'Neither' : 'Both'} of OVERTIME_FUNCTION_ARN and OVERTIME_COMMAND are set: ` +
        'give one, the function or the command that does the work.',
    );
  }
  if (functionName !== undefined) {
    if (parseFunctionName(functionName) === undefined) {
      throw new SettingError(`OVERTIME_FUNCTION_ARN is "${functionName}": give ${FUNCTION_NAME_FORMS}.`);
    }
    return { kind: 'function', functionName };
  }
  const words = v.safeParse(WordsSchema, command);
  if (!words.success) {
    throw new SettingError(
      'OVERTIME_COMMAND is no command: give a JSON list of words, the program first, such as ["python3", "work.py"].',
    );
  }
  return { kind: 'command', words: words.output };
}

function workOn(source: WorkSource, work: Work, environment: Environment): Work {
  if (source.kind !== 'queue' || source.messageEvent !== 'objects') {
    return work;
  }
  if (work.kind !== 'command') {
    throw new SettingError(
      'OVERTIME_MESSAGE_EVENT is "objects", which are files for a command: set OVERTIME_COMMAND, or give a function its ' +
        'messages as "sqs".',
    );
  }
  const { queueUrl } = source;
  return { kind: 'objects', words: work.words, objects: readObjectSettings(environment), queueUrl };
}

/** The task's own, for what names none itself: the payload bucket, and a function that is given by its name. */
function readRegion(environment: Environment, source: WorkSource, work: Work): string {
  const ofFunction = work.kind === 'function' ? parseFunctionName(work.functionName)?.region : undefined;
  const ofSource = source.kind === 'event' ? undefined : source.region;
  return knownRegion(environment) ?? ofSource ?? ofFunction ?? ownRegion(environment);
}

function knownRegion(environment: Environment): string | undefined {
  return optionalText(environment, 'AWS_REGION') ?? optionalText(environment, 'AWS_DEFAULT_REGION');
}

/** @throws {SettingError} where nobody says: a guess would look in the wrong place */
function ownRegion(environment: Environment): string {
  const region = knownRegion(environment);
  if (region === undefined) {
    throw new SettingError(
      'No Region is known: name the function by its ARN, give --region, or set AWS_REGION or AWS_DEFAULT_REGION.',
    );
  }
  return region;
}

function readHeartbeat(environment: Environment): number {
  const milliseconds = optionalNumber(environment, 'OVERTIME_HEARTBEAT_MILLISECONDS', HEARTBEAT_MILLISECONDS);
  return (
    milliseconds ?? heartbeatMilliseconds(optionalNumber(environment, 'OVERTIME_HEARTBEAT_SECONDS', HEARTBEAT_SECONDS))
  );
}

function optionalNumber(
  environment: Environment,
  name: string,
  bounds: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  return optionalText(environment, name) === undefined ? undefined : wholeNumber(environment, name, bounds);
}
