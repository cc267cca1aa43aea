import { CodedError } from '../shared/errors';
import type { RunRecord } from '../shared/run';
import { act } from './act';
import { decideOnStop, isUndelivered } from './decide-stop';
import type { Decision } from './decision';
import { parseEvent } from './event';
import type { WatcherDeps } from './ports';
import { type SweepAnswer, sweep } from './sweep';

/** Each time, somebody else has written to the row: its runner, the starter, or another watcher. */
const TRIES = 5;

/** Others wrote to the row again and again. Lambda's retry of the event, or the sweep, finds it as it is then. */
class RowContended extends CodedError {
  readonly code = 'ROW_CONTENDED';

  constructor(runId: string) {
    super('ROW_CONTENDED', `The row of the run ${runId} changed ${TRIES} times while it was being looked at.`);
  }
}

/**
 * Does what an event asks for. Each kind may come more than once, late, and together with others.
 *
 * @throws {InvalidEvent} when the event is none of the watcher's
 * @throws {RowContended} when others kept writing to the row
 */
export async function watch(event: unknown, deps: WatcherDeps): Promise<SweepAnswer | undefined> {
  const request = parseEvent(event);
  switch (request.kind) {
    case 'sweep':
      return sweep(deps);
    case 'settle':
      await decideAndAct(deps, request.runId, settlement);
      return undefined;
    case 'stopped':
      await decideAndAct(deps, request.runId, (record) => decideOnStop(record, request.task, deps.now()));
      return undefined;
  }
}

function settlement(record: RunRecord): Decision {
  return isUndelivered(record)
    ? { kind: 'deliver', reason: 'the starter closed the run' }
    : { kind: 'leave', reason: 'nothing is to be delivered' };
}

async function decideAndAct(deps: WatcherDeps, runId: string, decide: (record: RunRecord) => Decision): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const record = await deps.ports.ledger.find(runId);
    if (record === undefined) {
      deps.log.warn('row.none', {
        runId,
        reason: 'the ledger has no such run: it is of another deployment, or expired',
      });
      return;
    }
    if ((await act(deps, record, decide(record))) === 'done') {
      return;
    }
  }
  throw new RowContended(runId);
}
