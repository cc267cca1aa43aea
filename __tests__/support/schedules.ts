import { parseScheduleRow } from '../../handlers/shared/schedule/row';
import type { Schedule } from '../../handlers/shared/schedule/schedule';
import { nextSlot } from '../../handlers/shared/schedule/slots';

/** A schedule read from a row with these attributes, over an id and something to run; `undefined` leaves one out. */
export function scheduleOf(row: Readonly<Record<string, unknown>>): Schedule {
  const attributes = Object.entries({ id: 'schedule-1', definition_arn: 'job', ...row });
  const parsed = parseScheduleRow(Object.fromEntries(attributes.filter(([, value]) => value !== undefined)));
  if (parsed.kind === 'malformed') {
    throw new Error(parsed.problems.join('; '));
  }
  return parsed.schedule;
}

/** The first so many slots after an instant, in ISO 8601 without milliseconds. */
export function slotsAfter(schedule: Schedule, after: string, count: number): readonly string[] {
  const slots: string[] = [];
  let slot = nextSlot(schedule, Date.parse(after));
  while (slot !== undefined && slots.length < count) {
    slots.push(new Date(slot).toISOString().replace('.000Z', 'Z'));
    slot = nextSlot(schedule, slot);
  }
  return slots;
}
