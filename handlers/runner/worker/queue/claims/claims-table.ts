import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../../../../shared/clock';
import { type ClaimTable, claimingOf, claimWrite, doneWrite, releaseWrite, renewWrite } from './claim-write';
import type { Claims } from './claims';

interface ClaimsOptions extends ClaimTable {
  readonly clock: Clock;
  readonly newOwner: () => string;
}

/**
 * Claims in a table of DynamoDB: each is one conditional write.
 *
 * @param clients a renewal that hangs must not keep the next one from its time, and other writes must not be lost
 */
export function tableClaims(
  clients: { readonly writer: DynamoDBClient; readonly renewer: DynamoDBClient },
  options: ClaimsOptions,
): Claims {
  const { clock, newOwner } = options;
  const writer = DynamoDBDocumentClient.from(clients.writer);
  const renewer = DynamoDBDocumentClient.from(clients.renewer);
  const write = async (input: UpdateCommandInput, documents = writer) => {
    try {
      const { Attributes: row } = await documents.send(new UpdateCommand(input));
      return { isWritten: true, row };
    } catch (cause) {
      if (!(cause instanceof ConditionalCheckFailedException)) {
        throw cause;
      }
      // The document client leaves the row of a refusal as DynamoDB wrote it.
      return { isWritten: false, row: cause.Item === undefined ? undefined : unmarshall(cause.Item) };
    }
  };
  return {
    claim: async (jobId) => {
      const claim = { jobId, owner: newOwner() };
      const now = clock();
      const { row } = await write(claimWrite(options, claim, now));
      return claimingOf(claim, row, now);
    },
    renew: async (claim) => (await write(renewWrite(options, claim, clock()), renewer)).isWritten,
    done: async (claim) => {
      await write(doneWrite(options, claim, clock()));
    },
    release: async (claim, how) => {
      await write(releaseWrite(options, claim, how));
    },
  };
}
