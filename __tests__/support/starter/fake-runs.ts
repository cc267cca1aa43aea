import { isFinal, LEDGER_INDEXES, type RunRecord } from '../../../handlers/shared/run';
import { listQuery } from '../../../handlers/starter/list-query';
import type { Runs } from '../../../handlers/starter/ports';

type Row = Readonly<Record<string, unknown>>;

const PARTITIONS: Readonly<Record<string, string>> = {
  [LEDGER_INDEXES.byFunction]: 'unqualifiedFunctionArn',
  [LEDGER_INDEXES.byStatus]: 'status',
  [LEDGER_INDEXES.byDay]: 'createdDay',
};

const PROJECTED = [
  'status',
  'attempt',
  'functionArn',
  'startedAt',
  'invokedAt',
  'endedAt',
  'exitCode',
  'taskArn',
  'taskDefinition',
];

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.flatMap((name) => (name in row ? [[name, row[name]]] : [])));
}

/** Equalities such as `#status = :status`, as a test of a row. */
function equals(row: Row, expression: string, names: Row, values: Row): boolean {
  return expression.split(' AND ').every((part) => {
    const [, name = '', value = ''] = /^(#\w+) = (:\w+)$/.exec(part) ?? [];
    if (!(name in names) || !(value in values)) {
      throw new Error(`unknown expression: ${part}`);
    }
    return row[String(names[name])] === values[value];
  });
}

/** Answers the queries that list-query.ts makes over rows in memory as DynamoDB does: sorted, cut, and then filtered. */
export function fakeRuns(rows: Map<string, RunRecord>): Runs {
  return {
    query: async (cursor, limit) => {
      const query = listQuery('ledger', cursor, limit);
      const names = query.ExpressionAttributeNames ?? {};
      const values: Row = query.ExpressionAttributeValues ?? {};
      const partition = PARTITIONS[query.IndexName ?? ''];
      const [condition, key] =
        /^(.+) AND #createdAt BETWEEN :from AND :to$/.exec(query.KeyConditionExpression ?? '') ?? [];
      if (
        partition === undefined ||
        condition === undefined ||
        key === undefined ||
        !key.startsWith(`#${partition} =`)
      ) {
        throw new Error(`unknown query: ${query.IndexName} ${query.KeyConditionExpression}`);
      }
      const sorted = [...rows.values()]
        .map((row): Row => ({ ...row }))
        .filter((row) => equals(row, key, names, values))
        .filter(
          ({ createdAt }) => String(createdAt) >= String(values[':from']) && String(createdAt) <= String(values[':to']),
        )
        .sort((one, other) => place(other).localeCompare(place(one)));
      const start = query.ExclusiveStartKey === undefined ? undefined : place(query.ExclusiveStartKey);
      const left = start === undefined ? sorted : sorted.filter((row) => place(row) < start);
      const read = left.slice(0, limit);
      const { FilterExpression: filter } = query;
      const keyNames = ['runId', partition, 'createdAt'];
      const last = read.at(-1);
      return {
        rows: read
          .filter((row) => filter === undefined || equals(row, filter, names, values))
          .map((row) => pick(row, [...keyNames, ...PROJECTED])),
        // As DynamoDB: where the cut falls on the end, it cannot know that there is no more.
        lastKey:
          read.length < limit || last === undefined ? undefined : (pick(last, keyNames) as Record<string, string>),
      };
    },
    cancel: async ({ runId }, { id, error }, now) => {
      const row = rows.get(runId);
      if (row === undefined || isFinal(row.status)) {
        return { kind: 'refused', record: row };
      }
      const cancelled: RunRecord = { ...row, status: 'CANCELLED', endedAt: now.toISOString(), endedBy: id, error };
      rows.set(row.runId, cancelled);
      return { kind: 'written', record: cancelled };
    },
  };
}

function place(row: Row): string {
  return `${row['createdAt']} ${row['runId']}`;
}
