import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** A pipe whose other end a child process gets. */
export interface Pipe {
  readonly reader: Readable;
  /** Of the end that is written to. Closed here once the child has it. */
  readonly writer: number;
  readonly closeWriter: () => void;
}

/** What makes a pipe that has a name, in AWS's images and elsewhere. */
const MAKE_PIPE = 'mkfifo';
const PROGRAM_FOLDERS = '/usr/bin:/bin';

/**
 * Pipes for a child's stdout and stderr. What Node.js itself gives a child is a socket, and a socket cannot be opened
 * by its path: `echo x > /dev/stdout` fails there, and works in Lambda. Node.js can make no pipe, so `mkfifo` does.
 *
 * @returns `undefined` where there is no mkfifo, as in an image without a shell, whose programs have less use for it
 */
export async function openPipes(folder: string): Promise<{ readonly stdout: Pipe; readonly stderr: Pipe } | undefined> {
  const files = ['stdout', 'stderr'].map((name) => path.join(folder, `${name}-${randomUUID()}`));
  if (!(await makePipes(files))) {
    return undefined;
  }
  const [stdout, stderr] = files.map(openPipe);
  return stdout === undefined || stderr === undefined ? undefined : { stdout, stderr };
}

function makePipes(files: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(MAKE_PIPE, ['-m', '600', ...files], { env: { PATH: PROGRAM_FOLDERS } }, (error) =>
      resolve(error === null),
    );
  });
}

function openPipe(file: string): Pipe {
  // In this order neither end waits for the other.
  const reading = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(file, constants.O_WRONLY);
  // Whoever has an end can still open it through /proc.
  rmSync(file);
  return {
    reader: new Socket({ fd: reading, readable: true, writable: false }),
    writer,
    closeWriter: () => closeSync(writer),
  };
}
