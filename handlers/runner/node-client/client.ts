import type { Environment } from '../../shared/settings';
import type { ApiClient, ReceivedInvocation } from './api-client';
import { baseContext } from './context';
import { type PostedError, postedError, RuntimeError } from './errors';
import { handlerRefusal, invokeHandler, type OnEmptyEventLoop } from './invoke';
import type { Handler } from './load-handler';
import { invokeStreaming, isStreaming } from './streaming';

export interface ClientDeps {
  readonly api: ApiClient;
  readonly environment: Environment;
  readonly nodeMajor: number;
  readonly now: () => number;
  readonly loadHandler: () => Promise<Handler>;
  readonly onEmptyEventLoop: OnEmptyEventLoop;
  /** Where code that runs beside the handler finds the trace, as in Lambda. */
  readonly setTraceId: (traceId: string | undefined) => void;
  readonly logError: (error: PostedError) => void;
  /** Resolves once the process holds no output. */
  readonly flush: () => Promise<void>;
}

/** As Lambda's Node.js runtime exits. */
export const CLIENT_EXIT_CODES = { initError: 1, unhandledRejection: 128, uncaughtException: 129 } as const;

export interface Client {
  /** Loads the handler and serves invocations; resolves with an exit code only when it cannot go on. */
  readonly run: () => Promise<number>;
  /** Reports what nobody caught to whom it belongs, the invocation or the start. */
  readonly reportCrash: (thrown: unknown) => Promise<void>;
}

export function nodeClient(deps: ClientDeps): Client {
  const { api, logError } = deps;
  let current: string | undefined;

  const reportCrash = async (thrown: unknown) => {
    const error = postedError(thrown);
    logError(error);
    await (current === undefined ? api.failInit(error) : api.fail(current, error));
  };

  const run = async () => {
    let handler: Handler;
    let isStream: boolean;
    try {
      handler = await deps.loadHandler();
      isStream = isStreaming(handler);
      const refusal = isStream ? undefined : handlerRefusal(handler, deps.nodeMajor);
      if (refusal !== undefined) {
        throw refusal;
      }
    } catch (thrown) {
      await reportCrash(thrown);
      return CLIENT_EXIT_CODES.initError;
    }
    for (;;) {
      const invocation = await api.next();
      current = invocation.requestId;
      await serve(deps, handler, isStream, invocation);
      // Between invocations Lambda freezes a runtime, and the runner ends it: nothing may be left to write.
      await deps.flush();
    }
  };

  return { run, reportCrash };
}

async function serve(
  deps: ClientDeps,
  handler: Handler,
  isStream: boolean,
  invocation: ReceivedInvocation,
): Promise<void> {
  const { api, environment, nodeMajor, now, onEmptyEventLoop } = deps;
  deps.setTraceId(invocation.traceId);
  const context = baseContext(invocation, environment, now);
  const event: unknown = JSON.parse(invocation.event);
  const settlement = isStream
    ? await invokeStreaming(handler, event, context, onEmptyEventLoop)
    : await invokeHandler(handler, event, context, nodeMajor, onEmptyEventLoop);
  if (settlement.kind === 'streamed') {
    await api.respondStreamed(invocation.requestId, settlement.body, settlement.contentType);
    return;
  }
  const answer = settlement.kind === 'returned' ? serialised(settlement.value) : postedError(settlement.thrown);
  if (typeof answer === 'string') {
    await api.respond(invocation.requestId, answer);
  } else {
    deps.logError(answer);
    await api.fail(invocation.requestId, answer);
  }
}

/** JSON text; `undefined` and what JSON leaves out, such as a function, is null, as in Lambda. */
function serialised(value: unknown): string | PostedError {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? 'null';
  } catch (cause) {
    return postedError(new Error('Unable to stringify response body', { cause }));
  }
}

/** What a rejection that nobody handled is called. */
export function unhandledRejection(reason: unknown): RuntimeError {
  return new RuntimeError('Runtime.UnhandledPromiseRejection', postedText(reason), { cause: reason });
}

function postedText(reason: unknown): string {
  try {
    return String(reason);
  } catch {
    return postedError(reason).errorMessage;
  }
}
