import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Rows, WaitingRow } from '../ports';

const ROW = 'row#';
const DONE = 'done#';
const LOCK = 'lock';

const SECONDS_PER_DAY = 24 * 60 * 60;

/** A row that no message ends, as its queue gave it up, stays as long as the dead letter that names it. */
const ROW_SECONDS = 14 * SECONDS_PER_DAY;

/** Longer than Lambda tries an asynchronous event again: 6 hours. */
const DONE_SECONDS = SECONDS_PER_DAY;

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html and API_BatchWriteItem.html
const MOST_GETS = 100;
const MOST_WRITES = 25;
const BATCHES_AT_ONCE = 8;

/** How often what DynamoDB did not take of a batch is sent again. */
const UNPROCESSED_TRIES = 10;
const UNPROCESSED_MILLISECONDS = 50;

const RowSchema = v.object({ item: v.string(), event: v.string(), receivedAt: v.string() });
const LockSchema = v.object({
  batch: v.optional(v.object({ id: v.string(), rows: v.array(v.string()), isStarted: v.boolean() })),
});

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function seconds(now: Date): number {
  return Math.floor(now.getTime() / 1000);
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'ConditionalCheckFailed')
  );
}

/** The rows that wait, in one table: under a window its rows, what is left of those in runs, and its lock. */
export function dynamoRows(
  client: DynamoDBClient,
  table: string,
  sleep: (milliseconds: number) => Promise<void>,
): Rows {
  const documents = DynamoDBDocumentClient.from(client);
  const key = (window: string, item: string) => ({ window, item });

  const writeAll = async (requests: readonly object[]): Promise<void> => {
    let left = [...requests];
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries > 0) {
        if (tries > UNPROCESSED_TRIES) {
          throw new Error(`DynamoDB did not take ${left.length} writes of ${table}.`);
        }
        await sleep(UNPROCESSED_MILLISECONDS * 2 ** tries);
      }
      const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
      left = [...(UnprocessedItems?.[table] ?? [])];
    }
  };

  const writeMany = async (requests: readonly object[]): Promise<void> => {
    for (const some of chunks(chunks(requests, MOST_WRITES), BATCHES_AT_ONCE)) {
      await Promise.all(some.map(writeAll));
    }
  };

  const lockUpdate = async (
    window: string,
    owner: string,
    update: string,
    values: Readonly<Record<string, unknown>>,
  ) => {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: key(window, LOCK),
        UpdateExpression: update,
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner', ...(update.includes('#batch') ? { '#batch': 'batch' } : {}) },
        ExpressionAttributeValues: { ':owner': owner, ...values },
      }),
    );
  };

  return {
    put: async (window, { id, event, receivedAt }) => {
      const expiresAt = seconds(new Date(receivedAt)) + ROW_SECONDS;
      const Item = { ...key(window, `${ROW}${id}`), event: JSON.stringify(event), receivedAt, expiresAt };
      const isInNoRun = {
        TableName: table,
        Key: key(window, `${DONE}${id}`),
        ConditionExpression: 'attribute_not_exists(#item)',
        ExpressionAttributeNames: { '#item': 'item' },
      };
      try {
        await documents.send(
          new TransactWriteCommand({
            TransactItems: [{ ConditionCheck: isInNoRun }, { Put: { TableName: table, Item } }],
          }),
        );
        return true;
      } catch (error) {
        if (isRefused(error)) {
          return false;
        }
        throw error;
      }
    },
    hasAny: async (window, ids) => {
      for (const some of chunks(ids, MOST_GETS)) {
        const Keys = [...new Set(some)].map((id) => key(window, `${ROW}${id}`));
        const { Responses, UnprocessedKeys } = await documents.send(
          new BatchGetCommand({
            RequestItems: {
              [table]: {
                Keys,
                ConsistentRead: true,
                ProjectionExpression: '#item',
                ExpressionAttributeNames: { '#item': 'item' },
              },
            },
          }),
        );
        // What was not read may be there: whoever asks looks again.
        if ((Responses?.[table] ?? []).length > 0 || (UnprocessedKeys?.[table]?.Keys ?? []).length > 0) {
          return true;
        }
      }
      return false;
    },
    list: async (window) => {
      const rows: WaitingRow[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await documents.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: '#window = :window AND begins_with(#item, :row)',
            ExpressionAttributeNames: { '#window': 'window', '#item': 'item' },
            ExpressionAttributeValues: { ':window': window, ':row': ROW },
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        );
        for (const { item, event, receivedAt } of v.parse(v.array(RowSchema), Items ?? [])) {
          rows.push({ id: item.slice(ROW.length), event: JSON.parse(event), receivedAt });
        }
        from = LastEvaluatedKey;
      } while (from !== undefined);
      return rows;
    },
    lock: async (window, owner, now, until) => {
      try {
        const { Attributes } = await documents.send(
          new UpdateCommand({
            TableName: table,
            Key: key(window, LOCK),
            UpdateExpression: 'SET #owner = :owner, lockedUntil = :until, expiresAt = :expiry',
            ConditionExpression: 'attribute_not_exists(lockedUntil) OR lockedUntil < :now',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: {
              ':owner': owner,
              ':now': now,
              ':until': until,
              ':expiry': seconds(new Date(now)) + ROW_SECONDS,
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return { kind: 'locked', batch: v.parse(LockSchema, Attributes ?? {}).batch };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return { kind: 'busy' };
        }
        throw error;
      }
    },
    noteBatch: (window, owner, batch) =>
      lockUpdate(window, owner, 'SET #batch = :batch', { ':batch': { ...batch, rows: [...batch.rows] } }),
    remove: async (window, ids, now) => {
      const expiresAt = seconds(now) + DONE_SECONDS;
      const done = ids.map((id) => ({ PutRequest: { Item: { ...key(window, `${DONE}${id}`), expiresAt } } }));
      const gone = ids.map((id) => ({ DeleteRequest: { Key: key(window, `${ROW}${id}`) } }));
      // One after the other: between the two an event that comes again is refused, and before them its row goes, too.
      await writeMany(done);
      await writeMany(gone);
    },
    unlock: (window, owner, batch) =>
      lockUpdate(window, owner, batch === 'done' ? 'REMOVE lockedUntil, #batch' : 'REMOVE lockedUntil', {}),
  };
}
