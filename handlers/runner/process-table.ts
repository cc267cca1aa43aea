import { readdirSync } from 'node:fs';
import { readText } from './read-text';

/** A process as /proc tells of it; one that has ended and only waits to be collected is not listed. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Every process of this machine, or of this container. Empty where there is no /proc. */
export function processTable(): readonly ProcessRow[] {
  return numbersIn('/proc').flatMap((pid) => rowOf(pid) ?? []);
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function rowOf(pid: number): ProcessRow | undefined {
  // The program's name stands in brackets before, and may hold any character.
  const fields = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const [state = '', parent, group] = fields;
  return parent === undefined || group === undefined || 'ZX'.includes(state)
    ? undefined
    : { pid, parent: Number(parent), group: Number(group) };
}

/** The environment that a process was started with. Empty for processes of other users. */
export function environmentOf(pid: number): readonly string[] {
  return textOf(`/proc/${pid}/environ`).split('\0');
}

/** The words of a process's command. */
export function commandOf(pid: number | 'self'): readonly string[] {
  return textOf(`/proc/${pid}/cmdline`).split('\0').slice(0, -1);
}

/** Empty for what has ended or may not be read. */
function textOf(file: string): string {
  return readText(file) ?? '';
}
