import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  decideTurn,
  joinLineUpdate,
  leaveLineUpdate,
  type PacerLimits,
  type PacerRow,
  type TurnOf,
} from '../../../handlers/starter/pacer';
import { type ClockOffset, observe, serverTime } from '../../../handlers/starter/server-time';
import { FakeTable } from '../fake-dynamodb';
import { writePacerRow } from './pacer-table';

/** One request for a launch: so long after the one before, at one of the starters. */
export interface Arrival {
  readonly gap: number;
  readonly starter: number;
}

export interface PacerModel {
  readonly limits: PacerLimits;
  /** By how much each starter's clock is wrong, in milliseconds. */
  readonly skews: readonly number[];
  readonly arrivals: readonly Arrival[];
  /** How long what a starter sends is on its way to the table, and how long the answer is. */
  readonly latency: number;
}

export interface Launch {
  readonly arrival: number;
  /** When the request came, when it was put into the line, and when the table gave it its turn; in true time. */
  readonly arrivedAt: number;
  readonly queuedAt?: number;
  readonly launchedAt: number;
}

const TABLE = 'ledger';

type Step = () => void;

/**
 * Starters with wrong clocks, one launch queue with one consumer, and a table with DynamoDB's expressions: all that
 * happens, happens in the order of true time, which nobody in it can read.
 */
export function playPacer({ limits, skews, arrivals, latency }: PacerModel): readonly Launch[] {
  const table = new FakeTable(TABLE, 'runId');
  const launches: Launch[] = [];
  const queue: { readonly arrival: number; readonly arrivedAt: number; readonly queuedAt: number }[] = [];
  const agenda: { readonly at: number; readonly order: number; readonly step: Step }[] = [];
  let now = 0;
  let order = 0;

  const after = (milliseconds: number, step: Step) => {
    agenda.push({ at: now + milliseconds, order, step });
    order += 1;
  };

  /** Sends a write from a starter; the answer comes with the table's time, in whole seconds as `Date` has it. */
  const send = (
    starter: Starter,
    update: UpdateCommandInput,
    answered: (row: PacerRow, isWritten: boolean) => void,
  ) => {
    const sentAt = starter.clock();
    after(latency, () => {
      const { isWritten, row } = writePacerRow(table, update);
      const processedAt = now;
      const date = Math.floor(now / 1000) * 1000;
      after(latency, () => {
        starter.offset = observe(starter.offset, { date, sentAt, receivedAt: starter.clock() });
        starter.grantedAt = processedAt;
        answered(row, isWritten);
      });
    });
  };

  class Starter {
    offset: ClockOffset | undefined;
    grantedAt = 0;

    constructor(readonly skew: number) {
      // Whatever a starter does begins with a read of the ledger.
      this.offset = observe(undefined, { date: 0, sentAt: this.clock(), receivedAt: this.clock() });
    }

    clock(): number {
      return now + this.skew;
    }

    takeTurn(turnOf: TurnOf, seen: PacerRow, then: (turn: 'now' | 'line' | number, row: PacerRow) => void): void {
      const time = serverTime(this.clock(), this.offset);
      const decision = decideTurn(seen, { tableName: TABLE, limits, time, turnOf });
      if (decision.kind !== 'take') {
        then(decision.kind === 'line' ? 'line' : decision.milliseconds, seen);
        return;
      }
      send(this, decision.update, (row, isWritten) => {
        if (isWritten) {
          then('now', row);
        } else {
          this.takeTurn(turnOf, row, then);
        }
      });
    }
  }

  const consumer = new Starter(skews[0] ?? 0);
  let isConsuming = false;

  const consume = (seen: PacerRow) => {
    const [head] = queue;
    if (head === undefined) {
      isConsuming = false;
      return;
    }
    isConsuming = true;
    const id = `run-${head.arrival}`;
    consumer.takeTurn('queued', seen, (turn, row) => {
      if (turn !== 'now') {
        after(turn === 'line' ? 0 : turn, () => consume(row));
        return;
      }
      queue.shift();
      launches.push({ ...head, launchedAt: consumer.grantedAt });
      if (row.line === id) {
        send(consumer, leaveLineUpdate(TABLE, id), () => consume({}));
      } else {
        consume(row);
      }
    });
  };

  const starters = skews.map((skew) => new Starter(skew));
  let arrivedAt = 0;
  for (const [arrival, { gap, starter: index }] of arrivals.entries()) {
    arrivedAt += gap;
    const at = arrivedAt;
    after(at, () => {
      const starter = starters[index % starters.length] ?? consumer;
      starter.takeTurn('newcomer', {}, (turn) => {
        if (turn === 'now') {
          launches.push({ arrival, arrivedAt: at, launchedAt: starter.grantedAt });
          return;
        }
        const { offset } = starter;
        send(starter, joinLineUpdate(TABLE, `run-${arrival}`, serverTime(starter.clock(), offset)), () => {
          queue.push({ arrival, arrivedAt: at, queuedAt: starter.grantedAt });
          if (!isConsuming) {
            consume({});
          }
        });
      });
    });
  }

  while (agenda.length > 0) {
    agenda.sort((one, other) => one.at - other.at || one.order - other.order);
    const next = agenda.shift();
    now = next?.at ?? now;
    next?.step();
  }
  return launches;
}
