import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type ClaimTable,
  claimingOf,
  claimWrite,
  doneWrite,
  releaseWrite,
  renewWrite,
} from '../../../handlers/runner/worker/queue/claims/claim-write';
import type { Claims } from '../../../handlers/runner/worker/queue/claims/claims';
import type { Clock } from '../../../handlers/shared/clock';
import { FakeTable } from '../fake-dynamodb';

export const CLAIM_TABLE: ClaimTable = { tableName: 'jobs', leaseMilliseconds: 8_000, keepSeconds: 1_296_000 };

/** A jobs table, and claims in it by the very writes that go to DynamoDB. */
export class FakeClaims {
  readonly table = new FakeTable('jobs', 'id');
  #owners = 0;

  constructor(readonly options: ClaimTable = CLAIM_TABLE) {}

  /** Does a write. @returns whether its condition held, and the row as it is then */
  write(input: UpdateCommandInput) {
    const answer = this.table.update({
      ...input,
      Key: marshall(input.Key ?? {}),
      ExpressionAttributeValues: marshall(input.ExpressionAttributeValues ?? {}),
      ExpressionAttributeNames: input.ExpressionAttributeNames ?? {},
    });
    if (answer.kind === 'invalid') {
      throw new Error(answer.message);
    }
    return {
      isWritten: answer.kind === 'updated',
      row: answer.item === undefined ? undefined : unmarshall(answer.item),
    };
  }

  /** @param isAlive whether whoever has these claims still is; of a dead one nothing arrives */
  claims(clock: Clock, isAlive: () => boolean = () => true): Claims {
    const reached = async <Result>(call: () => Result): Promise<Result> =>
      isAlive() ? call() : new Promise<Result>(() => undefined);
    return {
      claim: (jobId, messageId) =>
        reached(() => {
          this.#owners += 1;
          const claim = { jobId, owner: `owner ${this.#owners}`, messageId, buried: [] };
          return claimingOf(claim, this.write(claimWrite(this.options, claim, clock())).row, clock());
        }),
      renew: (claim) => reached(() => this.write(renewWrite(this.options, claim, clock())).isWritten),
      done: (claim) => reached(() => void this.write(doneWrite(this.options, claim, clock()))),
      release: (claim, how) => reached(() => void this.write(releaseWrite(this.options, claim, how))),
    };
  }
}
