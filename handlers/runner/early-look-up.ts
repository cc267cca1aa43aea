import { aborted } from './deferred';

type LookUp<T> = (functionArn: string, signal: AbortSignal) => Promise<T>;

export interface EarlyLookUp<T> {
  /** The look-up, whose first call gets what was asked for early, if that was of the same function. */
  readonly lookUp: LookUp<T>;
  /** Asks now for what will be wanted soon. Nobody hears of a failure but the first call. */
  readonly begin: (functionArn: string) => void;
}

/**
 * A look-up that can be begun before it is known whether it will be wanted: it reads alone, and its round trip and the
 * making of its connection are then over when the run has its row.
 */
export function earlyLookUp<T>(lookUp: LookUp<T>): EarlyLookUp<T> {
  let early: { readonly functionArn: string; readonly found: Promise<T> } | undefined;
  return {
    begin: (functionArn) => {
      const found = lookUp(functionArn, new AbortController().signal);
      found.catch(() => undefined);
      early = { functionArn, found };
    },
    lookUp: async (functionArn, signal) => {
      if (early?.functionArn !== functionArn) {
        return lookUp(functionArn, signal);
      }
      const { found } = early;
      // Only once: a link to a package lasts ten minutes.
      early = undefined;
      return Promise.race([found, aborted(signal).then(() => Promise.reject(signal.reason))]);
    },
  };
}
