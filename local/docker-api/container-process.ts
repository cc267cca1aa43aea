import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ContainerLog } from './container-log';

/** A grandchild in a group of its own may hold the output open; the container has ended all the same. */
const OUTPUT_AFTER_END_MILLISECONDS = 1_000;

export interface ProcessOptions {
  readonly commandLine: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly log: ContainerLog;
  /** Called once, when the program and all that it left behind are gone. */
  readonly onEnd: (exitCode: number) => void;
}

/** A container's main process, first of a process group of its own, as a container's is first of its namespace. */
export class ContainerProcess {
  readonly #child: ChildProcess;
  readonly #pid: number;

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.#pid = pid;
  }

  /** @throws {Error} with the system's code when the program cannot be started */
  static start(options: ProcessOptions): Promise<ContainerProcess> {
    const [file = '', ...args] = options.commandLine;
    const child = spawn(file, args, {
      cwd: options.workingDirectory,
      env: options.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => {
        const process = new ContainerProcess(child, child.pid ?? 0);
        process.#watch(options);
        resolve(process);
      });
    });
  }

  get pid(): number {
    return this.#pid;
  }

  /** Like an engine, tells the main process alone: what it started is its own to tell. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends everything in the container at once. */
  kill(): void {
    killGroup(this.#pid);
  }

  #watch({ log, onEnd }: ProcessOptions): void {
    const { stdout, stderr } = this.#child;
    stdout?.on('data', (bytes: Buffer) => log.write('stdout', bytes));
    stderr?.on('data', (bytes: Buffer) => log.write('stderr', bytes));
    let outputTimer: NodeJS.Timeout | undefined;
    this.#child.once('exit', () => {
      this.kill();
      outputTimer = setTimeout(() => {
        stdout?.destroy();
        stderr?.destroy();
      }, OUTPUT_AFTER_END_MILLISECONDS);
    });
    this.#child.once('close', (code, signal) => {
      clearTimeout(outputTimer);
      log.end();
      onEnd(exitCode(code, signal));
    });
  }
}

/** 128 + n where signal n ended it: https://docs.docker.com/reference/cli/docker/container/run/#exit-status */
function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
