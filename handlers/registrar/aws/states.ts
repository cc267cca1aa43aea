import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StateTable } from '../ports';

/** Of an ISO time, as the key of the index of changes has it: 2026-11-27T11:40. */
const MINUTE_CHARACTERS = 16;

/** The table of the schedules' states, of which the registrar writes when a row was changed, and nothing else. */
export function dynamoStates(client: DynamoDBClient, table: string): StateTable {
  const documents = DynamoDBDocumentClient.from(client, { unmarshallOptions: { wrapNumbers: Number } });
  return {
    note: async (id, at) => {
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
    },
    find: async (id) => {
      const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
      return Item;
    },
  };
}
