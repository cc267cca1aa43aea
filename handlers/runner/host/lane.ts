import type { Runtime, RuntimeEnd, Undelivered } from '../runtime';
import type { Answer, Invocation } from '../runtime-api/exchange';
import type { FunctionPackage } from './function-source';

/** A runtime of the host, with the package that it runs. It serves one run after another. */
export class Lane {
  /** How many runs it has been given. */
  #runs = 0;

  constructor(
    readonly runtime: Runtime,
    readonly source: FunctionPackage,
  ) {}

  /** Whether it served a run before this one. */
  get isWarm(): boolean {
    return this.#runs > 1;
  }

  invoke(invocation: Invocation): Promise<Answer | RuntimeEnd | Undelivered> {
    this.#runs += 1;
    return this.runtime.invoke(invocation);
  }
}
