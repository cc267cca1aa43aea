import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Environment } from '../../../shared/settings';
import { within } from '../../deferred';
import { systemCodeOf } from '../../errors';
import { firstOf } from '../../host/happenings';
import { outcomeOf } from '../../outcome';
import { type RuntimeProcess, startRuntimeProcess } from '../../runtime-process';
import type { StreamName, Streams } from '../../streams';
import type { Carried, Executor, Job } from '../executor';
import { commandEnvironment, TASK_ID, type TaskFolder, taskFolder } from './command-environment';
import {
  type CommandEnd,
  commandFailure,
  commandOutcome,
  commandVerdict,
  ERROR_TAIL_BYTES,
  OUTPUT_TAIL_BYTES,
} from './command-result';
import { Tail } from './tail';

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

/** How long the last of its output may take to be read where something holds its streams that cannot be killed. */
const LAST_WORDS_MILLISECONDS = 5_000;

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
        await rm(folder.folder, { recursive: true, force: true });
      }
    },
    close: async () => undefined,
  };
}

type Ended = Pick<Carried, 'outcome' | 'verdict'>;

async function runCommand(options: CommandOptions, job: Job, folder: TaskFolder): Promise<Ended> {
  const { requestId, interruption, callerGone } = job;
  const { name, timeoutSeconds, drainMilliseconds, stopMilliseconds, outputLimitBytes, workRoot } = options;
  const [file, ...args] = options.words;
  const tails = { stdout: new Tail(OUTPUT_TAIL_BYTES), stderr: new Tail(ERROR_TAIL_BYTES) };
  const forward = (source: Readable, target: StreamName) => {
    source.on('data', (chunk: Buffer) => tails[target].add(chunk));
    return options.streams.forward(source, target);
  };
  const input = await open(folder.inputFile);
  let command: RuntimeProcess;
  try {
    command = await startRuntimeProcess({
      command: { file, args },
      environment: commandEnvironment(options.environment, { requestId, name, folder }),
      marker: TASK_ID,
      taskRoot: folder.workFolder,
      workRoot,
      streams: { forward },
      stdin: input.fd,
    });
  } finally {
    await input.close();
  }
  const limits = { phase: 'invoke', seconds: timeoutSeconds, interruption, callerGone, drainMilliseconds } as const;
  const end = await firstOf(command.exited, limits);
  if (end.kind !== 'exited' && end.kind !== 'not-started') {
    command.signal('SIGTERM');
    await within(stopMilliseconds, command.exited);
  }
  // What it left behind is not waited for, and would go on with the next task.
  command.kill();
  await within(LAST_WORDS_MILLISECONDS, command.closed);
  switch (end.kind) {
    case 'not-started':
      return { outcome: commandFailure(`The command could not be started: ${end.message}`) };
    case 'exited': {
      if (interruption.aborted && end.code !== 0) {
        // It may have heard of the stop before the runner ended it.
        return { outcome: outcomeOf({ kind: 'interrupted', phase: 'invoke' }, requestId) };
      }
      const { stdout, stderr } = tails;
      const left: CommandEnd = {
        code: end.code,
        signal: end.signal,
        file: await outputFile(folder.outputFile, outputLimitBytes),
        stdout: { text: stdout.text(), isCut: stdout.isCut },
        stderr: stderr.text(),
      };
      return { outcome: commandOutcome(left, outputLimitBytes, requestId), verdict: commandVerdict(end.code) };
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
