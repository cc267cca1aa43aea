import { utf8Bytes } from '../shared/payload';
import { NoRuleMatches, StarterRefused, WindowBusy } from './errors';
import type { Batch, RouterDeps, RowMessage, StartedRun, WaitingRow } from './ports';
import { requestFor, routeOf, rowsEvent } from './route';
import type { CoalesceSettings } from './settings';

/**
 * Longer than an invocation lives (60 s), so that nobody takes the lock from one that is at work, and shorter than a
 * message stays hidden (90 s), so that the one that comes again after a crash finds the lock free.
 */
const LOCK_MILLISECONDS = 75_000;

/** How long a message waits for another invocation that makes a run of the same rows. */
const BUSY_TRIES = 20;
const BUSY_MILLISECONDS = 500;

/** What an invocation keeps of its time to finish the run that it has begun. */
const HAND_OVER_MILLISECONDS = 20_000;

/**
 * Of a request to the starter, with room for the rest of it: an invocation takes 6 MB.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const INPUT_BYTES = 5_000_000;

/** The ledger has the run, and that it never began: under its key nothing starts any more. */
const NEVER_BEGAN = 'TASK_NOT_STARTED';

interface CoalesceDeps extends RouterDeps {
  readonly coalesce: CoalesceSettings;
}

function inOrder(one: WaitingRow, other: WaitingRow): number {
  const [a, b] = [`${one.receivedAt} ${one.id}`, `${other.receivedAt} ${other.id}`];
  return a < b ? -1 : Number(a > b);
}

/** Rows too large for an invocation lie in the payload bucket, in whose `inputs/` tasks may read. */
async function inputOf(rows: readonly unknown[], batchId: string, { coalesce, ports }: CoalesceDeps) {
  const event = rowsEvent(rows, coalesce.keyPath);
  const body = JSON.stringify(event.rows);
  if (utf8Bytes(body) <= INPUT_BYTES) {
    return event;
  }
  const location = { bucket: coalesce.payloadBucket, key: `inputs/rows/${batchId}.json` };
  await ports.upload({ ...location, body });
  return { key: event.key, count: event.count, rowsLocation: location };
}

/** Starts the run of a batch. The starter knows the key again, so that a batch is one run however often it is asked. */
async function startBatch(batch: Batch, waiting: readonly WaitingRow[], deps: CoalesceDeps): Promise<void> {
  const { settings, ports, log } = deps;
  const events = batch.rows.flatMap((id) => waiting.find((row) => row.id === id)?.event ?? []);
  const route = routeOf(events[0], settings.routes);
  if (route.kind === 'error') {
    // The rules have changed since the rows came: they wait until there is one again.
    throw new NoRuleMatches();
  }
  if (route.kind === 'ignore') {
    log.warn('rows-ignored', { batch: batch.id, rows: batch.rows.length });
    return;
  }
  const request = requestFor(route.request, await inputOf(events, batch.id, deps), `rows:${batch.id}`, settings);
  try {
    const run: StartedRun = await ports.start(request);
    log.info('rows-started', { batch: batch.id, rows: events.length, runId: run.runId, status: run.status });
  } catch (error) {
    // The run was started before, and its rule has changed since.
    if (error instanceof StarterRefused && error.starterCode === 'IDEMPOTENCY_CONFLICT') {
      log.info('rows-known', { batch: batch.id });
      return;
    }
    throw error;
  }
}

/**
 * Makes one run of what waits. In this order: note the batch, start the run, note that it is started, let the rows go,
 * drop the note. A crash between any two leaves a note by which the next invocation does the rest. Where the run has
 * failed to begin, the next tries one with another key: the rows, and all that come after them, would wait for ever.
 */
async function carryOut(window: string, owner: string, left: Batch | undefined, deps: CoalesceDeps): Promise<void> {
  const { ports, coalesce, newId, now } = deps;
  const waiting = [...(await ports.rows.list(window))].sort(inOrder);
  const rows = waiting.slice(0, coalesce.mostRows).map(({ id }) => id);
  const batch = left ?? { id: newId(), rows, isStarted: false };
  if (batch.rows.length > 0) {
    if (left === undefined) {
      await ports.rows.noteBatch(window, owner, batch);
    }
    if (!batch.isStarted) {
      try {
        await startBatch(batch, waiting, deps);
      } catch (error) {
        if (error instanceof StarterRefused && error.starterCode === NEVER_BEGAN) {
          await ports.rows.noteBatch(window, owner, { ...batch, id: newId() });
        }
        throw error;
      }
      await ports.rows.noteBatch(window, owner, { ...batch, isStarted: true });
    }
    await ports.rows.remove(window, batch.rows, now());
  }
}

/** False where another invocation has the window. */
async function tryWindow(window: string, deps: CoalesceDeps): Promise<boolean> {
  const { ports, newId, now } = deps;
  const owner = newId();
  const time = now().getTime();
  const lock = await ports.rows.lock(window, owner, time, time + LOCK_MILLISECONDS);
  if (lock.kind === 'busy') {
    return false;
  }
  try {
    await carryOut(window, owner, lock.batch, deps);
  } catch (error) {
    await ports.rows.unlock(window, owner, 'kept');
    throw error;
  }
  await ports.rows.unlock(window, owner, 'done');
  return true;
}

/**
 * Ends a window for the rows that a message names: as long as one of them waits, it makes a run of all that wait. Most
 * messages find that the first of their window has taken their row along.
 *
 * @throws {WindowBusy} when another invocation is at it all the time
 */
export async function endWindow(window: string, ids: readonly string[], deps: CoalesceDeps): Promise<void> {
  const { ports, sleep, remainingMilliseconds } = deps;
  let tries = 0;
  while (await ports.rows.hasAny(window, ids)) {
    if (tries >= BUSY_TRIES || remainingMilliseconds() < HAND_OVER_MILLISECONDS) {
      throw new WindowBusy();
    }
    if (!(await tryWindow(window, deps))) {
      tries += 1;
      await sleep(BUSY_MILLISECONDS);
    }
  }
}

/** Puts a row where it waits, and only then the message that ends its waiting: so no row is without one. */
export async function depositRow(message: RowMessage, row: WaitingRow, { ports, log }: RouterDeps): Promise<void> {
  if (await ports.rows.put(message.window, row)) {
    await ports.sendRow(message);
  } else {
    log.info('row-known', { row: row.id });
  }
}
