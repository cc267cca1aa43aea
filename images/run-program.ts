import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** What the program writes: to this process's own streams, or nowhere. */
  readonly output: 'shown' | 'dropped';
}

/** Runs a program to its end and answers its exit code; 127 where there is no such program, as in a shell. */
export function runProgram(command: readonly [string, ...string[]], options: ProgramOptions): Promise<number> {
  const [file, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: options.environment,
      stdio: options.output === 'shown' ? 'inherit' : 'ignore',
    });
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
