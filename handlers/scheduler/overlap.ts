import type { Schedule } from '../shared/schedule/schedule';

/** What becomes of a slot while the run before it is still alive. */
export type OverlapDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'replace'; readonly runId: string }
  | { readonly kind: 'buffer' }
  | { readonly kind: 'skip'; readonly reason: string };

export interface OverlapInput {
  readonly overlap: Schedule['overlap'];
  /** The run that the schedule started last, if it is alive. */
  readonly aliveRun: string | undefined;
  readonly bufferedSlot: number | undefined;
}

/**
 * Of the slots that come while a run is alive, `buffer` keeps the first and skips the others, as Temporal's BufferOne
 * does: what waits longest is what was promised first, and a run that never ends does not move it on for ever.
 * Source: https://docs.temporal.io/schedule#overlap-policy
 */
export function decideOverlap({ overlap, aliveRun, bufferedSlot }: OverlapInput): OverlapDecision {
  if (overlap === 'buffer' && bufferedSlot !== undefined) {
    return { kind: 'skip', reason: `the slot ${new Date(bufferedSlot).toISOString()} waits already` };
  }
  if (overlap === 'allow' || aliveRun === undefined) {
    return { kind: 'start' };
  }
  switch (overlap) {
    case 'replace':
      return { kind: 'replace', runId: aliveRun };
    case 'skip':
      return { kind: 'skip', reason: `the run ${aliveRun} of an earlier slot is still alive` };
    case 'buffer':
      return { kind: 'buffer' };
  }
}
