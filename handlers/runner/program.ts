import { messageOf, RunnerError } from './errors';
import { type ExitReason, exitCode } from './exit-codes';
import { type ReportDeps, report } from './report';
import { execute, type RunDeps } from './run';

export type ProgramDeps = RunDeps & ReportDeps;

/**
 * One run: takes its row, carries it out, reports. Without the row nothing is run.
 *
 * @returns the exit code; it never throws
 */
export async function runOnce(deps: ProgramDeps): Promise<number> {
  try {
    return exitCode((await begin(deps)) ?? (await carryOut(deps)));
  } catch (thrown) {
    deps.log.error('runner.failed', { reason: messageOf(thrown) });
    return exitCode('internalError');
  }
}

async function begin({ clock, ledger, log, settings }: ProgramDeps): Promise<ExitReason | undefined> {
  log.info('run.begins', { functionArn: settings.run.functionArn });
  try {
    const begun = await ledger.begin(clock());
    if (begun.kind === 'written') {
      return undefined;
    }
    log.error('ledger.begin-refused', {
      rowStatus: begun.record?.status ?? 'no row',
      rowAttempt: begun.record?.attempt,
    });
    return 'ledgerRefused';
  } catch (thrown) {
    log.error('ledger.begin-failed', { reason: messageOf(thrown) });
    return 'reportFailed';
  }
}

async function carryOut(deps: ProgramDeps): Promise<ExitReason> {
  try {
    return await report(deps, await execute(deps));
  } catch (thrown) {
    // A fault of ours: the row says so, rather than staying RUNNING.
    const { code, exitReason, message } = new RunnerError('INTERNAL_ERROR', `The runner failed: ${messageOf(thrown)}`);
    deps.log.error('runner.failed', { reason: message, stack: thrown instanceof Error ? thrown.stack : undefined });
    return report(deps, { happening: { kind: 'not-run', code, exitReason, message } });
  }
}
