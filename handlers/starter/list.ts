import * as v from 'valibot';
import type { Clock } from '../shared/clock';
import { RUN_STATUSES, type RunStatus } from '../shared/run';
import { firstCursor, nextCursor } from './list-query';
import type { ListRequest } from './list-request';
import { cursorOf, encodeToken } from './list-token';
import type { Runs } from './ports';

/** A run in short; `status` has the rest. */
interface RunSummary {
  readonly runId: string;
  readonly status: RunStatus;
  readonly attempt: number;
  /** Of a container run there is none. */
  readonly functionArn?: string;
  /** Absent of a function's run that has no task yet. */
  readonly taskDefinition?: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly invokedAt?: string;
  readonly endedAt?: string;
  readonly exitCode?: number;
  readonly taskArns: readonly string[];
}

/** Runs, the newest first. The indexes follow the ledger within about a second. */
export interface ListAnswer {
  readonly runs: readonly RunSummary[];
  /** There may be more: ask again with it. Absent when there are no more. */
  readonly nextToken?: string;
}

// What the indexes hold of a row.
const SummarySchema = v.object({
  runId: v.string(),
  status: v.picklist(RUN_STATUSES),
  attempt: v.number(),
  functionArn: v.exactOptional(v.string()),
  taskDefinition: v.exactOptional(v.string()),
  createdAt: v.string(),
  startedAt: v.exactOptional(v.string()),
  invokedAt: v.exactOptional(v.string()),
  endedAt: v.exactOptional(v.string()),
  exitCode: v.exactOptional(v.number()),
  taskArn: v.exactOptional(v.string()),
});

/** @throws {ValiError} when the row is none of the ledger's: somebody else writes to the table */
function summarise(row: unknown): RunSummary {
  const { taskArn, ...summary } = v.parse(SummarySchema, row);
  return { ...summary, taskArns: taskArn === undefined ? [] : [taskArn] };
}

/**
 * How many queries one answer may take, so that a year of days without a run, or a filter that almost nothing passes,
 * ends in a token and not in Lambda's time-out.
 */
const QUERIES_PER_PAGE = 40;

export interface ListDeps {
  readonly runs: Pick<Runs, 'query'>;
  readonly now: Clock;
  readonly starterArn: string;
  readonly runRetentionDays: number;
}

/** @throws {InvalidInput} when `from` is after `to`, or the token is of another query */
export async function listRuns(request: ListRequest, deps: ListDeps): Promise<ListAnswer> {
  const { nextToken, limit } = request;
  const first =
    nextToken === undefined
      ? firstCursor(request, { ...deps, now: deps.now() })
      : cursorOf(nextToken, request, deps.starterArn);
  const runs: RunSummary[] = [];
  let cursor: ReturnType<typeof nextCursor> = first;
  for (let queries = 0; cursor !== undefined && runs.length < limit && queries < QUERIES_PER_PAGE; queries += 1) {
    const page = await deps.runs.query(cursor, limit - runs.length);
    runs.push(...page.rows.map(summarise));
    cursor = nextCursor(cursor, page.lastKey);
  }
  return { runs, ...(cursor === undefined ? {} : { nextToken: encodeToken(cursor) }) };
}
