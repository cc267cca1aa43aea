import { holdLock, type Look } from './hold-lock';
import { launchWorkers } from './launch-workers';
import type { DispatcherDeps, QueueDepth } from './ports';
import { scaleService } from './scale-service';
import type { DispatcherSettings } from './settings';
import type { WorkersReport } from './workers-report';

export type WorkersAnswer =
  | ({ readonly kind: 'looked' } & WorkersReport)
  /** Another dispatcher is at it, and looks again. */
  | { readonly kind: 'busy' }
  /** Nothing waits, and no worker is to be there without work. */
  | { readonly kind: 'quiet' };

/** Several looks of one dispatcher, added up. */
function together(one: WorkersReport | undefined, next: WorkersReport): WorkersReport {
  return one === undefined
    ? next
    : { ...next, started: one.started + next.started, missing: Math.max(one.missing, next.missing) };
}

/** Nothing is to be seen, nor to be remembered: what a standard queue delays may be the copy of a job that goes on. */
function isQuiet({ waiting, delayed }: QueueDepth, { isFifo }: DispatcherSettings): boolean {
  return waiting === 0 && (isFifo || delayed === 0);
}

/**
 * Sees to it that there are workers for what waits. `sent`: how many messages this invocation has sent, which SQS may not
 * count yet.
 */
export async function lookAfterWorkers(sent: number, deps: DispatcherDeps): Promise<WorkersAnswer> {
  const { ports, settings } = deps;
  const { workers, limits } = settings;
  // Most sweeps find nothing: they cost one call. A service may have to be lowered then.
  if (sent === 0 && workers.kind === 'tasks' && limits.least === 0 && isQuiet(await ports.queueDepth(), settings)) {
    return { kind: 'quiet' };
  }
  let report: WorkersReport | undefined;
  const ended = await holdLock(async (look: Look) => {
    const looked =
      workers.kind === 'tasks'
        ? await launchWorkers(look, sent, workers, deps)
        : await scaleService(look, sent, workers, deps);
    report = together(report, looked.report);
    return looked.memory;
  }, deps);
  return report === undefined || ended === 'busy' ? { kind: 'busy' } : { kind: 'looked', ...report };
}
