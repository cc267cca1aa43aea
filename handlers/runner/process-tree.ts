import { readdirSync, readFileSync } from 'node:fs';

/** How often to look again: a process that is being killed may start another. */
const SWEEPS = 3;

/**
 * Kills a process group, and on Linux every process elsewhere whose environment holds `marker`: a child that made a
 * session of its own has left the group, but keeps the environment.
 */
export function killTree(processGroup: number, marker: string): void {
  signalGroup(processGroup, 'SIGKILL');
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const escaped = processesWith(marker);
    if (escaped.length === 0) {
      return;
    }
    for (const pid of escaped) {
      send(pid, 'SIGKILL');
    }
  }
}

/** Sends the signal to every process of the group that is left. */
export function signalGroup(processGroup: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  send(-processGroup, signal);
}

function send(target: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended already.
  }
}

function processesWith(marker: string): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && environmentOf(name).includes(marker))
      .map(Number);
  } catch {
    // No /proc: not Linux.
    return [];
  }
}

// Empty for processes of other users, for those that have ended, and for zombies.
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
