import { isFinal } from '../shared/run';
import type { StarterDeps } from './ports';
import { runStatus, type StatusAnswer } from './status';

/** The first looks come soon, for runs of seconds; the last seldom, for runs of hours. */
const FIRST_WAIT_MILLISECONDS = 500;
const LONGEST_WAIT_MILLISECONDS = 5_000;
const GROWTH = 1.5;

/** What the starter keeps of its time, to answer. */
const ANSWER_MILLISECONDS = 2_000;

/** Follows a run in the ledger until it has ended, or the starter's time is nearly over; then tells its status. */
export async function followRun(runId: string, deps: StarterDeps): Promise<StatusAnswer> {
  const { ports, now, sleep, remainingMilliseconds } = deps;
  for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(wait * GROWTH, LONGEST_WAIT_MILLISECONDS)) {
    const status = await runStatus(runId, { ledger: ports.ledger, now });
    if (isFinal(status.status) || remainingMilliseconds() - wait < ANSWER_MILLISECONDS) {
      return status;
    }
    await sleep(wait);
  }
}
