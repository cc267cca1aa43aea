import path from 'node:path';
import { RunnerError } from './errors';
import { fileState } from './file-state';
import type { FunctionDescription } from './function-description';
import { chooseRuntimeCommand, ownBootstraps, type RuntimeCandidates, WRAPPER_VARIABLE } from './runtime-command';
import type { RuntimeCommand } from './runtime-process';

/**
 * The program that runs a function whose package and layers are in place.
 *
 * @throws {RunnerError} when there is none that can be executed here
 */
export function functionCommand(
  { runtime, variables }: FunctionDescription,
  candidates: RuntimeCandidates,
  { taskRoot, layersRoot }: { readonly taskRoot: string; readonly layersRoot: string },
): RuntimeCommand {
  const program = (file: string) => ({ file, state: fileState(file, process.arch) });
  const wrapper = variables[WRAPPER_VARIABLE];
  const chosen = chooseRuntimeCommand(
    runtime,
    candidates,
    ownBootstraps(taskRoot, layersRoot).map(program),
    // A relative one is relative to where the runtime is started.
    wrapper === undefined || wrapper === '' ? undefined : program(path.posix.resolve(taskRoot, wrapper)),
  );
  if (chosen.kind === 'refused') {
    throw new RunnerError(chosen.code, chosen.message);
  }
  return chosen.command;
}
