import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { LEDGER_KEY, type RunRecord } from '../../shared/run';
import { parseRunRecord } from '../../shared/run-record';
import { checkUpdate, failedUpdate, startingUpdate, taskUpdate, variantUpdate } from '../ledger-updates';
import { PACER_KEY } from '../pacer';
import type { Ledger } from '../ports';

async function unlessConditionFails<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return undefined;
    }
    throw error;
  }
}

/** The ledger in DynamoDB. */
export function dynamoLedger(client: DynamoDBClient, tableName: string): Ledger {
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // A handler's output may hold numbers past 2^53, at which the default throws.
    unmarshallOptions: { wrapNumbers: Number },
  });

  const find: Ledger['find'] = async (runId) => {
    if (runId === PACER_KEY) {
      return undefined;
    }
    const { Item } = await documents.send(
      new GetCommand({ TableName: tableName, Key: { [LEDGER_KEY]: runId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : parseRunRecord(Item);
  };

  const create: Ledger['create'] = async (record) => {
    const written = await unlessConditionFails(
      documents.send(
        new PutCommand({
          TableName: tableName,
          Item: record,
          ConditionExpression: `attribute_not_exists(${LEDGER_KEY})`,
        }),
      ),
    );
    return written === undefined ? find(record.runId) : undefined;
  };

  /** The row after a write; `undefined` where its condition did not hold. */
  const write = async (update: UpdateCommandInput): Promise<RunRecord | undefined> => {
    const written = await unlessConditionFails(documents.send(new UpdateCommand(update)));
    return written === undefined ? undefined : parseRunRecord(written.Attributes);
  };

  return {
    find,
    create,
    markStarting: async (attempt, task) => {
      // Where the first is refused, the runner was quicker, or somebody cancelled the run: its state is theirs.
      const row =
        (await write(startingUpdate(tableName, attempt, task))) ?? (await write(taskUpdate(tableName, attempt, task)));
      return (row ?? (await find(attempt.runId)))?.status ?? 'STARTING';
    },
    markFailed: async (row, error, endedAt) =>
      (await write(failedUpdate(tableName, row, error, endedAt))) ?? find(row.runId),
    noteVariant: async (attempt, variant) => {
      if ((await write(variantUpdate(tableName, attempt, variant))) !== undefined) {
        return true;
      }
      // The SDK repeats a write whose answer was lost, and the second is refused for what the first wrote.
      const row = await find(attempt.runId);
      return row?.status === 'PENDING' && row.attempt === attempt.attempt && row.launchVariant === variant;
    },
    postponeCheck: async (attempt, checkAt) => {
      await write(checkUpdate(tableName, attempt, checkAt));
    },
  };
}
