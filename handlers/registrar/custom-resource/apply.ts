import type { Schedule } from '../../shared/schedule/schedule';
import { show } from '../../shared/show';
import { checkRow } from '../check-row';
import { InvalidInput } from '../errors';
import type { Place, RegistrarDeps, Row } from '../ports';
import { ownPlace, removeRow, writeRow } from '../write-row';
import { idOfResource, type Outcome, physicalId } from './answer';
import { PROPERTY_NAMES, readPlace, readProperties } from './properties';

interface Desired {
  readonly place: Place;
  readonly row: Row;
  readonly schedule: Schedule;
  readonly hidesData: boolean;
}

/** @throws {InvalidInput} naming every wrong property */
function readDesired(event: Row, deps: RegistrarDeps): Desired {
  const { place, row, hidesData, problems } = readProperties(
    event['ResourceProperties'],
    physicalId(event),
    ownPlace(deps),
  );
  const checked = checkRow(row, PROPERTY_NAMES);
  const all = [...problems, ...(checked.kind === 'wrong' ? checked.problems : [])];
  if (place === undefined || checked.kind === 'wrong' || all.length > 0) {
    throw new InvalidInput(all);
  }
  return { place, row, schedule: checked.schedule, hidesData };
}

function succeeded({ place, schedule, hidesData }: Desired, reason: string): Outcome {
  const { id, revision } = schedule;
  return {
    status: 'SUCCESS',
    reason,
    data: { Id: id, Table: place.table, Region: place.region, Revision: revision },
    hidesData,
  };
}

async function create(event: Row, deps: RegistrarDeps): Promise<Outcome> {
  const desired = readDesired(event, deps);
  await writeRow(desired.place, desired.row, undefined, deps);
  return succeeded(desired, 'The schedule was written');
}

const isSamePlace = (one: Place, other: Place) => one.table === other.table && one.region === other.region;

/** The new row is there before the old one goes; where that fails, the new one is taken back, and the old one is as it was. */
async function move(old: Place, desired: Desired, deps: RegistrarDeps): Promise<void> {
  const { id } = desired.schedule;
  await writeRow(desired.place, desired.row, undefined, deps);
  try {
    await removeRow(old, id, undefined, deps);
  } catch (error) {
    await removeRow(desired.place, id, undefined, deps);
    throw error;
  }
}

async function update(event: Row, deps: RegistrarDeps): Promise<Outcome> {
  const desired = readDesired(event, deps);
  const old = readPlace(event['OldResourceProperties'], ownPlace(deps));
  if (old === undefined || isSamePlace(old, desired.place)) {
    await writeRow(desired.place, desired.row, undefined, deps);
    return succeeded(desired, 'The schedule was written');
  }
  await move(old, desired, deps);
  return succeeded(desired, 'The schedule was written, and its row taken out of the table before');
}

/** What DynamoDB says of a table in which the registrar cannot have written anything. */
function isOutOfReach(error: unknown, place: Place, own: Place): boolean {
  const name = error instanceof Error ? error.name : '';
  return name === 'ResourceNotFoundException' || (name === 'AccessDeniedException' && !isSamePlace(place, own));
}

/**
 * Deletes the row, under the id that CloudFormation knows and under the one that we make: they differ where the answer to the
 * creation never came. That there is none is as good, also where the creation failed for its table.
 */
async function remove(event: Row, deps: RegistrarDeps): Promise<Outcome> {
  const own = ownPlace(deps);
  const place = readPlace(event['ResourceProperties'], own);
  if (place === undefined) {
    return { status: 'SUCCESS', reason: 'The resource named no table, so that it has no row' };
  }
  try {
    for (const id of new Set([physicalId(event), idOfResource(event)])) {
      await removeRow(place, id, undefined, deps);
    }
    return { status: 'SUCCESS', reason: 'The schedule is not there any more' };
  } catch (error) {
    if (!isOutOfReach(error, place, own)) {
      throw error;
    }
    deps.log.warn('table.out-of-reach', { table: place.table, region: place.region });
    return { status: 'SUCCESS', reason: 'The table is not there, or not for the registrar to write' };
  }
}

/**
 * Does what CloudFormation asks for.
 *
 * @throws {InvalidInput} naming every wrong property; what DynamoDB throws passes on
 */
export async function applyResource(event: Row, deps: RegistrarDeps): Promise<Outcome> {
  const type = event['RequestType'];
  switch (type) {
    case 'Create':
      return create(event, deps);
    case 'Update':
      return update(event, deps);
    case 'Delete':
      return remove(event, deps);
    default:
      throw new InvalidInput([
        `RequestType is ${type === undefined ? 'missing' : show(type)}: give "Create", "Update" or "Delete"`,
      ]);
  }
}
