import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { messageOf, RunnerError } from './errors';
import { beginUpdate, type Ending, endUpdate, invokedUpdate, isAlreadyWritten } from './ledger-updates';

type WriteResult =
  | { readonly kind: 'written' }
  /** `status` of the row that refused; `undefined` when there is no row. */
  | { readonly kind: 'refused'; readonly status: string | undefined };

/** One run's row in the ledger. Each write is conditional. */
export interface Ledger {
  readonly begin: (now: Date) => Promise<WriteResult>;
  readonly markInvoked: (now: Date) => Promise<WriteResult>;
  readonly end: (ending: Ending) => Promise<WriteResult>;
}

/** @throws {RunnerError} LEDGER_UNAVAILABLE from each write, after the client's own retries */
export function runLedger(client: DynamoDBClient, tableName: string, runId: string): Ledger {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    begin: (now) => write(documents, beginUpdate(tableName, runId, now)),
    markInvoked: (now) => write(documents, invokedUpdate(tableName, runId, now)),
    end: (ending) => write(documents, endUpdate(tableName, runId, ending)),
  };
}

async function write(documents: DynamoDBDocumentClient, input: UpdateCommandInput): Promise<WriteResult> {
  try {
    await documents.send(new UpdateCommand(input));
    return { kind: 'written' };
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw new RunnerError('LEDGER_UNAVAILABLE', `The ledger ${input.TableName} took no write: ${messageOf(cause)}`, {
        cause,
      });
    }
    const row = textsOf(cause.Item ?? {});
    return isAlreadyWritten(row, input) ? { kind: 'written' } : { kind: 'refused', status: row['status'] };
  }
}

/** The texts among a row's attributes: the document client leaves the row of a refusal as DynamoDB wrote it. */
function textsOf(item: Readonly<Record<string, AttributeValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => (value.S === undefined ? [] : [[name, value.S]])),
  );
}
