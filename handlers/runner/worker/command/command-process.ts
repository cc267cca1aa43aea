import type { Readable } from 'node:stream';
import { within } from '../../deferred';
import { type ProcessOptions, type RuntimeExit, startRuntimeProcess } from '../../runtime-process';
import type { StreamName, Streams } from '../../streams';
import { TASK_ID } from './command-environment';
import { type CommandEnd, ERROR_TAIL_BYTES, OUTPUT_TAIL_BYTES } from './command-result';
import { Tail } from './tail';

export interface CommandStart extends Pick<ProcessOptions, 'environment' | 'stdin' | 'workRoot'> {
  readonly words: readonly [string, ...string[]];
  /** Where it is started. */
  readonly folder: string;
  readonly streams: Pick<Streams, 'forward'>;
}

/** A task's command, with what it has said last. */
export interface CommandProcess {
  readonly exited: Promise<RuntimeExit>;
  /**
   * Ends it with everything that it has started, which would go on with the next task: by SIGTERM where it has not ended
   * by itself, and by SIGKILL after `patienceMilliseconds`.
   */
  readonly end: (patienceMilliseconds: number) => Promise<void>;
  readonly said: () => Pick<CommandEnd, 'stdout' | 'stderr'>;
}

/** How long the last of its output may take to be read where something holds its streams that cannot be killed. */
const LAST_WORDS_MILLISECONDS = 5_000;

export async function startCommand({ words, folder, streams, ...rest }: CommandStart): Promise<CommandProcess> {
  const [file, ...args] = words;
  const tails = { stdout: new Tail(OUTPUT_TAIL_BYTES), stderr: new Tail(ERROR_TAIL_BYTES) };
  const forward = (source: Readable, target: StreamName) => {
    source.on('data', (chunk: Buffer) => tails[target].add(chunk));
    return streams.forward(source, target);
  };
  const command = await startRuntimeProcess({
    ...rest,
    command: { file, args },
    marker: TASK_ID,
    taskRoot: folder,
    streams: { forward },
  });
  let hasEnded = false;
  void command.exited.then(() => {
    hasEnded = true;
  });
  return {
    exited: command.exited,
    end: async (patienceMilliseconds) => {
      if (!hasEnded) {
        command.signal('SIGTERM');
        await within(patienceMilliseconds, command.exited);
      }
      command.kill();
      await within(LAST_WORDS_MILLISECONDS, command.closed);
    },
    said: () => ({
      stdout: { text: tails.stdout.text(), isCut: tails.stdout.isCut },
      stderr: tails.stderr.text(),
    }),
  };
}
