import type { Log } from '../shared/log';
import type { Payload } from '../shared/run';
import { FunctionHost, type HostDeps } from './host/function-host';
import type { Ledger } from './ledger';
import type { Execution } from './outcome';
import { drainMilliseconds, type RunnerSettings, stopMilliseconds } from './settings';

export interface RunDeps extends HostDeps {
  readonly settings: RunnerSettings;
  readonly ledger: Ledger;
  readonly readInput: (input: Payload, signal: AbortSignal) => Promise<string>;
  /** Aborted when the task is told to stop. */
  readonly interruption: AbortSignal;
}

/**
 * Fetches the function and its input, starts its runtime and invokes it once. Whatever way that ends is a happening,
 * and nothing of the runtime is left then.
 */
export async function execute(deps: RunDeps): Promise<Execution> {
  const { interruption, ledger, log, readInput, settings } = deps;
  const { run, initTimeoutSeconds, codeCheckSeconds, stopTimeoutSeconds } = settings;
  const host = new FunctionHost(deps, {
    functionArn: run.functionArn,
    concurrency: 1,
    initTimeoutSeconds,
    codeCheckSeconds,
    drainMilliseconds: drainMilliseconds(stopTimeoutSeconds),
    stopMilliseconds: stopMilliseconds(stopTimeoutSeconds),
  });
  try {
    return await host.run({
      requestId: run.runId,
      timeoutSeconds: run.timeoutSeconds,
      readInput: (signal) => readInput(run.input, signal),
      onInvoked: (at) => markInvoked(ledger, log, at),
      interruption,
    });
  } finally {
    await host.close();
  }
}

async function markInvoked(ledger: Ledger, log: Log, at: Date): Promise<void> {
  try {
    await ledger.markInvoked(at);
  } catch (thrown) {
    log.warn('ledger.invoked-not-written', { reason: String(thrown) });
  }
}
