import { execFile } from 'node:child_process';
import { constants, openSync, renameSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { type Deferred, deferred } from '../deferred';
import { RunnerError } from '../errors';
import type { RuntimeExit, RuntimeProcess } from '../runtime-process';
import { type Launch, startWords } from './start-text';
import { exitOfReport, type Report, reportOf } from './supervisor-report';

/** The runtimes' user is another than the runner's: it may read the one pipe, and write to the other. */
const READABLE = '644';
const WRITABLE = '622';

/** As AWS's images have it. */
const MAKE_PIPE = 'mkfifo';
const PROGRAM_FOLDERS = '/usr/bin:/bin';

const KILLED: RuntimeExit = { kind: 'exited', code: null, signal: 'SIGKILL' };

/** A runtime as the runner sees it from its own container. */
interface Remote {
  readonly file: string;
  readonly exited: Deferred<RuntimeExit>;
  readonly gone: Deferred<void>;
}

/**
 * The task's other container, in which runtimes and extensions are started, as many and as often as asked for: see
 * supervise-runtimes.sh. What they print goes to that container's own log. They end when the runner does.
 */
export class RuntimeSupervisor {
  readonly #remotes = new Map<number, Remote>();
  readonly #ready = deferred<void>();
  #count = 0;

  private constructor(
    private readonly orders: Socket,
    reports: Socket,
  ) {
    let text = '';
    reports.on('data', (chunk: Buffer) => {
      const lines = (text + chunk.toString('latin1')).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        this.#hear(reportOf(line));
      }
    });
  }

  /**
   * Makes the pipes between the containers, whether the other one is up yet or not.
   *
   * @throws {RunnerError} when they cannot be made
   */
  static async open(controlRoot: string): Promise<RuntimeSupervisor> {
    const [made, orders, reports] = ['orders.new', 'orders', 'reports'].map((name) => path.join(controlRoot, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([makePipe(made, READABLE), makePipe(reports, WRITABLE)]);
    const reading = openSync(reports, constants.O_RDONLY | constants.O_NONBLOCK);
    // While nobody has it open for writing, it would seem to have ended.
    openSync(reports, constants.O_WRONLY);
    // Held open for both directions, as an end alone would wait for the other one. Its closing is the runner's end.
    const writing = openSync(made, constants.O_RDWR | constants.O_NONBLOCK);
    // Whoever sees it can open it at once.
    renameSync(made, orders);
    // Neither keeps the runner from ending.
    return new RuntimeSupervisor(
      new Socket({ fd: writing, readable: false, writable: true }).unref(),
      new Socket({ fd: reading, readable: true, writable: false }).unref(),
    );
  }

  /**
   * Has a program started, as soon as the container is up, however long its image takes to arrive.
   *
   * @param runtimeApiAddress of its Runtime API, which it has in its environment as AWS_LAMBDA_RUNTIME_API
   */
  start(runtimeApiAddress: string, launch: Launch): RuntimeProcess {
    this.#count += 1;
    const number = this.#count;
    const remote: Remote = { file: launch.command.file, exited: deferred(), gone: deferred() };
    const order = (verb: string, words = '') => {
      if (this.#remotes.has(number)) {
        this.orders.write(`${verb} ${number} ${runtimeApiAddress} ${words}\n`);
      }
    };
    let isKilled = false;
    void this.#ready.promise.then(() => {
      if (!isKilled) {
        this.#remotes.set(number, remote);
        order('start', startWords(launch));
      }
    });
    return {
      exited: remote.exited.promise,
      closed: remote.gone.promise,
      // They go to the log of the other container.
      outputs: [],
      signal: (signal) => order(signal === 'SIGTERM' ? 'TERM' : 'KILL'),
      kill: () => {
        if (isKilled) {
          return;
        }
        isKilled = true;
        order('end');
        if (!this.#remotes.has(number)) {
          // It was never started.
          remote.exited.resolve(KILLED);
          remote.gone.resolve();
        }
      },
    };
  }

  #hear(report: Report | undefined): void {
    if (report === undefined) {
      return;
    }
    if (report.kind === 'ready') {
      this.#ready.resolve();
      return;
    }
    const remote = this.#remotes.get(report.number);
    remote?.exited.resolve(report.kind === 'gone' ? KILLED : exitOfReport(report, remote.file));
    if (report.kind === 'gone') {
      this.#remotes.delete(report.number);
      remote?.gone.resolve();
    }
  }
}

function makePipe(file: string, mode: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(MAKE_PIPE, ['-m', mode, file], { env: { PATH: PROGRAM_FOLDERS } }, (error) => {
      if (error === null) {
        resolve();
      } else {
        reject(new RunnerError('RUNTIME_START_FAILED', `The pipe ${file} could not be made: ${error.message}`));
      }
    });
  });
}
