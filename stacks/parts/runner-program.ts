import { readFileSync } from 'node:fs';
import path from 'node:path';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { PackagedProgram } from './packaged-function';
import { plainText } from './terraform-text';

const RUNNER = path.resolve(__dirname, '../../handlers/runner');

/** Where AWS's Node.js base image has Node.js, and the folder whose node_modules has the SDK. */
const NODE = '/var/lang/bin/node';
const RUNTIME_FOLDER = '/var/runtime';

/** Those of images/bundle-runner.ts, which says why. */
const NODE_OPTIONS = ['--max-semi-space-size=1'];

export interface RunnerProgram {
  /** ARN of the object that holds it. */
  readonly arn: string;
  /** What a container on AWS's Node.js base image needs to fetch and start it. */
  readonly container: {
    readonly entryPoint: readonly string[];
    readonly command: readonly string[];
    readonly workingDirectory: string;
  };
}

/**
 * Puts the runner into the bucket, under a key with its hash: a task started by an older task definition finds its own.
 * The new one is there before a task definition names it. It lies outside what the bucket lets expire.
 */
export function runnerProgram(scope: Construct, bucket: string): RunnerProgram {
  const packaged = new PackagedProgram(scope, 'runner-program', {
    entry: path.join(RUNNER, 'main.ts'),
    threads: { UNPACK_THREAD_SOURCE: path.join(RUNNER, 'package/unpack-thread.ts') },
  });
  const object = new S3Object(scope, 'program', {
    bucket,
    key: `programs/${packaged.sha256}/${packaged.fileName}`,
    source: packaged.path,
    contentType: 'application/gzip',
    lifecycle: { createBeforeDestroy: true },
  });
  const sha256 = new TerraformLocal(scope, 'program_sha256', packaged.sha256);
  const fetchProgram = new TerraformLocal(scope, 'fetch_program', plainText(fetchProgramText()));
  return {
    arn: object.arn,
    container: {
      entryPoint: [NODE, ...NODE_OPTIONS],
      command: ['-e', fetchProgram.expression, bucket, object.key, sha256.expression],
      workingDirectory: RUNTIME_FOLDER,
    },
  };
}

let fetchProgram: string | undefined;

/** The few lines of handlers/runner/sidecar/fetch-program.ts as they stand in a container's command. Bundled once. */
export function fetchProgramText(): string {
  fetchProgram ??= bundledFetchProgram();
  return fetchProgram;
}

function bundledFetchProgram(): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(RUNNER, 'sidecar/fetch-program.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*'],
    minify: true,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** What the container of a zip function's runtimes does: handlers/runner/sidecar/supervise-runtimes.sh without comments. */
export function superviseRuntimesText(): string {
  const lines = readFileSync(path.join(RUNNER, 'sidecar/supervise-runtimes.sh'), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !/^ *#/.test(line)).join('\n');
}
