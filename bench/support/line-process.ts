import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

type Line = Readonly<Record<string, unknown>>;

/** The clock ticks in which Linux counts a process's time, each second: fixed for every architecture that Node.js has. */
const TICKS_PER_SECOND = 100;

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
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024) / 1e6;
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  }

  /** The share of one processor that it takes over a span, in per cent. */
  async processorShare(milliseconds: number): Promise<number> {
    const [before, from] = [this.#processorSeconds(), performance.now()];
    await wait(milliseconds);
    return ((this.#processorSeconds() - before) / ((performance.now() - from) / 1_000)) * 100;
  }

  #processorSeconds(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) / TICKS_PER_SECOND;
  }

  async end(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    if (this.#child.kill('SIGKILL')) {
      await closed;
    }
  }
}
