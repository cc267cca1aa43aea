import { isOfTask } from '../runtime-environment';
import type { RuntimeCommand, RuntimeExit } from '../runtime-process';

/** What AWS's base images set for themselves: it fits their own programs, which the runner's container does not have. */
const OF_THE_IMAGE: readonly string[] = ['PATH', 'LD_LIBRARY_PATH'];

/**
 * The variables that a runtime in a container of its own gets from the runner: all of them but those that the container
 * has itself, which are its image's paths, unless the function sets them, and its part of the task.
 */
export function handedVariables(
  variables: Readonly<Record<string, string>>,
  ofFunction: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => !isOfTask(name) && (!OF_THE_IMAGE.includes(name) || ofFunction[name] !== undefined),
    ),
  );
}

/** A program to be run in another container. */
export interface Launch {
  readonly command: RuntimeCommand;
  readonly environment: Readonly<Record<string, string>>;
  /** The folder that it is started in. */
  readonly folder: string;
}

/** What `env` would take for a variable is given to a shell, which does not. */
const RUN = ['/bin/sh', '-c', 'exec "$@"', 'sh'];

/**
 * The words of an order to supervise-runtimes.sh, as one line of a shell: the folder, the program, and what `env` is
 * given. A shell's own `export` would end the shell for the names that Bash keeps to itself, such as UID.
 */
export function startWords({ command: { file, args }, environment, folder }: Launch): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const program = file.includes('=') ? [...RUN, file] : [file];
  return [folder, file, ...variables, ...program, ...args].map(quoted).join(' ');
}

/** An order ends with its line, so that the end of a line within it is put in by the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replaceAll('\n', `'"$overtime_newline"'`)}'`;
}

/** A shell adds 128 to the number of the signal. Only those that end a program on Linux by themselves are told apart. */
const SIGNALS: Readonly<Record<number, string>> = {
  130: 'SIGINT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** The end of a runtime, from the status that a shell or a container engine has for it. */
export function exitOfStatus(status: number): RuntimeExit {
  const signal = SIGNALS[status];
  return signal === undefined ? { kind: 'exited', code: status, signal: null } : { kind: 'exited', code: null, signal };
}
