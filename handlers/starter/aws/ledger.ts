import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ledgerDocuments, sendWrite } from '../../shared/ledger/table';
import { LEDGER_KEY } from '../../shared/run';
import { parseRunRecord } from '../../shared/run-record';
import {
  postponeWrite,
  refusedWrite,
  renewEndedWrite,
  renewLiveWrite,
  startingWrite,
  taskWrite,
  variantWrite,
} from '../ledger-writes';
import { PACER_KEY } from '../pacer';
import type { Ledger } from '../ports';

/** The ledger in DynamoDB. */
export function dynamoLedger(client: DynamoDBClient, tableName: string): Ledger {
  const documents = ledgerDocuments(client);

  const find: Ledger['find'] = async (runId) => {
    if (runId === PACER_KEY) {
      return undefined;
    }
    const { Item } = await documents.send(
      new GetCommand({ TableName: tableName, Key: { [LEDGER_KEY]: runId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : parseRunRecord(Item);
  };

  return {
    find,
    create: async (record) => {
      try {
        await documents.send(
          new PutCommand({
            TableName: tableName,
            Item: record,
            ConditionExpression: `attribute_not_exists(${LEDGER_KEY})`,
          }),
        );
        return undefined;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return find(record.runId);
        }
        throw error;
      }
    },
    markStarting: async (attempt, task) => {
      const starting = await sendWrite(documents, startingWrite(tableName, attempt, task));
      // The runner was quicker, or somebody cancelled the run: its state is theirs.
      const { record } =
        starting.kind === 'written' ? starting : await sendWrite(documents, taskWrite(tableName, attempt, task));
      return record?.status ?? 'STARTING';
    },
    markFailed: async (row, error, now) => {
      const closed = await sendWrite(documents, refusedWrite(tableName, row, error, randomUUID(), now));
      return closed.kind === 'written' ? closed.record : undefined;
    },
    noteVariant: async (attempt, variant) => {
      const { kind } = await sendWrite(documents, variantWrite(tableName, attempt, variant));
      return kind === 'written';
    },
    renewDelivery: async (runId, delivery, checkAt) => {
      const live = await sendWrite(documents, renewLiveWrite(tableName, runId, delivery));
      // It has ended, perhaps a moment ago.
      const renewed =
        live.kind === 'written'
          ? live
          : await sendWrite(documents, renewEndedWrite(tableName, runId, delivery, checkAt));
      return renewed.record?.status;
    },
    postponeCheck: async (attempt, checkAt) => {
      await sendWrite(documents, postponeWrite(tableName, attempt, checkAt));
    },
  };
}
