import * as v from 'valibot';
import { SettingError } from '../../shared/settings';
import { parseRequest } from '../request';

/** All of a request to start but what comes with the event. */
export interface EventRequest {
  /** Of a function; a container run has a taskDefinition in its place. */
  readonly arn?: string;
  readonly [field: string]: unknown;
}

/**
 * The request that each event of a source starts, by the source's ARN: of a queue, a topic, a bucket, an EventBridge
 * rule, or a function whose failed invocations overflow. Its input is the event as Lambda would give it to a function,
 * one record at a time, so that a function goes on as it is when its source is pointed at the starter.
 */
export type EventRequests = ReadonlyMap<string, EventRequest>;

const VARIABLE = 'OVERTIME_EVENT_REQUESTS';

const EXAMPLE = '{"arn:aws:s3:::my-bucket": {"arn": "my-function", "memoryMiB": 8192}}';

// Of a dead letter the function's name is part of the run's identity, and of every event its own id is.
const FROM_THE_EVENT = ['input', 'idempotencyKey'];

const EventRequestsSchema = v.pipe(
  v.string(),
  v.parseJson(),
  // v.record takes a list, too.
  v.check((value) => !Array.isArray(value), 'It is a list'),
  v.record(v.string(), v.looseObject({ arn: v.exactOptional(v.string()) })),
);

function problemOf(source: string, request: EventRequest): string | undefined {
  if (!source.startsWith('arn:')) {
    return `${JSON.stringify(source)} is no ARN`;
  }
  const given = FROM_THE_EVENT.find((field) => field in request);
  if (given !== undefined) {
    return `the request of ${source} has ${given}, which comes with each event`;
  }
  try {
    return parseRequest(request).action === 'start' ? undefined : `the request of ${source} starts nothing`;
  } catch (error) {
    return `of ${source}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @throws {SettingError} naming the first source whose request is wrong */
export function parseEventRequests(text: string | undefined): EventRequests {
  if (text === undefined) {
    return new Map();
  }
  const parsed = v.safeParse(EventRequestsSchema, text);
  if (!parsed.success) {
    throw new SettingError(
      `${VARIABLE} is wrong (${parsed.issues[0].message}): give a JSON object such as ${EXAMPLE}.`,
    );
  }
  const requests = Object.entries(parsed.output);
  const [problem] = requests.flatMap(([source, request]) => problemOf(source, request) ?? []);
  if (problem !== undefined) {
    throw new SettingError(`${VARIABLE} is wrong (${problem}): give a JSON object such as ${EXAMPLE}.`);
  }
  return new Map(requests);
}
