import { spawn } from 'node:child_process';
import { deferred } from './deferred';
import { killTree } from './process-tree';
import type { Streams } from './streams';

export interface RuntimeCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export type RuntimeExit =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'not-started'; readonly message: string };

export interface RuntimeProcess {
  readonly exited: Promise<RuntimeExit>;
  /** Resolves when the process has ended and no other holds its stdout or stderr: then all its output has been read. */
  readonly closed: Promise<void>;
  /** Kills the runtime and everything that it started. */
  readonly kill: () => void;
}

/** The runtime's own name for the server; no other process has it in its environment. */
const MARKER = 'AWS_LAMBDA_RUNTIME_API';

/** Starts the runtime in a process group of its own, with its output passed on by `streams`. */
export function startRuntimeProcess(
  command: RuntimeCommand,
  environment: Readonly<Record<string, string>>,
  taskRoot: string,
  streams: Pick<Streams, 'forward'>,
): RuntimeProcess {
  const exited = deferred<RuntimeExit>();
  const closed = deferred<void>();
  const child = spawn(command.file, command.args, {
    cwd: taskRoot,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  streams.forward(child.stdout, 'stdout');
  streams.forward(child.stderr, 'stderr');
  child.once('error', (error) => {
    exited.resolve({ kind: 'not-started', message: error.message });
    closed.resolve();
  });
  child.once('exit', (code, signal) => exited.resolve({ kind: 'exited', code, signal }));
  child.once('close', () => closed.resolve());
  const kill = () => {
    process.off('exit', kill);
    if (child.pid !== undefined) {
      killTree(child.pid, `${MARKER}=${environment[MARKER] ?? ''}`);
    }
  };
  // Even a runner that fails leaves no process behind.
  process.once('exit', kill);
  return { exited: exited.promise, closed: closed.promise, kill };
}
