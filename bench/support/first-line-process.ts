import { spawn } from 'node:child_process';
import { memoryMegabytes } from './process-figures';
import { FIRST_LINE } from './sample-package';

export interface FirstLine {
  /** From just before the process was started. */
  readonly milliseconds: number;
  /** The most memory that the process has held by then. */
  readonly peakMegabytes: number;
}

/** Runs a program of Node.js to its end, and tells when the function in it, or in a child of its, said its first line. */
export function untilFirstLine(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<FirstLine> {
  const begun = (performance.timeOrigin + performance.now()) * 1_000;
  const child = spawn(process.execPath, command, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  let peakMegabytes: number | undefined;
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    if (peakMegabytes === undefined && output.includes(FIRST_LINE)) {
      peakMegabytes = memoryMegabytes(child.pid, 'VmHWM');
    }
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      const [, microseconds] = new RegExp(`${FIRST_LINE} (\\d+)`).exec(output) ?? [];
      if (code !== 0 || microseconds === undefined || peakMegabytes === undefined) {
        reject(new Error(`${command.join(' ')} ended with ${code}:\n${output}\n${errors}`));
        return;
      }
      resolve({ milliseconds: (Number(microseconds) - begun) / 1_000, peakMegabytes });
    });
  });
}
