import { setTimeout as wait } from 'node:timers/promises';
import { sendFault } from '../shared/delivery/send-error';
import type { Log } from '../shared/log';

/** Somebody who waits for the run and gives up without heartbeats. */
export interface Heart {
  readonly to: 'taskToken' | 'callback';
  readonly beat: (signal: AbortSignal) => Promise<void>;
}

export interface Heartbeats {
  /** Aborted when nobody waits any more. */
  readonly gone: AbortSignal;
  /** Resolves when no heartbeat is on its way: whoever has the outcome takes none after it. */
  readonly stop: () => Promise<void>;
}

const LONGEST_INTERVAL_MILLISECONDS = 30_000;

/**
 * How often a heartbeat is sent: three times in `heartbeatSeconds`, so that one may be lost; and every 30 seconds at
 * least, so that a run that nobody waits for is soon given up.
 */
export function heartbeatMilliseconds(heartbeatSeconds: number | undefined): number {
  const third = heartbeatSeconds === undefined ? LONGEST_INTERVAL_MILLISECONDS : (heartbeatSeconds * 1_000) / 3;
  return Math.min(third, LONGEST_INTERVAL_MILLISECONDS);
}

/** Sends heartbeats, the first at once. One that fails is no reason to end the run: the next may arrive. */
export function startHeartbeats(hearts: readonly Heart[], intervalMilliseconds: number, log: Log): Heartbeats {
  const gone = new AbortController();
  const stop = new AbortController();
  let waiting = hearts.length;

  /** Whether somebody still waits, as far as the heartbeat tells. */
  const beatOnce = async ({ to, beat }: Heart): Promise<boolean> => {
    try {
      await beat(stop.signal);
      return true;
    } catch (thrown) {
      const fault = sendFault(to, thrown);
      if (fault.kind !== 'gone' && !stop.signal.aborted) {
        log.warn('heartbeat.failed', { to, reason: fault.reason });
      }
      if (fault.kind === 'gone') {
        log.error('heartbeat.caller-gone', { to, reason: fault.reason });
      }
      return fault.kind !== 'gone';
    }
  };

  const keepBeating = async (heart: Heart): Promise<void> => {
    while (!stop.signal.aborted) {
      if (!(await beatOnce(heart))) {
        waiting -= 1;
        if (waiting === 0) {
          gone.abort();
        }
        return;
      }
      await wait(intervalMilliseconds, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };

  const beating = Promise.all(hearts.map(keepBeating));
  return {
    gone: gone.signal,
    stop: async () => {
      stop.abort();
      await beating;
    },
  };
}
