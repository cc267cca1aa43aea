import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beginWrite, invokedWrite, rereadWrite } from '../shared/ledger/attempt';
import { type Ending, endWrite } from '../shared/ledger/ending';
import { deliveredWrite } from '../shared/ledger/marks';
import { ledgerDocuments, sendWrite, type WriteResult } from '../shared/ledger/table';
import type { LedgerWrite } from '../shared/ledger/update';
import type { RunRecord } from '../shared/run';
import { messageOf, RunnerError } from './errors';

/** The row of one attempt. Each write is conditional. */
export interface Ledger {
  /** Gives the row, which has what the overrides must not show: the attempts that are left, and the task token. */
  readonly begin: (now: Date) => Promise<WriteResult>;
  readonly markInvoked: (now: Date) => Promise<WriteResult>;
  /** Gives the row as it is now; refused where the attempt is no more this runner's. */
  readonly reread: () => Promise<WriteResult>;
  /** The row that it gives is PENDING where another attempt follows. */
  readonly end: (ending: Ending, now: Date) => Promise<WriteResult>;
  /** Everybody whom the row as given names has heard of the outcome. */
  readonly markDelivered: (closed: RunRecord, now: Date) => Promise<WriteResult>;
}

interface LedgerOptions {
  readonly tableName: string;
  readonly runId: string;
  readonly attempt: number;
  /** A random id: two runners that begin in the same millisecond are two. */
  readonly runnerId: string;
  /** ARN of this task; `undefined` where nobody says. */
  readonly readTaskArn: () => Promise<string | undefined>;
}

/** @throws {RunnerError} LEDGER_UNAVAILABLE from each write, after the client's own retries */
export function runLedger(client: DynamoDBClient, options: LedgerOptions): Ledger {
  const { tableName, runnerId } = options;
  const documents = ledgerDocuments(client);
  let row: RunRecord | undefined;

  const write = async (prepared: LedgerWrite): Promise<WriteResult> => {
    try {
      const result = await sendWrite(documents, prepared);
      row = result.kind === 'written' ? result.record : row;
      return result;
    } catch (cause) {
      throw new RunnerError('LEDGER_UNAVAILABLE', `The ledger ${tableName} took no write: ${messageOf(cause)}`, {
        cause,
      });
    }
  };

  return {
    begin: async (now) => write(beginWrite(options, await options.readTaskArn(), now)),
    markDelivered: (closed, now) => write(deliveredWrite(tableName, closed, now)),
    markInvoked: (now) => write(invokedWrite(options, now)),
    reread: () => write(rereadWrite(options)),
    end: async (ending, now) => {
      if (row === undefined) {
        throw new RunnerError('INTERNAL_ERROR', 'The attempt ends before it began.');
      }
      const end = (record: RunRecord) =>
        write(endWrite({ tableName, record, by: { kind: 'runner', id: runnerId }, ending, now }));
      const ended = await end(row);
      // Still this runner's: only who is to be told has changed since it last saw the row.
      const isOwn = ended.record?.status === 'RUNNING' && ended.record.runnerId === runnerId;
      return ended.kind === 'refused' && ended.record !== undefined && isOwn ? end(ended.record) : ended;
    },
  };
}
