import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { systemClock } from '../shared/clock';
import { jsonLog, type LogFields } from '../shared/log';
import { SettingError } from '../shared/settings';
import { assemble } from './assemble';
import { messageOf } from './errors';
import { type ExitReason, exitCode } from './exit-codes';
import { runOnce } from './program';
import { readSettings } from './settings';
import type { Surroundings } from './start-function';
import { createStreams } from './streams';
import { isWorker, readWorkerSettings } from './worker/settings';

/** How long whoever reads the runner's output may take for the last of it. */
const FLUSH_MILLISECONDS = 10_000;

/** The text of package/unpack-thread.ts, put in by the bundler: so the runner is one file, however it comes to a task. */
declare const UNPACK_THREAD_SOURCE: string | undefined;

/**
 * V8 makes fast machine code of a function that has run for so many bytes of its code. By its own measure, 132 kB, that
 * work takes a fifth of all that the start of a run with ten thousand files costs both processors, and much of it comes
 * too late to pay. And it frees the buffers of a download in another thread, which comes late to it where all processors
 * are busy. A name that a later V8 does not know is no error here, as it would be on the command line.
 */
const V8_OPTIONS = ['--interrupt-budget=300000', '--no-concurrent-array-buffer-sweeping'] as const;

const interruption = new AbortController();
// As the first process of a container, the runner would not even die of a signal that it does not handle.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => interruption.abort());
}

const streams = createStreams(process);
const logOf = (context: LogFields) =>
  jsonLog((line) => streams.writeLine(line.trimEnd(), 'stderr'), systemClock, context);

/** Whatever timer, child or connection is left, it does not hold the task. */
async function exit(code: number): Promise<void> {
  await streams.flush(FLUSH_MILLISECONDS);
  process.exit(code);
}

async function fail(event: string, reason: ExitReason, thrown: unknown): Promise<void> {
  const stack = reason === 'internalError' && thrown instanceof Error ? thrown.stack : undefined;
  logOf({}).error(event, { reason: messageOf(thrown), stack });
  await exit(exitCode(reason));
}

function surroundings(context: LogFields, runnerId: string): Surroundings {
  return {
    environment: process.env,
    clock: systemClock,
    log: logOf(context),
    streams,
    interruption: interruption.signal,
    nodeFile: process.execPath,
    nodeClientFile: path.join(__dirname, 'node-client.js'),
    runnerId,
    unpackThreadSource: typeof UNPACK_THREAD_SOURCE === 'undefined' ? undefined : UNPACK_THREAD_SOURCE,
  };
}

/** The words that are the runner's: where another program has fetched and loaded it, they are that one's. */
function ownWords(): readonly string[] {
  const [, file = '', ...words] = process.argv;
  return path.basename(file) === path.basename(__filename) ? words : [];
}

/** @returns whether that was all: help was asked for */
async function obey(words: readonly string[]): Promise<boolean> {
  // Of a task that carries out one run nobody waits for the parser.
  const { parseCommandLine } = await import('./command-line');
  const asked = parseCommandLine(words, process.cwd(), process.env);
  switch (asked.kind) {
    case 'settings':
      // The SDK reads the Region and the profile there.
      Object.assign(process.env, asked.variables);
      return false;
    case 'help':
      streams.writeLine(asked.text.trimEnd(), 'stdout');
      return true;
    case 'wrong':
      throw new SettingError(asked.message);
  }
}

async function work(): Promise<number> {
  const settings = readWorkerSettings(process.env);
  const { runWorker } = await import('./worker/program');
  const runnerId = randomUUID();
  const own = surroundings({ worker: runnerId }, runnerId);
  const outputs = {
    print: (line: string) => streams.writeLine(line, 'stdout'),
    complain: (line: string) => streams.writeLine(line, 'stderr'),
  };
  // Stdout is the result's alone, for whoever reads it by a program.
  const quiet = { ...own, streams: createStreams({ stdout: process.stderr, stderr: process.stderr }) };
  return runWorker(settings, settings.source.kind === 'event' ? quiet : own, outputs);
}

async function carryOutRun(): Promise<number> {
  for (const option of V8_OPTIONS) {
    setFlagsFromString(option);
  }
  const settings = readSettings(process.env);
  const { runId, attempt } = settings.run;
  return runOnce(assemble(settings, surroundings({ runId, attempt }, randomUUID())));
}

async function main(words: readonly string[]): Promise<void> {
  if (words.length > 0 && (await obey(words))) {
    await exit(exitCode('succeeded'));
  }
  await exit(await (isWorker(process.env) ? work() : carryOutRun()));
}

process.on('uncaughtException', (error) => {
  void fail('runner.failed', 'internalError', error);
});

main(ownWords()).catch((thrown: unknown) =>
  thrown instanceof SettingError
    ? fail('settings.invalid', 'invalidSettings', thrown)
    : fail('runner.failed', 'internalError', thrown),
);
