import { type AttributeNames, parseScheduleRow } from '../shared/schedule/row';
import { isMap } from '../shared/schedule/row-fields';
import type { Schedule } from '../shared/schedule/schedule';
import { resolveRequest } from '../shared/schedule/slot-key';
import { InvalidInput as InvalidRequest } from '../starter/errors';
import { parseRequest } from '../starter/request';
import { InvalidInput } from './errors';

/** Any slot does: whether the starter takes the request is to be known before the first one comes. */
const SAMPLE_SLOT = 0;

function requestProblems(schedule: Schedule, name: string): readonly string[] {
  try {
    parseRequest(resolveRequest(schedule, SAMPLE_SLOT));
    return [];
  } catch (error) {
    if (error instanceof InvalidRequest) {
      return [`${name} is refused by the starter: ${error.message.replace(/\.$/, '')}`];
    }
    throw error;
  }
}

/**
 * A row that is to be written, as a schedule: what the starter would refuse when its time has come is refused now.
 *
 * @throws {InvalidInput} naming every wrong attribute, by `names` where whoever wrote it calls them otherwise
 */
export function checkRow(row: unknown, names?: AttributeNames): Schedule {
  const parsed = parseScheduleRow(row, names);
  if (parsed.kind === 'malformed') {
    throw new InvalidInput(parsed.problems);
  }
  const isOurs = isMap(row) && row['request'] !== undefined;
  const attribute = isOurs ? 'request' : 'definition_arn';
  const problems = requestProblems(parsed.schedule, names?.[attribute] ?? attribute);
  if (problems.length > 0) {
    throw new InvalidInput(problems);
  }
  return parsed.schedule;
}
