import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../../../shared/clock';
import { conditionalUpdate } from '../../../../shared/conditional-update';
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
  return {
    claim: async (jobId, messageId) => {
      const claim = { jobId, owner: newOwner(), messageId, buried: [] };
      const now = clock();
      const { row } = await conditionalUpdate(writer, claimWrite(options, claim, now));
      return claimingOf(claim, row, now);
    },
    renew: async (claim) => (await conditionalUpdate(renewer, renewWrite(options, claim, clock()))).isWritten,
    done: async (claim) => {
      await conditionalUpdate(writer, doneWrite(options, claim, clock()));
    },
    release: async (claim, how) => {
      await conditionalUpdate(writer, releaseWrite(options, claim, how));
    },
  };
}
