import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, RunnerError } from '../errors';
import { type ExitReason, exitCode } from '../exit-codes';
import { drainMilliseconds } from '../settings';
import type { Surroundings } from '../start-function';
import { attendTask } from './activity/attend-task';
import { assembleWorker, type WorkerParts } from './assemble-worker';
import { attendEvent } from './attend-event';
import { type LoopEnd, type Polled, runPollLoop } from './poll-loop';
import { attendMessage } from './queue/attend-message';
import type { WorkerSettings } from './settings';

export interface Outputs {
  /** Writes one line to stdout, where nothing else is written if the event came with the start. */
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/**
 * Works until there is no more to do or the task is told to stop.
 *
 * @returns the exit code; it never throws
 */
export async function runWorker(
  settings: WorkerSettings,
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<number> {
  const { log } = surroundings;
  try {
    const parts = await assembleWorker(settings, surroundings);
    try {
      return exitCode(await work(settings, surroundings, parts, outputs));
    } finally {
      await parts.executor.close();
    }
  } catch (thrown) {
    log.error('runner.failed', {
      reason: messageOf(thrown),
      stack: thrown instanceof RunnerError || !(thrown instanceof Error) ? undefined : thrown.stack,
    });
    return exitCode(thrown instanceof RunnerError ? thrown.exitReason : 'internalError');
  }
}

async function work(
  settings: WorkerSettings,
  surroundings: Surroundings,
  parts: WorkerParts,
  outputs: Outputs,
): Promise<ExitReason> {
  const { log, runnerId } = surroundings;
  const { executor, interruption, newRequestId, source } = parts;
  const common = { executor, interruption, newRequestId, log };
  switch (source.kind) {
    case 'event':
      return attendEvent({ executor, log, ...outputs }, { requestId: runnerId, input: source.event, interruption });
    case 'activity': {
      const { heartbeatMilliseconds, payloadBucket } = settings;
      const { activity } = source;
      const deps = {
        ...common,
        activity,
        heartbeatMilliseconds,
        payloadBucket,
        writeOutput: parts.writeOutput,
        pause: wait,
        random: Math.random,
      };
      return poll(settings, surroundings, parts, activity.poll, async (task) => (await attendTask(deps, task)).status);
    }
    case 'queue': {
      const { queue } = source;
      const deps = { ...common, queue, renewalMilliseconds: settings.heartbeatMilliseconds };
      return poll(
        settings,
        surroundings,
        parts,
        queue.poll,
        async (message) => (await attendMessage(deps, message))?.status,
      );
    }
  }
}

async function poll<Task>(
  { concurrency, idleSeconds, stopTimeoutSeconds }: WorkerSettings,
  { clock, log }: Surroundings,
  { executor, interruption, subject, workerName }: WorkerParts,
  pollOnce: (cutOff: AbortSignal) => Promise<Polled<Task>>,
  attend: (task: Task) => Promise<string | undefined>,
): Promise<ExitReason> {
  log.info('worker.begins', { workerName, subject, concurrency });
  let wasInterrupted = false;
  const end = await runPollLoop<Task>({
    poll: pollOnce,
    attend: async (task) => {
      wasInterrupted = (await attend(task)) === 'INTERRUPTED' || wasInterrupted;
    },
    concurrency,
    idleMilliseconds: idleSeconds === undefined ? undefined : idleSeconds * 1_000,
    interruption,
    spent: executor.spent,
    drainMilliseconds: drainMilliseconds(stopTimeoutSeconds),
    clock,
    log,
    random: Math.random,
  });
  log.info('worker.ended', { end });
  return wasInterrupted && end !== 'spent' ? 'interrupted' : EXIT_REASONS[end];
}

const EXIT_REASONS: Readonly<Record<LoopEnd, ExitReason>> = {
  stopped: 'succeeded',
  idle: 'succeeded',
  refused: 'pollRefused',
  spent: 'runtimeSpent',
};
