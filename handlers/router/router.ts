import { CodedError } from '../shared/errors';
import { utf8Bytes } from '../shared/payload';
import { depositRow, endWindow } from './coalesce';
import { NoRuleMatches } from './errors';
import type { RouterDeps, StartedRun } from './ports';
import { eventId, requestFor, routeOf, rowsEvent, windowOf } from './route';
import { type QueuedRow, queuedRows } from './rows-event';
import type { CoalesceSettings } from './settings';

/** What a caller that waits is told of an event that starts nothing now. */
type Waiting = { readonly status: 'IGNORED' } | { readonly status: 'WAITING'; readonly windowSeconds: number };

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export type RouterAnswer = StartedRun | Waiting | BatchAnswer;

/** Of a row that waits in DynamoDB, whose items hold 400 KB. A larger one does not wait, and has a run of its own. */
const ROW_BYTES = 300_000;

/** Fields of the log for an error, without a word of the event. */
function told(error: unknown) {
  return error instanceof CodedError
    ? { code: error.name, reason: error.message }
    : { code: 'UNEXPECTED', reason: error instanceof Error ? error.name : 'no error' };
}

async function route(event: unknown, awsRequestId: string, deps: RouterDeps): Promise<StartedRun | Waiting> {
  const { settings, ports, log, now } = deps;
  const found = routeOf(event, settings.routes);
  if (found.kind === 'error') {
    throw new NoRuleMatches();
  }
  if (found.kind === 'ignore') {
    log.info('event-ignored', { awsRequestId });
    return { status: 'IGNORED' };
  }
  const id = eventId(event, awsRequestId);
  const { coalesce } = settings;
  if (coalesce !== undefined && utf8Bytes(JSON.stringify(event) ?? '') <= ROW_BYTES) {
    const window = windowOf(found.rule, event, coalesce.keyPath);
    await depositRow({ window, row: id }, { id, event, receivedAt: now().toISOString() }, deps);
    return { status: 'WAITING', windowSeconds: coalesce.windowSeconds };
  }
  // The rule of a row that does not wait is written for several, too, and so is what it starts.
  const given = coalesce === undefined ? event : rowsEvent([event], coalesce.keyPath);
  const run = await ports.start(requestFor(found.request, given, `row:${id}`, settings));
  log.info('event-started', { awsRequestId, rule: found.rule, runId: run.runId, status: run.status });
  return run;
}

interface WindowRow {
  readonly row: string;
  readonly messageId: string;
}

const WINDOWS_AT_ONCE = 5;

/** Ends the windows of a batch; a message fails with the window of its row, and comes again. */
async function endWindows(
  queued: readonly QueuedRow[],
  deps: RouterDeps & { readonly coalesce: CoalesceSettings },
): Promise<BatchAnswer> {
  const { log } = deps;
  const byWindow = new Map<string, readonly WindowRow[]>();
  for (const { messageId, message } of queued) {
    if (message === undefined) {
      log.error('message-unreadable', { messageId });
    } else {
      const { window, row } = message;
      byWindow.set(window, [...(byWindow.get(window) ?? []), { row, messageId }]);
    }
  }
  const end = async ([window, rows]: readonly [string, readonly WindowRow[]]): Promise<readonly string[]> => {
    try {
      await endWindow(
        window,
        rows.map(({ row }) => row),
        deps,
      );
      return [];
    } catch (error) {
      log.error('window-failed', { window, rows: rows.length, ...told(error) });
      return rows.map(({ messageId }) => messageId);
    }
  };
  const windows = [...byWindow];
  const failed: string[] = [];
  for (let index = 0; index < windows.length; index += WINDOWS_AT_ONCE) {
    const ended = await Promise.all(windows.slice(index, index + WINDOWS_AT_ONCE).map(end));
    failed.push(...ended.flat());
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The router: starts what the rules say for a database's event, or ends the windows of rows that waited. */
export function createRouter(deps: RouterDeps) {
  const { settings, log } = deps;
  const { coalesce } = settings;
  return async (event: unknown, { awsRequestId }: { readonly awsRequestId: string }): Promise<RouterAnswer> => {
    const queued = coalesce === undefined ? undefined : queuedRows(event, coalesce.queueUrl);
    if (queued !== undefined && coalesce !== undefined) {
      return endWindows(queued, { ...deps, coalesce });
    }
    try {
      return await route(event, awsRequestId, deps);
    } catch (error) {
      log.error('event-failed', { awsRequestId, ...told(error) });
      throw error;
    }
  };
}
