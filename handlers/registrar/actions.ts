import { parseScheduleRow } from '../shared/schedule/row';
import type { Schedule } from '../shared/schedule/schedule';
import { resolveRequest, triggerKey } from '../shared/schedule/slot-key';
import { slotsBetween } from '../shared/schedule/slots';
import { type BackfillAnswer, backfill } from './backfill';
import { checkRow } from './check-row';
import { InvalidInput, ScheduleMalformed, ScheduleNotFound, StarterRefused } from './errors';
import { encodeToken } from './list-token';
import type { RegistrarDeps, Row } from './ports';
import type { RegistrarRequest } from './request';
import { noteChange, ownPlace, removeRow, writeRow } from './write-row';

/** How many slots to come `get` and `put` show. */
const SHOWN_SLOTS = 3;

interface Described {
  readonly id: string;
  readonly revision: string;
  readonly isEnabled: boolean;
  /** The next ones, whether it is enabled or not. */
  readonly nextSlots: readonly string[];
}

interface Malformed {
  readonly id: string | undefined;
  readonly problems: readonly string[];
}

interface TriggerAnswer {
  readonly id: string;
  readonly runIds: readonly string[];
  readonly status: string;
}

export type ActionAnswer =
  | Described
  | { readonly schedule: Row; readonly state: Row | undefined; readonly description: Described | Malformed }
  | { readonly schedules: readonly (Described | Malformed)[]; readonly nextToken?: string }
  | { readonly id: string; readonly status: 'DELETED' | 'PAUSED' | 'RESUMED' }
  | TriggerAnswer
  | BackfillAnswer;

function describe(schedule: Schedule, now: Date, slots = SHOWN_SLOTS): Described {
  const { id, revision, isEnabled } = schedule;
  const next = slotsBetween(schedule, now.getTime(), Number.POSITIVE_INFINITY, slots);
  return { id, revision, isEnabled, nextSlots: next.map((slot) => new Date(slot).toISOString()) };
}

function describeRow(row: Row, now: Date, slots?: number): Described | Malformed {
  const parsed = parseScheduleRow(row);
  return parsed.kind === 'schedule'
    ? describe(parsed.schedule, now, slots)
    : { id: parsed.id, problems: parsed.problems };
}

/** @throws {ScheduleNotFound} */
async function findRow(id: string, deps: RegistrarDeps): Promise<Row> {
  const row = await deps.ports.schedules(ownPlace(deps)).find(id);
  if (row === undefined) {
    throw new ScheduleNotFound(id);
  }
  return row;
}

/**
 * @throws {ScheduleNotFound}
 * @throws {ScheduleMalformed} when the row that is there is none
 */
async function findSchedule(id: string, deps: RegistrarDeps): Promise<Schedule> {
  const parsed = parseScheduleRow(await findRow(id, deps));
  if (parsed.kind === 'malformed') {
    throw new ScheduleMalformed(id, parsed.problems);
  }
  return parsed.schedule;
}

async function get(id: string, deps: RegistrarDeps): Promise<ActionAnswer> {
  const schedule = await findRow(id, deps);
  const state = await deps.ports.states.find(id);
  return { schedule, state, description: describeRow(schedule, deps.now()) };
}

async function list(limit: number, after: string | undefined, deps: RegistrarDeps): Promise<ActionAnswer> {
  const { rows, next } = await deps.ports.schedules(ownPlace(deps)).page(limit, after);
  const schedules = rows.map((row) => describeRow(row, deps.now(), 1));
  return { schedules, ...(next === undefined ? {} : { nextToken: encodeToken(next) }) };
}

async function enable(id: string, isEnabled: boolean, deps: RegistrarDeps): Promise<ActionAnswer> {
  const place = ownPlace(deps);
  const writtenAt = deps.now();
  if (!(await deps.ports.schedules(place).enable(id, isEnabled, writtenAt.toISOString()))) {
    throw new ScheduleNotFound(id);
  }
  await noteChange(place, id, writtenAt, deps);
  return { id, status: isEnabled ? 'RESUMED' : 'PAUSED' };
}

async function trigger(id: string, key: string, deps: RegistrarDeps): Promise<ActionAnswer> {
  const schedule = await findSchedule(id, deps);
  const request = { ...resolveRequest(schedule, deps.now().getTime()), idempotencyKey: triggerKey(id, key) };
  const result = await deps.ports.start(request);
  if (result.kind === 'refused') {
    throw new StarterRefused(id, result.code, result.reason);
  }
  return { id, runIds: [result.runId], status: result.status };
}

/** Writes a row, once it is known that it is a schedule and that the starter takes its request. */
export async function put(row: Row, ifRevision: string | null | undefined, deps: RegistrarDeps): Promise<Described> {
  const checked = checkRow(row);
  if (checked.kind === 'wrong') {
    throw new InvalidInput(checked.problems);
  }
  await writeRow(ownPlace(deps), row, ifRevision, deps);
  return describe(checked.schedule, deps.now());
}

/** Does what a plain request asks for. */
export async function act(request: RegistrarRequest, deps: RegistrarDeps): Promise<ActionAnswer> {
  switch (request.action) {
    case 'put':
      return put(request.schedule, request.ifRevision, deps);
    case 'get':
      return get(request.id, deps);
    case 'list':
      return list(request.limit, request.nextToken, deps);
    case 'delete':
      await removeRow(ownPlace(deps), request.id, request.ifRevision, deps);
      return { id: request.id, status: 'DELETED' };
    case 'pause':
      return enable(request.id, false, deps);
    case 'resume':
      return enable(request.id, true, deps);
    case 'trigger':
      return trigger(request.id, request.idempotencyKey ?? deps.awsRequestId, deps);
    case 'backfill':
      return backfill(await findSchedule(request.id, deps), request, deps);
  }
}
