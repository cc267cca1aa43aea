import type { ObjectEvent } from '../shared/object-event/object-event';
import { reasonOf } from '../shared/reason';
import { type Dispatched, dispatchObjects, type Failed, type Skipped } from './dispatch';
import { lookAfterWorkers, type WorkersAnswer } from './look-after-workers';
import { dispatcherMetrics } from './metrics';
import type { DispatcherDeps } from './ports';

/** What is known of an event before its objects are sent. */
export interface Beforehand {
  readonly skipped: readonly Skipped[];
  /** Objects of which nothing could be learnt, and messages that could not be read. */
  readonly failures: number;
}

export interface Taken extends Dispatched {
  /** `undefined` where nothing was sent, or they could not be looked after: the next sweep does. */
  readonly workers: WorkersAnswer | undefined;
}

/** What the dispatcher answers to a request by hand, and to S3, which does not listen. */
export interface DispatchAnswer {
  readonly dispatched: number;
  readonly skipped: readonly Skipped[];
  readonly failed: readonly Failed[];
  readonly workers: WorkersAnswer | undefined;
}

/** The line of metrics for a look at the workers alone, or for objects as well. */
export function printMetrics(
  counted: { readonly dispatched: number; readonly skipped: number; readonly failed: number },
  workers: WorkersAnswer | 'failed' | undefined,
  { print, settings, now }: DispatcherDeps,
): void {
  const looked = typeof workers === 'object' && workers.kind === 'looked' ? workers : undefined;
  const counts = {
    objectsDispatched: counted.dispatched,
    objectsSkipped: counted.skipped,
    messagesFailed: counted.failed,
    workersStarted: looked?.started ?? 0,
    // How many are missing is not known where they could not be looked after.
    workersMissing: looked?.missing ?? Number(workers === 'failed'),
    workersRunning: looked?.running,
  };
  print(dispatcherMetrics(counts, settings.queueUrl, now()));
}

async function look(sent: number, deps: DispatcherDeps): Promise<WorkersAnswer | 'failed' | undefined> {
  if (sent === 0) {
    return undefined;
  }
  try {
    return await lookAfterWorkers(sent, deps);
  } catch (error) {
    deps.log.error('workers-not-looked-after', { reason: reasonOf(error) });
    return 'failed';
  }
}

/**
 * Sends what is work, then looks after the workers. That this fails is not the event's fault: its messages are in the
 * queue, and would be sent again if it were. The next sweep looks after their workers.
 */
export async function takeObjects(
  objects: readonly ObjectEvent[],
  before: Beforehand,
  deps: DispatcherDeps,
): Promise<Taken> {
  for (const { bucket, key, reason } of before.skipped) {
    deps.log.info('object-skipped', { bucket, key, reason });
  }
  const dispatched = await dispatchObjects(objects, deps);
  const skipped = [...before.skipped, ...dispatched.skipped];
  const workers = await look(dispatched.sent.length, deps);
  const failed = before.failures + dispatched.failed.length;
  printMetrics({ dispatched: dispatched.sent.length, skipped: skipped.length, failed }, workers, deps);
  return { ...dispatched, skipped, workers: workers === 'failed' ? undefined : workers };
}
