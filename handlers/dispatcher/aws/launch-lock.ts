import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { conditionalUpdate } from '../../shared/conditional-update';
import { memoryText, parseMemory } from '../launch-memory';
import type { LaunchLock } from '../ports';

/** Beside the claims of jobs, whose ids begin otherwise. */
const LOCK_ID = 'launch-lock';

const ItemSchema = v.object({
  owner: v.optional(v.string(), ''),
  asked: v.optional(v.boolean(), false),
  memory: v.optional(v.unknown()),
});

type Item = v.InferOutput<typeof ItemSchema>;

type Written = { readonly isWritten: boolean; readonly item: Item };

const IS_MINE = '#owner = :owner AND attribute_exists(#until)';
const MINE = { '#owner': 'owner', '#until': 'lockedUntil' } as const;

/**
 * DynamoDB takes about 1,000 writes of one item in a second. That there are more means that many dispatchers want the
 * lock, and one of them has it.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const CROWDED = /Throughput|Throttl|RequestLimit/;

function isCrowded(error: unknown): boolean {
  return error instanceof Error && CROWDED.test(error.name);
}

/** The launch lock in DynamoDB: every write is conditional. */
export function dynamoLaunchLock(client: DynamoDBClient, tableName: string): LaunchLock {
  const documents = DynamoDBDocumentClient.from(client);

  async function write(update: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<Written> {
    const { isWritten, row = {} } = await conditionalUpdate(documents, {
      TableName: tableName,
      Key: { id: LOCK_ID },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...update,
    });
    return { isWritten, item: v.parse(ItemSchema, row) };
  }

  return {
    lock: async (owner, now, until) => {
      try {
        const { isWritten, item } = await write({
          UpdateExpression: 'SET #owner = :owner, #until = :until REMOVE #asked',
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :now',
          ExpressionAttributeNames: { ...MINE, '#asked': 'asked' },
          ExpressionAttributeValues: { ':owner': owner, ':until': until, ':now': now },
        });
        // Refused by its own first try, whose answer was lost: the client had tried again.
        return isWritten || item.owner === owner
          ? { kind: 'locked', memory: parseMemory(item.memory) }
          : { kind: 'busy', owner: item.owner, isAsked: item.asked };
      } catch (error) {
        if (isCrowded(error)) {
          return { kind: 'crowded' };
        }
        throw error;
      }
    },
    ask: async (owner) => {
      try {
        const { isWritten } = await write({
          UpdateExpression: 'SET #asked = :true',
          ConditionExpression: IS_MINE,
          ExpressionAttributeNames: { ...MINE, '#asked': 'asked' },
          ExpressionAttributeValues: { ':owner': owner, ':true': true },
        });
        return isWritten;
      } catch (error) {
        if (isCrowded(error)) {
          // One of the others that ask has been heard, or the next sweep looks.
          return true;
        }
        throw error;
      }
    },
    note: async (owner, memory, until) => {
      const { isWritten } = await write({
        UpdateExpression: 'SET #memory = :memory, #until = :until',
        ConditionExpression: IS_MINE,
        ExpressionAttributeNames: { ...MINE, '#memory': 'memory' },
        ExpressionAttributeValues: { ':owner': owner, ':memory': memoryText(memory), ':until': until },
      });
      return isWritten;
    },
    unlock: async (owner, memory, isLast) => {
      const { isWritten, item } = await write({
        UpdateExpression: 'SET #memory = :memory REMOVE #until, #asked',
        ConditionExpression: isLast ? IS_MINE : `${IS_MINE} AND attribute_not_exists(#asked)`,
        ExpressionAttributeNames: { ...MINE, '#memory': 'memory', '#asked': 'asked' },
        ExpressionAttributeValues: { ':owner': owner, ':memory': memoryText(memory) },
      });
      if (isWritten) {
        return 'unlocked';
      }
      if (item.owner !== owner || !item.asked) {
        return 'lost';
      }
      const again = await write({
        UpdateExpression: 'SET #memory = :memory REMOVE #asked',
        ConditionExpression: IS_MINE,
        ExpressionAttributeNames: { ...MINE, '#memory': 'memory', '#asked': 'asked' },
        ExpressionAttributeValues: { ':owner': owner, ':memory': memoryText(memory) },
      });
      return again.isWritten ? 'asked' : 'lost';
    },
  };
}
