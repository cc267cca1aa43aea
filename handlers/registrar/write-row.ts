import { parseScheduleRow } from '../shared/schedule/row';
import { RevisionConflict } from './errors';
import type { Condition, Place, RegistrarDeps, Row } from './ports';

/** The revision that a caller has read: `null` says that there is to be no row, `undefined` that it does not matter. */
export type ExpectedRevision = string | null | undefined;

type WriteDeps = Pick<RegistrarDeps, 'ports' | 'settings' | 'now' | 'log'>;

export function ownPlace({ settings }: Pick<RegistrarDeps, 'settings'>): Place {
  return { table: settings.schedulesTable, region: settings.region };
}

function isOwn(place: Place, deps: WriteDeps): boolean {
  const own = ownPlace(deps);
  return place.table === own.table && place.region === own.region;
}

function revisionOf(row: Row | undefined): string | undefined {
  const parsed = parseScheduleRow(row);
  return parsed.kind === 'schedule' ? parsed.schedule.revision : undefined;
}

/**
 * What the table is to check, so that nobody writes between our look at the revision and our write.
 *
 * @throws {RevisionConflict} when the row is not as expected
 */
async function conditionOf(
  place: Place,
  id: string,
  expected: ExpectedRevision,
  deps: WriteDeps,
): Promise<Condition | undefined> {
  if (expected === undefined) {
    return undefined;
  }
  if (expected === null) {
    return { kind: 'absent' };
  }
  const row = await deps.ports.schedules(place).find(id);
  const found = revisionOf(row);
  if (row === undefined || found !== expected) {
    throw new RevisionConflict(id, expected, found);
  }
  const lastUpdated = row['last_updated'];
  return { kind: 'last-updated', value: typeof lastUpdated === 'string' ? lastUpdated : undefined };
}

/**
 * Quicker than the table's stream, which tells of the same change a second time, and alone where this fails.
 *
 * @param writtenAt when the write was begun: what becomes due while the table answers is a slot
 */
export async function noteChange(place: Place, id: string, writtenAt: Date, deps: WriteDeps): Promise<void> {
  if (!isOwn(place, deps)) {
    return;
  }
  try {
    await deps.ports.states.note(id, deps.now(), writtenAt);
  } catch (error) {
    deps.log.warn('change.not-noted', { id, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** @throws {RevisionConflict} when the row is not as expected */
export async function writeRow(place: Place, row: Row, expected: ExpectedRevision, deps: WriteDeps): Promise<void> {
  const id = String(row['id']);
  const condition = await conditionOf(place, id, expected, deps);
  const writtenAt = deps.now();
  const written = { ...row, last_updated: writtenAt.toISOString() };
  if (!(await deps.ports.schedules(place).put(written, condition))) {
    throw new RevisionConflict(id, expected ?? null, undefined);
  }
  await noteChange(place, id, writtenAt, deps);
}

/** @throws {RevisionConflict} when the row is not as expected */
export async function removeRow(place: Place, id: string, expected: ExpectedRevision, deps: WriteDeps): Promise<void> {
  const condition = await conditionOf(place, id, expected, deps);
  const writtenAt = deps.now();
  if (!(await deps.ports.schedules(place).remove(id, condition))) {
    throw new RevisionConflict(id, expected ?? null, undefined);
  }
  await noteChange(place, id, writtenAt, deps);
}
