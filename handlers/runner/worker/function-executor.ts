import { RunnerError } from '../errors';
import { FunctionHost, type HostDeps, type HostOptions } from '../host/function-host';
import { onlyRuntime, RuntimeSpentError } from '../host/only-runtime';
import { type Outcome, outcomeOf } from '../outcome';
import type { Carried, Executor, Job } from './executor';

export interface FunctionOptions extends HostOptions {
  /** The longest that one job may take. */
  readonly timeoutSeconds: number;
  /** Whether no runtime can be started but one. */
  readonly isOneRuntime: boolean;
  /** Aborted when the task is told to stop. */
  readonly interruption: AbortSignal;
}

/** What came to a runtime that had ended unseen: a state that names it under Retry has another worker do it. */
const NOT_BEGUN: Outcome = {
  status: 'INTERRUPTED',
  exitReason: 'interrupted',
  error: {
    errorType: 'Overtime.Interrupted',
    errorMessage: "The worker's one runtime had ended when the task came: nothing of it was done.",
  },
};

/** Does each job with the function, whose runtimes stay up from one job to the next. */
export function functionExecutor(deps: HostDeps, options: FunctionOptions): Executor {
  const only = options.isOneRuntime ? onlyRuntime(deps.startRuntime) : undefined;
  const host = new FunctionHost(only === undefined ? deps : { ...deps, startRuntime: only.startRuntime }, options);
  const { timeoutSeconds } = options;
  if (only !== undefined) {
    // ECS waits for the Runtime API, and not for a task: it starts the function's container when that listens.
    host.warmUp(options.interruption);
  }
  const carryOut = async ({ requestId, input, isJson = false, interruption, callerGone }: Job): Promise<Carried> => {
    const { happening, ...timings } = await host.run({
      requestId,
      timeoutSeconds,
      readInput: async () => (isJson ? input : jsonText(input)),
      onInvoked: async () => undefined,
      interruption,
      callerGone,
    });
    // What is no JSON never will be.
    const isPoison = happening.kind === 'not-run' && happening.code === 'INPUT_UNAVAILABLE';
    return { outcome: outcomeOf(happening, requestId), timings, verdict: isPoison ? 'reject' : undefined };
  };
  return {
    carryOut: (job) =>
      carryOut(job).catch((thrown: unknown) => {
        if (thrown instanceof RuntimeSpentError) {
          return { outcome: NOT_BEGUN, timings: {} };
        }
        throw thrown;
      }),
    ...(only === undefined ? {} : { spent: only.spent }),
    close: () => host.close(),
  };
}

/** @throws {RunnerError} INPUT_UNAVAILABLE; never with the text, which may be secret */
function jsonText(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    throw new RunnerError('INPUT_UNAVAILABLE', 'The input is not JSON.');
  }
  return text;
}
