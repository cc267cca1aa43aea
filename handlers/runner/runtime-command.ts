import path from 'node:path';
import { awsBaseImage, type LambdaRuntime } from '../shared/lambda-runtime';
import type { RunnerErrorCode } from './errors';
import type { FunctionArchitecture, FunctionDescription } from './function-description';
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
  readonly architecture: FunctionArchitecture;
  /** Where this container has file systems. */
  readonly mountPoints: readonly string[];
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
 * Why a task cannot run a function, as far as that is known before its package is fetched. Another version of the same
 * language is not refused: whoever names such a task definition in a request means it. Another architecture is, as what
 * is compiled in its package or layers would fail anywhere in the run; so is a file system that is not there, as what
 * the function writes to it would be lost with the task.
 */
export function runtimeRefusal(
  functionArn: string,
  { runtime, architecture, mountPaths }: Pick<FunctionDescription, 'runtime' | 'architecture' | 'mountPaths'>,
  { bootstrap, taskRuntime, hasAwsBootstrap, mountPoints, architecture: taskArchitecture }: RuntimeCandidates,
): CommandRefusal | undefined {
  const notMounted = mountPaths.filter((path) => !mountPoints.includes(path));
  if (notMounted.length > 0) {
    return {
      kind: 'refused',
      code: 'FILE_SYSTEM_NOT_MOUNTED',
      message:
        `${functionArn} has a file system at ${notMounted.join(', ')}, and this task has none there: give a ` +
        'taskDefinition in the request whose container mounts it at the same path.',
    };
  }
  const remedy =
    `run it on a task definition of its own runtime, whose image is built on ${awsBaseImage(runtime)} ` +
    '(add the runtime to the runner module, then "npm run images")';
  if (architecture !== taskArchitecture) {
    return {
      kind: 'refused',
      code: 'ARCHITECTURE_MISMATCH',
      message:
        `${functionArn} is for ${architecture}, and this task runs on ${taskArchitecture}: run it on a task definition ` +
        'for its own architecture (leave taskDefinition out of the request, or add the runtime with that architecture ' +
        'to the runner module).',
    };
  }
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

/** A program of the function's own, and what of it there is. */
export interface OwnProgram {
  readonly file: string;
  readonly state: FileState;
}

/** The function's variable that names a script to start the runtime with. */
export const WRAPPER_VARIABLE = 'AWS_LAMBDA_EXEC_WRAPPER';

/**
 * The program that runs the function: the one asked for; for an OS-only runtime the function's own, the package's
 * before a layer's; else AWS's own, else our Node.js client. A wrapper script starts the latter, as AWS's own starts
 * it by itself; Lambda has none for OS-only runtimes.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-build and
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 */
export function chooseRuntimeCommand(
  runtime: LambdaRuntime,
  candidates: RuntimeCandidates,
  own: readonly OwnProgram[],
  wrapper?: OwnProgram,
): ChosenCommand {
  if (candidates.bootstrap !== undefined) {
    return command(candidates.bootstrap);
  }
  if (runtime.family === 'provided') {
    return ownCommand(own);
  }
  if (candidates.hasAwsBootstrap) {
    return command(AWS_BOOTSTRAP);
  }
  return wrapper === undefined
    ? command(candidates.nodeFile, candidates.nodeClientFile)
    : wrappedCommand(wrapper, candidates);
}

function wrappedCommand({ file, state }: OwnProgram, { nodeFile, nodeClientFile }: RuntimeCandidates): ChosenCommand {
  switch (state) {
    case 'executable':
      return command(file, nodeFile, nodeClientFile);
    case 'absent':
      return invalid(`${WRAPPER_VARIABLE} of the function names ${file}, which is in neither its package nor a layer.`);
    case 'not-executable':
      return invalid(
        `${WRAPPER_VARIABLE} of the function names ${file}, which may not be executed: give it its execute permission ` +
          '(chmod 755) before it is zipped.',
      );
    case 'other-architecture':
      return invalid(
        `${WRAPPER_VARIABLE} of the function names ${file}, which was built for another architecture than this task's.`,
      );
  }
}

function ownCommand(own: readonly OwnProgram[]): ChosenCommand {
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
