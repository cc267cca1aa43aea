import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall, type unmarshallOptions } from '@aws-sdk/util-dynamodb';

/** What became of an update. */
export interface Updated {
  /** Whether its condition held. */
  readonly isWritten: boolean;
  /** As it is now, if the update asks for it; `undefined` where there is none. */
  readonly row: Readonly<Record<string, unknown>> | undefined;
}

/** Sends an update. What DynamoDB throws but for the condition passes on. */
export async function conditionalUpdate(
  documents: DynamoDBDocumentClient,
  update: UpdateCommandInput,
  options?: unmarshallOptions,
): Promise<Updated> {
  try {
    const { Attributes: row } = await documents.send(new UpdateCommand(update));
    return { isWritten: true, row };
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
    // The document client leaves the row of a refusal as DynamoDB wrote it.
    return { isWritten: false, row: cause.Item === undefined ? undefined : unmarshall(cause.Item, options) };
  }
}
