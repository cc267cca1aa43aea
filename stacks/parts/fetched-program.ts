import path from 'node:path';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import type { PackagedProgram } from './packaged-function';
import { plainText } from './terraform-text';

const FETCH_PROGRAM = path.resolve(__dirname, '../../handlers/runner/sidecar/fetch-program.ts');

/** Where AWS's Node.js base image has Node.js, and the folder whose node_modules has the SDK. */
export const NODE = '/var/lang/bin/node';
const RUNTIME_FOLDER = '/var/runtime';

/** Behind the prefix of AWS's base images: that on which our programs run, whatever runtime a function has. */
export const NODE_BASE_IMAGE = 'nodejs:22';

/** The object that holds a program. */
export interface StoredProgram {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
}

/** What a container on AWS's Node.js base image needs to fetch a program and start it. */
export interface FetchedProgram {
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory: string;
}

/**
 * Puts a program into the bucket, under a key with its hash: a task started by an older task definition finds its own.
 * The new one is there before a task definition names it. It lies outside what the bucket lets expire.
 */
export function storeProgram(
  scope: Construct,
  packaged: PackagedProgram,
  bucket: string,
): { readonly arn: string; readonly stored: StoredProgram } {
  const object = new S3Object(scope, 'program', {
    bucket,
    key: `programs/${packaged.sha256}/${packaged.fileName}`,
    source: packaged.path,
    contentType: 'application/gzip',
    lifecycle: { createBeforeDestroy: true },
  });
  const sha256 = new TerraformLocal(scope, 'program_sha256', packaged.sha256);
  return { arn: object.arn, stored: { bucket, key: object.key, sha256: sha256.expression } };
}

/** How a container gets a program that lies in a bucket. */
export function fetchedProgram(
  scope: Construct,
  { bucket, key, sha256 }: StoredProgram,
  nodeOptions: readonly string[],
): FetchedProgram {
  const fetchProgram = new TerraformLocal(scope, 'fetch_program', plainText(fetchProgramText()));
  return {
    entryPoint: [NODE, ...nodeOptions],
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
    entryPoints: [FETCH_PROGRAM],
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
