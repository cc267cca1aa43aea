import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { alarm, deferred } from '../deferred';
import { messageOf, RunnerError } from '../errors';
import type { RuntimeExit, RuntimeProcess } from '../runtime-process';
import { exitOfStatus } from './start-text';

/** The runtime's user is another than the runner's: it may read the first two, and write to the third. */
const READABLE = '644';
const WRITABLE = '622';

/** How often to look whether the other container has come up. */
const POLL_MILLISECONDS = 50;

/** As AWS's images have it. */
const MAKE_PIPE = 'mkfifo';
const PROGRAM_FOLDERS = '/usr/bin:/bin';

/**
 * Has the task's other container start a runtime: see start-runtime.sh. What the runtime prints goes to that
 * container's own log.
 *
 * @param text what the container is to run: startText
 * @throws {RunnerError} when the pipes between the containers cannot be made
 */
export async function startPackagedRuntime(controlRoot: string, text: string): Promise<RuntimeProcess> {
  const [start, lifeline, exit] = ['start', 'lifeline', 'exited'].map((name) => path.join(controlRoot, name)) as [
    string,
    string,
    string,
  ];
  await makePipe(lifeline, READABLE);
  await makePipe(exit, WRITABLE);
  // Held open for both directions, as an end alone would wait for the other one.
  const lifelineEnd = openSync(lifeline, constants.O_RDWR);
  const exited = deferred<RuntimeExit>();
  const closeExit = listen(exit, (status) => exited.resolve(exitOfStatus(status)));
  const ending = new AbortController();
  // The last of the three: it tells the container that the others are there.
  await makePipe(start, READABLE);
  handOver(start, text, ending.signal).catch((thrown: unknown) => {
    exited.resolve({ kind: 'not-started', message: messageOf(thrown), code: undefined });
  });
  return {
    exited: exited.promise,
    closed: Promise.resolve(),
    // They go to the log of the other container.
    outputs: [],
    // It has no way there.
    signal: () => undefined,
    kill: () => {
      if (!ending.signal.aborted) {
        ending.abort();
        rmSync(start, { force: true });
        closeExit();
        closeSync(lifelineEnd);
      }
    },
  };
}

function makePipe(file: string, mode: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(MAKE_PIPE, ['-m', mode, file], { env: { PATH: PROGRAM_FOLDERS } }, (error) => {
      if (error === null) {
        resolve();
      } else {
        reject(new RunnerError('RUNTIME_START_FAILED', `The pipe ${file} could not be made: ${error.message}`));
      }
    });
  });
}

/** Hears the one line that comes. @returns what ends the listening */
function listen(file: string, onStatus: (status: number) => void): () => void {
  const reading = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  // While nobody else has it open for writing, it would seem to have ended.
  const writer = openSync(file, constants.O_WRONLY);
  const socket = new Socket({ fd: reading, readable: true, writable: false });
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const status = /^(\d+)\n/.exec(text)?.[1];
    if (status !== undefined) {
      onStatus(Number(status));
    }
  });
  return () => {
    socket.destroy();
    closeSync(writer);
  };
}

/** Writes the text as soon as the other container reads, however long its image takes to arrive. */
async function handOver(file: string, text: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const writer = openWriter(file);
    if (writer !== undefined) {
      return write(writer, text);
    }
    await alarm(POLL_MILLISECONDS).promise;
  }
}

/** `undefined` while nobody reads. */
function openWriter(file: string): number | undefined {
  try {
    return openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') {
      return undefined;
    }
    throw error;
  }
}

function write(descriptor: number, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new Socket({ fd: descriptor, readable: false, writable: true });
    socket.once('error', reject);
    socket.end(text, resolve);
  });
}
