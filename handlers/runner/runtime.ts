import path from 'node:path';
import type { Clock } from '../shared/clock';
import { alarm, deferred, within } from './deferred';
import { messageOf } from './errors';
import { extensionEnvironment } from './extension-environment';
import type { ExtensionFailure } from './extension-failure';
import { ExtensionPrograms } from './extension-programs';
import type { FunctionIdentity } from './runtime-api/call';
import type { Answer, Invocation, StartReport } from './runtime-api/exchange';
import { type ShutdownReason, startRuntimeApi } from './runtime-api/server';
import type { RuntimeExit, RuntimeProcess } from './runtime-process';
import type { Streams } from './streams';

export interface RuntimeOptions {
  /** Starts the runtime, wherever it runs. */
  readonly startProcess: StartProcess;
  /**
   * Where the Runtime API listens on loopback.
   *
   * @default - a free port
   */
  readonly runtimeApiPort?: number;
  /**
   * Programs of the function's external extensions, and what starts one of them: each must register before the runtime
   * is started.
   *
   * @default - none
   */
  readonly extensions?: {
    readonly files: readonly string[];
    readonly start: (file: string, ...given: Parameters<StartProcess>) => Promise<RuntimeProcess>;
  };
  readonly identity: FunctionIdentity;
  readonly responseLimitBytes: number;
  readonly streams: Streams;
  readonly clock: Clock;
  /** The runtime's environment, given the address of the Runtime API. */
  readonly environment: (runtimeApiAddress: string) => Readonly<Record<string, string>>;
}

export type StartProcess = (
  runtimeApiAddress: string,
  environment: Readonly<Record<string, string>>,
) => Promise<RuntimeProcess>;

/** How a runtime comes to its end by itself. */
export type RuntimeEnd = RuntimeExit | ExtensionFailure;

/** The runtime ended before it was given the invocation, which therefore nobody has begun. */
export interface Undelivered {
  readonly kind: 'undelivered';
  readonly end: RuntimeEnd;
}

/** A runtime that has been started. It carries out one invocation after another. */
export interface Runtime {
  /** Resolves when it and its extensions wait for work, or cannot. */
  readonly started: Promise<StartReport | RuntimeEnd>;
  readonly invoke: (invocation: Invocation) => Promise<Answer | RuntimeEnd | Undelivered>;
  /**
   * Resolves when the runtime and its extensions are done with the last invocation, that is, wait for another; or when
   * it has ended, or `patienceMilliseconds` are over.
   *
   * @returns whether it waits for another invocation
   */
  readonly settled: (patienceMilliseconds: number) => Promise<boolean>;
  /** How it ended by itself, which is also by losing an extension; `undefined` while it can take invocations. */
  readonly ended: () => RuntimeEnd | undefined;
  /** Resolves when it has ended by itself. */
  readonly ending: Promise<RuntimeEnd>;
  /**
   * Ends the runtime with all that it started, and resolves when it has ended. What an idle one has written is passed
   * on before. Extensions hear of it, and get the time that Lambda gives them. Both take at most
   * `patienceMilliseconds`.
   */
  readonly stop: (reason: ShutdownReason, patienceMilliseconds: number) => Promise<void>;
}

/** How long after a runtime's end its last words may take to arrive, where something keeps its connection open. */
const LAST_WORDS_MILLISECONDS = 1_000;

/** How long a killed process may take to end and the rest of its output to be read. */
const KILL_MILLISECONDS = 5_000;

/**
 * The time that a runtime with extensions and the extensions together have for their end, and the runtime's share of
 * it. A runtime without extensions is killed, as in Lambda, where it then has no time.
 * Source: "Shutdown phase" of https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const SHUTDOWN_MILLISECONDS = { withExternal: 2_000, withInternal: 500 } as const;
const RUNTIME_SHARE_MILLISECONDS = { withExternal: 300, withInternal: 500 } as const;

const TRUNCATED: Answer = {
  kind: 'reported',
  error: {
    errorType: 'Runtime.TruncatedResponse',
    errorMessage: "The runtime broke off its streamed response: the stream's end did not come.",
  },
};

/** Starts the extensions, then the runtime, on a Runtime API of their own. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { clock, extensions, identity, streams, responseLimitBytes, runtimeApiPort } = options;
  const extensionFiles = extensions?.files ?? [];
  const started = deferred<StartReport | RuntimeEnd>();
  const registered = deferred<void>();
  const ending = deferred<RuntimeEnd>();
  let answer = deferred<Answer | RuntimeEnd | Undelivered>();
  let ready = deferred<void>();
  let end: RuntimeEnd | undefined;
  let isReady = false;
  let isStopping = false;
  let runtimeProcess: RuntimeProcess | undefined;

  const programs = new ExtensionPrograms();
  const api = await startRuntimeApi(
    {
      responseLimitBytes,
      identity,
      extensionNames: extensionFiles.map((file) => path.basename(file)),
      ...(runtimeApiPort === undefined ? {} : { port: runtimeApiPort }),
    },
    {
      onReady: () => {
        isReady = true;
        started.resolve({ kind: 'ready' });
        ready.resolve();
      },
      onInitError: (error) => started.resolve({ kind: 'init-error', error }),
      onAnswer: (given) => answer.resolve(given),
      onTruncated: () => {
        // Where it broke off because its process ended, that is what happened.
        const patience = alarm(LAST_WORDS_MILLISECONDS);
        void Promise.race([ending.promise, patience.promise]).then(() => {
          patience.cancel();
          answer.resolve(TRUNCATED);
        });
      },
      onExtensionsRegistered: () => registered.resolve(),
      onExtensionError: (report) => void programs.report(report),
    },
  );
  const environment = options.environment(api.address);

  const finish = (how: RuntimeEnd) => {
    end ??= how;
    isReady = false;
    ending.resolve(end);
    started.resolve(end);
    answer.resolve(api.isDelivered() ? end : { kind: 'undelivered', end });
    ready.resolve();
  };
  const hearOfExit = async (exiting: RuntimeProcess) => {
    const exited = await exiting.exited;
    await within(LAST_WORDS_MILLISECONDS, api.drained());
    finish(exited);
  };
  const begin = async () => {
    if (extensions !== undefined && extensionFiles.length > 0) {
      const variables = extensionEnvironment(environment);
      await programs.start(extensionFiles, (file) => extensions.start(file, api.address, variables));
      await registered.promise;
    }
    if (!isStopping && end === undefined) {
      runtimeProcess = await options.startProcess(api.address, environment);
      void hearOfExit(runtimeProcess);
    }
  };
  void programs.failed.then(finish);
  const begun = begin().catch((thrown: unknown) =>
    finish({ kind: 'not-started', message: messageOf(thrown), code: undefined }),
  );

  const shutDown = async (reason: ShutdownReason, patienceMilliseconds: number) => {
    const kind = extensionFiles.length > 0 ? 'withExternal' : 'withInternal';
    const total = Math.min(SHUTDOWN_MILLISECONDS[kind], patienceMilliseconds);
    const deadline = alarm(total);
    const until = new Date(clock().getTime() + total);
    if (runtimeProcess !== undefined) {
      const share = RUNTIME_SHARE_MILLISECONDS[api.extensions.hasInternal ? 'withInternal' : 'withExternal'];
      runtimeProcess.signal('SIGTERM');
      await within(Math.min(share, total), runtimeProcess.exited);
      runtimeProcess.signal('SIGKILL');
    }
    api.shutdown(reason, until);
    await programs.shutDown((name) => api.extensions.hearsOfShutdown(name), deadline.promise);
    deadline.cancel();
  };

  return {
    started: started.promise,
    invoke: (invocation) => {
      answer = deferred();
      ready = deferred();
      if (end === undefined) {
        isReady = false;
        api.send(invocation);
      } else {
        answer.resolve({ kind: 'undelivered', end });
        ready.resolve();
      }
      return answer.promise;
    },
    settled: async (patienceMilliseconds) => {
      await within(patienceMilliseconds, ready.promise);
      return isReady;
    },
    ended: () => end,
    ending: ending.promise,
    stop: async (reason, patienceMilliseconds) => {
      isStopping = true;
      if (isReady && runtimeProcess !== undefined) {
        await streams.quiet(runtimeProcess.outputs, patienceMilliseconds);
      }
      if (extensionFiles.length > 0 || api.extensions.hasInternal) {
        await shutDown(reason, patienceMilliseconds);
      }
      registered.resolve();
      await begun;
      runtimeProcess?.kill();
      api.close();
      await within(KILL_MILLISECONDS, Promise.all([runtimeProcess?.closed, programs.closed()]));
    },
  };
}
