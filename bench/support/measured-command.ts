import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface MeasuredCommand {
  readonly milliseconds: number;
  /** Of whichever process of the command held most, the most that it has held. */
  readonly peakMegabytes: number;
}

/** A process that ends between two looks has its last growth unseen: this is short beside any that is measured. */
const LOOK_MILLISECONDS = 20;

/**
 * Runs a command to its end.
 *
 * @param successes the exit codes that it may end with
 * @throws when it ends with another, with what it said
 */
export function measuredCommand(
  [program, ...words]: readonly [string, ...string[]],
  folder: string,
  environment: Readonly<Record<string, string>>,
  successes: readonly number[],
): Promise<MeasuredCommand> {
  const begun = performance.now();
  const child = spawn(program, words, { cwd: folder, env: { ...process.env, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  let peakMegabytes = 0;
  const look = setInterval(() => {
    for (const processId of processTree(child.pid ?? 0)) {
      peakMegabytes = Math.max(peakMegabytes, peakMemory(processId));
    }
  }, LOOK_MILLISECONDS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(look);
      const milliseconds = performance.now() - begun;
      if (code !== null && successes.includes(code)) {
        resolve({ milliseconds, peakMegabytes });
      } else {
        reject(new Error(`${[program, ...words].join(' ')} ended with ${code}:\n${output}`));
      }
    });
  });
}

function processTree(processId: number): readonly number[] {
  const children = read(`/proc/${processId}/task/${processId}/children`).trim();
  return [processId, ...(children === '' ? [] : children.split(' ').flatMap((child) => processTree(Number(child))))];
}

/** As Linux counts it: VmHWM is the high-water mark of the memory that a process has held. */
export function peakMemory(processId: number): number {
  const [, kibibytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${processId}/status`)) ?? [];
  return (Number(kibibytes) * 1_024) / 1e6;
}

/** Nothing where the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
