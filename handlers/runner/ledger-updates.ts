import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { LEDGER_KEY, type Payload, type ReportedError, type RunRecord, type RunStatus } from '../shared/run';

type LedgerUpdate = UpdateCommandInput;

interface UpdateParts {
  readonly tableName: string;
  readonly runId: string;
  /** The row may only be in one of these. */
  readonly from: readonly RunStatus[];
  readonly set: Readonly<Record<string, unknown>>;
}

// Every name goes through a placeholder: status, output and error are reserved words of DynamoDB.
function update({ tableName, runId, from, set }: UpdateParts): LedgerUpdate {
  const fields = Object.entries(set).filter(([, value]) => value !== undefined);
  return {
    TableName: tableName,
    Key: { [LEDGER_KEY]: runId },
    UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: `#status IN (${from.map((_, index) => `:from${index}`).join(', ')})`,
    ExpressionAttributeNames: {
      '#status': 'status',
      ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ...Object.fromEntries(from.map((status, index) => [`:from${index}`, status])),
      ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Takes the run: no other runner can take it after. */
export function beginUpdate(tableName: string, runId: string, now: Date): LedgerUpdate {
  return update({
    tableName,
    runId,
    from: ['PENDING', 'STARTING'],
    set: { status: 'RUNNING', startedAt: now.toISOString() },
  });
}

/** Notes that the handler has been called. */
export function invokedUpdate(tableName: string, runId: string, now: Date): LedgerUpdate {
  return update({ tableName, runId, from: ['RUNNING'], set: { invokedAt: now.toISOString() } });
}

/** How a run ended, as the ledger keeps it. */
export interface Ending {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'INTERRUPTED';
  readonly endedAt: Date;
  readonly exitCode: number;
  readonly output?: Payload;
  readonly outputBytes?: number;
  readonly error?: ReportedError;
}

/** Closes the run. */
export function endUpdate(tableName: string, runId: string, ending: Ending): LedgerUpdate {
  return update({
    tableName,
    runId,
    from: ['RUNNING'],
    set: { ...ending, endedAt: ending.endedAt.toISOString() } satisfies Partial<RunRecord>,
  });
}

/**
 * Whether a row that refused an update holds what the update would have written. Then an earlier try of the same
 * write arrived and its answer was lost, and nobody else was there: the times are the runner's own.
 */
export function isAlreadyWritten(row: Readonly<Record<string, string>>, written: LedgerUpdate): boolean {
  const values = written.ExpressionAttributeValues ?? {};
  const times = [':startedAt', ':endedAt'].filter((name) => values[name] !== undefined);
  return (
    times.length > 0 &&
    row['status'] === values[':status'] &&
    times.every((name) => row[name.slice(1)] === values[name])
  );
}
