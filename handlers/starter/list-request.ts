import * as v from 'valibot';
import { FUNCTION_NAME_FORMS, parseFunctionName } from '../shared/function-name';
import { RUN_STATUSES, type RunStatus } from '../shared/run';
import { parseTaskDefinitionName } from '../shared/task-definition-name';
import { ACTION_ALLOWED } from './request-fields';

/** How many runs one answer may hold. */
const LIST_LIMIT = { least: 1, most: 100 } as const;

const DEFAULT_LIST_LIMIT = 25;

/** Asks which runs there are, the newest first. */
export interface ListRequest {
  readonly action: 'list';
  /** Of this function: ARN, partial ARN or name; with a qualifier only those that were started with it. @default - of all */
  readonly arn?: string;
  /** Container runs of this task definition, whatever its revision: family, or ARN without a revision. Not with `arn`. @default - of all */
  readonly taskDefinition?: string;
  /** @default - in all states */
  readonly status?: RunStatus;
  /** Created at or after: ISO 8601 in UTC, or a date for its begin. @default - as far back as the ledger keeps runs */
  readonly from?: string;
  /** Created at or before: ISO 8601 in UTC, or a date for its end. @default - now */
  readonly to?: string;
  /** The most that the answer holds, 1 to 100; it may hold fewer though there are more. @default 25 */
  readonly limit: number;
  /** Of the answer before, with all other fields but `limit` as they were. */
  readonly nextToken?: string;
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z)?$/;
const DATE_CHARACTERS = '2026-11-21'.length;

/** A date that the calendar has, and a time that the clock has: Date rolls 30 February over into March. */
function isTime(text: string): boolean {
  const time = TIME.test(text) ? new Date(text) : undefined;
  return (
    time !== undefined &&
    !Number.isNaN(time.getTime()) &&
    time.toISOString().slice(0, DATE_CHARACTERS) === text.slice(0, DATE_CHARACTERS)
  );
}

/** The first instant that a text names, in the form that `createdAt` has: texts of that form sort by time. */
export function firstInstant(text: string): string {
  return new Date(text).toISOString();
}

/** The last instant that a text names: of a date the last of its day. */
export function lastInstant(text: string): string {
  return text.length === DATE_CHARACTERS ? `${text}T23:59:59.999Z` : firstInstant(text);
}

const ARN_ALLOWED = `give ${FUNCTION_NAME_FORMS}`;
const FAMILY_ALLOWED = "give a task definition's family, or its ARN without a revision";
const TIME_ALLOWED = 'give a date (2026-11-21) or a time in UTC (2026-11-21T08:30:00Z)';
const LIMIT_ALLOWED = `give a whole number from ${LIST_LIMIT.least} to ${LIST_LIMIT.most}`;
const TOKEN_ALLOWED = 'give the nextToken of the answer before as it is';

function isFamily(text: string): boolean {
  const name = parseTaskDefinitionName(text);
  return name !== undefined && name.revision === undefined;
}

const time = v.pipe(v.string(TIME_ALLOWED), v.check(isTime, TIME_ALLOWED));

export const LIST_FIELDS = {
  action: v.literal('list', ACTION_ALLOWED),
  arn: v.exactOptional(
    v.pipe(
      v.string(ARN_ALLOWED),
      v.check((arn) => parseFunctionName(arn) !== undefined, ARN_ALLOWED),
    ),
  ),
  taskDefinition: v.exactOptional(
    v.pipe(
      v.string(FAMILY_ALLOWED),
      v.check((name) => isFamily(name), FAMILY_ALLOWED),
    ),
  ),
  status: v.exactOptional(v.picklist(RUN_STATUSES, `give one of ${RUN_STATUSES.join(', ')}`)),
  from: v.exactOptional(time),
  to: v.exactOptional(time),
  limit: v.optional(
    v.pipe(
      v.number(LIMIT_ALLOWED),
      v.integer(LIMIT_ALLOWED),
      v.minValue(LIST_LIMIT.least, LIMIT_ALLOWED),
      v.maxValue(LIST_LIMIT.most, LIMIT_ALLOWED),
    ),
    DEFAULT_LIST_LIMIT,
  ),
  nextToken: v.exactOptional(v.pipe(v.string(TOKEN_ALLOWED), v.regex(/^[A-Za-z0-9_-]+$/, TOKEN_ALLOWED))),
};
