import type { Ending } from '../shared/ledger/ending';
import type { RunStatus } from '../shared/run';
import type { StopReason } from './stop-reasons';

/** What is to be done about a row, and why. */
export type Decision =
  | { readonly kind: 'leave'; readonly reason: string }
  /** Ends the attempt that the row is in. */
  | {
      readonly kind: 'end';
      readonly reason: string;
      readonly ending: Ending;
      /** The row may only be in one of these. */
      readonly from: readonly RunStatus[];
      /** Of the task that has ended. */
      readonly taskArn: string | undefined;
    }
  /** Asks the starter for the task of the attempt that the row waits for. */
  | { readonly kind: 'launch'; readonly reason: string; readonly deduplicationId: string; readonly checkAt: Date }
  | { readonly kind: 'deliver'; readonly reason: string }
  | { readonly kind: 'give-up-delivery'; readonly reason: string }
  | { readonly kind: 'note-stop'; readonly reason: string; readonly stopCode: string; readonly stoppedReason?: string }
  /** ECS's word that the task has stopped then ends the attempt, so that no two attempts run at once. */
  | {
      readonly kind: 'stop-task';
      readonly reason: string;
      readonly taskArn: string;
      readonly stopReason: StopReason;
      readonly checkAt: Date;
    }
  /** The container of a run is at work. */
  | { readonly kind: 'note-running'; readonly reason: string; readonly startedAt: Date; readonly checkAt: Date }
  | { readonly kind: 'check-later'; readonly reason: string; readonly checkAt: Date; readonly missingSince?: string }
  /** The row is done with, and stands in the sweep's index all the same. */
  | { readonly kind: 'leave-index'; readonly reason: string };
