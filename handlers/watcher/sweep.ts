import * as marks from '../shared/ledger/marks';
import { reasonOf } from '../shared/reason';
import type { RunRecord } from '../shared/run';
import { act } from './act';
import { clusterOf } from './clusters';
import { decideOnCheck } from './decide-check';
import type { WatcherDeps } from './ports';
import type { TaskView } from './task-view';
import { AFTER_UNREADABLE, after } from './times';

/** What one sweep did. */
export interface SweepAnswer {
  readonly looked: number;
  /** Rows about which nothing could be done; the log has each, and the next sweep looks at them again. */
  readonly failed: number;
  /** Whether time ran out before the last row that was due. */
  readonly isCutShort: boolean;
}

/** No page is begun with less time than this: a page takes seconds, and its deliveries may take more. */
const PAGE_MILLISECONDS = 20_000;

/** Looks at every row that is due, as far as time allows. */
export async function sweep(deps: WatcherDeps): Promise<SweepAnswer> {
  const { ports, log, remainingMilliseconds } = deps;
  const dueAt = deps.now();
  let [looked, failed] = [0, 0];
  let isCutShort = false;
  let page = await ports.ledger.due(dueAt, undefined);
  for (;;) {
    failed += await sweepPage(deps, page.runIds);
    looked += page.runIds.length;
    isCutShort = page.next !== undefined && remainingMilliseconds() < PAGE_MILLISECONDS;
    if (page.next === undefined || isCutShort) {
      break;
    }
    page = await ports.ledger.due(dueAt, page.next);
  }
  const answer = { looked, failed, isCutShort };
  log.info('sweep.done', answer);
  return answer;
}

/** @returns how many rows failed */
async function sweepPage(deps: WatcherDeps, runIds: readonly string[]): Promise<number> {
  const found = await Promise.all(runIds.map((runId) => find(deps, runId)));
  const records = found.flatMap((one) => (typeof one === 'object' ? [one] : []));
  const views = await viewTasks(deps, records);
  const acted = await Promise.all(records.map((record) => check(deps, record, views)));
  return [...found, ...acted].filter((one) => one === 'failed').length;
}

/** A row may have been deleted since: the index is a little late. */
async function find(deps: WatcherDeps, runId: string): Promise<RunRecord | undefined | 'failed'> {
  const { ports, log, ledgerTable, now } = deps;
  try {
    return await ports.ledger.find(runId);
  } catch (thrown) {
    log.error('row.unreadable', { runId, reason: reasonOf(thrown) });
    if (thrown instanceof Error && thrown.name === 'ValiError') {
      await ports.ledger
        .write(marks.unreadableWrite(ledgerTable, runId, after(now(), AFTER_UNREADABLE)))
        .catch((cause: unknown) => log.error('row.failed', { runId, reason: reasonOf(cause) }));
    }
    return 'failed';
  }
}

async function check(
  deps: WatcherDeps,
  record: RunRecord,
  views: ReadonlyMap<string, TaskView>,
): Promise<'done' | 'failed'> {
  const { runId, attempt, taskArn } = record;
  const view = taskArn === undefined ? { kind: 'none' as const } : (views.get(taskArn) ?? { kind: 'unknown' as const });
  try {
    // A row that has moved on meanwhile is due again, or somebody else's.
    await act(deps, record, decideOnCheck(record, view, deps.now()));
    return 'done';
  } catch (thrown) {
    deps.log.error('row.failed', { runId, attempt, reason: reasonOf(thrown) });
    return 'failed';
  }
}

/** Of a cancelled run the task may still be there. */
const WITH_A_TASK: readonly RunRecord['status'][] = ['STARTING', 'RUNNING', 'CANCELLED'];

/** Asks ECS for the tasks of all rows that should have one, cluster by cluster. */
async function viewTasks(deps: WatcherDeps, records: readonly RunRecord[]): Promise<ReadonlyMap<string, TaskView>> {
  const byCluster = new Map<string, string[]>();
  for (const record of records) {
    if (WITH_A_TASK.includes(record.status) && record.taskArn !== undefined) {
      const cluster = clusterOf(record);
      byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), record.taskArn]);
    }
  }
  const answers = await Promise.all(
    [...byCluster].map(async ([cluster, taskArns]) => {
      try {
        return await deps.ports.describeTasks(cluster, taskArns);
      } catch (thrown) {
        deps.log.error('tasks.not-described', { cluster, tasks: taskArns.length, reason: reasonOf(thrown) });
        return new Map<string, TaskView>();
      }
    }),
  );
  return new Map(answers.flatMap((answer) => [...answer]));
}
