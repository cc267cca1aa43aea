import * as v from 'valibot';
import { parseInstant } from '../shared/schedule/local-time';
import { isMap } from '../shared/schedule/row-fields';
import { Zone } from '../shared/schedule/zone';
import { show } from '../shared/show';
import { InvalidInput } from './errors';
import { decodeToken } from './list-token';

const ID_ALLOWED = "give the schedule's id, a text of 1 to 512 characters";
const REVISION_ALLOWED =
  'give the revision that "get" answered with, null for a schedule that is to be new, or leave it out';
const INSTANT_ALLOWED = 'give a time such as 2026-11-27T09:30:00Z';
const KEY_ALLOWED = 'give a text of 1 to 128 characters';
const TOKEN_ALLOWED = 'give the nextToken of the answer before as it is';
const SCHEDULE_ALLOWED = 'give an object of a row\'s attributes, such as {"id": "nightly", "rate": "1 day"}';
const ACTIONS = ['put', 'get', 'list', 'delete', 'pause', 'resume', 'trigger', 'backfill'] as const;
const ACTION_ALLOWED = `give one of ${ACTIONS.map((action) => JSON.stringify(action)).join(', ')}`;

const LIST = { least: 1, most: 100 } as const;
const BACKFILL = { least: 1, most: 1000, usual: 100 } as const;

const id = v.pipe(v.string(ID_ALLOWED), v.minLength(1, ID_ALLOWED), v.maxLength(512, ID_ALLOWED));
const ifRevision = v.exactOptional(v.nullable(v.string(REVISION_ALLOWED)));

const count = (bounds: { readonly least: number; readonly most: number }) => {
  const allowed = `give a whole number from ${bounds.least} to ${bounds.most}`;
  return v.pipe(
    v.number(allowed),
    v.integer(allowed),
    v.minValue(bounds.least, allowed),
    v.maxValue(bounds.most, allowed),
  );
};

const utc = new Zone('UTC');

const instant = v.pipe(
  v.string(INSTANT_ALLOWED),
  v.transform((text) => parseInstant(text, utc, 'once') ?? Number.NaN),
  v.number(INSTANT_ALLOWED),
);

const token = v.pipe(
  v.string(TOKEN_ALLOWED),
  v.check((text) => decodeToken(text) !== undefined, TOKEN_ALLOWED),
  v.transform((text) => decodeToken(text) ?? ''),
);

const FIELDS = {
  /** Writes a whole row, over one that is there. */
  put: {
    schedule: v.custom<Readonly<Record<string, unknown>>>(isMap, SCHEDULE_ALLOWED),
    ifRevision,
  },
  get: { id },
  /** A page of all schedules, in no order. */
  list: { limit: v.exactOptional(count(LIST), LIST.most), nextToken: v.exactOptional(token) },
  delete: { id, ifRevision },
  pause: { id },
  resume: { id },
  /** Starts a run now, beside the slots. The same key gives the same run. */
  trigger: {
    id,
    idempotencyKey: v.exactOptional(
      v.pipe(v.string(KEY_ALLOWED), v.minLength(1, KEY_ALLOWED), v.maxLength(128, KEY_ALLOWED)),
    ),
  },
  /** Starts what the slots from `from` on and before `to` would have started, but for those that did. */
  backfill: { id, from: instant, to: instant, most: v.exactOptional(count(BACKFILL), BACKFILL.usual) },
} as const;

const SCHEMAS = {
  put: v.object({ action: v.literal('put'), ...FIELDS.put }),
  get: v.object({ action: v.literal('get'), ...FIELDS.get }),
  list: v.object({ action: v.literal('list'), ...FIELDS.list }),
  delete: v.object({ action: v.literal('delete'), ...FIELDS.delete }),
  pause: v.object({ action: v.literal('pause'), ...FIELDS.pause }),
  resume: v.object({ action: v.literal('resume'), ...FIELDS.resume }),
  trigger: v.object({ action: v.literal('trigger'), ...FIELDS.trigger }),
  backfill: v.object({ action: v.literal('backfill'), ...FIELDS.backfill }),
} as const;

type Action = keyof typeof SCHEMAS;

export type RegistrarRequest = v.InferOutput<(typeof SCHEMAS)[Action]>;

function isAction(value: unknown): value is Action {
  return ACTIONS.some((action) => action === value);
}

/** Required fields, which are refused with the message of their own schema where they are not there. */
const REQUIRED = { id: undefined, schedule: undefined, from: undefined, to: undefined };

/** @throws {InvalidInput} naming every wrong field, what it got and what is allowed */
export function parseRequest(event: unknown): RegistrarRequest {
  if (!isMap(event)) {
    throw new InvalidInput([`The event is ${show(event)}: give an object with an action`]);
  }
  const action = event['action'];
  if (!isAction(action)) {
    throw new InvalidInput([`action is ${action === undefined ? 'missing' : show(action)}: ${ACTION_ALLOWED}`]);
  }
  const schema: v.GenericSchema<unknown, RegistrarRequest> = SCHEMAS[action];
  const known = Object.keys(SCHEMAS[action].entries);
  const required = Object.fromEntries(Object.entries(REQUIRED).filter(([name]) => known.includes(name)));
  const unknown = Object.keys(event).filter((name) => !known.includes(name));
  const parsed = v.safeParse(schema, { ...required, ...event });
  const problems = [
    ...(parsed.issues ?? []).map((issue) => {
      const name = String(issue.path?.[0]?.key ?? '');
      const value = event[name];
      return `${name} is ${value === undefined ? 'missing' : show(value)}: ${issue.message}`;
    }),
    ...unknown.map((name) => `${show(name)} is no field of ${action}: those are ${known.join(', ')}`),
  ];
  if (problems.length > 0 || !parsed.success) {
    throw new InvalidInput([...new Set(problems)]);
  }
  return parsed.output;
}
