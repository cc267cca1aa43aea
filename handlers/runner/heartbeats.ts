import { setTimeout as wait } from 'node:timers/promises';
import { sendFault } from '../shared/delivery/send-error';
import type { Log } from '../shared/log';

/** Somebody who waits for the run and gives up without heartbeats. */
export interface Heart {
  readonly to: 'taskToken' | 'callback' | 'queue';
  readonly beat: (signal: AbortSignal) => Promise<void>;
}

/** Those who wait at one time, and how often each is sent a heartbeat. */
export interface Pulse {
  readonly hearts: readonly Heart[];
  readonly intervalMilliseconds: number;
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

/**
 * Sends heartbeats, the first at once. One that fails is no reason to end the run: the next may arrive.
 *
 * @param renew asked when nobody of a pulse waits any more: gives those who wait since, `undefined` where there are none
 */
export function startHeartbeats(first: Pulse, renew: () => Promise<Pulse | undefined>, log: Log): Heartbeats {
  const gone = new AbortController();
  const stop = new AbortController();
  const pause = (milliseconds: number) => wait(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined);

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

  const keepBeating = async (heart: Heart, intervalMilliseconds: number): Promise<void> => {
    while (!stop.signal.aborted && (await beatOnce(heart))) {
      await pause(intervalMilliseconds);
    }
  };

  /** A ledger that is out of reach is no reason to give the run up. */
  const askUntilKnown = async (intervalMilliseconds: number): Promise<Pulse | undefined> => {
    while (!stop.signal.aborted) {
      try {
        return await renew();
      } catch (thrown) {
        log.warn('heartbeat.renewal-unknown', { reason: String(thrown) });
        await pause(intervalMilliseconds);
      }
    }
    return undefined;
  };

  const attend = async (): Promise<void> => {
    let pulse: Pulse | undefined = first;
    while (pulse !== undefined && pulse.hearts.length > 0) {
      const { hearts, intervalMilliseconds }: Pulse = pulse;
      await Promise.all(hearts.map((heart) => keepBeating(heart, intervalMilliseconds)));
      pulse = await askUntilKnown(intervalMilliseconds);
      if (stop.signal.aborted) {
        return;
      }
      if (pulse === undefined) {
        gone.abort();
      } else {
        log.info('heartbeat.caller-renewed', { to: pulse.hearts.map(({ to }) => to).join(', ') });
      }
    }
  };

  const beating = attend();
  return {
    gone: gone.signal,
    stop: async () => {
      stop.abort();
      await beating;
    },
  };
}
