import * as v from 'valibot';
import { groupedDigits } from '../grouped-digits';
import { INSTANT_ALLOWED } from './local-time';
import { RATE_ALLOWED } from './rate';
import { CATCH_UP_POLICIES, DST_POLICIES, OVERLAP_POLICIES } from './schedule';

// Each schema has one message: what the attribute allows. row.ts puts the attribute's name and value before it.

/** Seconds. */
const JITTER = { least: 0, most: 86_400 } as const;
const STARTING_DEADLINE = { least: 1, most: 604_800, usual: 3600 } as const;
const ID_CHARACTERS = 512;

const ID_ALLOWED = `give a text of 1 to ${ID_CHARACTERS} characters`;
export const ZONE_ALLOWED = 'give an IANA name such as Europe/London or UTC';
const REQUEST_ALLOWED =
  'give a request to the starter with arn or taskDefinition, and without action, wait, and idempotencyKey, which is made of the slot';

const NOT_IN_REQUEST = ['action', 'wait', 'idempotencyKey'];

const text = (allowed: string) => v.pipe(v.string(allowed), v.minLength(1, allowed));

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `give one of ${values.map((value) => JSON.stringify(value)).join(', ')}`);

const seconds = (bounds: { readonly least: number; readonly most: number }) => {
  const allowed = `give a whole number of seconds from ${bounds.least} to ${groupedDigits(bounds.most)}`;
  return v.pipe(
    v.number(allowed),
    v.integer(allowed),
    v.minValue(bounds.least, allowed),
    v.maxValue(bounds.most, allowed),
  );
};

/** Whether a value is an object of named values. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRequest(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isMap(value) &&
    (value['arn'] !== undefined || value['taskDefinition'] !== undefined) &&
    NOT_IN_REQUEST.every((name) => value[name] === undefined)
  );
}

/** A map may be given as JSON text: Terraform cannot write one of any shape as an attribute of DynamoDB's. */
function ofText(value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
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
  enabled: v.exactOptional(v.boolean('give true or false, not as a text'), true),
  overlap: v.exactOptional(oneOf(OVERLAP_POLICIES), 'allow'),
  catch_up: v.exactOptional(oneOf(CATCH_UP_POLICIES), 'latest'),
  starting_deadline_seconds: v.exactOptional(seconds(STARTING_DEADLINE), STARTING_DEADLINE.usual),
  request: v.exactOptional(
    v.pipe(v.unknown(), v.transform(ofText), v.custom<Readonly<Record<string, unknown>>>(isRequest, REQUEST_ALLOWED)),
  ),
  definition_arn: v.exactOptional(text("give a task definition's family, family:revision or ARN")),
  ecs_cluster_arn: v.exactOptional(text("give a cluster's name or ARN")),
  last_updated: v.exactOptional(v.string('give a text, the time of the last write')),
};

export const RowSchema = v.object(FIELDS);

export type Row = v.InferOutput<typeof RowSchema>;

export type RowAttribute = keyof Row;

const ROW_ATTRIBUTES: ReadonlySet<string> = new Set(Object.keys(FIELDS));

export function isRowAttribute(name: string): name is RowAttribute {
  return ROW_ATTRIBUTES.has(name);
}

/** For messages. */
export function rowAttributes(): readonly RowAttribute[] {
  return [...ROW_ATTRIBUTES].filter(isRowAttribute);
}
