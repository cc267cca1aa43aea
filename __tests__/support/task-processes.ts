import { readdirSync, readFileSync } from 'node:fs';

/** Kills the runner of a run, whose task is a process of this machine; whatever else the task has dies with it. */
export function killRunner(runId: string): void {
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && environmentOf(entry).includes(`"runId":"${runId}"`)) {
      process.kill(Number(entry), 'SIGKILL');
    }
  }
}

/** Empty for a process that is gone, or somebody else's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
