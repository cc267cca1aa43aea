import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Condition, ScheduleTable } from '../ports';

interface ConditionInput {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

function conditionInput(condition: Condition | undefined): ConditionInput {
  if (condition === undefined) {
    return {};
  }
  if (condition.kind === 'absent') {
    return { ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': 'id' } };
  }
  const names = { '#id': 'id', '#at': 'last_updated' };
  return condition.value === undefined
    ? {
        ConditionExpression: 'attribute_exists(#id) AND attribute_not_exists(#at)',
        ExpressionAttributeNames: names,
      }
    : {
        ConditionExpression: 'attribute_exists(#id) AND #at = :at',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':at': condition.value },
      };
}

async function holds(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}

/** A table of schedules in DynamoDB. What DynamoDB throws but for the condition passes on. */
export function dynamoSchedules(client: DynamoDBClient, table: string, signal?: AbortSignal): ScheduleTable {
  const options = signal === undefined ? {} : { abortSignal: signal };
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: Number },
  });
  return {
    find: async (id) => {
      const { Item } = await documents.send(
        new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }),
        options,
      );
      return Item;
    },
    put: async (row, condition) =>
      holds(documents.send(new PutCommand({ TableName: table, Item: row, ...conditionInput(condition) }), options)),
    remove: async (id, condition) =>
      holds(
        documents.send(new DeleteCommand({ TableName: table, Key: { id }, ...conditionInput(condition) }), options),
      ),
    enable: async (id, isEnabled, lastUpdated) =>
      holds(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { id },
            UpdateExpression: 'SET #enabled = :enabled, #at = :at',
            ConditionExpression: 'attribute_exists(#id)',
            ExpressionAttributeNames: { '#id': 'id', '#enabled': 'enabled', '#at': 'last_updated' },
            ExpressionAttributeValues: { ':enabled': isEnabled, ':at': lastUpdated },
          }),
          options,
        ),
      ),
    page: async (limit, after) => {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new ScanCommand({
          TableName: table,
          Limit: limit,
          ...(after === undefined ? {} : { ExclusiveStartKey: { id: after } }),
        }),
        options,
      );
      const last: unknown = LastEvaluatedKey?.['id'];
      return { rows: Items, next: typeof last === 'string' ? last : undefined };
    },
  };
}
