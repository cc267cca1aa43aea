import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the command: nothing is added to it. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line of either stream, as it comes. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  /** 128 + n when signal n ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long an aborted command has to end in its own way before its process group is killed. */
const ABORT_GRACE_MILLISECONDS = 5_000;

/**
 * Runs a program to its end, in a process group of its own: Ctrl-C in the terminal then reaches it once, through
 * `signal`, and not a second time from the terminal. Terraform drops its state at a second interrupt.
 *
 * @throws {Error} when the program cannot be started
 */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const killGroup = (signal: NodeJS.Signals) => {
      if (child.pid !== undefined && child.exitCode === null) {
        process.kill(-child.pid, signal);
      }
    };
    let killTimer: NodeJS.Timeout | undefined;
    const abort = () => {
      killGroup('SIGINT');
      killTimer = setTimeout(() => killGroup('SIGKILL'), ABORT_GRACE_MILLISECONDS);
    };
    options.signal?.addEventListener('abort', abort, { once: true });

    const streams = [child.stdout, child.stderr].map((stream) => {
      const lines: string[] = [];
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
      return lines;
    });
    const finish = () => {
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', abort);
    };
    child.once('error', (error) => {
      finish();
      reject(new Error(`${file} could not be started: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      finish();
      resolve({
        exitCode: code ?? 128 + signalNumber(signal),
        stdout: (streams[0] ?? []).join('\n'),
        stderr: (streams[1] ?? []).join('\n'),
      });
    });
    if (options.signal?.aborted === true) {
      abort();
    }
  });
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
