import * as v from 'valibot';
import { assignPublicIp, commaList, requiredCommaList } from '../shared/network-settings';
import { parseJson } from '../shared/parse-json';
import { type Environment, optionalText, requiredText, SettingError, wholeNumber } from '../shared/settings';
import { parseTaskDefinitionName } from '../shared/task-definition-name';
import { type Capacity, isCapacity, isFargate } from '../starter/capacity';

/** Which objects are work, by their keys: those with one of the prefixes and one of the suffixes. */
export interface KeyFilter {
  /** Literal texts; none: all keys. */
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  readonly ignoreCase: boolean;
}

/** Where the workers put what they make. */
export interface OutputPlace {
  /** `undefined`: into the bucket of the object that it is made of. */
  readonly bucket: string | undefined;
  /** What all their keys begin with; empty: anything. */
  readonly prefix: string;
}

/** How many workers there are. */
export interface WorkerLimits {
  readonly least: number;
  readonly most: number;
  /** How many messages may wait for each. */
  readonly messagesPerWorker: number;
  /** How many messages one has in hand at a time. */
  readonly concurrency: number;
}

/** Workers that the dispatcher starts, and that end by themselves when there is nothing to do. */
export interface TaskWorkers {
  readonly kind: 'tasks';
  /** ARN or name. */
  readonly cluster: string;
  /** Family, family:revision or ARN. */
  readonly taskDefinition: string;
  readonly family: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
  readonly capacity: Capacity;
  /** Where `capacity` has no room. */
  readonly capacityFallback: 'FARGATE' | undefined;
}

/** Workers that a service of ECS keeps. */
export interface ServiceWorkers {
  readonly kind: 'service';
  readonly cluster: string;
  readonly service: string;
}

export interface DispatcherSettings {
  readonly queueUrl: string;
  readonly isFifo: boolean;
  readonly filter: KeyFilter;
  readonly outputs: OutputPlace;
  /** Holds the launch lock beside the workers' claims. */
  readonly jobsTable: string;
  readonly limits: WorkerLimits;
  readonly workers: TaskWorkers | ServiceWorkers;
}

/** The tasks that were just started stand in one item of DynamoDB, which holds 400 KB. */
const MOST_WORKERS = 1_000;

const LEAST = { minimum: 0, maximum: MOST_WORKERS, fallback: 0 } as const;
const MOST = { minimum: 1, maximum: MOST_WORKERS } as const;
const MESSAGES = { minimum: 1, maximum: 100_000, fallback: 1 } as const;

/** As many as a worker takes: handlers/runner/worker/settings.ts. */
const CONCURRENCY = { minimum: 1, maximum: 1_000, fallback: 1 } as const;

const TextsSchema = v.array(v.pipe(v.string(), v.minLength(1)));

/** A JSON list of texts or, as the launcher of 2015 allowed, one text; none where the variable is unset. */
function texts(environment: Environment, name: string, example: string): readonly string[] {
  const text = optionalText(environment, name);
  if (text === undefined) {
    return [];
  }
  const value = /^\s*["[]/.test(text) ? parseJson(text) : text;
  const parsed = v.safeParse(TextsSchema, typeof value === 'string' ? [value] : value);
  if (!parsed.success) {
    throw new SettingError(`${name} is ${text}: give a JSON list of texts such as ["${example}"], or one text.`);
  }
  return parsed.output;
}

function flag(environment: Environment, name: string): boolean {
  const value = optionalText(environment, name) ?? 'false';
  if (value !== 'true' && value !== 'false') {
    throw new SettingError(`${name} is "${value}": give true or false.`);
  }
  return value === 'true';
}

function readCapacity(environment: Environment): Capacity {
  const text = optionalText(environment, 'OVERTIME_CAPACITY') ?? 'FARGATE';
  const capacity = text.startsWith('[') ? parseJson(text) : text;
  if (!isCapacity(capacity)) {
    throw new SettingError(
      `OVERTIME_CAPACITY is ${text}: give FARGATE, FARGATE_SPOT, EC2, or a capacity provider strategy such as ` +
        '[{"capacityProvider": "FARGATE_SPOT", "weight": 3}, {"capacityProvider": "FARGATE", "weight": 1}].',
    );
  }
  return capacity;
}

function readFallback(environment: Environment): 'FARGATE' | undefined {
  const fallback = optionalText(environment, 'OVERTIME_CAPACITY_FALLBACK');
  if (fallback !== undefined && fallback !== 'FARGATE') {
    throw new SettingError(`OVERTIME_CAPACITY_FALLBACK is "${fallback}": give FARGATE, or leave it out.`);
  }
  return fallback;
}

function readTasks(environment: Environment): TaskWorkers {
  const taskDefinition = requiredText(environment, 'OVERTIME_TASK_DEFINITION');
  const name = parseTaskDefinitionName(taskDefinition);
  if (name === undefined) {
    throw new SettingError(
      `OVERTIME_TASK_DEFINITION is "${taskDefinition}": give a task definition's family, family:revision or ARN.`,
    );
  }
  const capacity = readCapacity(environment);
  return {
    kind: 'tasks',
    cluster: requiredText(environment, 'OVERTIME_CLUSTER'),
    taskDefinition,
    family: name.family,
    // Tasks of container instances may share the network of those.
    subnets: isFargate(capacity)
      ? requiredCommaList(environment, 'OVERTIME_SUBNETS')
      : commaList(environment, 'OVERTIME_SUBNETS'),
    securityGroups: commaList(environment, 'OVERTIME_SECURITY_GROUPS'),
    assignPublicIp: assignPublicIp(environment, 'OVERTIME_ASSIGN_PUBLIC_IP'),
    capacity,
    capacityFallback: readFallback(environment),
  };
}

function readWorkers(environment: Environment): TaskWorkers | ServiceWorkers {
  const kind = optionalText(environment, 'OVERTIME_WORKERS') ?? 'tasks';
  switch (kind) {
    case 'tasks':
      return readTasks(environment);
    case 'service':
      return {
        kind,
        cluster: requiredText(environment, 'OVERTIME_CLUSTER'),
        service: requiredText(environment, 'OVERTIME_SERVICE'),
      };
    default:
      throw new SettingError(`OVERTIME_WORKERS is "${kind}": give tasks or service.`);
  }
}

function readLimits(environment: Environment): WorkerLimits {
  const least = wholeNumber(environment, 'OVERTIME_MIN_WORKERS', LEAST);
  const most = wholeNumber(environment, 'OVERTIME_MAX_WORKERS', MOST);
  if (least > most) {
    throw new SettingError(
      `OVERTIME_MIN_WORKERS is "${least}" and OVERTIME_MAX_WORKERS "${most}": give a least that is no more than the most.`,
    );
  }
  return {
    least,
    most,
    messagesPerWorker: wholeNumber(environment, 'OVERTIME_MESSAGES_PER_WORKER', MESSAGES),
    concurrency: wholeNumber(environment, 'OVERTIME_CONCURRENCY', CONCURRENCY),
  };
}

/**
 * The dispatcher's settings, from the variables that its module sets.
 *
 * @throws {SettingError} when one is missing or wrong
 */
export function parseSettings(environment: Environment): DispatcherSettings {
  const queueUrl = requiredText(environment, 'OVERTIME_QUEUE_URL');
  return {
    queueUrl,
    isFifo: queueUrl.endsWith('.fifo'),
    filter: {
      prefixes: texts(environment, 'OVERTIME_PREFIXES', 'uploads/'),
      suffixes: texts(environment, 'OVERTIME_SUFFIXES', '.zip'),
      ignoreCase: flag(environment, 'OVERTIME_IGNORE_CASE'),
    },
    outputs: {
      bucket: optionalText(environment, 'OVERTIME_OUTPUT_BUCKET'),
      prefix: optionalText(environment, 'OVERTIME_OUTPUT_PREFIX') ?? '',
    },
    jobsTable: requiredText(environment, 'OVERTIME_JOBS_TABLE'),
    limits: readLimits(environment),
    workers: readWorkers(environment),
  };
}
