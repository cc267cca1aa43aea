import { reasonOf } from '../shared/reason';
import type { Schedule } from '../shared/schedule/schedule';
import { afterStep } from './after-step';
import { carryOut } from './carry-out';
import { changeState } from './change-state';
import { nextStep, type Row, type Step, type StepInput } from './next-step';
import { Permits } from './permits';
import { shortReason } from './short-reason';
import type { Claim, ScheduleState } from './state';
import type { Count } from './tally';
import { finishClaim, releaseClaim, type SlotOutcome } from './transitions';
import type { Work } from './work';

/** What the attendant tells of a schedule that it was called to. */
export interface AttendantEvents {
  /** The row as it was just read. */
  readonly row: (id: string, row: Row) => void;
  /** When this scheduler first saw the row as it is. */
  readonly seenAt: (id: string) => number;
  /** Slots that this scheduler saw in time: they are no matter of catching up. */
  readonly promptSlots: (id: string) => readonly number[];
  /** All that was due by then has its outcome. */
  readonly settled: (id: string, until: number) => void;
  /** Somebody else is at work, or something failed: it is to be looked at again. */
  readonly unfinished: (id: string) => void;
}

/** DynamoDB gives at most 100 items at once; half of them leaves others less to wait for. */
const BATCH = 50;
const MOST_BATCHES = 4;

/** Starts at once. Lambda lets an account have 1,000 executions, of which others need most. */
const MOST_STARTS = 64;

/** What follows on a state that cannot be read is not known: the schedule is set aside, so that an alarm tells of it. */
const SPOILT: Row = {
  kind: 'malformed',
  problems: ['its item in the table of states cannot be read: delete the attributes that are none of its own'],
};

/** Each time, another scheduler has written to the schedule's state. */
const TRIES = 10;

const COUNT_OF: Readonly<Record<SlotOutcome['kind'], Count>> = {
  started: 'Fired',
  skipped: 'Skipped',
  missed: 'Missed',
  failed: 'Failed',
  refused: 'Refused',
  buffered: 'Buffered',
};

/**
 * Attends to schedules that are due: reads rows and states of many at once, decides, writes what it decided on the
 * version that it was decided on, and starts what it claimed.
 */
export class Attendant {
  readonly #calls = new Map<string, number>();
  readonly #deciding = new Set<string>();
  readonly #atWork = new Map<string, Set<number>>();
  readonly #permits = new Permits(MOST_STARTS);
  readonly #tasks = new Set<Promise<void>>();
  #batches = 0;

  constructor(
    readonly work: Work,
    readonly events: AttendantEvents,
  ) {}

  get waiting(): number {
    return this.#calls.size;
  }

  /** Slots that are being started. */
  get inHand(): number {
    return [...this.#atWork.values()].reduce((sum, slots) => sum + slots.size, 0);
  }

  /** @param at what was due by then is decided */
  call(id: string, at: number): void {
    this.#calls.set(id, Math.max(at, this.#calls.get(id) ?? at));
    if (this.#batches < MOST_BATCHES) {
      this.#batches += 1;
      this.#keep(this.#attend());
    }
  }

  /** Resolves when nothing is in hand any more. No call is taken up once the scheduler is stopped. */
  async done(): Promise<void> {
    while (this.#tasks.size > 0) {
      await Promise.all(this.#tasks);
    }
  }

  #keep(task: Promise<void>): void {
    const kept = task
      .catch((thrown: unknown) => this.work.log.error('attendant.failed', { reason: reasonOf(thrown) }))
      .finally(() => this.#tasks.delete(kept));
    this.#tasks.add(kept);
  }

  async #attend(): Promise<void> {
    try {
      // What else is due at this instant is called in the same turn of the loop, and read at once.
      await Promise.resolve();
      for (let calls = this.#takeCalls(); calls.size > 0 && !this.work.stop.aborted; calls = this.#takeCalls()) {
        await this.#attendTo(calls);
      }
    } finally {
      this.#batches -= 1;
    }
  }

  #takeCalls(): ReadonlyMap<string, number> {
    const taken = new Map<string, number>();
    for (const [id, at] of this.#calls) {
      if (taken.size === BATCH) {
        break;
      }
      if (!this.#deciding.has(id)) {
        taken.set(id, at);
        this.#calls.delete(id);
        this.#deciding.add(id);
      }
    }
    return taken;
  }

  async #attendTo(calls: ReadonlyMap<string, number>): Promise<void> {
    const { ports, log } = this.work;
    const ids = [...calls.keys()];
    const read = await Promise.all([ports.schedules.read(ids), ports.states.read(ids)]).catch((thrown: unknown) => {
      log.warn('slots.unread', { schedules: ids.length, reason: reasonOf(thrown) });
    });
    await Promise.all(
      [...calls].map(async ([id, at]) => {
        const row = read?.[0].get(id);
        const state = read?.[1].get(id);
        if (row === undefined || state === undefined) {
          if (row !== undefined) {
            this.events.row(id, row.kind === 'schedule' ? SPOILT : row);
          }
          this.#deciding.delete(id);
          this.events.unfinished(id);
          return;
        }
        this.events.row(id, row);
        await this.#decide(id, row, state, at);
      }),
    );
  }

  async #decide(id: string, row: Row, first: ScheduleState, at: number): Promise<void> {
    let begun:
      | { readonly schedule: Schedule; readonly claims: readonly Claim[]; readonly state: ScheduleState }
      | undefined;
    try {
      begun = await this.#step(id, row, first, at);
    } catch (thrown) {
      this.work.log.warn('slots.undecided', { schedule: id, reason: reasonOf(thrown) });
      this.events.unfinished(id);
    } finally {
      this.#deciding.delete(id);
    }
    if (begun !== undefined) {
      await this.#begin(id, row, begun);
    }
    const since = this.#calls.get(id);
    if (since !== undefined) {
      this.call(id, since);
    }
  }

  #input(id: string, row: Row, state: ScheduleState, at: number): Omit<StepInput, 'mustWait'> {
    const { scheduler, fleet, pace } = this.work;
    return {
      row,
      state,
      scheduler,
      isAlive: (other) => fleet.isAlive(other),
      isAtWork: (slot) => this.#atWork.get(id)?.has(slot) ?? false,
      at,
      prompt: this.events.promptSlots(id),
      seenAt: this.events.seenAt(id),
      onTime: pace.onTime,
    };
  }

  /** Goes from step to step until nothing is left, or slots are to be started. */
  async #step(id: string, row: Row, first: ScheduleState, at: number) {
    const { ports, scheduler, tally, now } = this.work;
    let state = first;
    let mustWait = false;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const step = nextStep({ ...this.#input(id, row, state, at), mustWait });
      if (step.kind === 'settled') {
        this.#settle(id, at);
        return undefined;
      }
      if (step.kind === 'wait') {
        this.#unfinished(id);
        return undefined;
      }
      if (step.kind === 'look-at-buffered' && state.runId !== undefined && (await ports.isRunAlive(state.runId))) {
        mustWait = true;
        continue;
      }
      const written = await ports.states.write(id, state, afterStep(step, state, scheduler, now()));
      const before = state;
      state = written.item;
      if (written.kind === 'written') {
        this.#countStep(step, tally.count.bind(tally));
        const claims = state.claims.filter(
          ({ slot, by }) => by === scheduler && !before.claims.some((old) => old.slot === slot && old.by === scheduler),
        );
        const own = [...claims, ...(step.kind === 'take-over' ? step.claims.filter(({ by }) => by === scheduler) : [])];
        if (own.length > 0 && row.kind === 'schedule') {
          return { schedule: row.schedule, claims: own, state };
        }
      }
    }
    this.#unfinished(id);
    return undefined;
  }

  #countStep(step: Step, count: (what: Count, times?: number) => void): void {
    if (step.kind === 'claim' && step.due.missed !== undefined) {
      count('Missed', step.due.missed.count);
    }
    if (step.kind === 'drop') {
      count('Skipped', step.claims.length);
    }
    if (step.kind === 'drop-buffered') {
      count('Skipped');
    }
  }

  #settle(id: string, until: number): void {
    if (!this.#atWork.has(id) && !this.#calls.has(id)) {
      this.events.settled(id, until);
    }
  }

  #unfinished(id: string): void {
    // What this scheduler has in hand itself calls it again when it is done.
    if (!this.#atWork.has(id)) {
      this.events.unfinished(id);
    }
  }

  /** Resolves when each slot was tried once, so that no more is claimed than can be started. */
  async #begin(
    id: string,
    row: Row,
    { schedule, claims, state }: { schedule: Schedule; claims: readonly Claim[]; state: ScheduleState },
  ): Promise<void> {
    const atWork = this.#atWork.get(id) ?? new Set();
    this.#atWork.set(id, atWork);
    for (const { slot } of claims) {
      atWork.add(slot);
    }
    const rows: readonly (readonly Claim[])[] =
      schedule.overlap === 'allow' ? claims.map((claim) => [claim]) : [claims];
    await Promise.all(
      rows.map(
        (inTurn) =>
          new Promise<void>((resolve) => {
            this.#keep(this.#carry(id, row, { schedule, claims: inTurn, state }, resolve).finally(resolve));
          }),
      ),
    );
  }

  async #carry(
    id: string,
    row: Row,
    { schedule, claims, state }: { schedule: Schedule; claims: readonly Claim[]; state: ScheduleState },
    onTried: () => void,
  ): Promise<void> {
    const { ports, log, now, scheduler, tally, stop } = this.work;
    let last = state;
    try {
      for (const claim of claims) {
        const { slot } = claim;
        const outcome = await carryOut({ schedule, claim, state: last, onTried }, this.#permits, this.work);
        const change = (current: ScheduleState) =>
          outcome.kind === 'released'
            ? releaseClaim(current, slot, scheduler)
            : finishClaim(current, slot, scheduler, outcome, now());
        const { state: after, isWritten } = await changeState(ports, id, last, change);
        last = after;
        this.#atWork.get(id)?.delete(slot);
        if (isWritten && outcome.kind !== 'released') {
          tally.count(COUNT_OF[outcome.kind]);
        }
        log.info(`slot.${outcome.kind}`, {
          schedule: id,
          slot: new Date(slot).toISOString(),
          isOurs: isWritten,
          ...('runId' in outcome ? { runId: outcome.runId } : {}),
          ...('reason' in outcome ? { reason: shortReason(outcome.reason) } : {}),
        });
      }
    } catch (thrown) {
      log.error('slot.outcome-unwritten', { schedule: id, reason: reasonOf(thrown) });
    }
    for (const { slot } of claims) {
      this.#atWork.get(id)?.delete(slot);
    }
    if (this.#atWork.get(id)?.size === 0) {
      this.#atWork.delete(id);
    }
    if (!stop.aborted) {
      this.#afterWork(id, row, last);
    }
  }

  /** Where nothing is left of the schedule as it was last seen, it is not read again. */
  #afterWork(id: string, row: Row, state: ScheduleState): void {
    const at = this.work.now();
    const step = nextStep({ ...this.#input(id, row, state, at), mustWait: false });
    if (step.kind === 'settled') {
      this.#settle(id, at);
    } else if (step.kind === 'wait' || step.kind === 'look-at-buffered') {
      this.#unfinished(id);
    } else {
      this.call(id, at);
    }
  }
}
