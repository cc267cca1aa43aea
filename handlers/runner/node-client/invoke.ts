import type { BaseContext } from './context';
import { RuntimeError } from './errors';
import type { Handler } from './load-handler';

/** How a handler ended. */
export type Settlement =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'streamed'; readonly body: Buffer; readonly contentType: string }
  | { readonly kind: 'threw'; readonly thrown: unknown };

/** Calls back once when the event loop has nothing left to do. */
export type OnEmptyEventLoop = (listener: () => void) => { readonly cancel: () => void };

/** From this version on Lambda's Node.js has no callbacks. */
const FIRST_MAJOR_WITHOUT_CALLBACKS = 24;

/** Whether the handler can be called at all on this version of Lambda's Node.js. */
export function handlerRefusal(handler: Handler, nodeMajor: number): RuntimeError | undefined {
  const takesCallback = handler.length >= 3;
  return takesCallback && nodeMajor >= FIRST_MAJOR_WITHOUT_CALLBACKS
    ? new RuntimeError(
        'Runtime.CallbackHandlerDeprecated',
        'nodejs24.x and later call no handler with a callback: make the handler async and return its result.',
      )
    : undefined;
}

export function invokeHandler(
  handler: Handler,
  event: unknown,
  context: BaseContext,
  nodeMajor: number,
  onEmptyEventLoop: OnEmptyEventLoop,
): Promise<Settlement> {
  return nodeMajor >= FIRST_MAJOR_WITHOUT_CALLBACKS
    ? invokeAsync(handler, event, context, onEmptyEventLoop)
    : invokeWithCallback(handler, event, context, onEmptyEventLoop);
}

/** nodejs24.x and later: the handler's value, awaited, is the result. */
function invokeAsync(handler: Handler, event: unknown, context: BaseContext, onEmptyEventLoop: OnEmptyEventLoop) {
  return new Promise<Settlement>((resolve) => {
    const empty = onEmptyEventLoop(() => resolve({ kind: 'threw', thrown: neverSettled() }));
    const settle = (settlement: Settlement) => {
      empty.cancel();
      resolve(settlement);
    };
    (async () => handler(event, context))().then(
      (value) => settle({ kind: 'returned', value }),
      (thrown: unknown) => settle({ kind: 'threw', thrown }),
    );
  });
}

/**
 * nodejs22.x and before: a promise settles the invocation; else the callback does, or one of the context's functions.
 * After the callback, and where nothing settles it, the invocation ends when the event loop is empty.
 */
function invokeWithCallback(
  handler: Handler,
  event: unknown,
  base: BaseContext,
  onEmptyEventLoop: OnEmptyEventLoop,
): Promise<Settlement> {
  return new Promise((resolve) => {
    let isSettled = false;
    let whenEmpty: Settlement = isAsync(handler)
      ? { kind: 'threw', thrown: neverSettled() }
      : { kind: 'returned', value: null };
    const empty = onEmptyEventLoop(() => resolve(whenEmpty));
    const settle = (settlement: Settlement) => {
      if (!isSettled) {
        isSettled = true;
        empty.cancel();
        resolve(settlement);
      }
    };

    const done = (thrown?: unknown, value?: unknown) =>
      settle(isNothing(thrown) ? { kind: 'returned', value } : { kind: 'threw', thrown });
    const context = {
      ...base,
      callbackWaitsForEmptyEventLoop: true,
      done,
      succeed: (value?: unknown) => done(undefined, value),
      fail: (thrown?: unknown) => done(isNothing(thrown) ? 'handled' : thrown),
    };
    const callback = (thrown?: unknown, value?: unknown) => {
      if (isSettled) {
        return;
      }
      if (isNothing(thrown) && context.callbackWaitsForEmptyEventLoop) {
        isSettled = true;
        whenEmpty = { kind: 'returned', value };
      } else {
        done(thrown, value);
      }
    };

    try {
      const result = handler(event, context, callback);
      if (isThenable(result)) {
        result.then(context.succeed, context.fail);
      }
    } catch (thrown) {
      settle({ kind: 'threw', thrown });
    }
  });
}

function neverSettled(): RuntimeError {
  return new RuntimeError(
    'Runtime.NodeJsExit',
    'The handler returned a promise that was never settled: nothing was left in the event loop that could settle it.',
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isAsync(handler: Handler): boolean {
  return handler.constructor?.name === 'AsyncFunction';
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
