import type { Schedule } from '../shared/schedule/schedule';
import { fireAt, slotsBetween } from '../shared/schedule/slots';

/** What is to become of the slots that are due. */
export interface DueSlots {
  /** To be started, the oldest first. */
  readonly start: readonly number[];
  readonly missed: MissedSlots | undefined;
  /** Up to and with this one, all are decided. */
  readonly until: number | undefined;
}

export interface MissedSlots {
  /** {@link MOST_COUNTED} where there are that many or more. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

export interface DueInput {
  readonly schedule: Schedule;
  /** Slots up to and with this one are not looked at. */
  readonly after: number;
  /** What was due before is no slot of the schedule, unless it was seen in time; `undefined` where there is no bound. */
  readonly since: number | undefined;
  /** What is due by then is decided. */
  readonly at: number;
  /** Slots that a scheduler saw in time: they are started however long it took since to come to them. */
  readonly prompt: readonly number[];
  /** How late a slot may be for a schedule that does not catch up. */
  readonly onTime: number;
}

/** More are not counted: a schedule of every second that slept for a year would keep the scheduler busy for hours. */
export const MOST_COUNTED = 1_000;

/** So many slots of one schedule are claimed at once; the rest follows. */
const MOST_STARTED = 100;

const MILLISECONDS_PER_SECOND = 1_000;

/** The time after which a slot is not started any more. */
export function giveUpAt(schedule: Schedule, slot: number): number {
  return fireAt(schedule, slot) + schedule.startingDeadlineSeconds * MILLISECONDS_PER_SECOND;
}

/**
 * The slots that are due, in their order. Jitter may make a later slot due before an earlier one: then it waits, since
 * what is decided is told by one slot up to which all are.
 */
function dueSlots({ schedule, after, since, at, prompt }: DueInput, most: number): readonly number[] {
  const slots = slotsBetween(schedule, after, at, most).filter(
    (slot) => since === undefined || fireAt(schedule, slot) > since || prompt.includes(slot),
  );
  const notDue = slots.findIndex((slot) => fireAt(schedule, slot) > at);
  return notDue === -1 ? slots : slots.slice(0, notDue);
}

interface Looked {
  /** Past the starting deadline. */
  readonly old: readonly number[];
  readonly young: readonly number[];
  /** Whether there may be more after them. */
  readonly isCut: boolean;
}

function look(input: DueInput): Looked {
  const { schedule, at } = input;
  const isOld = (slot: number) => giveUpAt(schedule, slot) < at;
  const isYoung = (slot: number) => !isOld(slot);
  const slots = dueSlots(input, MOST_COUNTED);
  const last = slots.at(-1);
  if (slots.length < MOST_COUNTED || last === undefined || isYoung(last)) {
    return { old: slots.filter(isOld), young: slots.filter(isYoung), isCut: slots.length === MOST_COUNTED };
  }
  // So many are too old that the young ones were not reached: they are looked for on their own.
  const youngest = at - (schedule.startingDeadlineSeconds + schedule.jitterSeconds) * MILLISECONDS_PER_SECOND - 1;
  const rest = dueSlots({ ...input, after: Math.max(last, youngest) }, MOST_COUNTED);
  return { old: slots, young: rest.filter(isYoung), isCut: rest.length === MOST_COUNTED };
}

/** Which of the slots that were not seen in time are started all the same. */
function caughtUp({ schedule, at, onTime }: DueInput, late: readonly number[], isCut: boolean): readonly number[] {
  const newest = late.at(-1);
  // Of slots after which there are more, none is the newest.
  if (newest === undefined || (isCut && schedule.catchUp !== 'all')) {
    return [];
  }
  switch (schedule.catchUp) {
    case 'all':
      return late;
    case 'latest':
      return [newest];
    case 'none':
      return at - fireAt(schedule, newest) <= onTime ? [newest] : [];
  }
}

/**
 * What becomes of the slots that are due. Those past the starting deadline are missed. The others are started if they
 * were seen in time, or if the schedule catches up: with all of them, with the latest, or, where it does not catch up,
 * with the latest if that is not late yet. So a process that was frozen for an hour starts one run for each schedule, and
 * not sixty, unless it was told to.
 */
export function decideSlots(input: DueInput): DueSlots {
  const { old, young, isCut } = look(input);
  const late = young.filter((slot) => !input.prompt.includes(slot));
  // A newer slot that was seen in time is the latest.
  const latestPrompt = input.prompt.at(-1) ?? Number.NEGATIVE_INFINITY;
  const candidates = input.schedule.catchUp === 'all' ? late : late.filter((slot) => slot > latestPrompt);
  const chosen = new Set([
    ...caughtUp(input, candidates, isCut),
    ...young.filter((slot) => input.prompt.includes(slot)),
  ]);
  const start = young.filter((slot) => chosen.has(slot));
  const cut = start.slice(0, MOST_STARTED);
  const until = cut.length < start.length ? cut.at(-1) : (young.at(-1) ?? old.at(-1));
  const missed = [...old, ...young.filter((slot) => !chosen.has(slot) && slot <= (until ?? 0))];
  const [first] = missed;
  const last = missed.at(-1);
  return {
    start: cut,
    until,
    missed: first === undefined || last === undefined ? undefined : { count: missed.length, first, last },
  };
}
