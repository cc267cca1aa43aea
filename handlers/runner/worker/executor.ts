import type { LogFields } from '../../shared/log';
import type { Outcome } from '../outcome';

/** The message of a queue that a job came with. */
export interface JobMessage {
  readonly messageId: string;
  /** How often the job has been tried, this time included. */
  readonly receiveCount: number;
}

/** One piece of a worker's work, whoever brought it. */
export interface Job {
  /** Names it in the log, and to the function as its request. */
  readonly requestId: string;
  /** JSON text, as it came: nobody has looked at it yet. */
  readonly input: string;
  /** Whether the input is known to be JSON, as the worker wrote it. @default - it is looked at */
  readonly isJson?: boolean;
  /** Aborted when the task is told to stop. */
  readonly interruption: AbortSignal;
  /** Aborted when nobody wants the result any more. */
  readonly callerGone: AbortSignal;
  /** `undefined` where it came with none, or with several. */
  readonly message?: JobMessage | undefined;
}

/** What a job came to, and how long its parts took. */
export interface Carried {
  readonly outcome: Outcome;
  readonly timings: LogFields;
  /**
   * What becomes of the message that brought a job which did not succeed: `reject`, it can never work, and goes to the
   * dead-letter queue with the outcome's error; `return`, it is given back at once, and was no failure. Of a job that
   * succeeded: `forget`, there was nothing to do, and whoever asks for the same again begins anew.
   *
   * @default - it comes back later, until it has failed too often; a job that succeeded is not done again
   */
  readonly verdict?: 'reject' | 'return' | 'forget' | undefined;
}

/** What does a worker's jobs, side by side as many as it is given. */
export interface Executor {
  /** Whatever way the job ends is an outcome. */
  readonly carryOut: (job: Job) => Promise<Carried>;
  /**
   * Names what a message asks for, so that two messages that ask for the same are one job.
   *
   * @returns `undefined` where the body does not say
   * @default - each message is a job of its own
   */
  readonly jobId?: (body: string) => string | undefined;
  /**
   * Aborted when it can do no other job; the reason is a text. Of what it has begun it still tells the outcome.
   *
   * @default - it always can
   */
  readonly spent?: AbortSignal;
  /** Resolves when nothing is left of what the jobs were done with. */
  readonly close: () => Promise<void>;
}
