import type { DueSlots, MissedSlots } from './decide-slots';
import { shortReason } from './short-reason';
import { type Claim, HISTORY_ENTRIES, type HistoryEntry, type ScheduleState } from './state';

/** What became of a slot that was claimed. */
export type SlotOutcome =
  | { readonly kind: 'started'; readonly runId: string; readonly reason?: string }
  | { readonly kind: 'buffered' }
  | { readonly kind: 'skipped' | 'missed' | 'failed' | 'refused'; readonly reason: string };

const iso = (time: number) => new Date(time).toISOString();

function withShortReason(entry: HistoryEntry): HistoryEntry {
  return entry.reason === undefined ? entry : { ...entry, reason: shortReason(entry.reason) };
}

function withHistory(state: ScheduleState, entries: readonly HistoryEntry[]): ScheduleState {
  return { ...state, history: [...state.history, ...entries.map(withShortReason)].slice(-HISTORY_ENTRIES) };
}

function missedEntry({ count, first, last }: MissedSlots, now: number): HistoryEntry {
  const reason = count === 1 ? 'not decided in time' : `${count} slots were not decided in time, from ${iso(first)} on`;
  return { slot: iso(last), decision: 'missed', reason, at: iso(now) };
}

/** Slots that are due become claims of a scheduler, and those that were missed are written down. */
export function claimSlots(
  state: ScheduleState,
  due: DueSlots,
  by: {
    readonly scheduler: string;
    readonly revision: string;
    readonly now: number;
    readonly giveUpAt: (slot: number) => number;
  },
): ScheduleState {
  const { start, missed, until } = due;
  const claims = start.map((slot): Claim => ({ slot, by: by.scheduler, giveUpAt: by.giveUpAt(slot) }));
  const next: ScheduleState = {
    ...state,
    revision: by.revision,
    ...(until === undefined ? {} : { lastSlot: until }),
    claims: [...state.claims, ...claims],
  };
  return missed === undefined ? next : withHistory(next, [missedEntry(missed, by.now)]);
}

/** Claims of schedulers that are dead become those of another. */
export function takeOver(state: ScheduleState, isOrphan: (claim: Claim) => boolean, scheduler: string): ScheduleState {
  return { ...state, claims: state.claims.map((claim) => (isOrphan(claim) ? { ...claim, by: scheduler } : claim)) };
}

/** Gives a claim back, so that any scheduler may take it over at once; `undefined` where it is not held any more. */
export function releaseClaim(state: ScheduleState, slot: number, scheduler: string): ScheduleState | undefined {
  return holdsClaim(state, slot, scheduler) ? takeOver(state, (claim) => claim.slot === slot, '') : undefined;
}

function holdsClaim(state: ScheduleState, slot: number, scheduler: string): boolean {
  return state.claims.some((claim) => claim.slot === slot && claim.by === scheduler);
}

/** The slot that waited becomes a claim, for which the time to start it begins now. */
export function claimBuffered(
  state: ScheduleState,
  by: { readonly scheduler: string; readonly giveUpAt: number },
): ScheduleState {
  const { bufferedSlot, ...rest } = state;
  return bufferedSlot === undefined
    ? state
    : { ...rest, claims: [...state.claims, { slot: bufferedSlot, by: by.scheduler, giveUpAt: by.giveUpAt }] };
}

/** A slot that waited is given up. */
export function dropBuffered(state: ScheduleState, reason: string, now: number): ScheduleState {
  const { bufferedSlot, ...rest } = state;
  return bufferedSlot === undefined
    ? state
    : withHistory(rest, [{ slot: iso(bufferedSlot), decision: 'skipped', reason, at: iso(now) }]);
}

/**
 * Writes a claim's outcome in its place; `undefined` where the claim is not the scheduler's any more: whoever took it
 * over writes the outcome.
 */
export function finishClaim(
  state: ScheduleState,
  slot: number,
  scheduler: string,
  outcome: SlotOutcome,
  now: number,
): ScheduleState | undefined {
  if (!holdsClaim(state, slot, scheduler)) {
    return undefined;
  }
  const entry: HistoryEntry = {
    slot: iso(slot),
    decision: outcome.kind,
    ...('runId' in outcome ? { runId: outcome.runId } : {}),
    ...('reason' in outcome && outcome.reason !== undefined ? { reason: outcome.reason } : {}),
    at: iso(now),
  };
  const next: ScheduleState = {
    ...state,
    claims: state.claims.filter((claim) => claim.slot !== slot),
    ...(outcome.kind === 'started' ? { runId: outcome.runId } : {}),
    ...(outcome.kind === 'buffered' ? { bufferedSlot: slot } : {}),
  };
  return withHistory(next, [entry]);
}
