import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryMegabytes, processorSeconds } from './process-figures';

type Line = Readonly<Record<string, unknown>>;

/** A process that prints JSON, a line at a time. */
export class LineProcess {
  readonly begunAt = performance.now();
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();
  #errors = '';

  constructor(command: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, command, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    if (this.#child.stdout === null || this.#child.stderr === null) {
      throw new Error('The process has no output.');
    }
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#lines.push(JSON.parse(line));
      this.#wake();
    });
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += String(chunk);
    });
    this.#child.once('close', () => this.#wake());
  }

  #wake(): void {
    for (const wake of this.#waiting) {
      wake();
    }
  }

  /** Waits for a line. @throws when the process ends before */
  async line(isIt: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.#lines.find(isIt);
      if (found !== undefined) {
        return found;
      }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`The process ended: ${this.#errors}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** Resident memory in MB, now and at its highest. */
  get memory(): { readonly now: number; readonly peak: number } {
    const { pid } = this.#child;
    return { now: memoryMegabytes(pid, 'VmRSS'), peak: memoryMegabytes(pid, 'VmHWM') };
  }

  /** The share of one processor that it takes over a span, in per cent. */
  async processorShare(milliseconds: number): Promise<number> {
    const { pid } = this.#child;
    const [before, from] = [processorSeconds(pid), performance.now()];
    await wait(milliseconds);
    return ((processorSeconds(pid) - before) / ((performance.now() - from) / 1_000)) * 100;
  }

  async end(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    if (this.#child.kill('SIGKILL')) {
      await closed;
    }
  }
}
