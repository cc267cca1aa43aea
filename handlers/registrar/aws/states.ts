import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { conditionalUpdate } from '../../shared/conditional-update';
import type { StateTable } from '../ports';

/** Of an ISO time, as the key of the index of changes has it: 2026-11-27T11:40. */
const MINUTE_CHARACTERS = 16;

const IS_LATER = 'attribute_not_exists(#written) OR #written < :written';

/**
 * The table of the schedules' states, of which the registrar writes when a row was changed, and nothing else. The index of
 * changes is by when that was told, so that no scheduler overlooks what is told late.
 */
export function dynamoStates(client: DynamoDBClient, table: string): StateTable {
  const documents = DynamoDBDocumentClient.from(client, { unmarshallOptions: { wrapNumbers: Number } });

  /** @returns whether the condition held */
  async function note(id: string, at: Date, writtenAt?: Date, condition?: string): Promise<boolean> {
    const changedAt = at.toISOString();
    const { isWritten } = await conditionalUpdate(documents, {
      TableName: table,
      Key: { id },
      UpdateExpression: `SET #minute = :minute, #at = :at${writtenAt === undefined ? '' : ', #written = :written'}`,
      ConditionExpression: condition,
      ExpressionAttributeNames: {
        '#minute': 'change_minute',
        '#at': 'changed_at',
        ...(writtenAt === undefined ? {} : { '#written': 'written_at' }),
      },
      ExpressionAttributeValues: {
        ':minute': changedAt.slice(0, MINUTE_CHARACTERS),
        ':at': changedAt,
        ...(writtenAt === undefined ? {} : { ':written': writtenAt.toISOString() }),
      },
    });
    return isWritten;
  }

  return {
    note: async (id, at, writtenAt) => {
      await note(id, at, writtenAt);
    },
    noteAgain: async (id, at, writtenAt) => {
      const isNews = writtenAt !== undefined && (await note(id, at, writtenAt, IS_LATER));
      if (!isNews) {
        // It is known already, or a later write is. Schedulers that have read the row before read it again all the same.
        await note(id, at);
      }
    },
    find: async (id) => {
      const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
      return Item;
    },
  };
}
