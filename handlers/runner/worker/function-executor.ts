import { RunnerError } from '../errors';
import { FunctionHost, type HostDeps, type HostOptions } from '../host/function-host';
import { outcomeOf } from '../outcome';
import type { Executor } from './executor';

/** Does each job with the function, whose runtimes stay up from one job to the next. */
export function functionExecutor(deps: HostDeps, options: HostOptions, timeoutSeconds: number): Executor {
  const host = new FunctionHost(deps, options);
  return {
    carryOut: async ({ requestId, input, interruption, callerGone }) => {
      const { happening, ...timings } = await host.run({
        requestId,
        timeoutSeconds,
        readInput: async () => jsonText(input),
        onInvoked: async () => undefined,
        interruption,
        callerGone,
      });
      return { outcome: outcomeOf(happening, requestId), timings };
    },
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
