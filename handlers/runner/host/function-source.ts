import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';
import { messageOf } from '../errors';
import type { FetchedFunction } from '../fetched-function';
import type { PackageRoots } from './package-roots';
import { isSameFunction } from './same-function';

/** A function's package, unpacked. */
export interface FunctionPackage {
  readonly generation: number;
  readonly description: FetchedFunction;
  readonly roots: PackageRoots;
}

export interface SourceDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Finds out about the function as it is now. */
  readonly lookUp: (functionArn: string, signal: AbortSignal) => Promise<FetchedFunction>;
  /** Brings the function's package into the folders. */
  readonly fetchPackage: (functionArn: string, roots: PackageRoots, signal: AbortSignal) => Promise<FetchedFunction>;
  /** The folders of the n-th package. */
  readonly rootsOf: (generation: number) => PackageRoots;
  readonly removePackage: (roots: PackageRoots) => Promise<void>;
}

/** The function as it is now: fetched once, looked up again at most so often, and fetched anew where it has changed. */
export class FunctionSource {
  #latest: FunctionPackage | undefined;
  #pending: Promise<FunctionPackage> | undefined;
  #checkedAt = 0;
  #generation = 0;
  readonly #users = new Map<FunctionPackage, number>();

  constructor(
    private readonly deps: SourceDeps,
    private readonly functionArn: string,
    private readonly checkSeconds: number,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * The package to start runtimes from. All that ask while it is being fetched get the same.
   *
   * @throws {RunnerError} when there is none yet and it cannot be fetched; the next call tries again
   */
  current(): Promise<FunctionPackage> {
    this.#pending ??= this.#refresh().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** Resolves when nothing is being fetched. */
  async idle(): Promise<void> {
    await this.#pending?.catch(() => undefined);
  }

  /** Keeps the package's folders until it is released as often. */
  retain(used: FunctionPackage): void {
    this.#users.set(used, (this.#users.get(used) ?? 0) + 1);
  }

  async release(used: FunctionPackage): Promise<void> {
    const left = (this.#users.get(used) ?? 1) - 1;
    this.#users.set(used, left);
    if (left === 0 && used !== this.#latest) {
      this.#users.delete(used);
      await this.#remove(used.generation);
    }
  }

  async #refresh(): Promise<FunctionPackage> {
    const { clock, log, lookUp } = this.deps;
    const now = clock().getTime();
    const latest = this.#latest;
    if (latest === undefined) {
      return this.#fetch();
    }
    if (now - this.#checkedAt < this.checkSeconds * 1_000) {
      return latest;
    }
    this.#checkedAt = now;
    try {
      const seen = await lookUp(this.functionArn, this.signal);
      if (isSameFunction(seen, latest.description)) {
        return latest;
      }
      log.info('function.changed', { functionArn: this.functionArn, codeSha256: seen.codeSha256 });
      const fresh = await this.#fetch();
      if ((this.#users.get(latest) ?? 0) === 0) {
        await this.#remove(latest.generation);
      }
      return fresh;
    } catch (thrown) {
      // The function still runs as it was; the next check may succeed.
      log.warn('function.check-failed', { functionArn: this.functionArn, reason: messageOf(thrown) });
      return latest;
    }
  }

  /** Each attempt has folders of its own, so that nothing of a broken one is left among the files of the next. */
  async #fetch(): Promise<FunctionPackage> {
    this.#generation += 1;
    const generation = this.#generation;
    const roots = this.deps.rootsOf(generation);
    try {
      const description = await this.deps.fetchPackage(this.functionArn, roots, this.signal);
      this.#checkedAt = this.deps.clock().getTime();
      this.#latest = { generation, description, roots };
      return this.#latest;
    } catch (thrown) {
      await this.#remove(generation);
      throw thrown;
    }
  }

  /** The first package lies in folders that the task has anyway. */
  async #remove(generation: number): Promise<void> {
    if (generation === 1) {
      return;
    }
    try {
      await this.deps.removePackage(this.deps.rootsOf(generation));
    } catch (thrown) {
      this.deps.log.warn('package.not-removed', { generation, reason: messageOf(thrown) });
    }
  }
}
