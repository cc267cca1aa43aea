/** What asking for a job came to. */
export type Claiming =
  /** It is this worker's alone until the lease ends. `attempt` is 1 for the first worker that began it. */
  | { readonly kind: 'ours'; readonly claim: Claim; readonly attempt: number }
  /** It was done before, by whomever, or the message is among the dead: whatever asks for it again is to be dropped. */
  | { readonly kind: 'done' }
  /** Another worker is at it, or was until a moment ago. */
  | { readonly kind: 'held'; readonly milliseconds: number };

/** A job that this worker has taken. */
export interface Claim {
  readonly jobId: string;
  /** A random id, of this one claim: a worker that takes a job twice is two owners. */
  readonly owner: string;
  /** For which message; for a copy the first one's id. */
  readonly messageId: string;
  /** Ids of messages of this job that are among the dead: neither they nor their copies are worked on again. */
  readonly buried: readonly string[];
}

/**
 * How a job is given up: it failed; it was not really tried, and the attempt does not count; it is nobody's job any more,
 * and who asks for it again begins anew; or so, but not for this message, which is among the dead.
 */
export type Release = 'failed' | 'untried' | 'forgotten' | 'buried';

/** Who works on which job, whatever number of messages ask for it. Each call may throw what the table's client throws. */
export interface Claims {
  readonly claim: (jobId: string, messageId: string) => Promise<Claiming>;
  /** @returns whether the job is still this worker's: if not, another may be at it */
  readonly renew: (claim: Claim) => Promise<boolean>;
  /** Nobody does it again. Of a claim that was lost meanwhile it says so all the same: the work is done. */
  readonly done: (claim: Claim) => Promise<void>;
  /** Lets the next one have it. A claim that was lost meanwhile is left to its new owner. */
  readonly release: (claim: Claim, how: Release) => Promise<void>;
}
