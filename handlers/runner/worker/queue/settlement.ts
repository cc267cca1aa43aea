import type { ReportedError } from '../../../shared/run';
import type { Outcome } from '../../outcome';
import type { Carried } from '../executor';
import type { QueueSettings } from './queue-settings';
import { returnSeconds } from './visibility';

/** What becomes of a message when its job has ended. */
export type Settlement =
  | { readonly kind: 'done' }
  /** It is deleted, too, and its job may be asked for again. */
  | { readonly kind: 'forgotten' }
  /** Others see it after so long. */
  | { readonly kind: 'back'; readonly seconds: number; readonly wasTried: boolean }
  /** It goes to the dead-letter queue. */
  | { readonly kind: 'dead'; readonly error: ReportedError }
  /** The queue has given it to somebody else by now. */
  | { readonly kind: 'gone' };

/** How the job of a message ended. */
export interface Ended {
  readonly status: Outcome['status'];
  /** `undefined` where it succeeded. */
  readonly error: ReportedError | undefined;
  readonly verdict: Carried['verdict'];
}

/** @param attempt which one has ended, from 1 */
export function settlementOf(
  { status, error, verdict }: Ended,
  attempt: number,
  { deadLetterQueueUrl, maxReceiveCount }: Pick<QueueSettings, 'deadLetterQueueUrl' | 'maxReceiveCount'>,
): Settlement {
  if (status === 'SUCCEEDED' || error === undefined) {
    return { kind: verdict === 'forget' ? 'forgotten' : 'done' };
  }
  if (status === 'CANCELLED') {
    return { kind: 'gone' };
  }
  if (status === 'INTERRUPTED' || verdict === 'return') {
    return { kind: 'back', seconds: 0, wasTried: false };
  }
  const isLast = verdict === 'reject' || (maxReceiveCount !== undefined && attempt >= maxReceiveCount);
  return isLast && deadLetterQueueUrl !== undefined
    ? { kind: 'dead', error }
    : { kind: 'back', seconds: returnSeconds(attempt), wasTried: true };
}

/** What is said of a message that was begun as often as it may be, and whose workers never said how that ended. */
export function endedUnheard(attempts: number): ReportedError {
  return {
    errorType: 'Overtime.AttemptsExhausted',
    errorMessage: `The message was begun ${attempts} times, and no worker lived to say how that ended.`,
  };
}

export const REPORTED_FAILURE: ReportedError = {
  errorType: 'Overtime.BatchItemFailure',
  errorMessage: 'The function named the message among its batchItemFailures.',
};

export function unreadableAnswer(problem: string): ReportedError {
  return { errorType: 'Overtime.BatchAnswerUnreadable', errorMessage: `The whole batch failed, as ${problem}.` };
}
