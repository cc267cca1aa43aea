import { alarm, deferred } from './deferred';
import type { Answer, Invocation, StartReport } from './runtime-api/exchange';
import { startRuntimeApi } from './runtime-api/server';
import { type RuntimeCommand, type RuntimeExit, startRuntimeProcess } from './runtime-process';
import type { Streams } from './streams';

export interface RuntimeOptions {
  readonly command: RuntimeCommand;
  readonly taskRoot: string;
  /** Where the pipes of its output are made. */
  readonly workRoot: string;
  readonly responseLimitBytes: number;
  readonly streams: Streams;
  /** The runtime's environment, given the address of the Runtime API. */
  readonly environment: (runtimeApiAddress: string) => Readonly<Record<string, string>>;
}

/** A runtime that has been started. It carries out one invocation after another. */
export interface Runtime {
  readonly started: Promise<StartReport | RuntimeExit>;
  readonly invoke: (invocation: Invocation) => Promise<Answer | RuntimeExit>;
  /**
   * Resolves when the runtime is done with the last invocation: it asks for another and its output has been passed on,
   * or it has ended, or `patienceMilliseconds` are over.
   */
  readonly settled: (patienceMilliseconds: number) => Promise<void>;
  /** Kills the runtime with all that it started, and resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

/** How long after a runtime's end its last words may take to arrive, where something keeps its connection open. */
const LAST_WORDS_MILLISECONDS = 1_000;

/** How long a killed process may take to end and the rest of its output to be read. */
const KILL_MILLISECONDS = 5_000;

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const started = deferred<StartReport | RuntimeExit>();
  let answer = deferred<Answer | RuntimeExit>();
  let ready = deferred<void>();
  let ended: RuntimeExit | undefined;

  const api = await startRuntimeApi(options.responseLimitBytes, {
    onReady: () => {
      started.resolve({ kind: 'ready' });
      ready.resolve();
    },
    onInitError: (error) => started.resolve({ kind: 'init-error', error }),
    onAnswer: (given) => answer.resolve(given),
  });
  const { command, taskRoot, workRoot, streams } = options;
  const runtimeProcess = await startRuntimeProcess({
    command,
    environment: options.environment(api.address),
    taskRoot,
    workRoot,
    streams,
  });

  const hearOfExit = async () => {
    const exited = await runtimeProcess.exited;
    const lastWords = alarm(LAST_WORDS_MILLISECONDS);
    await Promise.race([api.drained(), lastWords.promise]);
    lastWords.cancel();
    ended = exited;
    started.resolve(exited);
    answer.resolve(exited);
    ready.resolve();
  };
  void hearOfExit();

  return {
    started: started.promise,
    invoke: (invocation) => {
      answer = deferred();
      ready = deferred();
      if (ended === undefined) {
        api.send(invocation);
      } else {
        answer.resolve(ended);
        ready.resolve();
      }
      return answer.promise;
    },
    settled: async (patienceMilliseconds) => {
      const patience = alarm(patienceMilliseconds);
      const idle = ready.promise.then(() => streams.quiet(patienceMilliseconds));
      await Promise.race([idle, patience.promise]);
      patience.cancel();
    },
    stop: async () => {
      runtimeProcess.kill();
      api.close();
      const patience = alarm(KILL_MILLISECONDS);
      await Promise.race([runtimeProcess.closed, patience.promise]);
      patience.cancel();
    },
  };
}
