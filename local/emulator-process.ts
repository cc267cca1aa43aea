import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const EMULATOR_DIRECTORY = path.resolve(__dirname, 'emulator');

/** On a quiet machine it takes three seconds; that it has ended is seen at once. */
const HEALTHY_WITHIN_MILLISECONDS = 180_000;
const HEALTH_INTERVAL_MILLISECONDS = 50;

/** The emulator ends itself within 30 s of its input's end (emulator/lifeline.py). */
const END_WITHIN_MILLISECONDS = 40_000;

const SHOWN_LOG_LINES = 20;

export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  readonly code = 'EMULATOR_ENDED';
}

export interface EmulatorOptions {
  readonly python: string;
  /** The whole environment: of the developer's own nothing is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly logFile: string;
  readonly directory: string;
  readonly signal?: AbortSignal;
}

/** The emulator's own process. Its input is the lifeline: when that ends, for whatever reason, the emulator ends. */
export class EmulatorProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #options: EmulatorOptions;
  #startError: Error | undefined;

  private constructor(child: ChildProcess, options: EmulatorOptions) {
    this.#child = child;
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', (error) => {
        this.#startError = error;
        resolve(undefined);
      });
    });
    // A broken pipe means that the emulator is gone, which #ended says better.
    child.stdin?.on('error', () => undefined);
  }

  /** Starts it and waits until it answers. @throws {EmulatorError} with the last lines of its log */
  static async start(options: EmulatorOptions): Promise<EmulatorProcess> {
    const log = openSync(options.logFile, 'a');
    const child = spawn(options.python, ['-B', EMULATOR_DIRECTORY], {
      cwd: options.directory,
      env: options.environment,
      detached: true,
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    const emulator = new EmulatorProcess(child, options);
    try {
      await emulator.#untilHealthy();
    } catch (error) {
      await emulator.stop();
      throw error;
    }
    return emulator;
  }

  /** Tells the emulator which process groups are to end with it. */
  tell(event: 'group' | 'ended', pid: number): void {
    this.#child.stdin?.write(`${event} ${pid}\n`);
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => killGroup(this.#child), END_WITHIN_MILLISECONDS);
    await this.#ended;
    clearTimeout(timer);
    killGroup(this.#child);
  }

  async #untilHealthy(): Promise<void> {
    const deadline = performance.now() + HEALTHY_WITHIN_MILLISECONDS;
    while (performance.now() < deadline) {
      this.#options.signal?.throwIfAborted();
      if (this.#startError !== undefined) {
        throw new EmulatorError(`The emulator cannot be started: ${this.#startError.message}`, {
          cause: this.#startError,
        });
      }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw await this.#failure('ended before it was ready');
      }
      if (await answers(`${this.#options.endpoint}/_ministack/health`)) {
        return;
      }
      await wait(HEALTH_INTERVAL_MILLISECONDS);
    }
    throw await this.#failure(`did not answer within ${HEALTHY_WITHIN_MILLISECONDS / 1000} s`);
  }

  async #failure(what: string): Promise<EmulatorError> {
    const lines = (await readFile(this.#options.logFile, 'utf8')).trimEnd().split('\n');
    return new EmulatorError(`The emulator ${what}. Its last words:\n${lines.slice(-SHOWN_LOG_LINES).join('\n')}`);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Lambda workers are in the emulator's group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
