import path from 'node:path';
import { alarm, type Deferred, deferred } from './deferred';
import { extensionExitText } from './exit-text';
import type { ExtensionFailure } from './extension-failure';
import type { ExtensionReport } from './runtime-api/call';
import { EXTENSION_LIMIT } from './runtime-api/protocol';
import type { RuntimeExit, RuntimeProcess } from './runtime-process';

/** How long an extension that has reported an error may take to end by itself. */
const LAST_WORDS_MILLISECONDS = 1_000;

/** How the system's errors are worded by Go, and so by Lambda. */
const LAUNCH_TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'exec format error',
};

interface Program {
  readonly name: string;
  readonly process: RuntimeProcess;
}

/** The external extensions of one runtime, as processes. */
export class ExtensionPrograms {
  readonly #programs: Program[] = [];
  readonly #failed: Deferred<ExtensionFailure> = deferred();
  #reported: ExtensionReport | undefined;
  #isStopping = false;

  /** Resolves with the first failure of one of them, and never when they are told to end. */
  get failed(): Promise<ExtensionFailure> {
    return this.#failed.promise;
  }

  /** Starts the programs; a failure to do so is one of theirs. */
  async start(files: readonly string[], startOne: (file: string) => Promise<RuntimeProcess>): Promise<void> {
    if (files.length > EXTENSION_LIMIT) {
      const text = `the function has ${files.length} extensions, and Lambda starts at most ${EXTENSION_LIMIT}`;
      this.#fail({ name: path.basename(files[EXTENSION_LIMIT] ?? ''), errorType: 'Extension.LaunchError', text });
      return;
    }
    for (const file of files) {
      if (this.#isStopping) {
        return;
      }
      const name = path.basename(file);
      const process = await startOne(file);
      this.#programs.push({ name, process });
      if (this.#isStopping) {
        process.kill();
      }
      void this.#hearOfExit(name, file, process);
    }
  }

  /** Hears that an extension gives up. Lambda waits for its end; one that goes on anyway is not waited for long. */
  async report(report: ExtensionReport): Promise<void> {
    this.#reported ??= report;
    const patience = alarm(LAST_WORDS_MILLISECONDS);
    await Promise.race([patience.promise, this.failed]);
    patience.cancel();
    this.#fail({ name: report.name, errorType: report.errorType, text: report.reason });
  }

  /**
   * Waits for the end of those that hear of it, until `deadline`, and kills the others at once. None of them fails any
   * more.
   */
  async shutDown(hearsOfIt: (name: string) => boolean, deadline: Promise<void>): Promise<void> {
    this.#isStopping = true;
    const ends = this.#programs.map(({ name, process }) => {
      if (!hearsOfIt(name)) {
        process.signal('SIGKILL');
      }
      return process.exited;
    });
    await Promise.race([Promise.all(ends), deadline]);
    for (const { process } of this.#programs) {
      process.kill();
    }
  }

  /** Resolves when none of them runs and all of their output has been read. */
  async closed(): Promise<void> {
    await Promise.all(this.#programs.map(({ process }) => process.closed));
  }

  async #hearOfExit(name: string, file: string, process: RuntimeProcess): Promise<void> {
    const exit = await process.exited;
    const errorType = this.#reported?.errorType ?? 'Extension.Crash';
    this.#fail(
      exit.kind === 'exited'
        ? { name, errorType, text: extensionExitText(exit.code, exit.signal) }
        : { name, errorType: 'Extension.LaunchError', text: launchText(file, exit) },
    );
  }

  #fail(failure: Omit<ExtensionFailure, 'kind'>): void {
    if (!this.#isStopping) {
      this.#failed.resolve({ kind: 'extension-failed', ...failure });
    }
  }
}

function launchText(file: string, { code, message }: Extract<RuntimeExit, { kind: 'not-started' }>): string {
  return `fork/exec ${file}: ${LAUNCH_TEXTS[code ?? ''] ?? message}`;
}
