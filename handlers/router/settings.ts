import { type Environment, optionalText, requiredText, SettingError, wholeNumber } from '../shared/settings';
import { parseRoutes, type RequestTemplate, type Routes } from './rules';
import { isEventPath } from './template';

/** How rows that come close together become one run. */
export interface CoalesceSettings {
  /** The DynamoDB table in which rows wait. */
  readonly table: string;
  /** The queue whose delay is the window. */
  readonly queueUrl: string;
  readonly windowSeconds: number;
  /** Rows with the same part of the event become one run; `undefined`: all of one rule do. */
  readonly keyPath: string | undefined;
  /** Of one run; more rows make more runs. */
  readonly mostRows: number;
  /** Where rows go that are too many for an invocation of the starter. */
  readonly payloadBucket: string;
}

export interface RouterSettings {
  readonly routes: Routes;
  /** Fields of a request that gives none of its own. */
  readonly defaults: RequestTemplate;
  /** Name or ARN. */
  readonly starterFunction: string;
  /** `undefined`: each row starts a run of its own. */
  readonly coalesce: CoalesceSettings | undefined;
}

/** The longest delay of a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html */
const WINDOW_SECONDS = { minimum: 1, maximum: 900 } as const;

/** The ids of a run's rows stand in one item of DynamoDB, which holds 400 KB. stacks/database-trigger.ts has the same. */
const ROWS = { minimum: 1, maximum: 5_000, fallback: 1_000 } as const;

function listOf(environment: Environment, name: string): readonly string[] | undefined {
  const text = optionalText(environment, name);
  if (text === undefined) {
    return undefined;
  }
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) {
    throw new SettingError(`${name} is "${text}", which names nothing: give at least one, with commas between them.`);
  }
  return items;
}

/** The seed's own variables: where its task ran. */
function parseDefaults(environment: Environment): RequestTemplate {
  const cluster = optionalText(environment, 'ENV_CLUSTER')?.trim();
  const subnets = listOf(environment, 'ENV_SUBNET');
  const securityGroups = listOf(environment, 'ENV_SECURITY_GROUP');
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(subnets === undefined ? {} : { subnets }),
    ...(securityGroups === undefined ? {} : { securityGroups }),
  };
}

function parseCoalesce(environment: Environment): CoalesceSettings | undefined {
  const queueUrl = optionalText(environment, 'OVERTIME_ROWS_QUEUE_URL');
  if (queueUrl === undefined) {
    return undefined;
  }
  const keyPath = optionalText(environment, 'OVERTIME_COALESCE_KEY');
  if (keyPath !== undefined && !isEventPath(keyPath)) {
    throw new SettingError(`OVERTIME_COALESCE_KEY is "${keyPath}": give a path of the event, such as $.new.id.`);
  }
  return {
    table: requiredText(environment, 'OVERTIME_ROWS_TABLE'),
    queueUrl,
    windowSeconds: wholeNumber(environment, 'OVERTIME_COALESCE_SECONDS', WINDOW_SECONDS),
    keyPath,
    mostRows: wholeNumber(environment, 'OVERTIME_COALESCE_ROWS', ROWS),
    payloadBucket: requiredText(environment, 'OVERTIME_PAYLOAD_BUCKET'),
  };
}

/**
 * The router's settings, from the variables that its module sets.
 *
 * @throws {SettingError} when one is missing or wrong
 */
export function parseSettings(environment: Environment): RouterSettings {
  const defaults = parseDefaults(environment);
  const isSeed = 'cluster' in defaults && 'subnets' in defaults && 'securityGroups' in defaults;
  return {
    routes: parseRoutes(environment, isSeed),
    defaults,
    starterFunction: requiredText(environment, 'OVERTIME_STARTER_FUNCTION'),
    coalesce: parseCoalesce(environment),
  };
}
