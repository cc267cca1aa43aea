/** A promise that is resolved from outside. Resolving it again does nothing. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export interface Alarm {
  readonly promise: Promise<void>;
  readonly cancel: () => void;
}

/** Resolves after so many milliseconds (at most 2^31 - 1, as with any timer), unless cancelled. */
export function alarm(milliseconds: number): Alarm {
  const { promise, resolve } = deferred<void>();
  const timer = setTimeout(resolve, milliseconds);
  return { promise, cancel: () => clearTimeout(timer) };
}

/** Waits for the promise, but no longer than that. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const patience = alarm(milliseconds);
  await Promise.race([promise, patience.promise]);
  patience.cancel();
}

/** Resolves when the signal is aborted; at once if it is. */
export function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
