import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../errors';
import type { FetchedFunction } from '../fetched-function';
import type { Execution, Happening } from '../outcome';
import type { Runtime } from '../runtime';
import type { Invocation } from '../runtime-api/exchange';
import { traceId } from '../trace-id';
import { type FunctionPackage, FunctionSource, type SourceDeps } from './function-source';
import { firstOf, happeningOf, notRun, shutdownReason } from './happenings';
import { Lane } from './lane';
import { Lanes } from './lanes';
import type { PackageRoots } from './package-roots';
import { Slots } from './slots';

export interface HostDeps extends SourceDeps {
  readonly startRuntime: (description: FetchedFunction, roots: PackageRoots) => Promise<Runtime>;
}

export interface HostOptions {
  /** The function to fetch, with its qualifier if there is one. */
  readonly functionArn: string;
  /** How many runs are carried out side by side, each by a runtime of its own. */
  readonly concurrency: number;
  readonly initTimeoutSeconds: number;
  /** How often to ask whether the function has changed. */
  readonly codeCheckSeconds: number;
  /** How long a handler may go on once its run is interrupted. */
  readonly drainMilliseconds: number;
  /** How long the runtime of an interrupted run may then take to end. */
  readonly stopMilliseconds: number;
}

/** One run of the host's function. */
export interface HostRun {
  readonly requestId: string;
  readonly timeoutSeconds: number;
  /** JSON text. */
  readonly readInput: (signal: AbortSignal) => Promise<string>;
  /**
   * Told when the handler is called, and again where it must be called on another runtime after all; the run does not
   * end before it resolves. It does not throw.
   */
  readonly onInvoked: (at: Date) => Promise<void>;
  /** Interrupts this run: the task is told to stop. */
  readonly interruption: AbortSignal;
  /** Ends this run at once: nobody wants its result any more. @default - somebody does */
  readonly callerGone?: AbortSignal;
}

interface Fetched {
  readonly kind: 'fetched';
  readonly input: string;
}

/** What a runtime is started for: a run, or those that will come. */
type Start = Pick<HostRun, 'interruption' | 'callerGone'> & Partial<HostRun>;

interface Started {
  readonly lane: Lane;
  /** Of a runtime that was started for the run. */
  readonly initMilliseconds?: number;
}

/**
 * The longest that a runtime which has answered may take until it asks for more, and its output to be passed on.
 * Lambda, too, runs it until it asks for more.
 */
const SETTLE_MILLISECONDS = 30_000;

/** What a runtime unpacks as it starts is in its place by then. */
const TURN_MILLISECONDS = 10_000;

/**
 * Carries out runs of one function, as Lambda does: a runtime serves one after another, and as many of them as asked
 * for live side by side. One that ended, timed out or lost an extension is replaced when the next run comes; the run
 * that it had ends with what happened to it, and is not repeated. When the function has changed, runs that begin get
 * runtimes of the new code, and those in flight finish on the old.
 */
export class FunctionHost {
  readonly #closing = new AbortController();
  readonly #source: FunctionSource;
  readonly #slots: Slots;
  /**
   * Runtimes start one after another. In Lambda each has its `/tmp` to itself, and some unpack a library to a fixed path in
   * it as they start, AWS's own client for Java among them: side by side, one would load what another is still writing.
   */
  readonly #starts = new Slots(1);
  readonly #lanes: Lanes;
  readonly #patience: number;

  constructor(
    private readonly deps: HostDeps,
    private readonly options: HostOptions,
  ) {
    const { functionArn, codeCheckSeconds, concurrency, drainMilliseconds } = options;
    this.#source = new FunctionSource(deps, functionArn, codeCheckSeconds, this.#closing.signal);
    this.#slots = new Slots(concurrency);
    this.#patience = Math.min(SETTLE_MILLISECONDS, drainMilliseconds);
    this.#lanes = new Lanes(deps.log, this.#source, this.#patience);
  }

  /**
   * Carries the run out, as soon as there is a slot for it. Whatever way that ends is a happening. It returns with the
   * handler's answer; the slot is free again when the runtime and its extensions are done with the run.
   */
  async run(run: HostRun): Promise<Execution> {
    await this.#slots.take();
    let isHandedOn = false;
    const keepSlot = (work: Promise<void>) => {
      isHandedOn = true;
      this.#lanes.inBackground(work.finally(() => this.#slots.giveBack()));
    };
    try {
      return await this.#carryOut(run, keepSlot);
    } finally {
      if (!isHandedOn) {
        this.#slots.giveBack();
      }
    }
  }

  /**
   * Starts a runtime ahead of the first run, which waits for it. Where that goes wrong it is noted; the run finds out by
   * itself.
   */
  warmUp(interruption: AbortSignal): void {
    this.#lanes.inBackground(this.#warmUp(AbortSignal.any([interruption, this.#closing.signal])));
  }

  async #warmUp(interruption: AbortSignal): Promise<void> {
    const { log } = this.deps;
    await this.#slots.take();
    try {
      const started = await this.#startInTurn({ interruption });
      if ('lane' in started) {
        this.#lanes.putBack(started.lane);
      } else {
        log.error('runtime.not-ready', { kind: started.happening.kind });
      }
    } catch (thrown) {
      log.error('runtime.not-ready', { reason: messageOf(thrown) });
    } finally {
      this.#slots.giveBack();
    }
  }

  /** Ends every runtime, when the runs are over; resolves when nothing of them is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#source.idle();
    await this.#lanes.close();
  }

  async #carryOut(run: HostRun, keepSlot: (work: Promise<void>) => void): Promise<Execution> {
    const { clock } = this.deps;
    const begun = clock().getTime();
    const fetched = await this.#fetch(run);
    const fetchMilliseconds = clock().getTime() - begun;
    if (fetched.kind !== 'fetched') {
      return { happening: fetched, fetchMilliseconds };
    }
    for (;;) {
      // What has been fetched, or what is newer by now: a package that nobody uses may go while the input is read.
      const source = await this.#source.current();
      const warm = this.#lanes.take(source);
      const started = warm === undefined ? await this.#startInTurn(run) : { lane: warm };
      if ('happening' in started) {
        return { ...started, fetchMilliseconds };
      }
      const { lane, ...timings } = started;
      const invoked = await this.#invoke(run, lane, fetched.input, keepSlot);
      if (invoked !== 'again') {
        return { ...invoked, ...timings, fetchMilliseconds };
      }
    }
  }

  /** The function's package and the run's input, fetched side by side; or why one of them is not there. */
  async #fetch({ readInput, interruption, callerGone }: HostRun): Promise<Fetched | Happening> {
    const stop = new AbortController();
    const signal = AbortSignal.any([interruption, stop.signal, ...(callerGone === undefined ? [] : [callerGone])]);
    const both = async (): Promise<Fetched> => {
      const [input] = await Promise.all([readInput(signal), this.#source.current()]);
      return { kind: 'fetched', input };
    };
    const cutOff = (): Happening | undefined => {
      if (callerGone?.aborted === true) {
        return { kind: 'caller-gone' };
      }
      return interruption.aborted ? { kind: 'interrupted', phase: 'fetch' } : undefined;
    };
    try {
      const end = await firstOf(both(), { phase: 'fetch', interruption, callerGone, drainMilliseconds: 0 });
      return cutOff() ?? end;
    } catch (thrown) {
      return cutOff() ?? notRun(thrown);
    } finally {
      stop.abort('over');
    }
  }

  /** Starts a runtime when those that start before it are there; where one has become idle meanwhile, that one serves. */
  async #startInTurn(run: Start): Promise<Started | Execution> {
    const { interruption, callerGone } = run;
    const turn = this.#starts.take().then(() => ({ kind: 'turn' }) as const);
    const limits = { phase: 'init', interruption, callerGone, drainMilliseconds: 0 } as const;
    const first = await firstOf(turn, limits);
    if (first.kind !== 'turn') {
      void turn.then(() => this.#starts.giveBack());
      return { happening: first };
    }
    const started = this.#takeOrStart(run);
    this.#lanes.inBackground(this.#giveTurnOn(started));
    return started;
  }

  async #takeOrStart(run: Start): Promise<Started | Execution> {
    const source = await this.#source.current();
    const idle = this.#lanes.take(source);
    return idle === undefined ? this.#startLane(run, source) : { lane: idle };
  }

  /** A start that hangs, which it may for as long as a run, holds the others up for so long and no longer. */
  async #giveTurnOn(started: Promise<unknown>): Promise<void> {
    const isOver = new AbortController();
    const bound = wait(TURN_MILLISECONDS, undefined, { signal: isOver.signal });
    await Promise.race([started, bound]).catch(() => undefined);
    isOver.abort();
    await bound.catch(() => undefined);
    this.#starts.giveBack();
  }

  /** Starts a runtime of that package, and waits until it is there for a run; or says why it is not. */
  async #startLane(
    { interruption, callerGone, requestId }: Start,
    source: FunctionPackage,
  ): Promise<Started | Execution> {
    const { clock, log, startRuntime } = this.deps;
    const { initTimeoutSeconds: seconds, stopMilliseconds } = this.options;
    const begun = clock().getTime();
    this.#source.retain(source);
    let runtime: Runtime;
    try {
      runtime = await startRuntime(source.description, source.roots);
    } catch (thrown) {
      await this.#source.release(source);
      return { happening: notRun(thrown) };
    }
    const lane = new Lane(runtime, source);
    const start = await firstOf(runtime.started, {
      phase: 'init',
      seconds,
      interruption,
      callerGone,
      drainMilliseconds: 0,
    });
    const initMilliseconds = clock().getTime() - begun;
    if (start.kind === 'ready') {
      log.info('runtime.ready', { requestId, milliseconds: initMilliseconds });
      return { lane, initMilliseconds };
    }
    const happening = happeningOf(start, 'init');
    this.#lanes.noteExtension(happening);
    await this.#lanes.end(lane, shutdownReason(happening), stopMilliseconds);
    return { happening, initMilliseconds };
  }

  /** @returns `again` when a runtime that had served before ended before it was given the run */
  async #invoke(
    run: HostRun,
    lane: Lane,
    input: string,
    keepSlot: (work: Promise<void>) => void,
  ): Promise<Execution | 'again'> {
    const { clock, log } = this.deps;
    const { drainMilliseconds, functionArn, stopMilliseconds } = this.options;
    const { interruption, callerGone, requestId, timeoutSeconds } = run;
    const invokedAt = clock();
    const invocation: Invocation = {
      requestId,
      functionArn,
      deadline: new Date(invokedAt.getTime() + timeoutSeconds * 1_000),
      traceId: traceId(invokedAt),
      input,
    };
    const answered = lane.invoke(invocation);
    log.info('handler.invoked', { requestId, timeoutSeconds });
    // The handler does not wait for the note; the run does, so that it cannot be written after the run's end.
    const noted = run.onInvoked(invokedAt);
    const limits = { phase: 'invoke', seconds: timeoutSeconds, interruption, callerGone, drainMilliseconds } as const;
    const end = await firstOf(answered, limits);
    const durationMilliseconds = clock().getTime() - invokedAt.getTime();
    const isAnswer = end.kind === 'response' || end.kind === 'reported' || end.kind === 'response-too-large';
    if (isAnswer) {
      keepSlot(this.#settle(lane));
      await noted;
      return { happening: end, durationMilliseconds };
    }
    const isLost = end.kind === 'undelivered' && lane.isWarm;
    const happening: Happening =
      end.kind === 'exited' && interruption.aborted
        ? // A runtime in another container gets ECS's SIGTERM too, and may end of it.
          { kind: 'interrupted', phase: 'invoke' }
        : happeningOf(end.kind === 'undelivered' ? end.end : end, 'invoke');
    if (isLost) {
      this.#lanes.noteLoss(end.end);
    } else {
      this.#lanes.noteExtension(happening);
    }
    await this.#lanes.end(lane, shutdownReason(happening), stopMilliseconds);
    await noted;
    return isLost ? 'again' : { happening, durationMilliseconds };
  }

  /** Waits until the runtime is done with its run; then it is there for another. */
  async #settle(lane: Lane): Promise<void> {
    const begun = this.deps.clock().getTime();
    const isReady = await lane.runtime.settled(this.#patience);
    if (isReady && !this.#closing.signal.aborted) {
      this.#lanes.putBack(lane);
      return;
    }
    const end = lane.runtime.ended();
    if (end !== undefined) {
      this.#lanes.noteLoss(end);
    }
    const reason = end !== undefined ? 'failure' : isReady ? 'spindown' : 'timeout';
    const left = this.#patience - (this.deps.clock().getTime() - begun);
    await this.#lanes.end(lane, reason, Math.max(left, this.options.stopMilliseconds));
  }
}
