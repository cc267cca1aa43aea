/** What asking for a job came to. */
export type Claiming =
  /** It is this worker's alone until the lease ends. `attempt` is 1 for the first worker that began it. */
  | { readonly kind: 'ours'; readonly claim: Claim; readonly attempt: number }
  /** It was done before, by whomever: whatever asks for it again is to be dropped. */
  | { readonly kind: 'done' }
  /** Another worker is at it, or was until a moment ago. */
  | { readonly kind: 'held'; readonly milliseconds: number };

/** A job that this worker has taken. */
export interface Claim {
  readonly jobId: string;
  /** A random id, of this one claim: a worker that takes a job twice is two owners. */
  readonly owner: string;
}

/** Who works on which job, whatever number of messages ask for it. Each call may throw what the table's client throws. */
export interface Claims {
  readonly claim: (jobId: string) => Promise<Claiming>;
  /** @returns whether the job is still this worker's: if not, another may be at it */
  readonly renew: (claim: Claim, signal?: AbortSignal) => Promise<boolean>;
  /** Nobody does it again. Of a claim that was lost meanwhile it says nothing: the work is done all the same. */
  readonly done: (claim: Claim) => Promise<void>;
  /**
   * Lets the next one have it.
   *
   * @param wasTried whether it counts as an attempt: what a stopping worker gives back does not
   */
  readonly release: (claim: Claim, wasTried: boolean) => Promise<void>;
}
