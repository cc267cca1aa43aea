import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ledgerDocuments, sendWrite } from '../../shared/ledger/table';
import { LEDGER_INDEXES, LEDGER_KEY, OPEN } from '../../shared/run';
import { parseRunRecord } from '../../shared/run-record';
import type { Ledger } from '../ports';

/** As many as DescribeTasks takes at once. */
const PAGE_ROWS = 100;

/** The ledger in DynamoDB. */
export function dynamoLedger(client: DynamoDBClient, tableName: string): Ledger {
  const documents = ledgerDocuments(client);
  return {
    find: async (runId) => {
      const { Item } = await documents.send(
        new GetCommand({ TableName: tableName, Key: { [LEDGER_KEY]: runId }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : parseRunRecord(Item);
    },
    due: async (now, from) => {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: LEDGER_INDEXES.open,
          KeyConditionExpression: '#open = :open AND #checkAt <= :now',
          ExpressionAttributeNames: { '#open': 'open', '#checkAt': 'checkAt' },
          ExpressionAttributeValues: { ':open': OPEN, ':now': now.toISOString() },
          Limit: PAGE_ROWS,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      return { runIds: Items.map((item) => String(item[LEDGER_KEY])), next: LastEvaluatedKey };
    },
    write: (write) => sendWrite(documents, write),
  };
}
