import type { Log } from '../shared/log';
import { isFinal, type RunRecord } from '../shared/run';
import { messageOf } from './errors';

interface CountDeps {
  readonly ledgerTable: string;
  readonly log: Log;
  readonly print: (line: string) => void;
}

/**
 * Prints the metrics of a run whose last state this runner wrote; one that another attempt follows is counted by whoever
 * ends that. The library is loaded at the end, so that no run starts later for it.
 */
export async function countRun({ ledgerTable, log, print }: CountDeps, closed: RunRecord, now: Date): Promise<void> {
  const { status } = closed;
  if (!isFinal(status)) {
    return;
  }
  try {
    const { runMetrics } = await import('../shared/metrics');
    runMetrics({ ...closed, status }, ledgerTable, now).forEach(print);
  } catch (thrown) {
    log.warn('metrics.failed', { reason: messageOf(thrown) });
  }
}
