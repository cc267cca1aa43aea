import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { show } from '../show';
import {
  isMap,
  isRowAttribute,
  type Row,
  type RowAttribute,
  RowSchema,
  rowAttributes,
  ZONE_ALLOWED,
} from './row-fields';
import { problemsOf, type Read, type RowProblem, readBounds, readRequest, readTiming, wrong } from './row-parts';
import type { Schedule } from './schedule';
import { findZone } from './zone';

export type ParsedRow =
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  /** Each problem is a sentence that begins with the attribute's name. */
  | { readonly kind: 'malformed'; readonly id: string | undefined; readonly problems: readonly string[] };

/** What the attributes are called where the row came from, for messages. */
export type AttributeNames = Readonly<Record<RowAttribute, string>>;

/** JSON in which the order of an object's keys does not count, as it does not in DynamoDB. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isMap(item) ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1))) : item,
  );
}

const CONTENT = rowAttributes().filter((name) => name !== 'last_updated' && name !== 'request');

function revisionOf(row: Row): string {
  const request = row.request === undefined ? '' : canonical(row.request);
  const content = JSON.stringify(CONTENT.map((name) => row[name]));
  return createHash('sha256').update(`${content}${request}`).digest('base64url').slice(0, 22);
}

function readRow(row: Row): Read<Schedule> {
  const named = findZone(row.time_zone);
  const zone = named ?? findZone('UTC');
  const noZone = [wrong('time_zone', `is ${show(row.time_zone)}: ${ZONE_ALLOWED}`)];
  if (zone === undefined) {
    return { problems: noZone };
  }
  const timing = readTiming(row, zone);
  const request = readRequest(row);
  const bounds = readBounds(row, zone);
  const problems = [...(named === undefined ? noZone : []), ...problemsOf(timing, request, bounds)];
  if (problems.length > 0 || 'problems' in timing || 'problems' in request || 'problems' in bounds) {
    return { problems };
  }
  return {
    value: {
      id: row.id,
      name: row.name === undefined || row.name === '' ? row.id : row.name,
      timing: timing.value,
      ...bounds.value,
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

/** What is wrong with attributes by themselves, the first of each. */
function ownProblems(issues: readonly v.BaseIssue<unknown>[] | undefined): readonly RowProblem[] {
  const found = new Map<RowAttribute, RowProblem>();
  for (const issue of issues ?? []) {
    const name = String(issue.path?.[0]?.key);
    if (isRowAttribute(name) && !found.has(name)) {
      const value = issue.input === undefined ? 'missing' : show(issue.input);
      found.set(name, wrong(name, `is ${value}: ${issue.message}`));
    }
  }
  return [...found.values()];
}

/** What is wrong with the attributes that are right by themselves. */
function otherProblems(item: Readonly<Record<string, unknown>>, own: readonly RowProblem[]): readonly RowProblem[] {
  const isWrong = (name: string) => own.some(({ attributes }) => attributes.some((attribute) => attribute === name));
  const rest = Object.fromEntries(Object.entries(item).filter(([name]) => isRowAttribute(name) && !isWrong(name)));
  const parsed = v.safeParse(RowSchema, { id: 'unknown', ...rest });
  const read = parsed.success ? readRow(parsed.output) : { problems: [] };
  return problemsOf(read).filter(({ attributes }) => !attributes.some(isWrong));
}

/**
 * Reads an item of the schedules table, which anybody may have put there: the seed's rows as they are, and ours. What is
 * wrong with it is told of all attributes at once. Texts are not taken for numbers or truth values.
 */
export function parseScheduleRow(item: unknown, names?: AttributeNames): ParsedRow {
  if (!isMap(item)) {
    return { kind: 'malformed', id: undefined, problems: [`A row is an object, and this one is ${show(item)}`] };
  }
  const unknown = Object.keys(item).filter((name) => !isRowAttribute(name));
  // A required attribute that is there but undefined is refused with the message of its own schema.
  const parsed = v.safeParse(RowSchema, { id: undefined, ...item });
  const read = parsed.success ? readRow(parsed.output) : undefined;
  if (read !== undefined && 'value' in read && unknown.length === 0) {
    return { kind: 'schedule', schedule: read.value };
  }
  const own = ownProblems(parsed.issues);
  const problems = read === undefined ? [...own, ...otherProblems(item, own)] : problemsOf(read);
  const nameOf = (attribute: RowAttribute) => names?.[attribute] ?? attribute;
  const known = rowAttributes().map(nameOf).join(', ');
  return {
    kind: 'malformed',
    id: typeof item['id'] === 'string' ? item['id'] : undefined,
    problems: [
      ...problems.map(({ attributes, text }) => `${attributes.map(nameOf).join(', ')} ${text}`),
      ...unknown.map((name) => `${show(name)} is no attribute of a schedule: those are ${known}`),
    ],
  };
}
