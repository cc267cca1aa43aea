import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { conditionalUpdate } from '../../shared/conditional-update';
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
      const { isWritten, row = {} } = await conditionalUpdate(documents, update);
      return { isWritten, row: parsePacerRow(row) };
    },
  });
}
