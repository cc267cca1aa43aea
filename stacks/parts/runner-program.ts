import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Construct } from 'constructs';
import { type FetchedProgram, fetchedProgram, type StoredProgram, storeProgram } from './fetched-program';
import { RUNNER_NODE_OPTIONS } from './node-options';
import { PackagedProgram } from './packaged-function';

const RUNNER = path.resolve(__dirname, '../../handlers/runner');

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
  return { arn, stored, container: fetchedProgram(scope, stored, RUNNER_NODE_OPTIONS) };
}

/** What the container of a zip function's runtimes does: handlers/runner/sidecar/supervise-runtimes.sh without comments. */
export function superviseRuntimesText(): string {
  const lines = readFileSync(path.join(RUNNER, 'sidecar/supervise-runtimes.sh'), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !/^ *#/.test(line)).join('\n');
}
