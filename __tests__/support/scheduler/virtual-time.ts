import { DueHeap } from '../../../handlers/scheduler/due-heap';

/** Lets what has been resolved run to where it waits again. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A time that goes on when it is told to, from one planned call to the next. */
export class VirtualTime {
  readonly #plans = new Map<number, () => void>();
  readonly #times = new DueHeap();
  readonly #free: number[] = [];
  #next = 0;

  constructor(public now: number) {}

  /** @returns takes the plan back */
  at(time: number, action: () => void): () => void {
    const number = this.#free.pop() ?? this.#next;
    this.#next = Math.max(this.#next, number + 1);
    let isPlanned = true;
    this.#plans.set(number, () => {
      isPlanned = false;
      action();
    });
    this.#times.set(number, Math.max(time, this.now));
    return () => {
      if (isPlanned) {
        isPlanned = false;
        this.#times.delete(number);
        this.#plans.delete(number);
        this.#free.push(number);
      }
    };
  }

  async runUntil(end: number): Promise<void> {
    await settle();
    for (let time = this.#times.firstTime; time !== undefined && time <= end; time = this.#times.firstTime) {
      this.now = time;
      for (let number = this.#times.take(time); number !== undefined; number = this.#times.take(time)) {
        const plan = this.#plans.get(number);
        this.#plans.delete(number);
        this.#free.push(number);
        plan?.();
      }
      await settle();
    }
    this.now = end;
  }
}
