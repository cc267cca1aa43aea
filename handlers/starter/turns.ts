import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { decideTurn, joinLineUpdate, leaveLineUpdate, type PacerLimits, type PacerRow, type TurnOf } from './pacer';
import type { Pacer } from './ports';
import type { TimeRange } from './server-time';

/** What became of a write to the pacer's row: whether its condition held, and the row as it is now. */
interface PacerWrite {
  readonly isWritten: boolean;
  readonly row: PacerRow;
}

export interface TurnsOptions {
  readonly write: (update: UpdateCommandInput) => Promise<PacerWrite>;
  readonly tableName: string;
  readonly limits: PacerLimits;
  /** By the table's clock. */
  readonly time: () => TimeRange;
}

/** More often than this a row does not change between two writes but by chance: then the launch waits and asks again. */
const MOST_WRITES = 5;
const CROWDED_WAIT_MILLISECONDS = 50;

/** The launch pacer over a row that others write, too. */
export function turnsOf({ write: send, tableName, limits, time }: TurnsOptions): Pacer {
  // What the last write showed, so that the next one is likely to suit the row.
  let seen: PacerRow = {};

  async function write(update: UpdateCommandInput): Promise<boolean> {
    const { isWritten, row } = await send(update);
    seen = row;
    return isWritten;
  }

  return {
    takeTurn: async (turnOf: TurnOf) => {
      // `paidUntil` only grows, so that a wait by an old one is never too long; a line may have gone since.
      seen = seen.paidUntil === undefined ? {} : { paidUntil: seen.paidUntil };
      for (let writes = 0; writes < MOST_WRITES; writes += 1) {
        const decision = decideTurn(seen, { tableName, limits, time: time(), turnOf });
        if (decision.kind !== 'take') {
          return decision;
        }
        if (await write(decision.update)) {
          return { kind: 'now', line: seen.line };
        }
      }
      return { kind: 'wait', milliseconds: CROWDED_WAIT_MILLISECONDS };
    },
    joinLine: async (launchId) => {
      await send(joinLineUpdate(tableName, launchId, time()));
    },
    leaveLine: async (launchId) => {
      await write(leaveLineUpdate(tableName, launchId));
    },
  };
}
