import type { Log } from '../shared/log';
import type { FleetView } from './fleet-view';
import type { Pace } from './pace';
import type { SchedulerPorts } from './ports';
import type { Tally } from './tally';

/** What every part of the scheduler works with. */
export interface Work {
  readonly ports: SchedulerPorts;
  readonly pace: Pace;
  /** Random, new for each process. */
  readonly scheduler: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds by a clock that only goes forwards. */
  readonly steady: () => number;
  /** Ends early when the scheduler is stopped. It never throws. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly log: Log;
  readonly fleet: FleetView;
  readonly tally: Tally;
  readonly stop: AbortSignal;
}
