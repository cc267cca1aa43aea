import path from 'node:path';
import { buildImage, type RunBuildCommand } from '../images/build-image';
import { bundleRunner } from '../images/bundle-runner';
import { RUNNER_NODE_OPTIONS } from '../stacks/parts/node-options';
import { buildStandInBase } from './base-image';
import type { ImageProgram } from './docker-api/image-catalogue';
import type { LocalAws } from './local-aws';
import { runCommand } from './run-command';

/** Stands in for AWS's base image, which no engine without a registry can fetch. It stays as a build cache. */
const BASE_TAG = 'overtime-local-base:latest';

const RUNTIME = 'nodejs22.x';

export interface ProvidedImages {
  /** Takes the names from the engine again; what was built for them stays in its build cache. */
  readonly remove: () => Promise<void>;
}

/**
 * Gives the task definitions' images to whatever runs tasks: the runner's program where they are processes, and where
 * they are containers its real image, built on this machine. Both are for this machine's own architecture, under every
 * name that is asked for.
 */
export async function provideRunnerImages(
  aws: LocalAws,
  images: readonly string[],
  options: { readonly onProgress: (line: string) => void; readonly signal?: AbortSignal },
): Promise<ProvidedImages> {
  if (aws.dockerHost === undefined) {
    const { runnerFile } = await bundleRunner(path.join(aws.workDirectory, 'runner'));
    const program: ImageProgram = {
      entrypoint: [process.execPath, ...RUNNER_NODE_OPTIONS, runnerFile],
      environment: {},
    };
    aws.addImages(Object.fromEntries(images.map((image) => [image, program])));
    return { remove: async () => undefined };
  }
  const { onProgress, ...abortable } = options;
  onProgress('building the image of the runner');
  const env = { ...process.env, DOCKER_HOST: aws.dockerHost, DOCKER_BUILDKIT: '0' };
  await buildStandInBase({ dockerHost: aws.dockerHost, tag: BASE_TAG, environment: env });
  await buildUnderNames(images, env, async ([file, ...args]) => {
    const { exitCode } = await runCommand(file, args, { env, onLine: onProgress, ...abortable });
    return exitCode;
  });
  return {
    remove: async () => {
      await runCommand('docker', ['image', 'rm', ...images], { env });
    },
  };
}

async function buildUnderNames(
  [first, ...others]: readonly string[],
  env: NodeJS.ProcessEnv,
  run: RunBuildCommand,
): Promise<void> {
  if (first === undefined) {
    return;
  }
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  await buildImage({ runtime: RUNTIME, architecture, baseImage: BASE_TAG, tag: first, push: false }, env, run);
  for (const other of others) {
    const exitCode = await run(['docker', 'tag', first, other]);
    if (exitCode !== 0) {
      throw new Error(`docker tag ${first} ${other} ended with exit code ${exitCode}.`);
    }
  }
}
