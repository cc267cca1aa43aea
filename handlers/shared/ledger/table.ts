import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { conditionalUpdate } from '../conditional-update';
import type { RunRecord } from '../run';
import { parseRunRecord } from '../run-record';
import type { LedgerWrite } from './update';

export type WriteResult =
  /** The row as it is now. */
  | { readonly kind: 'written'; readonly record: RunRecord }
  /** The row that refused; `undefined` where there is none. */
  | { readonly kind: 'refused'; readonly record: RunRecord | undefined };

/**
 * How often a Lambda function tries a call of the ledger: six seconds of waits on average, of the minute that it has. The
 * SDK's own three tries are a second.
 */
export const LEDGER_ATTEMPTS = 8;

// A handler's output may hold numbers past 2^53, at which the default throws. Made anew each time: the document client
// keeps notes of its own in the object that it is given.
const unmarshallOptions = () => ({ wrapNumbers: Number });

export function ledgerDocuments(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: unmarshallOptions(),
  });
}

/** Sends a write. What DynamoDB throws but for the condition passes on. */
export async function sendWrite(documents: DynamoDBDocumentClient, write: LedgerWrite): Promise<WriteResult> {
  const { isWritten, row } = await conditionalUpdate(documents, write.update, unmarshallOptions());
  if (isWritten) {
    return { kind: 'written', record: parseRunRecord(row) };
  }
  const record = row === undefined ? undefined : parseRunRecord(row);
  return record !== undefined && write.isWritten(record) ? { kind: 'written', record } : { kind: 'refused', record };
}
