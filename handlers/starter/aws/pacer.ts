import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parsePacerRow } from '../pacer';
import type { Pacer } from '../ports';
import { type TurnsOptions, turnsOf } from '../turns';

export interface PacerOptions extends Omit<TurnsOptions, 'write'> {
  readonly client: DynamoDBClient;
}

/** The launch pacer in DynamoDB. */
export function dynamoPacer({ client, ...options }: PacerOptions): Pacer {
  const documents = DynamoDBDocumentClient.from(client);
  return turnsOf({
    ...options,
    write: async (update) => {
      try {
        const { Attributes } = await documents.send(new UpdateCommand(update));
        return { isWritten: true, row: parsePacerRow(Attributes ?? {}) };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return { isWritten: false, row: parsePacerRow(unmarshall(error.Item ?? {})) };
        }
        throw error;
      }
    },
  });
}
