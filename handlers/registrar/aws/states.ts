import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StateTable } from '../ports';

/** Of an ISO time, as the key of the index of changes has it: 2026-11-27T11:40. */
const MINUTE_CHARACTERS = 16;

/**
 * The table of the schedules' states, of which the registrar writes when a row was changed, and nothing else. The index of
 * changes is by when that was told, so that no scheduler overlooks what is told late.
 */
export function dynamoStates(client: DynamoDBClient, table: string): StateTable {
  const documents = DynamoDBDocumentClient.from(client, { unmarshallOptions: { wrapNumbers: Number } });

  async function noteChange(id: string, at: Date): Promise<void> {
    const changedAt = at.toISOString();
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { id },
        UpdateExpression: 'SET #minute = :minute, #at = :at',
        ExpressionAttributeNames: { '#minute': 'change_minute', '#at': 'changed_at' },
        ExpressionAttributeValues: { ':minute': changedAt.slice(0, MINUTE_CHARACTERS), ':at': changedAt },
      }),
    );
  }

  async function noteWrite(id: string, at: Date, writtenAt: Date, condition: string | undefined): Promise<void> {
    const changedAt = at.toISOString();
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { id },
        UpdateExpression: 'SET #minute = :minute, #at = :at, #written = :written',
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#minute': 'change_minute', '#at': 'changed_at', '#written': 'written_at' },
        ExpressionAttributeValues: {
          ':minute': changedAt.slice(0, MINUTE_CHARACTERS),
          ':at': changedAt,
          ':written': writtenAt.toISOString(),
        },
      }),
    );
  }

  return {
    note: async (id, at, writtenAt) => noteWrite(id, at, writtenAt, undefined),
    noteAgain: async (id, at, writtenAt) => {
      if (writtenAt === undefined) {
        await noteChange(id, at);
        return;
      }
      try {
        await noteWrite(id, at, writtenAt, 'attribute_not_exists(#written) OR #written < :written');
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) {
          throw cause;
        }
        // It is known already, or a later write is. Schedulers that have read the row before read it again all the same.
        await noteChange(id, at);
      }
    },
    find: async (id) => {
      const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
      return Item;
    },
  };
}
