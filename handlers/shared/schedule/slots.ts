import { createHash } from 'node:crypto';
import { nextCronSlot } from './cron-slots';
import type { Schedule } from './schedule';

function nextOfTiming({ timing, startAt }: Schedule, after: number): number | undefined {
  switch (timing.kind) {
    case 'cron':
      return nextCronSlot(timing, after);
    case 'rate': {
      const anchor = startAt ?? 0;
      return anchor + (Math.floor((after - anchor) / timing.milliseconds) + 1) * timing.milliseconds;
    }
    case 'at':
      return timing.instant > after ? timing.instant : undefined;
  }
}

/**
 * The first slot strictly after an instant, `undefined` if there is none any more. It is the nominal instant, without
 * jitter. A schedule that is not enabled has slots all the same: they are what `backfill` fires.
 */
export function nextSlot(schedule: Schedule, after: number): number | undefined {
  const { startAt, endAt } = schedule;
  const slot = nextOfTiming(schedule, startAt === undefined ? after : Math.max(after, startAt - 1));
  return slot === undefined || (endAt !== undefined && slot >= endAt) ? undefined : slot;
}

/** The first `most` slots after `after`, up to `until` and that one included. */
export function slotsBetween(schedule: Schedule, after: number, until: number, most: number): readonly number[] {
  const slots: number[] = [];
  let slot = nextSlot(schedule, after);
  while (slot !== undefined && slot <= until && slots.length < most) {
    slots.push(slot);
    slot = nextSlot(schedule, slot);
  }
  return slots;
}

const MOST_OF_32_BITS = 2 ** 32 - 1;

/**
 * When a slot's run is to be started: the slot, and up to `jitterSeconds` more. The jitter is drawn from the schedule and the
 * slot, so that each scheduler comes to the same.
 */
export function fireAt({ id, jitterSeconds }: Schedule, slot: number): number {
  if (jitterSeconds === 0) {
    return slot;
  }
  const drawn = createHash('sha256').update(`${id}:${slot}`).digest().readUInt32BE(0) / MOST_OF_32_BITS;
  return slot + Math.round(drawn * jitterSeconds * 1000);
}
