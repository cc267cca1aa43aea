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

/** The object that holds the runner. */
export interface StoredProgram {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
}

/** What a container on AWS's Node.js base image needs to fetch the runner and start it. */
export interface FetchedProgram {
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory: string;
}

export interface RunnerProgram {
  /** ARN of the object that holds it. */
  readonly arn: string;
  readonly stored: StoredProgram;
  readonly container: FetchedProgram;
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
  const stored = { bucket, key: object.key, sha256: sha256.expression };
  return { arn: object.arn, stored, container: fetchedProgram(scope, stored) };
}

/** How a container gets the runner that lies in a bucket. */
export function fetchedProgram(scope: Construct, { bucket, key, sha256 }: StoredProgram): FetchedProgram {
  const fetchProgram = new TerraformLocal(scope, 'fetch_program', plainText(fetchProgramText()));
  return {
    entryPoint: [NODE, ...NODE_OPTIONS],
    command: ['-e', fetchProgram.expression, bucket, key, sha256],
    workingDirectory: RUNTIME_FOLDER,
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

/** What the container of a zip function's runtime does: handlers/runner/sidecar/start-runtime.sh without its comments. */
export function startRuntimeText(): string {
  const lines = readFileSync(path.join(RUNNER, 'sidecar/start-runtime.sh'), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n');
}
