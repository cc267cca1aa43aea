import { runtimeExitText } from '../exit-text';
import type { Runtime, RuntimeEnd } from '../runtime';
import type { HostDeps } from './function-host';

/** There is no runtime left, and no other can be started: nobody has begun what was to be done. */
export class RuntimeSpentError extends Error {}

/** Starts a runtime once. */
export interface OnlyRuntime {
  readonly startRuntime: HostDeps['startRuntime'];
  /** Aborted when the runtime has ended, or is being ended; the reason, a text, says how. */
  readonly spent: AbortSignal;
}

/**
 * For a container-image function, whose container is the runtime: ECS starts it once, and the runner has no way to start
 * it again. Restart policies of ECS are no help, as they restart a container that has ended and not one that hangs.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html
 */
export function onlyRuntime(start: HostDeps['startRuntime']): OnlyRuntime {
  const spent = new AbortController();
  let isStarted = false;
  return {
    spent: spent.signal,
    startRuntime: async (...given) => {
      if (isStarted) {
        throw new RuntimeSpentError('The one runtime of this task has ended.');
      }
      isStarted = true;
      const runtime = await start(...given);
      void runtime.ending.then((end) => spent.abort(endText(end)));
      const stop: Runtime['stop'] = async (...how) => {
        // Of two reasons the first counts.
        spent.abort('The runner ended the runtime.');
        await runtime.stop(...how);
      };
      return { ...runtime, stop };
    },
  };
}

function endText(end: RuntimeEnd): string {
  switch (end.kind) {
    case 'exited':
      return runtimeExitText(end.code, end.signal);
    case 'not-started':
      return end.message;
    case 'extension-failed':
      return end.text;
  }
}
