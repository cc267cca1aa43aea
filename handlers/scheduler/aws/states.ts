import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { conditionalUpdate } from '../../shared/conditional-update';
import { FLEET_ID, fleetUpdate, NEW_FLEET, parseFleet } from '../fleet';
import type { Change, StateTable, Written } from '../ports';
import { NEW_STATE, parseState, type ScheduleState, stateUpdate } from '../state';
import { readItems } from './read-items';

/** Name of the index of changes. */
const CHANGES_INDEX = 'changes';

type Versioned = { readonly writtenBy?: string };

/** One item that somebody has spoilt leaves the others as they are. */
function stateOf(id: string, item: unknown): readonly (readonly [string, ScheduleState])[] {
  try {
    return [[id, item === undefined ? NEW_STATE : parseState(item)]];
  } catch {
    return [];
  }
}

/** The table of the schedules' states in DynamoDB. */
export function dynamoStates(client: DynamoDBClient, tableName: string): StateTable {
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: Number },
  });

  /** @param parse of an item that is not there, too: somebody may delete it */
  async function write<Item extends Versioned>(
    update: UpdateCommandInput,
    writeId: string,
    parse: (item: unknown) => Item,
  ): Promise<Written<Item>> {
    const { isWritten, row } = await conditionalUpdate(documents, update, { wrapNumbers: Number });
    const item = parse(row);
    // Or the answer to the first try was lost, and the client tried again.
    return { kind: isWritten || item.writtenBy === writeId ? 'written' : 'refused', item };
  }

  return {
    read: async (ids) => {
      const items = await readItems(client, tableName, ids);
      return new Map(ids.flatMap((id) => stateOf(id, items.get(id))));
    },
    write: async (id, before, after) => {
      const writeId = randomUUID();
      return write(stateUpdate(tableName, id, before, after, writeId), writeId, (item) =>
        item === undefined ? NEW_STATE : parseState(item),
      );
    },
    changes: async (minute, from) => {
      const found: Change[] = [];
      let start: Readonly<Record<string, unknown>> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await documents.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: CHANGES_INDEX,
            KeyConditionExpression: '#minute = :minute AND #at >= :from',
            ExpressionAttributeNames: { '#minute': 'change_minute', '#at': 'changed_at' },
            ExpressionAttributeValues: { ':minute': minute, ':from': from },
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        for (const item of Items) {
          found.push({ id: String(item['id']), changedAt: String(item['changed_at']) });
        }
        start = LastEvaluatedKey;
      } while (start !== undefined);
      return found;
    },
    readFleet: async () => {
      const item = (await readItems(client, tableName, [FLEET_ID])).get(FLEET_ID);
      return item === undefined ? NEW_FLEET : parseFleet(item);
    },
    writeFleet: async (before, after) => {
      const writeId = randomUUID();
      return write(fleetUpdate(tableName, before, after, writeId), writeId, (item) =>
        item === undefined ? NEW_FLEET : parseFleet(item),
      );
    },
  };
}
