import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { LEDGER_KEY, LIVE_STATUSES } from '../../shared/run';
import type { SchedulerPorts } from '../ports';

/** Whether runs are alive, by the ledger. A run that has left it has ended long ago. */
export function ledgerRuns(client: DynamoDBClient, tableName: string): SchedulerPorts['isRunAlive'] {
  return async (runId) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: { [LEDGER_KEY]: { S: runId } },
        ConsistentRead: true,
        ProjectionExpression: '#status',
        ExpressionAttributeNames: { '#status': 'status' },
      }),
    );
    return LIVE_STATUSES.some((status) => status === Item?.['status']?.S);
  };
}
