import type { Send } from '../shared/delivery/send';
import type { Delivery, RunRecord } from '../shared/run';
import { type DeliverDeps, deliverOutcome } from './deliver-outcome';
import { messageOf, RunnerError } from './errors';
import { type ExitReason, exitCode } from './exit-codes';
import type { Heartbeats } from './heartbeats';
import { type ReportDeps, type Reported, report } from './report';
import { execute, type RunDeps } from './run';

export interface ProgramDeps extends Omit<RunDeps, 'callerGone'>, ReportDeps, DeliverDeps {
  readonly startHeartbeats: (delivery: Delivery) => Heartbeats;
  /** Begins to look the function up, as a run that gets its row will do first of all. It does not throw. */
  readonly beginLookUp: () => void;
}

/**
 * One run: takes its row, carries it out, reports, and tells those who wait. Without the row nothing is run.
 *
 * @returns the exit code; it never throws
 */
export async function runOnce(deps: ProgramDeps): Promise<number> {
  try {
    const begun = await begin(deps);
    return exitCode('exitReason' in begun ? begun.exitReason : await attend(deps, begun.record));
  } catch (thrown) {
    deps.log.error('runner.failed', { reason: messageOf(thrown) });
    return exitCode('internalError');
  }
}

type Begun = { readonly record: RunRecord } | { readonly exitReason: ExitReason };

async function begin({ beginLookUp, clock, ledger, log, settings }: ProgramDeps): Promise<Begun> {
  log.info('run.begins', { functionArn: settings.run.functionArn });
  try {
    const beginning = ledger.begin(clock());
    beginLookUp();
    const begun = await beginning;
    if (begun.kind === 'written') {
      return { record: begun.record };
    }
    log.error('ledger.begin-refused', {
      rowStatus: begun.record?.status ?? 'no row',
      rowAttempt: begun.record?.attempt,
    });
    return { exitReason: 'ledgerRefused' };
  } catch (thrown) {
    log.error('ledger.begin-failed', { reason: messageOf(thrown) });
    return { exitReason: 'reportFailed' };
  }
}

/** Carries the run out under heartbeats, which end before anybody hears of the outcome. */
async function attend(deps: ProgramDeps, { delivery = {} }: RunRecord): Promise<ExitReason> {
  const heartbeats = deps.startHeartbeats(delivery);
  try {
    const { exitReason, closed, output } = await carryOut({ ...deps, callerGone: heartbeats.gone });
    // Not before: a record may need the input, which has to be read from the payload bucket again.
    const send = async (message: Send) => {
      await heartbeats.stop();
      await deps.send(message);
    };
    if (closed !== undefined) {
      await deliverOutcome({ ...deps, send }, closed, output);
    }
    return exitReason;
  } finally {
    await heartbeats.stop();
  }
}

async function carryOut(deps: RunDeps & ReportDeps): Promise<Reported> {
  try {
    return await report(deps, await execute(deps));
  } catch (thrown) {
    // A fault of ours: the row says so, rather than staying RUNNING.
    const { code, exitReason, message } = new RunnerError('INTERNAL_ERROR', `The runner failed: ${messageOf(thrown)}`);
    deps.log.error('runner.failed', { reason: message, stack: thrown instanceof Error ? thrown.stack : undefined });
    return report(deps, { happening: { kind: 'not-run', code, exitReason, message } });
  }
}
