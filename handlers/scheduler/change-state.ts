import type { SchedulerPorts } from './ports';
import type { ScheduleState } from './state';

/** Somebody else writes the same item again and again only by chance. */
const TRIES = 10;

export interface Changed {
  readonly state: ScheduleState;
  /** Whether the change is in it; if not, there was nothing to change any more. */
  readonly isWritten: boolean;
}

/**
 * Changes a schedule's state: what `change` makes of the newest version is written, on that version alone.
 *
 * @param change gives `undefined` where there is nothing to change any more
 * @throws {Error} when others kept writing
 */
export async function changeState(
  { states }: Pick<SchedulerPorts, 'states'>,
  id: string,
  from: ScheduleState,
  change: (state: ScheduleState) => ScheduleState | undefined,
): Promise<Changed> {
  let state = from;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const next = change(state);
    if (next === undefined) {
      return { state, isWritten: false };
    }
    const written = await states.write(id, state, next);
    state = written.item;
    if (written.kind === 'written') {
      return { state, isWritten: true };
    }
  }
  throw new Error(`The state of the schedule ${id} changed ${TRIES} times while it was being written.`);
}
