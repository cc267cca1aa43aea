import { readText } from './read-text';

/**
 * Where file systems are mounted in this container; none where there is no /proc.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
 */
export function mountPoints(): readonly string[] {
  const lines = readText('/proc/self/mountinfo')?.split('\n') ?? [];
  return lines.flatMap((line) => line.split(' ')[4] ?? []).map(unescaped);
}

/** Blanks and the like stand there as their number in base eight. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
