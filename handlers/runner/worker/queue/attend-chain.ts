import { sendFault } from '../../../shared/delivery/send-error';
import { logWithin } from '../../../shared/log';
import type { Outcome } from '../../outcome';
import { outputText } from '../../output';
import { carryOut } from '../carry-out';
import type { Carried, Executor } from '../executor';
import { batchAnswer } from './batch-answer';
import type { Batch, Chain } from './chains';
import type { HeldMessage } from './keeper';
import { groupOf } from './message';
import { canHandOver, LONGEST_OF_ONE_RECEIPT_SECONDS, type QueueSettings } from './queue-settings';
import { putOff, type SettleDeps, settle } from './settle';
import { type Ended, endedUnheard, REPORTED_FAILURE, settlementOf, unreadableAnswer } from './settlement';
import { sqsEvent } from './sqs-event';
import { returnSeconds, secondsLeft } from './visibility';

export interface AttendDeps extends SettleDeps {
  readonly settings: QueueSettings;
  readonly executor: Executor;
  readonly interruption: AbortSignal;
  /** The longest that one job may take. */
  readonly timeoutSeconds: number;
  readonly newRequestId: () => string;
  /** Takes what is still to be told to the queue when the next job may begin. */
  readonly inBackground: (telling: Promise<void>) => void;
}

/** What the batches of a chain came to. */
export interface Attended {
  /** Whether a job was begun: what was only put off or dropped is no work. */
  readonly hasWorked: boolean;
  readonly wasInterrupted: boolean;
}

/**
 * Does the batches of a chain one after another, each under renewals, and deletes messages after success alone. Of a
 * FIFO queue what follows a failure in its group is given back unseen, so that the order stays. It never throws.
 */
export async function attendChain(deps: AttendDeps, chain: Chain<HeldMessage>): Promise<Attended> {
  const { settings } = deps;
  const failedGroups = new Set<string | undefined>();
  let hasWorked = false;
  let wasInterrupted = false;
  for (const batch of chain) {
    const isStopped = deps.interruption.aborted || deps.executor.spent?.aborted === true;
    const begun: HeldMessage[] = [];
    for (const held of batch) {
      const group = groupOf(held.message);
      if (!isStopped && hasTime(deps, held) && !(settings.isFifo && failedGroups.has(group))) {
        begun.push(held);
      } else {
        failedGroups.add(group);
        deps.inBackground(settle(deps, held, UNSEEN));
      }
    }
    const ours = await claimed(deps, begun, failedGroups);
    if (ours.length > 0) {
      const { outcome, settlements } = await doBatch(deps, ours);
      hasWorked = true;
      wasInterrupted ||= outcome.status === 'INTERRUPTED';
      for (const [held, settlement] of settlements) {
        if (settlement.kind !== 'done' && settlement.kind !== 'forgotten') {
          failedGroups.add(groupOf(held.message));
        }
        deps.inBackground(settle(deps, held, settlement));
      }
    }
  }
  return { hasWorked, wasInterrupted };
}

const UNSEEN = { kind: 'back', seconds: 0, wasTried: false } as const;

/** Gives back what came when nothing more can be begun. */
export async function giveBackUnseen(deps: SettleDeps, batch: Batch<HeldMessage>): Promise<void> {
  await Promise.all(batch.map((held) => settle(deps, held, UNSEEN)));
}

/** Whether the longest job would end before SQS shows the message to others: it may have waited for those before it. */
function hasTime({ clock, settings, timeoutSeconds }: AttendDeps, { message }: HeldMessage): boolean {
  const wanted = Math.min(timeoutSeconds, LONGEST_OF_ONE_RECEIPT_SECONDS);
  return canHandOver(settings) || secondsLeft(wanted, message.receivedAt, clock().getTime()) === wanted;
}

/**
 * @param failedGroups of a FIFO queue none of them has a message in the batch; those are added that fail now
 * @returns those of the batch whose jobs are this worker's; of the others everything is seen to. Of a FIFO queue what
 *   follows one that another worker has, or that could not be asked for, waits for it
 */
async function claimed(
  deps: AttendDeps,
  batch: Batch<HeldMessage>,
  failedGroups: Set<string | undefined>,
): Promise<Batch<HeldMessage>> {
  const claims = await Promise.all(batch.map((held) => claim(deps, held)));
  return batch.filter((held, index) => {
    const group = groupOf(held.message);
    if (claims[index] === 'failed') {
      failedGroups.add(group);
    }
    const isOurs = claims[index] === 'ours';
    const mustWait = deps.settings.isFifo && failedGroups.has(group);
    if (isOurs && mustWait) {
      deps.inBackground(settle(deps, held, UNSEEN));
    }
    return isOurs && !mustWait;
  });
}

async function claim(deps: AttendDeps, held: HeldMessage): Promise<'ours' | 'done' | 'failed'> {
  const { claims, executor, inBackground, log, settings } = deps;
  const { message } = held;
  if (claims === undefined) {
    return 'ours';
  }
  const { firstMessageId } = message;
  try {
    const claiming = await claims.claim(executor.jobId?.(message.body) ?? `message:${firstMessageId}`, firstMessageId);
    if (claiming.kind === 'done') {
      log.info('message.done-before', { messageId: message.messageId });
      inBackground(settle(deps, held, { kind: 'done' }));
      return 'done';
    }
    if (claiming.kind === 'held') {
      log.info('message.held-elsewhere', { messageId: message.messageId });
      inBackground(putOff(deps, held, claiming.milliseconds));
      return 'failed';
    }
    held.claim = claiming.claim;
    held.attempt = claiming.attempt;
  } catch (thrown) {
    // Without the table nobody knows whether another worker is at it.
    log.error('claim.failed', { messageId: message.messageId, reason: sendFault('queue', thrown).reason });
    inBackground(settle(deps, held, { kind: 'back', seconds: returnSeconds(held.attempt), wasTried: false }));
    return 'failed';
  }
  // Without a table what was only given back would count, too: there SQS's redrive policy is the end of such messages.
  if (settings.maxReceiveCount !== undefined && held.attempt > settings.maxReceiveCount) {
    inBackground(settle(deps, held, { kind: 'dead', error: endedUnheard(settings.maxReceiveCount) }));
    return 'failed';
  }
  return 'ours';
}

interface Done {
  readonly outcome: Outcome;
  readonly settlements: readonly (readonly [HeldMessage, ReturnType<typeof settlementOf>])[];
}

async function doBatch(deps: AttendDeps, batch: Batch<HeldMessage>): Promise<Done> {
  const { executor, interruption, settings } = deps;
  const requestId = deps.newRequestId();
  const [first, ...others] = batch;
  const one = others.length === 0 ? first : undefined;
  const message = one === undefined ? undefined : { messageId: one.message.firstMessageId, receiveCount: one.attempt };
  const log = logWithin(deps.log, { requestId, ...(message ?? { messages: batch.length }) });
  const messages = batch.map((held) => held.message);
  const isJson = settings.messageEvent === 'sqs';
  const input = isJson ? sqsEvent(messages, settings) : (one?.message.body ?? '');
  const job = { requestId, input, isJson, interruption, callerGone: allGone(batch), message };
  const carried = await carryOut(executor, job, log);
  const endedOf = endingsOf(carried, batch, settings);
  const settlements = batch.map((held) => [held, settlementOf(endedOf(held), held.attempt, settings)] as const);
  return { outcome: carried.outcome, settlements };
}

/** How the job ended for each of its messages. */
function endingsOf(
  { outcome, verdict }: Pick<Carried, 'outcome' | 'verdict'>,
  batch: Batch<HeldMessage>,
  { reportsBatchItemFailures }: QueueSettings,
): (held: HeldMessage) => Ended {
  if (outcome.status !== 'SUCCEEDED') {
    const { status, error } = outcome;
    return ({ gone }) => (gone.aborted ? GONE : { status, error, verdict });
  }
  if (!reportsBatchItemFailures) {
    return () => ({ ...SUCCESS, verdict });
  }
  const answer = batchAnswer(
    outputText(outcome.body),
    new Set(batch.map(({ message: { firstMessageId } }) => firstMessageId)),
  );
  if (answer.kind === 'unreadable') {
    return () => failure(unreadableAnswer(answer.problem));
  }
  return ({ message }) => (answer.ids.has(message.firstMessageId) ? failure(REPORTED_FAILURE) : SUCCESS);
}

const SUCCESS: Ended = { status: 'SUCCEEDED', error: undefined, verdict: undefined };
const GONE: Ended = {
  status: 'CANCELLED',
  error: { errorType: 'Overtime.CallerGone', errorMessage: 'The queue has given the message to another worker.' },
  verdict: undefined,
};

function failure(error: NonNullable<Ended['error']>): Ended {
  return { status: 'FAILED', error, verdict: undefined };
}

/** A job is given up when none of its messages is this worker's any more. */
function allGone(batch: Batch<HeldMessage>): AbortSignal {
  const [first] = batch;
  if (batch.length === 1 && first !== undefined) {
    return first.gone;
  }
  const all = new AbortController();
  const signals = batch.map(({ gone }) => gone);
  const check = () => {
    if (signals.every(({ aborted }) => aborted)) {
      all.abort();
    }
  };
  for (const signal of signals) {
    signal.addEventListener('abort', check, { once: true });
  }
  // The batch may have waited for those before it, and its messages be gone by now.
  check();
  return all.signal;
}
