import { readFileSync } from 'node:fs';
import { eventually } from './eventually';

/** Whether a process still runs; one that has ended and waits to be collected by its parent does not. */
function isRunning(pid: number): boolean {
  try {
    const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/**
 * Waits until none of them runs: the kernel closes a killed process's files, and so its end is heard of, a moment before
 * it is dead. @throws {Error} where one lives on @returns those that run, which is none
 */
export function untilEnded(pids: readonly number[]): Promise<readonly number[]> {
  return eventually(`the end of ${pids.join(', ')}`, async () => {
    const running = pids.filter(isRunning);
    return running.length === 0 ? running : undefined;
  });
}
