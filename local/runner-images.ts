import path from 'node:path';
import { buildImage } from '../images/build-image';
import { bundleRunner } from '../images/bundle-runner';
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
  onProgress: (line: string) => void,
): Promise<ProvidedImages> {
  if (aws.dockerHost === undefined) {
    const { runnerFile } = await bundleRunner(path.join(aws.workDirectory, 'runner'));
    const program: ImageProgram = { entrypoint: [process.execPath, runnerFile], environment: {} };
    aws.addImages(Object.fromEntries(images.map((image) => [image, program])));
    return { remove: async () => undefined };
  }
  onProgress('building the image of the runner');
  const environment = { ...process.env, DOCKER_HOST: aws.dockerHost, DOCKER_BUILDKIT: '0' };
  await buildForEngine(aws.dockerHost, images, environment);
  return {
    remove: async () => {
      await runCommand('docker', ['image', 'rm', ...images], { env: environment });
    },
  };
}

async function buildForEngine(
  dockerHost: string,
  [first, ...others]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  if (first === undefined) {
    return;
  }
  await buildStandInBase({ dockerHost, tag: BASE_TAG, environment });
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  await buildImage({ runtime: RUNTIME, architecture, baseImage: BASE_TAG, tag: first, push: false }, environment);
  for (const other of others) {
    const { exitCode, stderr } = await runCommand('docker', ['tag', first, other], { env: environment });
    if (exitCode !== 0) {
      throw new Error(`docker tag ${first} ${other} ended with exit code ${exitCode}: ${stderr}`);
    }
  }
}
