import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { cancelWrite } from '../../shared/ledger/ending';
import { ledgerDocuments, sendWrite } from '../../shared/ledger/table';
import { listQuery } from '../list-query';
import type { Runs } from '../ports';

// Every key of the table and of its indexes is a text.
const LastKeySchema = v.optional(v.record(v.string(), v.string()));

/** Lists and cancels runs in DynamoDB. */
export function dynamoRuns(client: DynamoDBClient, tableName: string): Runs {
  const documents = ledgerDocuments(client);

  return {
    query: async (cursor, limit) => {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand(listQuery(tableName, cursor, limit)),
      );
      return { rows: Items, lastKey: v.parse(LastKeySchema, LastEvaluatedKey) };
    },
    cancel: async (record, by, now) => sendWrite(documents, cancelWrite(tableName, record, by, now)),
  };
}
