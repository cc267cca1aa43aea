import type { Runtime, RuntimeEnd, Undelivered } from '../runtime';
import type { Answer, Invocation } from '../runtime-api/exchange';
import type { FunctionPackage } from './function-source';

/** A runtime of the host, with the package that it runs. It serves one run after another. */
export class Lane {
  #isWarm = false;

  constructor(
    readonly runtime: Runtime,
    readonly source: FunctionPackage,
  ) {}

  /** Whether it has waited for a run, rather than being started for one. */
  get isWarm(): boolean {
    return this.#isWarm;
  }

  /** Notes that it waits for a run. */
  rest(): void {
    this.#isWarm = true;
  }

  invoke(invocation: Invocation): Promise<Answer | RuntimeEnd | Undelivered> {
    return this.runtime.invoke(invocation);
  }
}
