import type { Fleet } from './fleet';
import { standsBefore } from './rendezvous';

interface Sighting {
  readonly beat: number;
  /** When this beat was first seen, by a clock that only goes forwards. */
  readonly at: number;
}

/**
 * Which schedulers are alive, as one of them sees it: those whose beat was not the same for long. It is told by this
 * scheduler's own steady clock, so that no two clocks are compared.
 */
export class FleetView {
  #sightings = new Map<string, Sighting>();
  #alive: readonly string[];

  constructor(
    readonly self: string,
    readonly deadAfter: number,
  ) {
    this.#alive = [self];
  }

  see(fleet: Fleet, now: number): void {
    this.#sightings = new Map(
      Object.entries(fleet.beats).map(([name, beat]) => {
        const known = this.#sightings.get(name);
        return [name, known?.beat === beat ? known : { beat, at: now }];
      }),
    );
    this.#alive = [
      this.self,
      ...[...this.#sightings.keys()].filter((name) => name !== this.self && !this.#isDead(name, now)),
    ];
  }

  #isDead(name: string, now: number): boolean {
    const sighting = this.#sightings.get(name);
    return sighting === undefined || now - sighting.at > this.deadAfter;
  }

  /** This scheduler among them. */
  get alive(): readonly string[] {
    return this.#alive;
  }

  isAlive(scheduler: string): boolean {
    return this.#alive.includes(scheduler);
  }

  /** Those that are in the item and not alive. */
  get dead(): readonly string[] {
    return [...this.#sightings.keys()].filter((name) => !this.isAlive(name));
  }

  /**
   * How many stand before this scheduler in the line for a schedule: the first starts its slots, the others look after
   * them later, one by one, so that the schedulers share the work and do not contend for it.
   */
  rankOf(scheduleId: string): number {
    return this.#alive.length === 1 ? 0 : standsBefore(scheduleId, this.self, this.#alive);
  }
}
