import * as v from 'valibot';
import { type LaunchMessage, parseLaunchMessage } from '../shared/launch-message';
import type { RunRecord } from '../shared/run';
import { closeRefused, launchId, queueLaunch } from './after-launch';
import { launchTask } from './launch-task';
import type { StarterDeps } from './ports';

/** A message of the launch queue, as Lambda's event source mapping gives it. */
export interface LaunchRecord {
  readonly messageId: string;
  readonly body: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** How long a batch tries for its launches before those without a task go to the end of the queue: others wait behind. */
const BATCH_MILLISECONDS = 10_000;

/** What the consumer keeps of its time, to put the launches back. */
const HAND_OVER_MILLISECONDS = 5_000;

function readMessage({ body, messageId }: LaunchRecord, { log }: StarterDeps): LaunchMessage | undefined {
  try {
    return parseLaunchMessage(body);
  } catch (error) {
    // No run is lost by it, as the ledger has each: to keep it would hold up all that stand behind it.
    log.error('launch-unreadable', { messageId, reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

/** The row that a message is for; `undefined` where it has moved on, or is none. */
async function pendingRow(message: LaunchMessage, { ports, log }: StarterDeps): Promise<RunRecord | undefined> {
  const { runId, attempt } = message;
  const row = await ports.ledger.find(runId).catch((error: unknown) => {
    if (v.isValiError(error)) {
      log.error('row-unreadable', { runId, attempt, reason: error.message });
      return undefined;
    }
    throw error;
  });
  if (row?.status === 'PENDING' && row.attempt === attempt) {
    return row;
  }
  log.info('launch-dropped', { runId, attempt, status: row?.status });
  await ports.pacer.leaveLine(launchId(message));
  return undefined;
}

/** A turn for a launch that stands at the head of the queue; it is nobody else's turn before. */
async function queuedTurn(id: string, milliseconds: () => number, { ports, sleep }: StarterDeps) {
  for (;;) {
    const turn = await ports.pacer.takeTurn('queued');
    if (turn.kind === 'now') {
      if (turn.line === id) {
        await ports.pacer.leaveLine(id);
      }
      return { kind: 'now' } as const;
    }
    const wait = turn.kind === 'wait' ? turn.milliseconds : 0;
    if (wait >= milliseconds()) {
      return { kind: 'later', reason: 'the launch pacer has no turn for it yet' } as const;
    }
    await sleep(wait);
  }
}

/** Launches one run whose first turn is had; it goes to the end of the queue where there is no task in time. */
async function launchQueued(row: RunRecord, milliseconds: () => number, deps: StarterDeps): Promise<void> {
  let firstTurn = true;
  const turn = async () => {
    const isFirst = firstTurn;
    firstTurn = false;
    return isFirst ? ({ kind: 'now' } as const) : queuedTurn(launchId(row), milliseconds, deps);
  };
  const result = await launchTask(row, { milliseconds, turn }, deps);
  const { runId, attempt } = row;
  switch (result.kind) {
    case 'started':
      deps.log.info('run-launched', { runId, attempt, status: result.status, taskArn: result.taskArns[0] });
      return;
    case 'refused':
      await closeRefused(row, result.reason, deps);
      return;
    case 'later':
      await queueLaunch(row, result.reason, true, deps);
      return;
    case 'moved':
      deps.log.info('launch-dropped', { runId, attempt });
      return;
  }
}

async function notBefore(message: LaunchMessage, milliseconds: () => number, { now, sleep }: StarterDeps) {
  const wait = message.launchAt === undefined ? 0 : Date.parse(message.launchAt) - now().getTime();
  if (wait >= milliseconds()) {
    return false;
  }
  if (wait > 0) {
    await sleep(wait);
  }
  return true;
}

/**
 * Launches the runs of a batch in its order, each as soon as the pacer gives it a turn. The calls of ECS overlap: one
 * takes longer than the time between two turns.
 *
 * A launch without a task in time goes to the end of the queue, not back to its head, where it would hold up all others
 * until the message can be received again. Only what could not even be put there is reported as failed, and so is all
 * that came after it, so that the queue keeps its order; of these, what was launched is dropped when it comes again.
 */
export async function consumeLaunches(records: readonly LaunchRecord[], deps: StarterDeps): Promise<BatchAnswer> {
  const { now, log, remainingMilliseconds } = deps;
  const end = now().getTime() + BATCH_MILLISECONDS;
  const milliseconds = () => Math.min(end - now().getTime(), remainingMilliseconds() - HAND_OVER_MILLISECONDS);
  const begun: Promise<number>[] = [];
  let firstFailed = records.length;
  const failAt = (index: number) => (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log.error('launch-failed', { messageId: records[index]?.messageId, reason });
    return index;
  };

  async function begin(record: LaunchRecord, index: number): Promise<void> {
    const message = readMessage(record, deps);
    const row = message === undefined ? undefined : await pendingRow(message, deps);
    if (message === undefined || row === undefined) {
      return;
    }
    const isDue = await notBefore(message, milliseconds, deps);
    const turn = isDue ? await queuedTurn(launchId(row), milliseconds, deps) : { kind: 'later' };
    const launched =
      turn.kind === 'now'
        ? launchQueued(row, milliseconds, deps)
        : queueLaunch(row, 'its turn is later than this batch', true, deps);
    begun.push(launched.then(() => records.length, failAt(index)));
  }

  for (const [index, record] of records.entries()) {
    try {
      await begin(record, index);
    } catch (error) {
      firstFailed = failAt(index)(error);
      break;
    }
  }
  firstFailed = Math.min(firstFailed, ...(await Promise.all(begun)));
  return { batchItemFailures: records.slice(firstFailed).map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
