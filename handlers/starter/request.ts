import * as v from 'valibot';
import { type Capacity, isFargate } from './capacity';
import { InvalidInput } from './errors';
import { LIST_FIELDS, type ListRequest } from './list-request';
import { countProblems, describeProblems } from './request-errors';
import { CANCEL_FIELDS, CONTAINER_FIELDS, MISPLACED_FIELDS, START_FIELDS, STATUS_FIELDS } from './request-fields';
import type { ContainerRequest, FunctionRequest, StartRequest } from './start-request';

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
const ContainerSchema = v.object(CONTAINER_FIELDS);
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
  misplaced: Readonly<Record<string, string>> = {},
): v.InferOutput<TSchema> {
  const known = Object.keys(schema.entries);
  const others = Object.keys(event).filter((key) => !known.includes(key));
  const wrong = others.flatMap((key) => (Object.hasOwn(misplaced, key) ? [`${key}: ${misplaced[key]}`] : []));
  const unknown = others.filter((key) => !Object.hasOwn(misplaced, key));
  // A required field that is there but undefined is refused with the message of its own schema.
  const parsed = v.safeParse(schema, { ...required, ...event });
  if (!parsed.success || others.length > 0) {
    throw new InvalidInput(describeProblems(parsed.issues ?? [], wrong, unknown, known));
  }
  return parsed.output;
}

/** What each field allows by itself, and ECS does not allow together. */
export function placementProblems(
  request: Pick<StartRequest, 'capacityFallback' | 'platformVersion' | 'ephemeralStorageGiB' | 'assignPublicIp'>,
  capacity: Capacity,
): readonly string[] {
  const { capacityFallback, platformVersion, ephemeralStorageGiB, assignPublicIp } = request;
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

function withoutContradiction<Request extends StartRequest>(request: Request, capacity: Capacity | undefined): Request {
  const problems = capacity === undefined ? [] : placementProblems(request, capacity);
  if (problems.length > 0) {
    throw new InvalidInput(countProblems(problems));
  }
  return request;
}

function parseFunction(event: Record<string, unknown>): FunctionRequest {
  const request = parse(StartSchema, { arn: undefined }, event, MISPLACED_FIELDS.function);
  return withoutContradiction(request, request.capacity);
}

/** Where it names no capacity, the task definition decides, and then what contradicts that. */
function parseContainer(event: Record<string, unknown>): ContainerRequest {
  const request = parse(ContainerSchema, {}, event, MISPLACED_FIELDS.container);
  return withoutContradiction(request, request.capacity);
}

function parseList(event: Record<string, unknown>): ListRequest {
  const request = parse(ListSchema, {}, event);
  if (request.arn !== undefined && request.taskDefinition !== undefined) {
    throw new InvalidInput(countProblems(['arn and taskDefinition are both given: list the runs of one of them']));
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
      return parseList(event);
    case 'cancel':
      return parse(CancelSchema, { runId: undefined }, event);
    default:
      return event['arn'] === undefined && event['taskDefinition'] !== undefined
        ? parseContainer(event)
        : parseFunction(event);
  }
}
