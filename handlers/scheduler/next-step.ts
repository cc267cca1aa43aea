import type { Schedule } from '../shared/schedule/schedule';
import { type DueSlots, decideSlots } from './decide-slots';
import type { Claim, ScheduleState } from './state';

/** What the table of schedules has under an id. */
export type Row =
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] }
  /** Nobody deletes a row but on purpose: a read that failed is no such answer. */
  | { readonly kind: 'gone' };

/** What a scheduler does next about a schedule. */
export type Step =
  /** Every slot that is due has its outcome. */
  | { readonly kind: 'settled' }
  /** Somebody else is about to finish. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** Claims whose scheduler is dead. */
  | { readonly kind: 'take-over'; readonly claims: readonly Claim[] }
  /** The same, of a schedule that is not to run any more. */
  | { readonly kind: 'drop'; readonly claims: readonly Claim[]; readonly reason: string }
  /** Asks whether the run before a slot that waits has ended. */
  | { readonly kind: 'look-at-buffered'; readonly schedule: Schedule; readonly slot: number }
  | { readonly kind: 'drop-buffered'; readonly reason: string }
  | { readonly kind: 'claim'; readonly schedule: Schedule; readonly due: DueSlots };

export interface StepInput {
  readonly row: Row;
  readonly state: ScheduleState;
  /** This scheduler. */
  readonly scheduler: string;
  readonly isAlive: (scheduler: string) => boolean;
  /** Whether this scheduler is at work on a slot. */
  readonly isAtWork: (slot: number) => boolean;
  readonly at: number;
  readonly prompt: readonly number[];
  /** When this scheduler first saw the row as it is. */
  readonly seenAt: number;
  readonly onTime: number;
  /** Whether the run before the slot that waits was just found alive. */
  readonly mustWait: boolean;
}

const MILLISECONDS_PER_SECOND = 1_000;

/**
 * Slots of one schedule that are being started. One of every second whose starts fail has 3,600 of them in an hour, and
 * their item would be larger than DynamoDB takes; with so many, the next ones wait for these.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MOST_CLAIMS = 100;

/**
 * Which slots are still to be decided. A schedule has none that were due before it was written last: nobody asked for
 * those, and it may have been paused until then. But what a scheduler saw in time was due under the row of before.
 */
function undecided(schedule: Schedule, { state, seenAt, prompt }: StepInput) {
  const { lastSlot, revision, writtenAt } = state;
  const isKnown = lastSlot !== undefined && revision === schedule.revision;
  const since = writtenAt ?? (isKnown ? undefined : seenAt);
  if (since === undefined) {
    return { after: lastSlot ?? seenAt, since };
  }
  // One with jitter may have slots whose instant was before.
  const earliest = Math.min(since - schedule.jitterSeconds * MILLISECONDS_PER_SECOND, ...prompt) - 1;
  return { after: Math.max(lastSlot ?? earliest, earliest), since };
}

function whyNot(row: Exclude<Row, { kind: 'schedule' }> | { readonly kind: 'disabled' }): string {
  switch (row.kind) {
    case 'gone':
      return 'the schedule was deleted before the slot was started';
    case 'disabled':
      return 'the schedule was disabled before the slot was started';
    case 'malformed':
      return `the schedule's row cannot be read: ${row.problems.join('; ')}`;
  }
}

/** Why the schedule of a row is not to run; `undefined` where it is. */
export function refusalOf(row: Row): string | undefined {
  if (row.kind !== 'schedule') {
    return whyNot(row);
  }
  return row.schedule.isEnabled ? undefined : whyNot({ kind: 'disabled' });
}

/**
 * Decides the next step from what the tables say. It takes any number of schedulers to the same end, since each step is a
 * write that only one of them gets through.
 */
export function nextStep(input: StepInput): Step {
  const { row, state, scheduler, isAlive, isAtWork } = input;
  // A claim of this scheduler on which it is not at work was given up on when its outcome could not be written.
  const orphans = state.claims.filter(({ slot, by }) => (by === scheduler ? !isAtWork(slot) : !isAlive(by)));
  const refusal = refusalOf(row);
  if (orphans.length > 0) {
    return refusal === undefined
      ? { kind: 'take-over', claims: orphans }
      : { kind: 'drop', claims: orphans, reason: refusal };
  }
  if (row.kind !== 'schedule' || refusal !== undefined) {
    if (state.bufferedSlot !== undefined && refusal !== undefined) {
      return { kind: 'drop-buffered', reason: refusal };
    }
    return state.claims.length > 0 ? { kind: 'wait', reason: 'a slot is being started' } : { kind: 'settled' };
  }
  return stepOfSchedule(row.schedule, input);
}

function stepOfSchedule(schedule: Schedule, input: StepInput): Step {
  const { state, at, prompt, onTime, mustWait } = input;
  const isBusy = state.claims.length > 0;
  if (state.claims.length >= MOST_CLAIMS) {
    return { kind: 'wait', reason: `${state.claims.length} slots are being started` };
  }
  // Whether a slot overlaps is known when the slot before it has its run.
  if (schedule.overlap !== 'allow' && isBusy) {
    return { kind: 'wait', reason: 'the slot before is being started' };
  }
  // First come, first started.
  if (state.bufferedSlot !== undefined && !isBusy && !mustWait) {
    return { kind: 'look-at-buffered', schedule, slot: state.bufferedSlot };
  }
  const due = decideSlots({ schedule, ...undecided(schedule, input), at, prompt, onTime });
  if (due.until !== undefined) {
    return { kind: 'claim', schedule, due };
  }
  if (isBusy) {
    return { kind: 'wait', reason: 'a slot is being started' };
  }
  return state.bufferedSlot === undefined
    ? { kind: 'settled' }
    : { kind: 'wait', reason: 'a slot waits for the run before it to end' };
}
