import { giveUpAt } from './decide-slots';
import type { Step } from './next-step';
import type { ScheduleState } from './state';
import { claimBuffered, claimSlots, dropBuffered, finishClaim, takeOver } from './transitions';

const MILLISECONDS_PER_SECOND = 1_000;

/** The state that a step makes, if it is written on the version that the step was decided on. */
export function afterStep(
  step: Exclude<Step, { kind: 'settled' | 'wait' }>,
  state: ScheduleState,
  scheduler: string,
  now: number,
): ScheduleState {
  switch (step.kind) {
    case 'claim': {
      const { schedule, due } = step;
      const { revision } = schedule;
      return claimSlots(state, due, { scheduler, revision, now, giveUpAt: (slot) => giveUpAt(schedule, slot) });
    }
    case 'take-over':
      return takeOver(state, (claim) => step.claims.includes(claim), scheduler);
    case 'drop': {
      const taken = takeOver(state, (claim) => step.claims.includes(claim), scheduler);
      const outcome = { kind: 'skipped', reason: step.reason } as const;
      return step.claims.reduce((next, { slot }) => finishClaim(next, slot, scheduler, outcome, now) ?? next, taken);
    }
    case 'drop-buffered':
      return dropBuffered(state, step.reason, now);
    case 'look-at-buffered':
      return claimBuffered(state, {
        scheduler,
        giveUpAt: now + step.schedule.startingDeadlineSeconds * MILLISECONDS_PER_SECOND,
      });
  }
}
