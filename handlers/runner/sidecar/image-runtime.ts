import type { Log } from '../../shared/log';
import { alarm, deferred } from '../deferred';
import { messageOf } from '../errors';
import type { RuntimeExit, RuntimeProcess } from '../runtime-process';
import { taskState } from './task-metadata';

export interface ImageRuntimeOptions {
  readonly metadataUrl: string;
  readonly log: Log;
  /** Called when ECS has begun to stop the task, perhaps often. */
  readonly onStopping: () => void;
}

/** How often ECS is asked about the container. Its endpoint takes forty requests a second. */
const POLL_MILLISECONDS = 1_000;
const REQUEST_MILLISECONDS = 5_000;

/**
 * The runtime in a container-image function's own container, which ECS starts when the runner is healthy. It may have no
 * shell to say how it ended, so ECS is asked; and asked whether the task is being stopped: SIGTERM goes to containers in
 * the reverse of the order of their start, to the runner last.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function watchImageRuntime(options: ImageRuntimeOptions): RuntimeProcess {
  const exited = deferred<RuntimeExit>();
  const ending = new AbortController();
  void watch(options, ending.signal, exited.resolve);
  return {
    exited: exited.promise,
    closed: Promise.resolve(),
    // They go to the log of the other container.
    outputs: [],
    // It has no way there.
    signal: () => undefined,
    // Another container's processes are out of reach. The Runtime API closes, and when the runner ends so does the task.
    kill: () => ending.abort(),
  };
}

async function watch(
  { metadataUrl, log, onStopping }: ImageRuntimeOptions,
  signal: AbortSignal,
  onExit: (exit: RuntimeExit) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(`${metadataUrl}/task`, { signal: AbortSignal.timeout(REQUEST_MILLISECONDS) });
      const state = taskState(await response.json());
      if (state?.isStopping === true) {
        onStopping();
      }
      if (state?.exit !== undefined) {
        onExit(state.exit);
        return;
      }
    } catch (thrown) {
      log.warn('task-metadata.unavailable', { reason: messageOf(thrown) });
    }
    await alarm(POLL_MILLISECONDS).promise;
  }
}
