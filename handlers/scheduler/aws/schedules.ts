import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parseScheduleRow } from '../../shared/schedule/row';
import type { Row } from '../next-step';
import type { ScheduleTable } from '../ports';
import { readItems } from './read-items';

function rowOf(item: unknown): Row {
  if (item === undefined) {
    return { kind: 'gone' };
  }
  return parseScheduleRow(item);
}

/** The table of schedules in DynamoDB. */
export function dynamoSchedules(client: DynamoDBClient, tableName: string): ScheduleTable {
  return {
    scan: async ({ index, of, from, limit }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: tableName,
          ConsistentRead: true,
          Segment: index,
          TotalSegments: of,
          Limit: limit,
          ExclusiveStartKey: from as never,
        }),
      );
      return { items: Items.map((item) => unmarshall(item, { wrapNumbers: Number })), next: LastEvaluatedKey };
    },
    read: async (ids) => {
      const items = await readItems(client, tableName, ids);
      return new Map(ids.map((id) => [id, rowOf(items.get(id))]));
    },
  };
}
