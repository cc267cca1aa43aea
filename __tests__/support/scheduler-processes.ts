import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the schedulers whose AWS is at this endpoint, where tasks are processes. */
export function schedulerProcesses(endpoint: string): readonly number[] {
  const isScheduler = (pid: string) => {
    const variables = environmentOf(pid);
    return variables.includes(`AWS_ENDPOINT_URL=${endpoint}`) && variables.includes('OVERTIME_STOP_TIMEOUT_SECONDS=30');
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isScheduler(name))
    .map(Number);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
