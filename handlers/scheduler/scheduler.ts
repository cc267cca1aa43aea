import { reasonOf } from '../shared/reason';
import { Attendant } from './attendant';
import { Catalogue } from './catalogue';
import { FLEET_ID } from './fleet';
import type { Health } from './health';
import { Members } from './members';
import type { Row } from './next-step';
import { Reader } from './reader';
import { shortReason } from './short-reason';
import type { Tallied } from './tally';
import { Unsettled } from './unsettled';
import type { Work } from './work';

/** The one timer. What is set last counts. */
export interface Timer {
  /** @param at in milliseconds since 1970; what lies in the past is due at once */
  readonly set: (at: number, wake: () => void) => void;
  readonly clear: () => void;
}

export interface SchedulerDeps extends Work {
  readonly timer: Timer;
  readonly report: (tallied: Tallied, gauges: { readonly schedules: number; readonly setAside: number }) => void;
}

/** So long the loop arms schedules anew before it looks at what is due. */
const SLICE_MILLISECONDS = 5;
const ARMED_BETWEEN_LOOKS = 16;

/**
 * The scheduler: knows when each schedule is due, has one timer for all of them, and calls the attendant to those whose
 * time has come. Nothing waits in the loop; whatever asks AWS runs beside it.
 */
export class Scheduler {
  readonly #catalogue = new Catalogue();
  readonly #unsettled = new Unsettled();
  readonly #setAside = new Map<string, readonly string[]>();
  readonly #attendant: Attendant;
  readonly #reader: Reader;
  readonly #members: Members;
  #toArm: string[] = [];
  #nameless = 0;
  #isLoaded = false;
  #lastTick: number | undefined;
  #lastDecision = { slots: 0, worstLateness: 0 };

  constructor(readonly deps: SchedulerDeps) {
    this.#members = new Members(deps);
    this.#reader = new Reader(deps, {
      row: (id, row) => this.#seen(id, row, this.#lookBack()),
      nameless: (problems) => {
        this.#nameless += 1;
        deps.log.error('schedule.set-aside', { problems: shortReason(problems.join('; ')) });
      },
      ids: () => this.#catalogue.ids,
    });
    this.#attendant = new Attendant(deps, {
      row: (id, row) => this.#seen(id, row, deps.now() - deps.pace.changesOverlap),
      seenAt: (id) => this.#catalogue.seenAt(id) ?? deps.now(),
      promptSlots: (id) => this.#unsettled.promptSlots(id),
      settled: (id, until) => {
        if (!this.#unsettled.settle(id, until)) {
          this.#lookAgain(id, deps.pace.standIn);
        }
      },
      // Who stands further back in the line looks less often.
      unfinished: (id) => this.#lookAgain(id, deps.pace.recheck * (1 + deps.random()) * (1 + deps.fleet.rankOf(id))),
    });
  }

  /** Runs until it is stopped, and ends when nothing is in hand any more. */
  async run(): Promise<void> {
    const { log, timer, stop, pace, random } = this.deps;
    await this.#join();
    log.info('scheduler.begins', { scheduler: this.deps.scheduler });
    const beating = this.#repeat(
      'fleet.no-beat',
      () => pace.beat,
      () => this.#members.beat(this.#watermark()),
    );
    this.#tick();
    await this.#reader.load();
    this.#isLoaded = !stop.aborted;
    log.info('schedules.loaded', {
      schedules: this.#catalogue.size,
      armed: this.#catalogue.armed,
      setAside: this.#aside,
    });
    await Promise.all([
      beating,
      this.#repeat(
        'changes.unread',
        () => pace.changes,
        () => this.#reader.readChanges(),
      ),
      // Schedulers that were started together do not scan together.
      this.#repeat(
        'rows.unread',
        () => pace.reconcile * (0.5 + random()),
        () => this.#reader.reconcile(),
        true,
      ),
      this.#repeat(
        'metrics.unprinted',
        () => pace.metrics,
        async () => this.#report(),
      ),
    ]);
    timer.clear();
    await this.#attendant.done();
    await this.#members.leave();
    this.#report();
  }

  get health(): Health {
    const { steady, fleet, tally } = this.deps;
    return {
      isLoaded: this.#isLoaded,
      sinceTick: this.#lastTick === undefined ? undefined : steady() - this.#lastTick,
      changesReadAt: this.#reader.changesReadAt,
      schedules: this.#catalogue.size,
      armed: this.#catalogue.armed,
      setAside: this.#aside,
      setAsideIds: [...this.#setAside.keys()],
      unsettled: this.#unsettled.size,
      waiting: this.#attendant.waiting,
      inHand: this.#attendant.inHand,
      schedulers: fleet.alive.length,
      counts: tally.total,
      lastDecision: this.#lastDecision,
    };
  }

  get #aside(): number {
    return this.#setAside.size + this.#nameless;
  }

  async #join(): Promise<void> {
    const { stop, pause, pace, log } = this.deps;
    while (!stop.aborted) {
      try {
        return await this.#members.beat(undefined);
      } catch (thrown) {
        log.warn('fleet.no-beat', { reason: reasonOf(thrown) });
        await pause(pace.beat);
      }
    }
  }

  /** What fails is logged, and done again in its time. */
  async #repeat(event: string, every: () => number, action: () => Promise<void>, isLater = false): Promise<void> {
    const { stop, pause, log } = this.deps;
    if (isLater) {
      await pause(every());
    }
    while (!stop.aborted) {
      try {
        await action();
      } catch (thrown) {
        log.warn(event, { reason: reasonOf(thrown) });
      }
      await pause(every());
    }
  }

  #report(): void {
    const { report, tally } = this.deps;
    report(tally.take(), { schedules: this.#catalogue.size, setAside: this.#aside });
  }

  /** From when on slots are looked for: at the start, those that nobody decided while no scheduler was there. */
  #lookBack(): number {
    const { now, pace } = this.deps;
    if (this.#isLoaded) {
      return now() - pace.changesOverlap;
    }
    const { watermark } = this.#members;
    return watermark === undefined ? now() : Math.min(watermark, now()) - pace.watermarkMargin;
  }

  /** Every slot that was due by then has its outcome, as far as this scheduler's view goes. */
  #watermark(): number | undefined {
    const { now } = this.deps;
    if (!this.#isLoaded) {
      return undefined;
    }
    const { oldest = Number.POSITIVE_INFINITY } = this.#unsettled;
    const due = this.#catalogue.firstDue ?? Number.POSITIVE_INFINITY;
    return Math.min(now(), oldest - 1, due - 1, this.#reader.changesReadAt ?? now());
  }

  #seen(id: string, row: Row, after: number): void {
    const read: Row = id === FLEET_ID ? { kind: 'malformed', problems: [`id is "${id}": give another one`] } : row;
    switch (read.kind) {
      case 'malformed':
        this.#putAside(id, read.problems);
        return;
      case 'gone':
        this.#setAside.delete(id);
        this.#disarm(id, 'gone');
        return;
      case 'schedule':
        this.#setAside.delete(id);
        this.#safely(id, () => {
          if (this.#catalogue.put(read.schedule, this.deps.now(), after) === 'armed') {
            this.#sleep();
          }
        });
    }
  }

  #putAside(id: string, problems: readonly string[]): void {
    const text = problems.join('; ');
    if (this.#setAside.get(id)?.join('; ') !== text) {
      this.deps.log.error('schedule.set-aside', { schedule: id, problems: shortReason(text) });
    }
    this.#setAside.set(id, problems);
    this.#disarm(id, 'malformed');
  }

  #disarm(id: string, why: string): void {
    if (this.#catalogue.remove(id)) {
      this.deps.log.info('schedule.disarmed', { schedule: id, why });
    }
  }

  /** A schedule whose next slot cannot be computed takes no other with it. */
  #safely(id: string, action: () => void): void {
    try {
      action();
    } catch (thrown) {
      this.#putAside(id, [`its next slot cannot be computed: ${reasonOf(thrown)}`]);
    }
  }

  #tick(): void {
    const { now, steady, stop } = this.deps;
    if (stop.aborted) {
      return;
    }
    this.#lastTick = steady();
    const at = now();
    this.#takeDue(at);
    this.#takeLooks(at);
    this.#arm();
    this.#sleep();
  }

  #takeDue(at: number): void {
    const { pace, fleet } = this.deps;
    let slots = 0;
    let worst = 0;
    for (let due = this.#catalogue.takeDue(at); due !== undefined; due = this.#catalogue.takeDue(at)) {
      const { id, slot, fireAt } = due;
      const lateness = this.deps.now() - fireAt;
      slots += 1;
      worst = Math.max(worst, lateness);
      const wasKnown = fireAt >= (this.#catalogue.seenAt(id) ?? at);
      this.#unsettled.add(id, slot, at, wasKnown && lateness <= pace.prompt);
      this.#toArm.push(id);
      const rank = fleet.rankOf(id);
      if (rank === 0) {
        this.#attendant.call(id, at);
      } else {
        this.#unsettled.look(id, at + rank * pace.standIn);
      }
    }
    if (slots > 0) {
      this.#lastDecision = { slots, worstLateness: worst };
    }
  }

  #takeLooks(at: number): void {
    const { pace, fleet } = this.deps;
    for (let id = this.#unsettled.takeLook(at); id !== undefined; id = this.#unsettled.takeLook(at)) {
      // What became due only since is left to those who stand before.
      this.#attendant.call(id, at - fleet.rankOf(id) * pace.standIn);
    }
  }

  #arm(): void {
    const { steady, now, pace } = this.deps;
    const after = now() - pace.prompt;
    const until = steady() + SLICE_MILLISECONDS;
    let next = 0;
    while (next < this.#toArm.length && (next % ARMED_BETWEEN_LOOKS !== 0 || next === 0 || steady() < until)) {
      const id = this.#toArm[next] ?? '';
      this.#safely(id, () => this.#catalogue.rearm(id, after));
      next += 1;
    }
    this.#toArm = next === this.#toArm.length ? [] : this.#toArm.slice(next);
  }

  #lookAgain(id: string, afterMilliseconds: number): void {
    this.#unsettled.look(id, this.deps.now() + afterMilliseconds);
    this.#sleep();
  }

  #sleep(): void {
    const { now, timer, pace, stop } = this.deps;
    if (stop.aborted) {
      return;
    }
    const at = now();
    const times = [
      this.#toArm.length > 0 ? at : Number.POSITIVE_INFINITY,
      this.#catalogue.firstDue ?? Number.POSITIVE_INFINITY,
      this.#unsettled.firstLook ?? Number.POSITIVE_INFINITY,
      at + pace.longestSleep,
    ];
    timer.set(Math.min(...times), () => this.#tick());
  }
}
