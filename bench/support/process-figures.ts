import { readFileSync } from 'node:fs';

/** The clock ticks in which Linux counts a process's time, each second: fixed for every architecture that Node.js has. */
const TICKS_PER_SECOND = 100;

/**
 * What a process holds of memory, as Linux counts it: VmRSS what is resident now, VmHWM the most that it ever was.
 *
 * @throws {Error} when the process has ended
 */
export function memoryMegabytes(processId: number | undefined, figure: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  const [, kibibytes] = new RegExp(`^${figure}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (kibibytes === undefined) {
    throw new Error(`The process ${processId} has no memory any more.`);
  }
  return (Number(kibibytes) * 1_024) / 1e6;
}

/**
 * The time that a process itself, without its children, has had of the processors:
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 *
 * @throws {Error} when the process has ended
 */
export function processorSeconds(processId: number | undefined): number {
  // The program's name stands in brackets before, and may hold any character.
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}
