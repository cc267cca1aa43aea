import { readdirSync, readFileSync } from 'node:fs';

/** Kills the runner of a run, whose task is a process of this machine; whatever else the task has dies with it. */
export function killRunner(runId: string): void {
  for (const pid of processesWith(`"runId":"${runId}"`)) {
    process.kill(pid, 'SIGKILL');
  }
}

/** Processes of this machine whose environment has the text in it. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && environmentOf(entry).includes(text))
    .map(Number);
}

/** Empty for a process that is gone, or somebody else's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
