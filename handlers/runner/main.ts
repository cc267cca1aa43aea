import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { systemClock } from '../shared/clock';
import { jsonLog, type LogFields } from '../shared/log';
import { assemble } from './assemble';
import { messageOf } from './errors';
import { type ExitReason, exitCode } from './exit-codes';
import { runOnce } from './program';
import { type RunnerSettings, readSettings } from './settings';
import { createStreams } from './streams';

/** How long whoever reads the runner's output may take for the last of it. */
const FLUSH_MILLISECONDS = 10_000;

/** The text of package/unpack-thread.ts, put in by the bundler: so the runner is one file, however it comes to a task. */
declare const UNPACK_THREAD_SOURCE: string | undefined;

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

async function main(settings: RunnerSettings): Promise<void> {
  const program = assemble(settings, {
    environment: process.env,
    clock: systemClock,
    log: logOf({ runId: settings.run.runId, attempt: settings.run.attempt }),
    streams,
    interruption: interruption.signal,
    nodeFile: process.execPath,
    nodeClientFile: path.join(__dirname, 'node-client.js'),
    runnerId: randomUUID(),
    unpackThreadSource: typeof UNPACK_THREAD_SOURCE === 'undefined' ? undefined : UNPACK_THREAD_SOURCE,
  });
  await exit(await runOnce(program));
}

process.on('uncaughtException', (error) => {
  void fail('runner.failed', 'internalError', error);
});

try {
  void main(readSettings(process.env));
} catch (thrown) {
  void fail('settings.invalid', 'invalidSettings', thrown);
}
