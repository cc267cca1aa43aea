import { endWrite } from '../shared/ledger/ending';
import * as marks from '../shared/ledger/marks';
import type { LedgerWrite } from '../shared/ledger/update';
import type { RunRecord } from '../shared/run';
import { clusterOf } from './clusters';
import { deduplicationId, isUndelivered } from './decide-stop';
import type { Decision } from './decision';
import type { WatcherDeps } from './ports';
import { reportEnd } from './report-end';
import { STOP_REASONS } from './stop-reasons';
import { after, DELIVERY_CLAIM, nextDelivery, nextLaunchCheck } from './times';

/** `contended`: the row has moved on since it was read, and nothing was done. */
type Acted = 'done' | 'contended';

/** Carries a decision out. Whatever fails in it is found again in the row by the next event or sweep. */
export async function act(deps: WatcherDeps, record: RunRecord, decision: Decision): Promise<Acted> {
  const { ports, log, ledgerTable } = deps;
  const { kind, reason } = decision;
  log.info(`row.${kind}`, { runId: record.runId, attempt: record.attempt, rowStatus: record.status, reason });
  switch (decision.kind) {
    case 'leave':
      return 'done';
    case 'end':
      return end(deps, record, decision);
    case 'launch':
      await launch(deps, record, decision.deduplicationId, decision.checkAt);
      return 'done';
    case 'deliver':
      await claimAndDeliver(deps, record);
      return 'done';
    case 'give-up-delivery': {
      const error = record.deliveryError ?? 'No try to deliver it was finished.';
      log.error('delivery.given-up', { runId: record.runId, attempt: record.attempt, reason: error });
      return write(deps, marks.deliveryFailedWrite(ledgerTable, record, error, undefined));
    }
    case 'note-stop':
      return write(deps, marks.stopNotedWrite(ledgerTable, record, decision));
    case 'stop-task':
      await ports.stopTask(clusterOf(record), decision.taskArn, STOP_REASONS[decision.stopReason]);
      return write(deps, marks.checkLaterWrite(ledgerTable, record, decision.checkAt));
    case 'note-running':
      return write(deps, marks.runningWrite(ledgerTable, record, decision.startedAt.toISOString(), decision.checkAt));
    case 'check-later': {
      const { checkAt, missingSince } = decision;
      const note = missingSince === undefined ? {} : { missingSince };
      return write(deps, marks.checkLaterWrite(ledgerTable, record, checkAt, note));
    }
    case 'leave-index':
      return write(deps, marks.leaveIndexWrite(ledgerTable, record));
  }
}

async function write({ ports }: WatcherDeps, prepared: LedgerWrite): Promise<Acted> {
  const { kind } = await ports.ledger.write(prepared);
  return kind === 'written' ? 'done' : 'contended';
}

/** A message too many is dropped by the starter; one too few is made up for by the sweep. */
async function launch(deps: WatcherDeps, record: RunRecord, id: string, checkAt: Date): Promise<void> {
  const { runId, attempt } = record;
  await deps.ports.sendLaunch({ version: 1, runId, attempt }, id);
  await write(deps, marks.checkLaterWrite(deps.ledgerTable, record, checkAt));
}

async function end(
  deps: WatcherDeps,
  record: RunRecord,
  { ending, from, taskArn }: Extract<Decision, { kind: 'end' }>,
): Promise<Acted> {
  const { ports, ledgerTable, watcherId } = deps;
  const now = deps.now();
  const claimedUntil = after(now, DELIVERY_CLAIM);
  const by = { kind: 'observer', id: watcherId, from, taskArn, claimedUntil } as const;
  const written = await ports.ledger.write(endWrite({ tableName: ledgerTable, record, by, ending, now }));
  if (written.kind === 'refused') {
    return 'contended';
  }
  const { record: ended } = written;
  reportEnd(deps, { before: record, after: ended, ending });
  if (ended.status === 'PENDING') {
    await launch(deps, ended, deduplicationId(ended), nextLaunchCheck(ended, now));
  } else if (isUndelivered(ended)) {
    await deliver(deps, ended);
  }
  return 'done';
}

async function claimAndDeliver(deps: WatcherDeps, record: RunRecord): Promise<void> {
  const { ports, ledgerTable, watcherId, log } = deps;
  const now = deps.now();
  const by = { id: watcherId, until: after(now, DELIVERY_CLAIM) };
  const claim = marks.claimDeliveryWrite(ledgerTable, record, by, now);
  const claimed = await ports.ledger.write(claim);
  if (claimed.kind === 'written') {
    await deliver(deps, claimed.record);
  } else {
    log.info('delivery.left', { runId: record.runId, reason: 'another watcher delivers it, or has' });
  }
}

async function deliver({ ports, ledgerTable, now, log }: WatcherDeps, record: RunRecord): Promise<void> {
  const { runId, attempt } = record;
  const result = await ports.deliver(record);
  if (result.kind === 'delivered') {
    const { kind } = await ports.ledger.write(marks.deliveredWrite(ledgerTable, record, now()));
    log.info('delivery.done', { runId, attempt, isMarked: kind === 'written' });
    return;
  }
  const error = result.problems.map(({ to, reason }) => `${to}: ${reason}`).join('; ');
  const retryAt = nextDelivery(record, now());
  log.error('delivery.failed', { runId, attempt, reason: error, retryAt: retryAt.toISOString() });
  await ports.ledger.write(marks.deliveryFailedWrite(ledgerTable, record, error, retryAt));
}
