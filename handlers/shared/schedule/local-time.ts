import type { DstPolicy } from './schedule';
import type { Zone } from './zone';

const DAY = 24 * 3600 * 1000;

/**
 * The instant at which a zone's clock shows a local time (milliseconds that read as such in UTC), the first one where it
 * does twice. A time that the clock leaves out is the gap's end under `after`, and else as much after the gap as it was
 * into it.
 */
function instantOf(local: number, zone: Zone, policy: DstPolicy): number {
  // Two days before it, in whatever zone: from there on, the stretch that shows it or leaves it out comes first.
  let stretch = zone.stretchAt(local - 2 * DAY);
  while (local - stretch.offset >= stretch.to) {
    stretch = zone.stretchAt(stretch.to);
  }
  if (local - stretch.offset >= stretch.from) {
    return local - stretch.offset;
  }
  return policy === 'after' ? stretch.from : local - stretch.offsetBefore;
}

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

export const INSTANT_ALLOWED =
  'give a date and time such as 2026-11-27T09:30:00Z or 2026-11-27T09:30:00+01:00; without Z or offset it is in the time zone';

function offsetOf(designator: string): number {
  if (designator === 'Z') {
    return 0;
  }
  const size = (Number(designator.slice(1, 3)) * 60 + Number(designator.slice(4, 6))) * 60_000;
  return designator.startsWith('-') ? -size : size;
}

/** An instant out of ISO 8601 text, whose local time is that of `zone` where it names no offset; `undefined` if it is none. */
export function parseInstant(text: string, zone: Zone, policy: DstPolicy): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second = '0', fraction = '0', designator] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  const local = Date.UTC(y, m - 1, d, h, min, s, Number(fraction.padEnd(3, '0')));
  const read = new Date(local);
  const shown = [read.getUTCFullYear(), read.getUTCMonth() + 1, read.getUTCDate(), read.getUTCHours()];
  if (shown.some((part, index) => part !== parts[index]) || min > 59 || s > 59) {
    return undefined;
  }
  return designator === undefined ? instantOf(local, zone, policy) : local - offsetOf(designator);
}
