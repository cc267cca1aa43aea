import { isOfTask } from '../runtime-environment';
import type { RuntimeCommand, RuntimeExit } from '../runtime-process';

/** What AWS's base images set for themselves: it fits their own programs, which the runner's container does not have. */
const OF_THE_IMAGE: readonly string[] = ['PATH', 'LD_LIBRARY_PATH'];

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

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

/**
 * What start-runtime.sh reads: the variables, then the command as positional parameters. A name that no shell takes is
 * left out; Lambda has none such: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
 */
export function startText(command: RuntimeCommand, variables: Readonly<Record<string, string>>): string {
  const exports = Object.entries(variables)
    .filter(([name]) => SHELL_NAME.test(name))
    .map(([name, value]) => `export ${name}=${quoted(value)}`);
  const words = [command.file, ...command.args].map(quoted).join(' ');
  return `${[...exports, `set -- ${words}`].join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
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
