import type { Timer } from './scheduler';

/** What setTimeout takes at most, and far longer than the loop sleeps. */
const LONGEST = 2 ** 31 - 1;

/** The one timer of the process. */
export function systemTimer(now: () => number): Timer {
  let current: NodeJS.Timeout | undefined;
  const clear = () => {
    clearTimeout(current);
    current = undefined;
  };
  return {
    clear,
    set: (at, wake) => {
      clear();
      current = setTimeout(wake, Math.min(Math.max(0, Math.ceil(at - now())), LONGEST));
    },
  };
}
