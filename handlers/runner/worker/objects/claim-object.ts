import type { Log } from '../../../shared/log';
import { messageOf } from '../../errors';
import { outcomeOf } from '../../outcome';
import type { Job } from '../executor';
import type { Claim, Claiming, Claims, Release } from '../queue/claims/claims';
import { mayComeAgain, type ObjectResult } from './object-result';

export interface ClaimDeps {
  /** `undefined` where nobody keeps them: then a message that comes twice is worked on twice. */
  readonly claims: Claims | undefined;
  readonly renewalMilliseconds: number;
  /** Resolves after so long, or when the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A worker that was killed falls silent before its lease ends, so a job that another has is asked for this often. */
const LONGEST_WAIT_MILLISECONDS = 10_000;
const SHORTEST_WAIT_MILLISECONDS = 100;

/**
 * Has one object of several in a message done by this worker alone, and not at all where it was done before. While
 * another worker is at it, it waits: the message stays with this worker, which has the other objects to do.
 */
export async function underClaim(
  deps: ClaimDeps,
  jobId: string,
  { requestId, interruption, callerGone, message }: Pick<Job, 'requestId' | 'interruption' | 'callerGone' | 'message'>,
  log: Log,
  work: (callerGone: AbortSignal) => Promise<ObjectResult>,
): Promise<ObjectResult> {
  const { claims, pause } = deps;
  if (claims === undefined) {
    return work(callerGone);
  }
  const messageId = message?.messageId ?? requestId;
  const over = AbortSignal.any([interruption, callerGone]);
  let claiming = await claims.claim(jobId, messageId);
  while (claiming.kind === 'held') {
    log.info('object.held', { milliseconds: claiming.milliseconds });
    await pause(waitMilliseconds(claiming), over);
    if (over.aborted) {
      const end = callerGone.aborted ? ({ kind: 'caller-gone' } as const) : INTERRUPTED;
      return { kind: 'failed', failure: outcomeOf(end, requestId) };
    }
    claiming = await claims.claim(jobId, messageId);
  }
  if (claiming.kind === 'done') {
    return { kind: 'skipped', reason: 'done-before' };
  }
  const { claim } = claiming;
  const keeping = keepClaim(claims, claim, deps, log);
  let how: Release | undefined = 'failed';
  try {
    const result = await work(AbortSignal.any([callerGone, keeping.lost]));
    how = releaseOf(result);
    return result;
  } finally {
    await keeping.stop();
    await told(how === undefined ? claims.done(claim) : claims.release(claim, how), log);
  }
}

/** What came of the object is so all the same, and the claim ends with its lease. */
async function told(call: Promise<void>, log: Log): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    log.error('object.claim-not-told', { reason: messageOf(thrown) });
  }
}

const INTERRUPTED = { kind: 'interrupted', phase: 'invoke' } as const;

function waitMilliseconds({ milliseconds }: Extract<Claiming, { kind: 'held' }>): number {
  return Math.min(Math.max(milliseconds, SHORTEST_WAIT_MILLISECONDS), LONGEST_WAIT_MILLISECONDS);
}

/** How the claim is given up after that; `undefined` where nobody is to do the object again. */
export function releaseOf(result: ObjectResult): Release | undefined {
  switch (result.kind) {
    case 'done':
      return undefined;
    case 'skipped':
      return mayComeAgain(result) ? 'forgotten' : undefined;
    case 'failed':
      return result.failure.status === 'INTERRUPTED' || result.verdict === 'return' ? 'untried' : 'failed';
  }
}

function keepClaim(claims: Claims, claim: Claim, { renewalMilliseconds, pause }: ClaimDeps, log: Log) {
  const lost = new AbortController();
  const over = new AbortController();
  const keep = async () => {
    for (;;) {
      await pause(renewalMilliseconds, over.signal);
      if (over.signal.aborted) {
        return;
      }
      try {
        if (!(await claims.renew(claim))) {
          lost.abort();
          return;
        }
      } catch (thrown) {
        // The next may arrive before the lease ends.
        log.warn('object.claim-not-renewed', { reason: messageOf(thrown) });
      }
    }
  };
  const keeping = keep();
  const stop = async () => {
    over.abort();
    await keeping;
  };
  return { lost: lost.signal, stop };
}
