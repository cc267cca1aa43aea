import { FakeTable } from '../../../__tests__/support/fake-dynamodb';
import { writePacerRow } from '../../../__tests__/support/starter/pacer-table';
import { decideTurn, type PacerLimits, type PacerRow } from '../../../handlers/starter/pacer';
import { LATENCY } from './account';
import { ThrottledEcs } from './ecs';

const TABLE = 'ledger';

/** How far off the time of the table may be after some answers, each of which came at another place of its second. */
const CLOCK_MILLISECONDS = 25;

/** What ECS made of one account's launches. */
export interface LineResult {
  readonly starts: number;
  readonly refused: number;
  readonly lastStartMilliseconds: number;
}

/**
 * One account's launches that wait in the queue already: the pacer's decisions, the table's conditions and ECS's buckets
 * with nothing else, on a clock that jumps from one to the next. A call that ECS refuses takes another turn.
 */
export function workOffLine(count: number, limits: PacerLimits): LineResult {
  let now = 0;
  const ecs = new ThrottledEcs(() => now);
  const table = new FakeTable(TABLE, 'runId');
  let row: PacerRow = {};
  for (let launch = 0; launch < count; ) {
    const time = { earliest: now - CLOCK_MILLISECONDS, latest: now + CLOCK_MILLISECONDS };
    const decision = decideTurn(row, { tableName: TABLE, limits, time, turnOf: 'queued' });
    if (decision.kind === 'line') {
      throw new Error('There is no line that what stands in it would wait for.');
    }
    if (decision.kind === 'wait') {
      now += decision.milliseconds;
      continue;
    }
    now += LATENCY.dynamoDb;
    const written = writePacerRow(table, decision.update);
    row = written.row;
    if (written.isWritten && ecs.runTask(`launch-${launch}`) === 'accepted') {
      launch += 1;
    }
  }
  return { starts: ecs.starts, refused: ecs.refused, lastStartMilliseconds: ecs.lastStartAt };
}
