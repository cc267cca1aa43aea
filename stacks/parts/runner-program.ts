import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Construct } from 'constructs';
import { type FetchedProgram, fetchedProgram, type StoredProgram, storeProgram } from './fetched-program';
import { PackagedProgram } from './packaged-function';

const RUNNER = path.resolve(__dirname, '../../handlers/runner');

/** Those of images/bundle-runner.ts, which says why, both of them. */
const NODE_OPTIONS = ['--max-semi-space-size=1'];
export const QUEUE_WORKER_NODE_OPTIONS = ['--max-semi-space-size=4'];

export interface RunnerProgram {
  /** ARN of the object that holds it. */
  readonly arn: string;
  readonly stored: StoredProgram;
  readonly container: FetchedProgram;
}

/** Puts the runner into the bucket, for tasks on AWS's base images. */
export function runnerProgram(scope: Construct, bucket: string): RunnerProgram {
  const packaged = new PackagedProgram(scope, 'runner-program', {
    entry: path.join(RUNNER, 'main.ts'),
    threads: { UNPACK_THREAD_SOURCE: path.join(RUNNER, 'package/unpack-thread.ts') },
  });
  const { arn, stored } = storeProgram(scope, packaged, bucket);
  return { arn, stored, container: fetchedRunner(scope, stored) };
}

/** How a container gets the runner that lies in a bucket. */
export function fetchedRunner(
  scope: Construct,
  stored: StoredProgram,
  nodeOptions: readonly string[] = NODE_OPTIONS,
): FetchedProgram {
  return fetchedProgram(scope, stored, nodeOptions);
}

/** What the container of a zip function's runtimes does: handlers/runner/sidecar/supervise-runtimes.sh without comments. */
export function superviseRuntimesText(): string {
  const lines = readFileSync(path.join(RUNNER, 'sidecar/supervise-runtimes.sh'), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !/^ *#/.test(line)).join('\n');
}
