import { isPassing } from '../../shared/delivery/send-error';

/** What an error of a poll means for the worker. */
export type PollFault =
  /** It may go well later. */
  | { readonly kind: 'later'; readonly reason: string }
  /** It goes well when somebody has mended something: the worker ends, and ECS and its alarms show that. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Refusals that pass by themselves, besides those of every call: another worker stops polling.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html#API_GetActivityTask_Errors
 */
const PASSING = ['ActivityWorkerLimitExceeded', 'OverLimit'];

/** Reads what a poll threw. */
export function pollFault(thrown: unknown): PollFault {
  if (!(thrown instanceof Error)) {
    return { kind: 'later', reason: String(thrown) };
  }
  const kind = isPassing(thrown) || PASSING.includes(thrown.name) ? 'later' : 'refused';
  return { kind, reason: `${thrown.name}: ${thrown.message}` };
}
