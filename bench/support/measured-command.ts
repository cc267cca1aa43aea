import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { memoryMegabytes } from './process-figures';

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
      peakMegabytes = Math.max(
        peakMegabytes,
        orNone(() => memoryMegabytes(processId, 'VmHWM'), 0),
      );
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
  const children = orNone(() => readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8').trim(), '');
  return [processId, ...(children === '' ? [] : children.split(' ').flatMap((child) => processTree(Number(child))))];
}

/** `none` where the process has ended. */
function orNone<T>(look: () => T, none: T): T {
  try {
    return look();
  } catch {
    return none;
  }
}
