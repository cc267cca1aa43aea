import { reasonOf } from '../shared/reason';
import type { Schedule } from '../shared/schedule/schedule';
import { resolveRequest } from '../shared/schedule/slot-key';
import { fullJitter } from '../starter/backoff';
import { refusalOf } from './next-step';
import { decideOverlap } from './overlap';
import type { Permits } from './permits';
import { shortReason } from './short-reason';
import type { Claim, ScheduleState } from './state';
import type { SlotOutcome } from './transitions';
import type { Work } from './work';

/** The first wait is short, since most refusals are of a moment; the longest leaves a starter in trouble alone. */
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 30_000 } as const;

const MILLISECONDS_PER_SECOND = 1_000;

interface ClaimedSlot {
  readonly schedule: Schedule;
  readonly claim: Claim;
  /** The schedule's state when the slot was claimed. */
  readonly state: ScheduleState;
  readonly onTried: () => void;
}

type Try = SlotOutcome | { readonly kind: 'try-again'; readonly reason: string };

/** The scheduler is stopped before the slot was started. */
const RELEASED = { kind: 'released' } as const;

type Carried = SlotOutcome | typeof RELEASED;

/** The run of an earlier slot, if it has not ended. */
async function aliveRun({ overlap }: Schedule, { runId }: ScheduleState, { ports }: Work): Promise<string | undefined> {
  return overlap !== 'allow' && runId !== undefined && (await ports.isRunAlive(runId)) ? runId : undefined;
}

async function startOnce({ schedule, claim, state }: ClaimedSlot, dueAt: number, work: Work): Promise<Try> {
  const { ports, tally, now } = work;
  const decision = decideOverlap({
    overlap: schedule.overlap,
    aliveRun: await aliveRun(schedule, state, work),
    bufferedSlot: state.bufferedSlot,
  });
  switch (decision.kind) {
    case 'skip':
      return { kind: 'skipped', reason: decision.reason };
    case 'buffer':
      return { kind: 'buffered' };
    case 'replace':
      await ports.starter.cancel(decision.runId);
      break;
    case 'start':
  }
  // Each time, and not when it succeeds: who is to hear of a starter that does not answer hears before the deadline.
  tally.late(Math.max(0, now() - dueAt));
  const result = await ports.starter.start(resolveRequest(schedule, claim.slot));
  switch (result.kind) {
    case 'started':
    case 'refused':
      return result;
    case 'failed':
      return { kind: 'try-again', reason: result.reason };
  }
}

/** What fails is tried again: AWS's clients throw for the network and for throttling alike. */
async function tryOnce(slot: ClaimedSlot, dueAt: number, work: Work): Promise<Try> {
  try {
    return await startOnce(slot, dueAt, work);
  } catch (thrown) {
    return { kind: 'try-again', reason: reasonOf(thrown) };
  }
}

/** The schedule as it is now; an outcome where it is not to run any more. */
async function reread({ schedule }: ClaimedSlot, { ports }: Work): Promise<Schedule | SlotOutcome> {
  try {
    const row = (await ports.schedules.read([schedule.id])).get(schedule.id);
    const refusal = row === undefined ? undefined : refusalOf(row);
    if (refusal !== undefined) {
      return { kind: 'skipped', reason: refusal };
    }
    return row?.kind === 'schedule' ? row.schedule : schedule;
  } catch {
    // A read that failed tells nothing.
    return schedule;
  }
}

/**
 * Starts a slot that this scheduler has claimed, again and again until its starting deadline. Before each new try the row
 * is read again: one that was deleted or disabled since is not started, and one that was changed is started as it is now.
 */
export async function carryOut(slot: ClaimedSlot, permits: Permits, work: Work): Promise<Carried> {
  const { claim } = slot;
  const { now, pause, random, stop, log } = work;
  // A slot that waited for the run before it is due when that has ended, and not late by the length of the run.
  const dueAt = claim.giveUpAt - slot.schedule.startingDeadlineSeconds * MILLISECONDS_PER_SECOND;
  let current = slot;
  let reason = 'nobody came to it in time';
  for (let failures = 0; ; failures += 1) {
    if (stop.aborted) {
      return RELEASED;
    }
    if (now() > claim.giveUpAt) {
      return { kind: failures === 0 ? 'missed' : 'failed', reason };
    }
    if (failures > 0) {
      const row = await reread(current, work);
      if ('kind' in row) {
        return row;
      }
      current = { ...current, schedule: row };
    }
    const tried = await permits.use(async () => (stop.aborted ? RELEASED : tryOnce(current, dueAt, work)));
    slot.onTried();
    if (tried.kind !== 'try-again') {
      return tried;
    }
    reason = tried.reason;
    log.warn('slot.try-again', {
      schedule: slot.schedule.id,
      slot: new Date(claim.slot).toISOString(),
      reason: shortReason(reason),
    });
    await pause(fullJitter(failures + 1, random(), BACKOFF));
  }
}
