import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { show } from '../show';
import { parseCron } from './cron-expression';
import { INSTANT_ALLOWED, parseInstant } from './local-time';
import { parseRate, RATE_ALLOWED } from './rate';
import {
  CATCH_UP_POLICIES,
  DST_POLICIES,
  type DstPolicy,
  OVERLAP_POLICIES,
  type Schedule,
  type Timing,
} from './schedule';
import { findZone, type Zone } from './zone';

export type ParsedRow =
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  /** Each problem is a sentence that begins with the attribute's name. */
  | { readonly kind: 'malformed'; readonly id: string | undefined; readonly problems: readonly string[] };

/** Seconds. */
const JITTER = { least: 0, most: 86_400 } as const;
const STARTING_DEADLINE = { least: 1, most: 604_800, usual: 3600 } as const;
const ID_CHARACTERS = 512;

const ID_ALLOWED = `give a text of 1 to ${ID_CHARACTERS} characters`;
const ZONE_ALLOWED = 'give an IANA name such as Europe/London or UTC';
const REQUEST_ALLOWED =
  'give a request to the starter with arn or taskDefinition, without idempotencyKey, which is made of the slot, and wait';

const text = (allowed: string) => v.pipe(v.string(allowed), v.minLength(1, allowed));

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `give one of ${values.map((value) => JSON.stringify(value)).join(', ')}`);

const seconds = (bounds: { readonly least: number; readonly most: number }) => {
  const allowed = `give a whole number of seconds from ${bounds.least} to ${bounds.most.toLocaleString('en-US')}`;
  return v.pipe(
    v.number(allowed),
    v.integer(allowed),
    v.minValue(bounds.least, allowed),
    v.maxValue(bounds.most, allowed),
  );
};

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRequest(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isMap(value) &&
    (value['arn'] !== undefined || value['taskDefinition'] !== undefined) &&
    value['idempotencyKey'] === undefined &&
    value['wait'] === undefined
  );
}

const FIELDS = {
  id: v.pipe(v.string(ID_ALLOWED), v.minLength(1, ID_ALLOWED), v.maxLength(ID_CHARACTERS, ID_ALLOWED)),
  // The seed wrote an empty name where its custom resource had none.
  name: v.exactOptional(v.string('give a text')),
  cron_time: v.exactOptional(v.string('give a text, a cron expression')),
  rate: v.exactOptional(v.string(RATE_ALLOWED)),
  at: v.exactOptional(v.string(INSTANT_ALLOWED)),
  time_zone: v.exactOptional(v.string(ZONE_ALLOWED), 'UTC'),
  dst_policy: v.exactOptional(oneOf(DST_POLICIES), 'once'),
  start_at: v.exactOptional(v.string(INSTANT_ALLOWED)),
  end_at: v.exactOptional(v.string(INSTANT_ALLOWED)),
  jitter_seconds: v.exactOptional(seconds(JITTER), 0),
  enabled: v.exactOptional(v.boolean('give true or false, no text'), true),
  overlap: v.exactOptional(oneOf(OVERLAP_POLICIES), 'allow'),
  catch_up: v.exactOptional(oneOf(CATCH_UP_POLICIES), 'latest'),
  starting_deadline_seconds: v.exactOptional(seconds(STARTING_DEADLINE), STARTING_DEADLINE.usual),
  request: v.exactOptional(v.custom<Readonly<Record<string, unknown>>>(isRequest, REQUEST_ALLOWED)),
  definition_arn: v.exactOptional(text("give a task definition's family, family:revision or ARN")),
  ecs_cluster_arn: v.exactOptional(text("give a cluster's name or ARN")),
  last_updated: v.exactOptional(v.string('give a text, the time of the last write')),
};

const RowSchema = v.object(FIELDS);

type Row = v.InferOutput<typeof RowSchema>;

/** The attributes of a row. */
export const ROW_ATTRIBUTES: readonly string[] = Object.keys(FIELDS);

type Read<T> = { readonly value: T } | { readonly problems: readonly string[] };

function one<T>(value: T | undefined, problem: string): Read<T> {
  return value === undefined ? { problems: [problem] } : { value };
}

/** What is wrong with each attribute by itself, those that there are not included. */
function attributeProblems(issues: readonly v.BaseIssue<unknown>[], unknown: readonly string[]): readonly string[] {
  const wrong = issues.map((issue) => {
    const name = String(issue.path?.[0]?.key ?? '');
    return `${name} is ${issue.input === undefined ? 'missing' : show(issue.input)}: ${issue.message}`;
  });
  const firstOfEach = wrong.filter((problem, index) => wrong.indexOf(problem) === index);
  return [
    ...firstOfEach,
    ...unknown.map((name) => `${show(name)} is no attribute of a schedule: those are ${ROW_ATTRIBUTES.join(', ')}`),
  ];
}

function readCron(expression: string, row: Row): Read<Timing> {
  const parsed = parseCron(expression, row.id);
  if (parsed.kind === 'wrong') {
    return { problems: parsed.problems.map((problem) => `cron_time is ${show(expression)}: ${problem}`) };
  }
  const { time_zone: timeZone, dst_policy: dstPolicy } = row;
  return { value: { kind: 'cron', expression, timeZone, dstPolicy, fields: parsed.fields } };
}

function readAt(at: string, zone: Zone, policy: DstPolicy): Read<Timing> {
  const local = /^at\((.*)\)$/.exec(at)?.[1] ?? at;
  const instant = parseInstant(local, zone, policy);
  return one(instant === undefined ? undefined : { kind: 'at', instant }, `at is ${show(at)}: ${INSTANT_ALLOWED}`);
}

function readTiming(row: Row, zone: Zone): Read<Timing> {
  const { cron_time: cron, rate, at } = row;
  const given = [cron, rate, at].filter((value) => value !== undefined).length;
  if (given !== 1) {
    return { problems: [`cron_time, rate, at: give one of them, and not ${given === 0 ? 'none' : given}`] };
  }
  if (cron !== undefined) {
    return readCron(cron, row);
  }
  if (rate !== undefined) {
    const milliseconds = parseRate(rate);
    const timing: Timing | undefined = milliseconds === undefined ? undefined : { kind: 'rate', milliseconds };
    return one(timing, `rate is ${show(rate)}: ${RATE_ALLOWED}`);
  }
  return readAt(at ?? '', zone, row.dst_policy);
}

function readRequest(row: Row): Read<Readonly<Record<string, unknown>>> {
  const { request, definition_arn: taskDefinition, ecs_cluster_arn: cluster } = row;
  if (request !== undefined) {
    return taskDefinition === undefined && cluster === undefined
      ? { value: request }
      : { problems: ['request: leave it out where there is definition_arn or ecs_cluster_arn, or leave those out'] };
  }
  return taskDefinition === undefined
    ? { problems: ['definition_arn is missing: give it, or request'] }
    : { value: { taskDefinition, ...(cluster === undefined ? {} : { cluster }) } };
}

function readBound(name: 'start_at' | 'end_at', row: Row, zone: Zone): Read<number | undefined> {
  const given = row[name];
  if (given === undefined) {
    return { value: undefined };
  }
  return one(parseInstant(given, zone, 'once'), `${name} is ${show(given)}: ${INSTANT_ALLOWED}`);
}

/** JSON in which the order of an object's keys does not count, as it does not in DynamoDB. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isMap(item) ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1))) : item,
  );
}

function revisionOf(row: Row): string {
  const { last_updated: _, ...content } = row;
  return createHash('sha256').update(canonical(content)).digest('base64url').slice(0, 22);
}

function problemsOf(read: Read<unknown>): readonly string[] {
  return 'problems' in read ? read.problems : [];
}

function readRow(row: Row): ParsedRow {
  const zone = findZone(row.time_zone);
  const zoneProblem = zone === undefined ? [`time_zone is ${show(row.time_zone)}: ${ZONE_ALLOWED}`] : [];
  const utc = zone ?? findZone('UTC');
  if (utc === undefined) {
    return { kind: 'malformed', id: row.id, problems: zoneProblem };
  }
  const timing = readTiming(row, utc);
  const request = readRequest(row);
  const start = readBound('start_at', row, utc);
  const end = readBound('end_at', row, utc);
  const problems = [...zoneProblem, ...[timing, request, start, end].flatMap(problemsOf)];
  if (
    problems.length > 0 ||
    'problems' in timing ||
    'problems' in request ||
    'problems' in start ||
    'problems' in end
  ) {
    return { kind: 'malformed', id: row.id, problems };
  }
  const startAt = start.value;
  const endAt = end.value;
  if (startAt !== undefined && endAt !== undefined && endAt <= startAt) {
    const order = `end_at is ${show(row.end_at)}: give a time after start_at, which is ${show(row.start_at)}`;
    return { kind: 'malformed', id: row.id, problems: [order] };
  }
  return {
    kind: 'schedule',
    schedule: {
      id: row.id,
      name: row.name === undefined || row.name === '' ? row.id : row.name,
      timing: timing.value,
      ...(startAt === undefined ? {} : { startAt }),
      ...(endAt === undefined ? {} : { endAt }),
      jitterSeconds: row.jitter_seconds,
      isEnabled: row.enabled,
      overlap: row.overlap,
      catchUp: row.catch_up,
      startingDeadlineSeconds: row.starting_deadline_seconds,
      request: request.value,
      revision: revisionOf(row),
    },
  };
}

/**
 * Reads an item of the schedules table, which anybody may have put there: the seed's rows as they are, and ours. What is
 * wrong with it is told of all attributes at once. Texts are not taken for numbers or truth values.
 */
export function parseScheduleRow(item: unknown): ParsedRow {
  if (!isMap(item)) {
    return { kind: 'malformed', id: undefined, problems: [`a row is an object, and this one is ${show(item)}`] };
  }
  const unknown = Object.keys(item).filter((name) => !ROW_ATTRIBUTES.includes(name));
  // A required field that is there but undefined is refused with the message of its own schema.
  const parsed = v.safeParse(RowSchema, { id: undefined, ...item });
  if (!parsed.success || unknown.length > 0) {
    const id = item['id'];
    return {
      kind: 'malformed',
      id: typeof id === 'string' ? id : undefined,
      problems: attributeProblems(parsed.issues ?? [], unknown),
    };
  }
  return readRow(parsed.output);
}
