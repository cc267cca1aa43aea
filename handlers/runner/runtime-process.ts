import { spawn } from 'node:child_process';
import { deferred } from './deferred';
import { openPipes } from './pipes';
import { growTree, killTree, signalGroup } from './process-tree';
import type { Forwarded, Streams } from './streams';

export interface RuntimeCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export type RuntimeExit =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | {
      readonly kind: 'not-started';
      readonly message: string;
      /** The system's name for why, such as `EACCES`. */
      readonly code: string | undefined;
    };

export interface RuntimeProcess {
  readonly exited: Promise<RuntimeExit>;
  /** Resolves when the process has ended and no other holds its stdout or stderr: then all its output has been read. */
  readonly closed: Promise<void>;
  /** What it writes. */
  readonly outputs: readonly Forwarded[];
  /** Sends the signal to its process group. */
  readonly signal: (signal: 'SIGTERM' | 'SIGKILL') => void;
  /** Kills it with everything that it or another process of the same marker started. */
  readonly kill: () => void;
}

/** A runtime's own name for the server: no process but of this runtime has it in its environment. */
const RUNTIME_MARKER = 'AWS_LAMBDA_RUNTIME_API';

/** What a runner that fails has to end: a single listener to its own end serves them all. */
const living = new Set<() => void>();
process.once('exit', () => {
  for (const kill of living) {
    kill();
  }
});

export interface ProcessOptions {
  readonly command: RuntimeCommand;
  readonly environment: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  /** Where the pipes of its output are made. */
  readonly workRoot: string;
  readonly streams: Pick<Streams, 'forward'>;
  /**
   * The variable whose value no other process has but those that this one starts.
   *
   * @default AWS_LAMBDA_RUNTIME_API
   */
  readonly marker?: string;
  /**
   * The descriptor of a file that it reads as its stdin.
   *
   * @default - it has none
   */
  readonly stdin?: number;
}

/** Starts a runtime, an extension of it or a command in a process group of its own, with its output passed on by `streams`. */
export async function startRuntimeProcess(options: ProcessOptions): Promise<RuntimeProcess> {
  const { command, environment, taskRoot, workRoot, streams, marker: name = RUNTIME_MARKER } = options;
  const exited = deferred<RuntimeExit>();
  const pipes = await openPipes(workRoot);
  const child = spawn(command.file, command.args, {
    cwd: taskRoot,
    env: environment,
    detached: true,
    stdio: [options.stdin ?? 'ignore', pipes?.stdout.writer ?? 'pipe', pipes?.stderr.writer ?? 'pipe'],
  });
  pipes?.stdout.closeWriter();
  pipes?.stderr.closeWriter();
  const outputs = [
    { name: 'stdout', source: pipes?.stdout.reader ?? child.stdout },
    { name: 'stderr', source: pipes?.stderr.reader ?? child.stderr },
  ] as const;
  const readers = outputs.flatMap(({ name, source }) => (source === null ? [] : [{ name, source }]));
  const closed = readers.map(({ source }) => new Promise((resolve) => source.once('close', resolve)));
  child.once('error', (error: NodeJS.ErrnoException) =>
    exited.resolve({ kind: 'not-started', message: startMessage(command.file, error), code: error.code }),
  );
  child.once('exit', (code, signal) => exited.resolve({ kind: 'exited', code, signal }));
  const marker = `${name}=${environment[name] ?? ''}`;
  if (child.pid !== undefined) {
    growTree(child.pid, marker);
  }
  const kill = () => {
    living.delete(kill);
    if (child.pid !== undefined) {
      killTree(child.pid, marker);
    }
  };
  living.add(kill);
  return {
    exited: exited.promise,
    closed: Promise.all([exited.promise, ...closed]).then(() => undefined),
    outputs: readers.map(({ name, source }) => streams.forward(source, name)),
    signal: (signal) => {
      if (child.pid !== undefined) {
        signalGroup(child.pid, signal);
      }
    },
    kill,
  };
}

function startMessage(file: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? `${file}, or the interpreter that its first line names, is not there.`
    : error.message;
}
