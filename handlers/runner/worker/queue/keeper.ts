import type { Clock } from '../../../shared/clock';
import { sendFault } from '../../../shared/delivery/send-error';
import type { Log } from '../../../shared/log';
import { within } from '../../deferred';
import { messageOf } from '../../errors';
import type { Claim, Claims } from './claims/claims';
import type { QueueMessage } from './message';
import { messageCopy } from './message-copy';
import type { Queue } from './queue';
import { secondsLeft, visibilitySeconds } from './visibility';

/** A message that this worker keeps from others. */
export interface HeldMessage {
  readonly message: QueueMessage;
  /** Set when its job begins; `undefined` without a table. */
  claim: Claim | undefined;
  /** Which attempt at its job this is, from 1. */
  attempt: number;
  /** Whether a copy has taken its place, and there is nothing left to hide or delete. */
  isHandedOver: boolean;
  /** Whether its job is done, and a renewal that finds it deleted is no news. */
  isDone: boolean;
  /** Aborted when somebody else has it. */
  readonly gone: AbortSignal;
}

export interface KeeperDeps {
  readonly queue: Pick<Queue, 'renew' | 'send' | 'remove'>;
  readonly claims: Claims | undefined;
  readonly renewalMilliseconds: number;
  /** When a copy takes a message's place, after it was received; `undefined` where none can: its queue is FIFO, or no job is claimed. */
  readonly handOverMilliseconds: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface Kept extends HeldMessage {
  readonly lose: () => void;
  dueAt: number;
  beat: Promise<void> | undefined;
  canHandOver: boolean;
}

/** How long a renewal that is on its way is waited for before the message is given back: a later one would undo that. */
const GRACE_MILLISECONDS = 1_000;

/** Keeps messages hidden from other workers, and their jobs claimed: one timer for all, and calls for ten at once. */
export class Keeper {
  readonly #kept = new Map<HeldMessage, Kept>();
  readonly #tickMilliseconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly deps: KeeperDeps) {
    this.#tickMilliseconds = deps.renewalMilliseconds / 2;
  }

  /** From now on it is renewed. The poll itself has hidden it: the first renewal is due when that has worn off a little. */
  hold(message: QueueMessage): HeldMessage {
    const lost = new AbortController();
    const kept: Kept = {
      message,
      claim: undefined,
      attempt: message.receiveCount,
      isHandedOver: false,
      isDone: false,
      gone: lost.signal,
      lose: () => lost.abort(),
      dueAt: message.receivedAt + this.deps.renewalMilliseconds,
      beat: undefined,
      canHandOver: true,
    };
    this.#kept.set(kept, kept);
    this.#timer ??= setInterval(() => this.#tick(), this.#tickMilliseconds);
    return kept;
  }

  /** Resolves when no renewal is to come, or on its way. */
  async letGo(held: HeldMessage): Promise<void> {
    const kept = this.#kept.get(held);
    this.#kept.delete(held);
    if (this.#kept.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    if (kept?.beat !== undefined) {
      await within(GRACE_MILLISECONDS, kept.beat);
    }
  }

  #tick(): void {
    const now = this.deps.clock().getTime();
    for (const kept of this.#kept.values()) {
      // What is due nearer to this tick than to the next.
      const isDue = kept.dueAt <= now + this.#tickMilliseconds / 2;
      if (isDue && kept.beat === undefined && !kept.gone.aborted) {
        kept.dueAt = now + this.deps.renewalMilliseconds;
        kept.beat = this.#beat(kept, now).finally(() => {
          kept.beat = undefined;
        });
      }
    }
  }

  async #beat(kept: Kept, now: number): Promise<void> {
    await Promise.all([this.#renewClaim(kept), this.#renewMessage(kept, now)]);
  }

  /** A table that is out of reach is no reason to give a job up: the lease covers two renewals that are lost. */
  async #renewClaim({ claim, isDone, lose }: Kept): Promise<void> {
    const { claims, log } = this.deps;
    if (claims === undefined || claim === undefined || isDone) {
      return;
    }
    try {
      if (!(await claims.renew(claim))) {
        log.error('claim.lost', { jobId: claim.jobId });
        lose();
      }
    } catch (thrown) {
      log.warn('claim.renewal-failed', { jobId: claim.jobId, reason: messageOf(thrown) });
    }
  }

  async #renewMessage(kept: Kept, now: number): Promise<void> {
    const { message, claim } = kept;
    const { handOverMilliseconds, queue, log, renewalMilliseconds } = this.deps;
    const { messageId } = message;
    if (kept.isHandedOver) {
      return;
    }
    const isOld = handOverMilliseconds !== undefined && now - message.receivedAt >= handOverMilliseconds;
    if (isOld && claim !== undefined && kept.canHandOver && !kept.isDone) {
      await this.#handOver(kept);
      return;
    }
    const seconds = secondsLeft(visibilitySeconds(renewalMilliseconds), message.receivedAt, now);
    if (seconds === 0) {
      log.error('message.out-of-time', { messageId });
      kept.lose();
      return;
    }
    try {
      await queue.renew(message, seconds);
    } catch (thrown) {
      const fault = sendFault('queue', thrown);
      if (kept.isDone || !this.#kept.has(kept)) {
        return;
      }
      if (fault.kind === 'gone' && claim !== undefined && handOverMilliseconds !== undefined) {
        // Whoever received it meanwhile has put a copy in its place. That the claim lives is another renewal's to find.
        kept.isHandedOver = true;
        log.warn('message.handed-over-by-others', { messageId, reason: fault.reason });
        return;
      }
      log.error(fault.kind === 'gone' ? 'message.lost' : 'message.renewal-failed', { messageId, reason: fault.reason });
      if (fault.kind === 'gone') {
        kept.lose();
      }
    }
  }

  /** The copy first: if nothing follows, there are two messages of one job, and not none. */
  async #handOver(kept: Kept): Promise<void> {
    const { queue, log, renewalMilliseconds } = this.deps;
    const { message, attempt } = kept;
    const { messageId } = message;
    const copy = messageCopy(message, visibilitySeconds(renewalMilliseconds), attempt);
    if (copy === undefined) {
      log.error('message.cannot-be-copied', { messageId, reason: 'It has too many attributes of its own.' });
      kept.canHandOver = false;
      return;
    }
    try {
      await queue.send(copy);
      kept.isHandedOver = true;
      log.info('message.handed-over', { messageId });
      await queue.remove(message);
    } catch (thrown) {
      log.error('message.hand-over-failed', { messageId, reason: sendFault('queue', thrown).reason });
    }
  }
}
