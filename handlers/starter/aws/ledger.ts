import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LEDGER_KEY, OPEN } from '../../shared/run';
import { parseRunRecord } from '../../shared/run-record';
import type { Ledger, StartedTask } from '../ports';

const IS_PENDING = '#status = :pending';
const IS_LIVE = '#status IN (:pending, :starting, :running)';

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

  const noteTask = (runId: string, task: StartedTask, status: 'STARTING' | undefined) =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { [LEDGER_KEY]: runId },
        UpdateExpression:
          'SET #cluster = :cluster, taskDefinition = :taskDefinition, taskArn = :taskArn' +
          (status === undefined ? '' : ', #status = :status'),
        ConditionExpression: status === undefined ? `attribute_exists(${LEDGER_KEY})` : IS_PENDING,
        ExpressionAttributeNames: { '#cluster': 'cluster', ...(status === undefined ? {} : { '#status': 'status' }) },
        ExpressionAttributeValues: {
          ':cluster': task.cluster,
          ':taskDefinition': task.taskDefinition,
          ':taskArn': task.taskArn,
          ...(status === undefined ? {} : { ':status': status, ':pending': 'PENDING' }),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );

  return {
    find,
    create,
    markStarting: async (runId, task) => {
      const changed = await unlessConditionFails(noteTask(runId, task, 'STARTING'));
      // The runner was quicker, or somebody cancelled the run: its state is theirs.
      const { Attributes } = changed ?? (await noteTask(runId, task, undefined));
      return parseRunRecord(Attributes).status;
    },
    renewDelivery: async (runId, delivery, checkAt) => {
      const renew = (change: string, condition: string, names: object, values: object) =>
        documents.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { [LEDGER_KEY]: runId },
            UpdateExpression: change,
            ConditionExpression: condition,
            ExpressionAttributeNames: { '#status': 'status', '#delivery': 'delivery', ...names },
            ExpressionAttributeValues: {
              ':delivery': delivery,
              ':pending': 'PENDING',
              ':starting': 'STARTING',
              ':running': 'RUNNING',
              ...values,
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
      const live = await unlessConditionFails(renew('SET #delivery = :delivery', IS_LIVE, {}, {}));
      // It has ended, perhaps a moment ago.
      const renewed =
        live ??
        (await unlessConditionFails(
          renew(
            'SET #delivery = :delivery, checkAt = :checkAt, #open = :open REMOVE deliveredAt',
            `attribute_exists(${LEDGER_KEY}) AND NOT ${IS_LIVE}`,
            { '#open': 'open' },
            { ':checkAt': checkAt, ':open': OPEN },
          ),
        ));
      return renewed === undefined ? undefined : parseRunRecord(renewed.Attributes).status;
    },
    markFailed: async (runId, error, endedAt) => {
      await unlessConditionFails(
        documents.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { [LEDGER_KEY]: runId },
            UpdateExpression: 'SET #status = :failed, #error = :error, endedAt = :endedAt',
            ConditionExpression: IS_PENDING,
            ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
            ExpressionAttributeValues: {
              ':failed': 'FAILED',
              ':pending': 'PENDING',
              ':error': error,
              ':endedAt': endedAt,
            },
          }),
        ),
      );
    },
  };
}
