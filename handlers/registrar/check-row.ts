import { type AttributeNames, parseScheduleRow } from '../shared/schedule/row';
import type { Schedule } from '../shared/schedule/schedule';
import { resolveRequest } from '../shared/schedule/slot-key';
import { InvalidInput } from '../starter/errors';
import { parseRequest } from '../starter/request';
import type { Row } from './ports';

/** Any slot does: whether the starter takes the request is to be known before the first one comes. */
const SAMPLE_SLOT = 0;

function requestProblems(schedule: Schedule, name: string): readonly string[] {
  try {
    parseRequest(resolveRequest(schedule, SAMPLE_SLOT));
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) {
      return [`${name} is refused by the starter: ${error.message.replace(/\.$/, '')}`];
    }
    throw error;
  }
}

export type CheckedRow =
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/**
 * A row that is to be written, as a schedule: what the starter would refuse when its time has come is refused now. Its wrong
 * attributes are called by `names`, where whoever wrote it calls them otherwise.
 */
export function checkRow(row: Row, names?: AttributeNames): CheckedRow {
  const parsed = parseScheduleRow(row, names);
  if (parsed.kind === 'malformed') {
    return { kind: 'wrong', problems: parsed.problems };
  }
  const attribute = row['request'] === undefined ? 'definition_arn' : 'request';
  const problems = requestProblems(parsed.schedule, names?.[attribute] ?? attribute);
  return problems.length > 0 ? { kind: 'wrong', problems } : parsed;
}
