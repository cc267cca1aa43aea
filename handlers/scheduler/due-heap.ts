const FIRST_CAPACITY = 1_024;
const NOWHERE = -1;

/**
 * A heap of times, one for each of many small whole numbers. It lives in typed arrays, 16 bytes a number: with an object
 * for each of 100,000 schedules the garbage collector alone would cost more than the schedules.
 */
export class DueHeap {
  #times = new Float64Array(FIRST_CAPACITY);
  /** Where each number stands in the order. */
  #places = new Int32Array(FIRST_CAPACITY).fill(NOWHERE);
  #order = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The earliest time; `undefined` where there is none. */
  get firstTime(): number | undefined {
    return this.#size === 0 ? undefined : this.#times[this.#at(0)];
  }

  /** The number that has the earliest time. */
  get first(): number | undefined {
    return this.#size === 0 ? undefined : this.#order[0];
  }

  timeOf(index: number): number | undefined {
    return (this.#places[index] ?? NOWHERE) === NOWHERE ? undefined : this.#times[index];
  }

  set(index: number, time: number): void {
    this.#grow(index + 1);
    this.#times[index] = time;
    let place = this.#places[index] ?? NOWHERE;
    if (place === NOWHERE) {
      place = this.#size;
      this.#size += 1;
      this.#put(index, place);
    }
    this.#up(place);
    this.#down(this.#places[index] ?? place);
  }

  delete(index: number): void {
    const place = this.#places[index] ?? NOWHERE;
    if (place === NOWHERE) {
      return;
    }
    this.#places[index] = NOWHERE;
    this.#size -= 1;
    if (place < this.#size) {
      const last = this.#at(this.#size);
      this.#put(last, place);
      this.#up(place);
      this.#down(this.#places[last] ?? place);
    }
  }

  /** Takes the first number out if its time has come. */
  take(until: number): number | undefined {
    const { first, firstTime } = this;
    if (first === undefined || firstTime === undefined || firstTime > until) {
      return undefined;
    }
    this.delete(first);
    return first;
  }

  /** In no order. */
  *indexes(): Generator<number> {
    for (let place = 0; place < this.#size; place += 1) {
      yield this.#at(place);
    }
  }

  #at(place: number): number {
    return this.#order[place] ?? 0;
  }

  #timeAt(place: number): number {
    return this.#times[this.#at(place)] ?? Number.POSITIVE_INFINITY;
  }

  #put(index: number, place: number): void {
    this.#order[place] = index;
    this.#places[index] = place;
  }

  #swap(one: number, other: number): void {
    const index = this.#at(one);
    this.#put(this.#at(other), one);
    this.#put(index, other);
  }

  #up(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#timeAt(parent) <= this.#timeAt(place)) {
        return;
      }
      this.#swap(parent, place);
      place = parent;
    }
  }

  #down(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let least = place;
      if (left < this.#size && this.#timeAt(left) < this.#timeAt(least)) {
        least = left;
      }
      if (right < this.#size && this.#timeAt(right) < this.#timeAt(least)) {
        least = right;
      }
      if (least === place) {
        return;
      }
      this.#swap(least, place);
      place = least;
    }
  }

  #grow(needed: number): void {
    const capacity = this.#times.length;
    if (needed <= capacity) {
      return;
    }
    const next = Math.max(capacity * 2, needed);
    const times = new Float64Array(next);
    times.set(this.#times);
    const places = new Int32Array(next).fill(NOWHERE);
    places.set(this.#places);
    const order = new Uint32Array(next);
    order.set(this.#order);
    [this.#times, this.#places, this.#order] = [times, places, order];
  }
}
