import { createHash } from 'node:crypto';
import type { Routes } from './rules';
import type { RouterSettings } from './settings';
import { eventPart, fillRequest } from './template';

/** Which rule an event has: its place among the rules, or that of the policy for events without one. */
export type Route =
  | { readonly kind: 'request'; readonly rule: number | 'none'; readonly request: Readonly<Record<string, unknown>> }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'error' };

/** The rule for an event, with the request as the rule has it. */
export function routeOf(event: unknown, { rules, noMatch }: Routes): Route {
  const rule = rules.findIndex(({ matches }) => matches(event));
  const found = rules[rule];
  if (found !== undefined) {
    return { kind: 'request', rule, request: found.request };
  }
  return noMatch.kind === 'request' ? { kind: 'request', rule: 'none', request: noMatch.request } : noMatch;
}

/** What the SQL of this project puts into each event: one id for each change of a row, whoever delivers it how often. */
const EVENT_ID = 'overtimeId';

/** The longest idempotencyKey is 256 characters: see handlers/starter/limits.ts. */
const ID_CHARACTERS = 200;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * By what an event is known when it comes again: its own id, or that of the invocation, which stays the same when Lambda
 * tries an asynchronous one again.
 */
export function eventId(event: unknown, awsRequestId: string): string {
  const own = eventPart(`$.${EVENT_ID}`, event);
  const id = typeof own === 'string' && own !== '' ? own : awsRequestId;
  return id.length <= ID_CHARACTERS ? id : digest(id);
}

/** The rows that belong together: those of one rule with the same key. */
export function windowOf(rule: number | 'none', event: unknown, keyPath: string | undefined): string {
  return digest(JSON.stringify([rule, keyOf(event, keyPath)]));
}

/** `null` where all rows go together, or the event lacks the part. */
function keyOf(event: unknown, keyPath: string | undefined): unknown {
  return keyPath === undefined ? null : (eventPart(keyPath, event) ?? null);
}

/** The event that a run of several rows is for. */
export interface RowsEvent {
  readonly key: unknown;
  readonly count: number;
  readonly rows: readonly unknown[];
}

export function rowsEvent(rows: readonly unknown[], keyPath: string | undefined): RowsEvent {
  return { key: keyOf(rows[0], keyPath), count: rows.length, rows };
}

/** A whole request to the starter. */
export function requestFor(
  template: Readonly<Record<string, unknown>>,
  event: unknown,
  idempotencyKey: string,
  { defaults }: Pick<RouterSettings, 'defaults'>,
): Readonly<Record<string, unknown>> {
  return { ...defaults, ...fillRequest(template, event), idempotencyKey };
}
