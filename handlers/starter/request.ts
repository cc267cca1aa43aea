import * as v from 'valibot';
import { type Capacity, isFargate } from './capacity';
import { InvalidInput } from './errors';
import { LIST_FIELDS, type ListRequest } from './list-request';
import { countProblems, describeProblems } from './request-errors';
import { CANCEL_FIELDS, START_FIELDS, STATUS_FIELDS } from './request-fields';

/**
 * Starts a function as a task. All but `arn` have defaults. The first seven are those of task-starter. There is no
 * `count`: a run is one invocation with one outcome, so that n of them are n requests.
 */
export interface StartRequest {
  readonly action: 'start';
  /** The function: ARN, partial ARN or name, with or without a qualifier, in any partition. */
  readonly arn: string;
  /** The event, any JSON value. @default {} */
  readonly input: unknown;
  /** Ids, 1 to 16. @default - the deployment's */
  readonly subnets?: readonly string[];
  /** Ids, 0 to 5; none means the VPC's default group. @default - the deployment's */
  readonly securityGroups?: readonly string[];
  /** Name or ARN. @default - the deployment's */
  readonly cluster?: string;
  /** Family, family:revision or ARN. @default - the one for the function's runtime and architecture */
  readonly taskDefinition?: string;
  /** ARN of the role that the function's code gets. @default - the task definition's */
  readonly roleArn?: string;
  /** CPU units, 1,024 to the vCPU; raised to the next size of Fargate. @default - the share that Lambda gives the function */
  readonly cpu?: number;
  /** The task's memory; raised to the next size of Fargate. @default - the function's, with room for the runner */
  readonly memoryMiB?: number;
  /** The task's disk; Fargate includes 20. @default - the function's, with room for its package */
  readonly ephemeralStorageGiB?: number;
  /** The longest that the handler may take, up to 14 days. @default - the deployment's */
  readonly timeoutSeconds?: number;
  /**
   * `EC2` is the cluster's container instances; a list is a strategy as ECS has it, over Fargate's providers or over the
   * cluster's own. @default 'FARGATE'
   */
  readonly capacity: Capacity;
  /** Where the task goes when `capacity` has no room, e.g. from Spot to on-demand. @default - nowhere: it waits for room */
  readonly capacityFallback?: 'FARGATE';
  /** Attempts after one that failed, timed out, was interrupted or lost: 0 to 10. @default 0 */
  readonly retries?: number;
  /**
   * Variables for the function, over its own of the same name: names as Lambda takes them, 4 KB in all. Not for
   * secrets: whoever may call DescribeTasks sees them, which the function's own are kept from. @default {}
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of Fargate, such as 1.4.0. @default LATEST */
  readonly platformVersion?: string;
  /** The task's group, 1 to 255 characters. @default - the task definition's family, by ECS */
  readonly group?: string;
  /** Whether the task gets its task definition's tags as well. @default 'NONE' */
  readonly propagateTags?: 'TASK_DEFINITION' | 'NONE';
  /** Lets ECS Exec into the task; the task role has to allow ssmmessages. @default false */
  readonly enableExecuteCommand?: boolean;
  /**
   * Whether the starter follows the run, until it has ended or the starter's own time is nearly over, and then answers
   * with its status. @default false
   */
  readonly wait?: boolean;
  /** @default - the deployment's */
  readonly assignPublicIp?: 'ENABLED' | 'DISABLED';
  /** The same key with the same request gives the same run. @default - the request id of the starter's invocation */
  readonly idempotencyKey?: string;
  /** Of the task. @default {} */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Of a state that waits for the run (`waitForTaskToken`). It is kept in the ledger, and shown nowhere. A request that is
   * repeated with a new token hands the run over to that one.
   *
   * @default - no state hears of the run
   */
  readonly taskToken?: string;
  /** Of a durable function that waits for the run; otherwise as `taskToken`. @default - no callback is made */
  readonly callbackId?: string;
  /**
   * HeartbeatSeconds of the state, or the heartbeat time-out of the callback: the runner sends three heartbeats in that
   * time. It must be longer than a task takes to start, which is when there are none.
   *
   * @default - a heartbeat every 30 seconds
   */
  readonly heartbeatSeconds?: number;
  /**
   * ARN of a queue, topic, event bus, function or bucket that gets the record of a run that succeeded, as Lambda sends
   * one of an asynchronous invocation. Of those that the deployment allows.
   *
   * @default - no record is sent
   */
  readonly onSuccess?: string;
  /** The same for a run that did not succeed, after its last attempt. @default - no record is sent */
  readonly onFailure?: string;
}

/** Asks what became of a run. */
interface StatusRequest {
  readonly action: 'status';
  readonly runId: string;
}

/** Ends a run. */
interface CancelRequest {
  readonly action: 'cancel';
  readonly runId: string;
}

export type StarterRequest = StartRequest | StatusRequest | ListRequest | CancelRequest;

const StartSchema = v.object(START_FIELDS);
const StatusSchema = v.object(STATUS_FIELDS);
const ListSchema = v.object(LIST_FIELDS);
const CancelSchema = v.object(CANCEL_FIELDS);

function isObject(event: unknown): event is Record<string, unknown> {
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}

/** Strict, but not v.strictObject: that names the first unknown key alone. */
function parse<TSchema extends v.GenericSchema & { readonly entries: object }>(
  schema: TSchema,
  required: Readonly<Record<string, undefined>>,
  event: Record<string, unknown>,
): v.InferOutput<TSchema> {
  const known = Object.keys(schema.entries);
  const unknown = Object.keys(event).filter((key) => !known.includes(key));
  // A required field that is there but undefined is refused with the message of its own schema.
  const parsed = v.safeParse(schema, { ...required, ...event });
  if (!parsed.success || unknown.length > 0) {
    throw new InvalidInput(describeProblems(parsed.issues ?? [], unknown, known));
  }
  return parsed.output;
}

/** What each field allows by itself, and ECS does not allow together. */
function contradictions(request: StartRequest): readonly string[] {
  const { capacity, capacityFallback, platformVersion, ephemeralStorageGiB, assignPublicIp } = request;
  const neverOnFargate = !isFargate(capacity) && capacityFallback === undefined;
  return [
    ...(capacity === 'FARGATE' && capacityFallback !== undefined
      ? ['capacityFallback is "FARGATE", as is capacity: leave it out']
      : []),
    ...(neverOnFargate && platformVersion !== undefined
      ? ['platformVersion is of Fargate: leave it out where capacity is not']
      : []),
    ...(neverOnFargate && ephemeralStorageGiB !== undefined
      ? ['ephemeralStorageGiB is of Fargate: leave it out where capacity is not']
      : []),
    ...(neverOnFargate && assignPublicIp === 'ENABLED'
      ? ['assignPublicIp is "ENABLED", which only Fargate can: leave it out where capacity is not']
      : []),
  ];
}

function parseStart(event: Record<string, unknown>): StartRequest {
  const request = parse(StartSchema, { arn: undefined }, event);
  const problems = contradictions(request);
  if (problems.length > 0) {
    throw new InvalidInput(countProblems(problems));
  }
  return request;
}

/**
 * Reads an event of the starter.
 *
 * @throws {InvalidInput} naming every wrong field, what it got and what is allowed
 */
export function parseRequest(event: unknown): StarterRequest {
  if (!isObject(event)) {
    const kind = event === null ? 'null' : Array.isArray(event) ? 'a list' : `a ${typeof event}`;
    throw new InvalidInput(`The request is ${kind}: give a JSON object such as {"arn": "my-function", "input": {}}.`);
  }
  switch (event['action']) {
    case 'status':
      return parse(StatusSchema, { runId: undefined }, event);
    case 'list':
      return parse(ListSchema, {}, event);
    case 'cancel':
      return parse(CancelSchema, { runId: undefined }, event);
    default:
      return parseStart(event);
  }
}
