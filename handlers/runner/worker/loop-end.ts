import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';

/** What loops of every kind are made with. */
export interface LoopParts {
  /** How much is done side by side. */
  readonly concurrency: number;
  /** The loop ends after so long without work. @default - never */
  readonly idleMilliseconds: number | undefined;
  /** Aborted when the worker is told to stop: nothing more is asked for. */
  readonly interruption: AbortSignal;
  /**
   * Aborted when nothing more can be done here; the reason, a text, is logged. Nothing more is asked for, and polls that
   * wait are not cut off, as nobody stops the worker meanwhile.
   *
   * @default - more can always be done
   */
  readonly spent?: AbortSignal | undefined;
  /** How long a poll that waits may still take when the worker is told to stop. */
  readonly drainMilliseconds: number;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Why a loop ended. All that it had begun is done then. */
export type LoopEnd = 'stopped' | 'idle' | 'refused' | 'spent';

/** How the work of a loop ended. */
export interface WorkEnd {
  readonly end: LoopEnd;
  /** Whether a job was cut short as the worker was told to stop. */
  readonly wasInterrupted: boolean;
}

/** After faults in a row, polls wait for up to twice as long each time. */
export const POLL_BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 30_000 } as const;

/** An endpoint that answers "nothing" at once, rather than hold the poll, is asked this often. */
export const SHORTEST_POLL_MILLISECONDS = 500;

/** A loop, as far as its end is concerned. */
interface EndingLoop {
  /** Resolves when it has ended by itself, or `finish` has ended it. */
  readonly run: () => Promise<void>;
  /** `undefined` while it goes on. */
  readonly end: () => LoopEnd | undefined;
  /** Begins nothing more. The first reason counts. */
  readonly finish: (end: LoopEnd) => void;
  /** Ends polls that wait. */
  readonly cutOff: () => void;
}

/** Runs a loop until it ends, which it does as well when the worker is told to stop, or can do nothing more. */
export async function runToEnd(
  { drainMilliseconds, interruption, log, spent }: LoopParts,
  loop: EndingLoop,
): Promise<LoopEnd> {
  if (interruption.aborted) {
    return 'stopped';
  }
  let drain: NodeJS.Timeout | undefined;
  const stop = () => {
    log.info('worker.stopping', { drainMilliseconds });
    loop.finish('stopped');
    drain = setTimeout(loop.cutOff, drainMilliseconds);
  };
  const spend = () => {
    if (loop.end() === undefined) {
      log.error('worker.spent', { reason: String(spent?.reason) });
    }
    loop.finish('spent');
  };
  interruption.addEventListener('abort', stop, { once: true });
  spent?.addEventListener('abort', spend, { once: true });
  if (spent?.aborted === true) {
    spend();
  }
  try {
    await loop.run();
  } finally {
    interruption.removeEventListener('abort', stop);
    spent?.removeEventListener('abort', spend);
    clearTimeout(drain);
  }
  return loop.end() ?? 'stopped';
}
