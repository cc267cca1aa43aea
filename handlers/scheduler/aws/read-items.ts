import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { STATE_KEY } from '../state';

/** DynamoDB answers for a part of the keys when it is short of throughput: that often the rest is asked for again. */
const TRIES = 5;

/**
 * Reads items by their id, consistently. An id that is not in the answer has no item; where DynamoDB left some keys
 * unprocessed to the end, nothing is answered.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 *
 * @param ids at most 100
 */
export async function readItems(
  client: DynamoDBClient,
  tableName: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  let left: readonly string[] = [...new Set(ids)];
  for (let tries = 0; tries < TRIES && left.length > 0; tries += 1) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [tableName]: { ConsistentRead: true, Keys: left.map((id) => ({ [STATE_KEY]: { S: id } })) },
        },
      }),
    );
    for (const item of Responses?.[tableName] ?? []) {
      const read = unmarshall(item, { wrapNumbers: Number });
      found.set(String(read[STATE_KEY]), read);
    }
    left = (UnprocessedKeys?.[tableName]?.Keys ?? []).flatMap((key) => key[STATE_KEY]?.S ?? []);
  }
  if (left.length > 0) {
    throw new Error(`DynamoDB left ${left.length} of ${ids.length} items of ${tableName} unread.`);
  }
  return found;
}
