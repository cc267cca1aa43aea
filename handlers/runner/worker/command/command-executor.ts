import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import type { Environment } from '../../../shared/settings';
import { systemCodeOf } from '../../errors';
import { firstOf } from '../../host/happenings';
import { outcomeOf } from '../../outcome';
import { removeTree } from '../../remove-tree';
import type { Streams } from '../../streams';
import type { Carried, Executor, Job } from '../executor';
import { commandEnvironment, type TaskFolder, taskFolder } from './command-environment';
import { type CommandProcess, startCommand } from './command-process';
import { type CommandEnd, commandFailure, commandOutcome, commandVerdict } from './command-result';

export interface CommandOptions {
  readonly words: readonly [string, ...string[]];
  /** Of what the tasks come from, such as the activity: the command is told. */
  readonly name: string;
  readonly environment: Environment;
  readonly workRoot: string;
  readonly streams: Pick<Streams, 'forward'>;
  readonly timeoutSeconds: number;
  readonly outputLimitBytes: number;
  /** How long the command may go on once its task is told to stop. */
  readonly drainMilliseconds: number;
  /** How long a command that is ended has between SIGTERM and SIGKILL. */
  readonly stopMilliseconds: number;
}

/** Does each job by a command of its own, in a clean folder that is removed afterwards. */
export function commandExecutor(options: CommandOptions): Executor {
  return {
    carryOut: async (job) => {
      const folder = taskFolder(options.workRoot, job.requestId);
      try {
        await mkdir(folder.workFolder, { recursive: true });
        await writeFile(folder.inputFile, job.input);
        const begun = performance.now();
        const carried = await runCommand(options, job, folder);
        return { ...carried, timings: { durationMilliseconds: Math.round(performance.now() - begun) } };
      } finally {
        await removeTree(folder.folder);
      }
    },
    close: async () => undefined,
  };
}

type Ended = Pick<Carried, 'outcome' | 'verdict'>;

async function runCommand(options: CommandOptions, job: Job, folder: TaskFolder): Promise<Ended> {
  const { requestId, interruption, callerGone } = job;
  const { name, words, streams, timeoutSeconds, drainMilliseconds, outputLimitBytes, workRoot } = options;
  const input = await open(folder.inputFile);
  let command: CommandProcess;
  try {
    command = await startCommand({
      words,
      folder: folder.workFolder,
      environment: commandEnvironment(options.environment, { requestId, name, folder }),
      workRoot,
      streams,
      stdin: input.fd,
    });
  } finally {
    await input.close();
  }
  const limits = { phase: 'invoke', seconds: timeoutSeconds, interruption, callerGone, drainMilliseconds } as const;
  const end = await firstOf(command.exited, limits);
  await command.end(options.stopMilliseconds);
  switch (end.kind) {
    case 'not-started':
      return { outcome: commandFailure(`The command could not be started: ${end.message}`) };
    case 'exited': {
      if (interruption.aborted && end.code !== 0) {
        // It may have heard of the stop before the runner ended it.
        return { outcome: outcomeOf({ kind: 'interrupted', phase: 'invoke' }, requestId) };
      }
      const { code, signal } = end;
      const left = { code, signal, file: await outputFile(folder.outputFile, outputLimitBytes), ...command.said() };
      return { outcome: commandOutcome(left, outputLimitBytes, requestId), verdict: commandVerdict(code) };
    }
    default:
      return { outcome: outcomeOf(end, requestId) };
  }
}

async function outputFile(file: string, limitBytes: number): Promise<CommandEnd['file']> {
  try {
    const { size } = await stat(file);
    return { bytes: size, content: size > limitBytes ? undefined : await readFile(file) };
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') {
      return undefined;
    }
    throw thrown;
  }
}
