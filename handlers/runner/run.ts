import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import type { Payload } from '../shared/run';
import { aborted, alarm } from './deferred';
import { RunnerError } from './errors';
import type { FunctionDescription } from './function-description';
import type { Ledger } from './ledger';
import type { Happening, Phase } from './outcome';
import type { Runtime } from './runtime';
import type { Answer, Invocation, StartReport } from './runtime-api/exchange';
import type { RuntimeExit } from './runtime-process';
import { drainMilliseconds, type RunnerSettings } from './settings';
import { traceId } from './trace-id';

export interface RunDeps {
  readonly settings: RunnerSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly readInput: (input: Payload, signal: AbortSignal) => Promise<string>;
  readonly fetchPackage: (functionArn: string, signal: AbortSignal) => Promise<FunctionDescription>;
  readonly startRuntime: (description: FunctionDescription) => Promise<Runtime>;
  /** Aborted when the task is told to stop. */
  readonly interruption: AbortSignal;
  /** Aborted when nobody waits for the run any more. */
  readonly callerGone: AbortSignal;
}

/** What happened, and how long its parts took; a part that was not reached is left out. */
export interface Execution {
  readonly happening: Happening;
  readonly fetchMilliseconds?: number;
  readonly initMilliseconds?: number;
  /** From the invocation to its answer. */
  readonly durationMilliseconds?: number;
}

/**
 * The longest that a runtime which has answered may take until it asks for more, and its output to be passed on.
 * Lambda, too, runs it until it asks for more.
 */
const SETTLE_MILLISECONDS = 30_000;

/** Fetches the function and its input, starts its runtime and invokes it once. Whatever way that ends is a happening. */
export async function execute(deps: RunDeps): Promise<Execution> {
  const { clock, settings } = deps;
  const begun = clock().getTime();
  const fetched = await fetchAll(deps);
  const fetchMilliseconds = clock().getTime() - begun;
  if (fetched.kind === 'failed') {
    return { happening: fetched.happening, fetchMilliseconds };
  }

  const initBegun = clock().getTime();
  const runtime = await startOrRefuse(deps, fetched.description);
  if ('happening' in runtime) {
    return { ...runtime, fetchMilliseconds };
  }
  try {
    const start = await firstOf(deps, 'init', settings.initTimeoutSeconds, runtime.started, 0);
    const initMilliseconds = clock().getTime() - initBegun;
    if (start.kind !== 'ready') {
      return { happening: startFailure(start), fetchMilliseconds, initMilliseconds };
    }
    deps.log.info('runtime.ready', { milliseconds: initMilliseconds });
    const invoked = await invoke(deps, runtime, fetched.input);
    return { ...invoked, fetchMilliseconds, initMilliseconds };
  } finally {
    await runtime.stop();
  }
}

type Fetched =
  | { readonly kind: 'fetched'; readonly description: FunctionDescription; readonly input: string }
  | { readonly kind: 'failed'; readonly happening: Happening };

async function fetchAll(deps: RunDeps): Promise<Fetched> {
  const { settings, readInput, fetchPackage, interruption, callerGone } = deps;
  const stop = new AbortController();
  const signal = AbortSignal.any([interruption, callerGone, stop.signal]);
  try {
    const [description, input] = await Promise.all([
      fetchPackage(settings.run.functionArn, signal),
      readInput(settings.run.input, signal),
    ]);
    return cutShort(deps) ?? { kind: 'fetched', description, input };
  } catch (thrown) {
    return cutShort(deps) ?? { kind: 'failed', happening: notRun(thrown) };
  } finally {
    stop.abort();
  }
}

/** What ended the fetching from outside, if anything did. */
function cutShort({ interruption, callerGone }: RunDeps): Extract<Fetched, { kind: 'failed' }> | undefined {
  if (callerGone.aborted) {
    return { kind: 'failed', happening: { kind: 'caller-gone' } };
  }
  return interruption.aborted ? { kind: 'failed', happening: { kind: 'interrupted', phase: 'fetch' } } : undefined;
}

async function startOrRefuse(
  { startRuntime }: RunDeps,
  description: FunctionDescription,
): Promise<Runtime | { readonly happening: Happening }> {
  try {
    return await startRuntime(description);
  } catch (thrown) {
    return { happening: notRun(thrown) };
  }
}

/** Why a run could not be carried out. What is no such reason is thrown on. */
function notRun(thrown: unknown): Happening {
  if (thrown instanceof RunnerError) {
    const { code, exitReason, message } = thrown;
    return { kind: 'not-run', code, exitReason, message };
  }
  throw thrown;
}

async function invoke(deps: RunDeps, runtime: Runtime, input: string): Promise<Execution> {
  const { clock, ledger, log, settings } = deps;
  const { run } = settings;
  const invokedAt = clock();
  const invocation: Invocation = {
    requestId: run.runId,
    functionArn: run.functionArn,
    deadline: new Date(invokedAt.getTime() + run.timeoutSeconds * 1_000),
    traceId: traceId(invokedAt),
    input,
  };
  const answered = runtime.invoke(invocation);
  log.info('handler.invoked', { timeoutSeconds: run.timeoutSeconds });
  // The handler does not wait for the ledger; the row's end does, so that the two writes cannot pass each other.
  const marked = ledger.markInvoked(invokedAt).catch((cause: unknown) => {
    log.warn('ledger.invoked-not-written', { reason: String(cause) });
  });
  const drain = drainMilliseconds(settings.stopTimeoutSeconds);
  const end = await firstOf(deps, 'invoke', run.timeoutSeconds, answered, drain);
  const durationMilliseconds = clock().getTime() - invokedAt.getTime();
  if (end.kind === 'response' || end.kind === 'reported') {
    await runtime.settled(Math.min(SETTLE_MILLISECONDS, drain));
  }
  await marked;
  return { happening: end.kind === 'not-started' ? startFailure(end) : withPhase(end, 'invoke'), durationMilliseconds };
}

/** What comes first: the thing waited for, its deadline, the end of a stopping task's time, or that nobody waits. */
async function firstOf<T extends Answer | StartReport | RuntimeExit>(
  { interruption, callerGone }: RunDeps,
  phase: Phase,
  seconds: number,
  awaited: Promise<T>,
  drainTime: number,
): Promise<T | FromOutside> {
  const deadline = alarm(seconds * 1_000);
  let drain: ReturnType<typeof alarm> | undefined;
  const drained = async () => {
    await aborted(interruption);
    drain = alarm(drainTime);
    await drain.promise;
  };
  try {
    return await Promise.race([
      awaited,
      deadline.promise.then(() => ({ kind: 'deadline', phase, seconds }) as const),
      drained().then(() => ({ kind: 'interrupted', phase }) as const),
      aborted(callerGone).then(() => ({ kind: 'caller-gone' }) as const),
    ]);
  } finally {
    deadline.cancel();
    drain?.cancel();
  }
}

/** An end that neither the runtime nor the function makes. */
type FromOutside = Extract<Happening, { kind: 'deadline' | 'interrupted' | 'caller-gone' }>;

type StartFailure = Exclude<StartReport, { kind: 'ready' }> | RuntimeExit;

function startFailure(start: StartFailure | FromOutside): Happening {
  if (start.kind === 'not-started') {
    return notRun(new RunnerError('RUNTIME_START_FAILED', `The runtime could not be started: ${start.message}`));
  }
  return start.kind === 'exited' ? { ...start, phase: 'init' } : start;
}

function withPhase(end: Answer | Extract<RuntimeExit, { kind: 'exited' }> | FromOutside, phase: Phase): Happening {
  return end.kind === 'exited' ? { ...end, phase } : end;
}
