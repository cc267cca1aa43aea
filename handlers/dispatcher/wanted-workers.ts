import type { WorkerLimits } from './settings';

/** What is known of the work and of those who do it. */
export interface WorkView {
  /** Messages that anybody may receive. */
  readonly waiting: number;
  /** Messages that somebody has received, and that failed ones hide from all for a while. */
  readonly inFlight: number;
  /** Workers that run or are about to. */
  readonly running: number;
}

/**
 * How many workers there should be: one for every `messagesPerWorker` messages that wait, and besides them those that
 * are busy. The busy ones are counted by what is in flight, not into the backlog: a worker that renders for 20 hours
 * would count as one that will get to the other messages, and they would wait for it. Where messages in flight are in
 * nobody's hands, because they failed and are hidden until their next try, this wants a worker too many rather than one
 * too few: it finds nothing to do and ends.
 */
export function wantedWorkers({ waiting, inFlight, running }: WorkView, limits: WorkerLimits): number {
  const { least, most, messagesPerWorker, concurrency } = limits;
  const inHand = Math.min(inFlight, running * concurrency);
  // In whole numbers to the end: 0.7 + 0.1 + 0.2 of a worker is more than one to a computer.
  const wanted = Math.ceil((waiting * concurrency + inHand * messagesPerWorker) / (messagesPerWorker * concurrency));
  return Math.min(most, Math.max(least, wanted));
}

/** What is done about the number of tasks of a service. */
export type ServiceDecision =
  | { readonly kind: 'raise' | 'lower'; readonly to: number }
  /** `quietSince`: since when there has been nothing to do, where that is so. */
  | { readonly kind: 'stay'; readonly quietSince: number | undefined };

interface ServiceView extends Omit<WorkView, 'running'> {
  /** Messages that nobody sees before their delay is over. */
  readonly delayed: number;
  /** Messages whose jobs go on without them. */
  readonly handedOver: number;
  readonly desired: number;
  readonly quietSince: number | undefined;
  readonly now: number;
}

/**
 * SQS's counts are right a minute after the last message was sent, at the latest; twice that is on the safe side.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export const QUIET_MILLISECONDS = 120_000;

/**
 * Raises at once. Lowers only to the least, and only when nothing has waited and nothing been in flight for a while:
 * which task ECS stops cannot be chosen, and it may be one that is at work.
 */
export function decideService(view: ServiceView, limits: WorkerLimits): ServiceDecision {
  const { waiting, inFlight, delayed, handedOver, desired, quietSince, now } = view;
  const wanted = wantedWorkers({ waiting, inFlight: inFlight + handedOver, running: desired }, limits);
  if (wanted > desired) {
    return { kind: 'raise', to: wanted };
  }
  if (waiting + inFlight + delayed > 0 || desired <= limits.least) {
    return { kind: 'stay', quietSince: undefined };
  }
  const since = quietSince ?? now;
  return now - since >= QUIET_MILLISECONDS ? { kind: 'lower', to: limits.least } : { kind: 'stay', quietSince: since };
}
