import path from 'node:path';
import { awsBaseImage, type LambdaRuntime } from '../shared/lambda-runtime';
import type { RunnerErrorCode } from './errors';
import type { NamedRuntime } from './function-description';
import type { RuntimeCommand } from './runtime-process';

/** Where AWS's base images have their runtime. */
export const AWS_BOOTSTRAP = '/var/runtime/bootstrap';

/** What of a file there is. */
export type FileState = 'absent' | 'not-executable' | 'other-architecture' | 'executable';

/** What a task can run. */
export interface RuntimeCandidates {
  /** OVERTIME_BOOTSTRAP. */
  readonly bootstrap: string | undefined;
  /** OVERTIME_RUNTIME: the runtime that the task's image was built for. */
  readonly taskRuntime: LambdaRuntime | undefined;
  readonly hasAwsBootstrap: boolean;
  /** This process's own Node.js. */
  readonly nodeFile: string;
  /** The bundled Node.js client of the Runtime API. */
  readonly nodeClientFile: string;
}

export interface CommandRefusal {
  readonly kind: 'refused';
  readonly code: RunnerErrorCode;
  readonly message: string;
}

export type ChosenCommand = { readonly kind: 'command'; readonly command: RuntimeCommand } | CommandRefusal;

/**
 * Why a task cannot run a function of this runtime, as far as that is known before its package is fetched. Another
 * version of the same language is not refused: whoever names such a task definition in a request means it.
 */
export function runtimeRefusal(
  functionArn: string,
  runtime: NamedRuntime,
  { bootstrap, taskRuntime, hasAwsBootstrap }: RuntimeCandidates,
): CommandRefusal | undefined {
  const remedy =
    `run it on a task definition of its own runtime, whose image is built on ${awsBaseImage(runtime)} ` +
    '(add the runtime to the runner module, then "npm run images")';
  if (taskRuntime !== undefined && taskRuntime.family !== runtime.family) {
    return {
      kind: 'refused',
      code: 'RUNTIME_MISMATCH',
      message: `${functionArn} has the runtime ${runtime.name}, and this task's image is for ${taskRuntime.family}: ${remedy}.`,
    };
  }
  const bringsItsOwn = runtime.family === 'provided' || runtime.family === 'nodejs';
  return bringsItsOwn || hasAwsBootstrap || bootstrap !== undefined
    ? undefined
    : {
        kind: 'refused',
        code: 'RUNTIME_MISMATCH',
        message: `${functionArn} has the runtime ${runtime.name}, and this task has no ${AWS_BOOTSTRAP} to run it: ${remedy}.`,
      };
}

/** Where a function of an OS-only runtime has its program: in the package, else in a layer. */
export function ownBootstraps(taskRoot: string, layersRoot: string): readonly string[] {
  return [path.posix.join(taskRoot, 'bootstrap'), path.posix.join(layersRoot, 'bootstrap')];
}

/**
 * The program that runs the function: the one asked for; for an OS-only runtime the function's own, the package's
 * before a layer's; else AWS's own, else our Node.js client.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-build
 */
export function chooseRuntimeCommand(
  runtime: LambdaRuntime,
  candidates: RuntimeCandidates,
  own: readonly { readonly file: string; readonly state: FileState }[],
): ChosenCommand {
  if (candidates.bootstrap !== undefined) {
    return command(candidates.bootstrap);
  }
  if (runtime.family === 'provided') {
    return ownCommand(own);
  }
  return candidates.hasAwsBootstrap ? command(AWS_BOOTSTRAP) : command(candidates.nodeFile, candidates.nodeClientFile);
}

function ownCommand(own: readonly { readonly file: string; readonly state: FileState }[]): ChosenCommand {
  const found = own.find(({ state }) => state !== 'absent');
  switch (found?.state) {
    case 'executable':
      return command(found.file);
    case 'not-executable':
      return invalid(
        `${found.file} may not be executed: give it its execute permission (chmod 755) before it is zipped.`,
      );
    case 'other-architecture':
      return invalid(
        `${found.file} was built for another architecture than this task's: build it anew, or run the function on a ` +
          'task definition of its own architecture.',
      );
    default:
      return invalid(
        `Couldn't find valid bootstrap(s): [${own.map(({ file }) => file).join(' ')}]. Put the program of the ` +
          'function there under that name, at the root of its package or of a layer.',
      );
  }
}

function invalid(message: string): CommandRefusal {
  return { kind: 'refused', code: 'BOOTSTRAP_INVALID', message };
}

function command(file: string, ...args: readonly string[]): ChosenCommand {
  return { kind: 'command', command: { file, args } };
}
