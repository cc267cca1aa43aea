import type { LogFields } from '../../shared/log';
import type { Outcome } from '../outcome';

/** One piece of a worker's work, whoever brought it. */
export interface Job {
  /** Names it in the log, and to the function as its request. */
  readonly requestId: string;
  /** JSON text, as it came: nobody has looked at it yet. */
  readonly input: string;
  /** Aborted when the task is told to stop. */
  readonly interruption: AbortSignal;
  /** Aborted when nobody wants the result any more. */
  readonly callerGone: AbortSignal;
}

/** What a job came to, and how long its parts took. */
export interface Carried {
  readonly outcome: Outcome;
  readonly timings: LogFields;
}

/** What does a worker's jobs, side by side as many as it is given. */
export interface Executor {
  /** Whatever way the job ends is an outcome. */
  readonly carryOut: (job: Job) => Promise<Carried>;
  /**
   * Aborted when it can do no other job; the reason is a text. Of what it has begun it still tells the outcome.
   *
   * @default - it always can
   */
  readonly spent?: AbortSignal;
  /** Resolves when nothing is left of what the jobs were done with. */
  readonly close: () => Promise<void>;
}
