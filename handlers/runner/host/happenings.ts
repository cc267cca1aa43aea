import { type Alarm, aborted, alarm } from '../deferred';
import { RunnerError } from '../errors';
import type { Happening, Phase } from '../outcome';
import type { RuntimeEnd } from '../runtime';
import type { Answer, StartReport } from '../runtime-api/exchange';
import type { ShutdownReason } from '../runtime-api/server';

/** What comes before the thing that is waited for. */
export type CutOff = Extract<Happening, { kind: 'deadline' | 'interrupted' | 'caller-gone' }>;

/** When waiting ends. */
export interface Limits {
  readonly phase: Phase;
  /**
   * The time that it may take.
   *
   * @default - as long as it takes
   */
  readonly seconds?: number;
  readonly interruption: AbortSignal;
  /** Ends the waiting at once. */
  readonly callerGone?: AbortSignal | undefined;
  /** How long the thing waited for may still take once it is interrupted. */
  readonly drainMilliseconds: number;
}

/** What comes first: the thing waited for, its deadline, the end of a stopping task's time, or that nobody waits. */
export async function firstOf<T>(awaited: Promise<T>, limits: Limits): Promise<T | CutOff> {
  const { phase, seconds, interruption, callerGone, drainMilliseconds } = limits;
  const deadline = seconds === undefined ? undefined : { seconds, alarm: alarm(seconds * 1_000) };
  const over = new AbortController();
  let drain: Alarm | undefined;
  const drained = async () => {
    await aborted(AbortSignal.any([interruption, over.signal]));
    if (over.signal.aborted) {
      return;
    }
    drain = alarm(drainMilliseconds);
    await drain.promise;
  };
  try {
    return await Promise.race([
      awaited,
      drained().then(() => ({ kind: 'interrupted', phase }) as const),
      ...(callerGone === undefined ? [] : [left(AbortSignal.any([callerGone, over.signal]))]),
      ...(deadline === undefined ? [] : [rung(deadline.alarm, { kind: 'deadline', phase, seconds: deadline.seconds })]),
    ]);
  } finally {
    deadline?.alarm.cancel();
    // Without a reason an error would be made, with its stack, for each run.
    over.abort('over');
    drain?.cancel();
  }
}

async function left(signal: AbortSignal): Promise<CutOff> {
  await aborted(signal);
  return { kind: 'caller-gone' };
}

async function rung({ promise }: Alarm, cutOff: CutOff): Promise<CutOff> {
  await promise;
  return cutOff;
}

/** Why a run could not be carried out. What is no such reason is thrown on. */
export function notRun(thrown: unknown): Happening {
  if (thrown instanceof RunnerError) {
    const { code, exitReason, message } = thrown;
    return { kind: 'not-run', code, exitReason, message };
  }
  throw thrown;
}

/** The runtime's own end, or what cut it off, as what happened to a run in that phase. */
export function happeningOf(
  end: Exclude<StartReport, { kind: 'ready' }> | Answer | RuntimeEnd | CutOff,
  phase: Phase,
): Happening {
  switch (end.kind) {
    case 'not-started':
      return notRun(new RunnerError('RUNTIME_START_FAILED', `The runtime could not be started: ${end.message}`));
    case 'exited':
      return { ...end, phase };
    default:
      return end;
  }
}

/** What a runtime's extensions are told when it is ended after that. */
export function shutdownReason({ kind }: Happening): ShutdownReason {
  switch (kind) {
    case 'deadline':
      return 'timeout';
    case 'interrupted':
    case 'caller-gone':
      return 'spindown';
    default:
      return 'failure';
  }
}
