import { type CronFields, isCadence, nextMatch } from './cron-fields';
import type { CronTiming, DstPolicy } from './schedule';
import { findZone, type ZoneStretch } from './zone';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

/** More than a zone's clock was ever set forward or back by: Samoa left out a day of 24 hours. */
const LONGEST_CHANGE = 2 * DAY;

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** What the gap that a stretch begins with left out, as an instant that is not before `from`. */
function slotOfGap(fields: CronFields, policy: DstPolicy, from: number, stretch: ZoneStretch): number | undefined {
  const gapEnd = stretch.from + stretch.offset;
  const firstLeftOut = from + stretch.offsetBefore;
  if (firstLeftOut >= gapEnd) {
    return undefined;
  }
  const match = nextMatch(fields, firstLeftOut);
  if (match === undefined || match >= gapEnd) {
    return undefined;
  }
  switch (policy) {
    case 'after':
      return from === stretch.from ? from : undefined;
    case 'once':
      return match - stretch.offsetBefore;
    case 'skip':
    case 'both':
      return undefined;
  }
}

interface Found {
  readonly slot: number | undefined;
  /** The first local time that matches, which may lie beyond the stretch; `undefined` if none ever does. */
  readonly match: number | undefined;
}

/** The first slot of a stretch that is not before `from`. */
function slotOfStretch(fields: CronFields, policy: DstPolicy, from: number, stretch: ZoneStretch): Found {
  const isLiteral = policy === 'both' || isCadence(fields);
  const shown = from + stretch.offset;
  // After the clock was set back, it shows again what it has shown before the change.
  const match = nextMatch(fields, isLiteral ? shown : Math.max(shown, stretch.from + stretch.offsetBefore));
  const slot = match === undefined || match - stretch.offset >= stretch.to ? undefined : match - stretch.offset;
  if (isLiteral || stretch.offset <= stretch.offsetBefore) {
    return { slot, match };
  }
  return { slot: least(slot, slotOfGap(fields, policy, from, stretch)), match };
}

/** The first slot of a cron expression after an instant, `undefined` if there is none ever. */
export function nextCronSlot({ fields, timeZone, dstPolicy }: CronTiming, after: number): number | undefined {
  const zone = findZone(timeZone);
  if (zone === undefined) {
    return undefined;
  }
  let from = Math.floor(after / SECOND) * SECOND + SECOND;
  for (;;) {
    const stretch = zone.stretchAt(from);
    const { slot, match } = slotOfStretch(fields, dstPolicy, from, stretch);
    // Nothing before the match can be a slot, unless a change nearby shows again what lies behind.
    const isFarFromChange = stretch.to - from > LONGEST_CHANGE;
    if (slot !== undefined || (match === undefined && isFarFromChange)) {
      return slot;
    }
    const nearMatch = match === undefined || !isFarFromChange ? stretch.to : match - stretch.offset - LONGEST_CHANGE;
    from = Math.max(stretch.to, nearMatch);
  }
}
