import { sendFault } from '../../../shared/delivery/send-error';
import { type Log, logWithin } from '../../../shared/log';
import { startHeartbeats } from '../../heartbeats';
import type { Outcome } from '../../outcome';
import { carryOut } from '../carry-out';
import type { Executor } from '../executor';
import { withGrace } from '../with-grace';
import type { Queue, QueueMessage } from './queue';
import { returnSeconds, visibilitySeconds } from './visibility';

export interface AttendDeps {
  readonly queue: Pick<Queue, 'hide' | 'remove'>;
  readonly executor: Executor;
  readonly renewalMilliseconds: number;
  readonly interruption: AbortSignal;
  readonly newRequestId: () => string;
  readonly log: Log;
}

/**
 * Does one message's work while it stays hidden from other workers, and deletes it after success alone. What failed
 * comes back later, and what a stopping worker could not do comes back at once. It never throws.
 *
 * @returns what the message came to; `undefined` where it was given back unseen
 */
export async function attendMessage(deps: AttendDeps, message: QueueMessage): Promise<Outcome | undefined> {
  const { queue, executor, interruption, renewalMilliseconds } = deps;
  const { messageId, receiveCount, body: input } = message;
  const requestId = deps.newRequestId();
  const log = logWithin(deps.log, { requestId, messageId, receiveCount });
  const tell = (name: string, call: Promise<void>) => told(log, name, call);
  if (interruption.aborted || executor.spent?.aborted === true) {
    await tell('give-back', queue.hide(message, 0));
    return undefined;
  }
  const seconds = visibilitySeconds(renewalMilliseconds);
  let isFresh = true;
  let isDone = false;
  // One for all: what waits for a signal stays with it until the message is done with.
  let late: AbortSignal | undefined;
  const beat = async (signal: AbortSignal) => {
    // The poll itself has hidden the message: the first renewal is due when that has worn off a little.
    if (isFresh) {
      isFresh = false;
      return;
    }
    try {
      // One that is cut off could still hide what has been given back.
      late ??= withGrace(signal);
      await queue.hide(message, seconds, late);
    } catch (thrown) {
      // What is deleted cannot be hidden any more.
      if (!isDone) {
        throw thrown;
      }
    }
  };
  const pulse = { hearts: [{ to: 'queue', beat } as const], intervalMilliseconds: renewalMilliseconds };
  const renewals = startHeartbeats(pulse, async () => undefined, log);
  const outcome = await carryOut(executor, { requestId, input, interruption, callerGone: renewals.gone }, log);
  if (outcome.status === 'SUCCEEDED') {
    // It stays hidden for as long as that takes, or another worker would do it again.
    isDone = true;
    await tell('delete', queue.remove(message));
    await renewals.stop();
    return outcome;
  }
  // A renewal would undo what follows.
  await renewals.stop();
  switch (outcome.status) {
    case 'INTERRUPTED':
      await tell('give-back', queue.hide(message, 0));
      break;
    case 'CANCELLED':
      // The queue has given it to somebody else by now.
      break;
    default:
      await tell('give-back', queue.hide(message, returnSeconds(receiveCount)));
  }
  return outcome;
}

/** What cannot be told comes right by itself: the message is seen again when its time is over. */
async function told(log: Log, name: string, call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const { kind, reason } = sendFault('queue', thrown);
    log.error(`message.${name}-failed`, { kind, reason });
  }
}
