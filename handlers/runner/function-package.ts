import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pRetry, { AbortError } from 'p-retry';
import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import { DownloadError, download } from './download';
import { messageOf, RunnerError } from './errors';
import type { FunctionDescription } from './function-description';
import type { LookUpFunction } from './function-lookup';
import { unzip } from './unzip';

export interface PackageDeps {
  readonly lookUp: LookUpFunction;
  readonly clock: Clock;
  readonly log: Log;
  readonly workRoot: string;
  readonly taskRoot: string;
}

const DOWNLOAD_RETRIES = 3;
const FIRST_WAIT_MILLISECONDS = 200;

/**
 * Brings a function's package into the task root: looked up, downloaded, verified and unpacked. Each attempt asks
 * Lambda for a new link, as the last one may have expired.
 *
 * @throws {RunnerError} when it cannot; `signal.reason` when it was aborted
 */
export async function fetchPackage(
  deps: PackageDeps,
  functionArn: string,
  signal: AbortSignal,
): Promise<FunctionDescription> {
  const file = path.join(deps.workRoot, 'package.zip');
  const start = deps.clock().getTime();
  await mkdir(deps.workRoot, { recursive: true });
  const description = await pRetry((attempt) => attemptFetch(deps, functionArn, file, attempt, signal), {
    retries: DOWNLOAD_RETRIES,
    minTimeout: FIRST_WAIT_MILLISECONDS,
    randomize: true,
    signal,
  }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw packageError(functionArn, thrown);
  });
  const fetched = deps.clock().getTime();
  deps.log.info('package.fetched', { functionArn, bytes: description.codeBytes, milliseconds: fetched - start });

  await unzip(file, deps.taskRoot, signal);
  await rm(file, { force: true });
  deps.log.info('package.unpacked', { milliseconds: deps.clock().getTime() - fetched });
  return description;
}

async function attemptFetch(
  deps: PackageDeps,
  functionArn: string,
  file: string,
  attempt: number,
  signal: AbortSignal,
): Promise<FunctionDescription> {
  try {
    const description = await deps.lookUp(functionArn, signal);
    const expected = { sha256: description.codeSha256, bytes: description.codeBytes };
    await download(description.codeUrl, file, expected, signal);
    return description;
  } catch (thrown) {
    const isWorthAnother = thrown instanceof DownloadError && thrown.kind !== 'permanent';
    if (!isWorthAnother) {
      throw new AbortError(thrown instanceof Error ? thrown : String(thrown));
    }
    deps.log.warn('package.attempt-failed', { attempt, reason: thrown.message });
    throw thrown;
  }
}

function packageError(functionArn: string, thrown: unknown): RunnerError {
  if (thrown instanceof RunnerError) {
    return thrown;
  }
  const isCorrupt = thrown instanceof DownloadError && thrown.kind === 'corrupt';
  return new RunnerError(
    isCorrupt ? 'PACKAGE_CORRUPT' : 'PACKAGE_DOWNLOAD_FAILED',
    `The package of ${functionArn} could not be downloaded: ${messageOf(thrown)}.`,
    { cause: thrown },
  );
}
