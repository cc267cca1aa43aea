import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import {
  decideTurn,
  joinLineUpdate,
  leaveLineUpdate,
  type PacerLimits,
  type PacerRow,
  parsePacerRow,
  type TurnOf,
} from '../pacer';
import type { Pacer } from '../ports';
import type { TimeRange } from '../server-time';

export interface PacerOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly limits: PacerLimits;
  /** By the table's clock. */
  readonly time: () => TimeRange;
}

/** More often than this a row does not change between two writes but by chance: then the launch waits and asks again. */
const MOST_WRITES = 5;
const CROWDED_WAIT_MILLISECONDS = 50;

/** The launch pacer in DynamoDB. */
export function dynamoPacer({ client, tableName, limits, time }: PacerOptions): Pacer {
  const documents = DynamoDBDocumentClient.from(client);
  // What the last write showed, so that the next one is likely to suit the row.
  let seen: PacerRow = {};

  async function write(update: UpdateCommandInput): Promise<boolean> {
    try {
      const { Attributes } = await documents.send(new UpdateCommand(update));
      seen = parsePacerRow(Attributes ?? {});
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        seen = parsePacerRow(unmarshall(error.Item ?? {}));
        return false;
      }
      throw error;
    }
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
      await documents.send(new UpdateCommand(joinLineUpdate(tableName, launchId, time())));
    },
    leaveLine: async (launchId) => {
      await write(leaveLineUpdate(tableName, launchId));
    },
  };
}
