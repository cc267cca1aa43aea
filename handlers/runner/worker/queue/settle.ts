import type { Clock } from '../../../shared/clock';
import { sendFault } from '../../../shared/delivery/send-error';
import type { Log } from '../../../shared/log';
import type { ReportedError } from '../../../shared/run';
import type { Claims, Release } from './claims/claims';
import type { HeldMessage, Keeper } from './keeper';
import type { QueueMessage } from './message';
import { deadLetter, messageCopy } from './message-copy';
import type { Queue } from './queue';
import type { QueueSettings } from './queue-settings';
import type { Settlement } from './settlement';
import { awaySeconds, heldSeconds, returnSeconds, secondsLeft } from './visibility';

export interface SettleDeps {
  readonly queue: Omit<Queue, 'receive' | 'renew'>;
  readonly keeper: Pick<Keeper, 'letGo'>;
  readonly claims: Claims | undefined;
  readonly settings: Pick<QueueSettings, 'isFifo'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Does with a message what its job came to. The claim goes first: where nothing follows, the message is seen again, and
 * whoever gets it finds what is true. It never throws: what cannot be told comes right by itself.
 */
export async function settle(deps: SettleDeps, held: HeldMessage, settlement: Settlement): Promise<void> {
  switch (settlement.kind) {
    case 'done':
      return remove(deps, held);
    case 'forgotten':
      return giveUp(deps, held, 'forgotten');
    case 'gone':
      await deps.keeper.letGo(held);
      return release(deps, held, 'failed');
    case 'back':
      return giveBack(deps, held, settlement.seconds, settlement.wasTried ? 'failed' : 'untried');
    case 'dead':
      return bury(deps, held, settlement.error);
  }
}

/** It stays hidden for as long as that takes, or another worker would do it again. */
async function remove(deps: SettleDeps, held: HeldMessage): Promise<void> {
  const { claims, keeper, queue } = deps;
  held.isDone = true;
  if (claims !== undefined && held.claim !== undefined) {
    await told(deps, held, 'claim-done', claims.done(held.claim));
  }
  if (!held.isHandedOver) {
    await told(deps, held, 'delete', queue.remove(held.message));
  }
  await keeper.letGo(held);
}

async function giveBack(deps: SettleDeps, held: HeldMessage, seconds: number, how: Release): Promise<void> {
  const { clock, keeper, queue } = deps;
  // A renewal would undo what follows.
  await keeper.letGo(held);
  await release(deps, held, how);
  if (!held.isHandedOver) {
    const { message } = held;
    const left = secondsLeft(seconds, message.receivedAt, clock().getTime());
    await told(deps, held, 'give-back', queue.giveBack(message, left));
  }
}

/**
 * What the dead-letter queue does not take comes back, and SQS's own redrive policy is the net. Whoever moves the message
 * back from there wants it to be tried again, and it is a new one then; what is left of this one, such as the copy that has
 * taken its place, is dropped.
 *
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
async function bury(deps: SettleDeps, held: HeldMessage, error: ReportedError): Promise<void> {
  const { log } = deps;
  const { message } = held;
  try {
    await sendDead(deps, message, error);
  } catch (thrown) {
    const { reason } = sendFault('queue', thrown);
    log.error('message.dead-letter-failed', { messageId: message.messageId, reason });
    return giveBack(deps, held, returnSeconds(held.attempt), 'failed');
  }
  log.warn('message.dead-lettered', { messageId: message.messageId, code: error.errorType });
  return giveUp(deps, held, 'buried');
}

/** A message that is as long as the queue takes has no room for why: then its last attempt would never end. */
async function sendDead({ log, queue, settings }: SettleDeps, message: QueueMessage, error: ReportedError) {
  try {
    await queue.sendDead(deadLetter(message, error, settings.isFifo));
  } catch (thrown) {
    const { kind, reason } = sendFault('queue', thrown);
    if (kind !== 'refused') {
      throw thrown;
    }
    await queue.sendDead(deadLetter(message, undefined, settings.isFifo));
    log.warn('message.dead-letter-without-reason', { messageId: message.messageId, reason });
  }
}

/** Nobody has done the job, and the message is deleted. */
async function giveUp(deps: SettleDeps, held: HeldMessage, how: 'forgotten' | 'buried'): Promise<void> {
  await release(deps, held, how);
  held.claim = undefined;
  return remove(deps, held);
}

/**
 * Lets a message wait whose job another worker has. On a standard queue a copy takes its place: each time that it is
 * received would count, until SQS's redrive policy put it among the dead.
 */
export async function putOff(deps: SettleDeps, held: HeldMessage, milliseconds: number): Promise<void> {
  const { keeper, log, queue, settings } = deps;
  const { message } = held;
  const seconds = awaySeconds(milliseconds, message.isCopy ? message.receivedAt - message.sentAt : 0);
  const copy = settings.isFifo ? undefined : messageCopy(message, seconds, message.receiveCount - 1);
  if (copy !== undefined) {
    try {
      await queue.send(copy);
      return await remove(deps, held);
    } catch (thrown) {
      log.error('message.put-off-failed', { messageId: message.messageId, reason: sendFault('queue', thrown).reason });
    }
  }
  await keeper.letGo(held);
  const left = heldSeconds(milliseconds, message.receiveCount);
  await told(deps, held, 'give-back', queue.giveBack(message, left));
}

async function release(deps: SettleDeps, held: HeldMessage, how: Release): Promise<void> {
  if (deps.claims !== undefined && held.claim !== undefined) {
    await told(deps, held, 'claim-release', deps.claims.release(held.claim, how));
  }
}

async function told(
  { log }: SettleDeps,
  { message: { messageId } }: HeldMessage,
  name: string,
  call: Promise<void>,
): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const { kind, reason } = sendFault('queue', thrown);
    log.error(`message.${name}-failed`, { messageId, kind, reason });
  }
}
