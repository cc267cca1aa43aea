import type { Architecture, ImageRequest, PovrayImageRequest, SchedulerImageRequest } from './build-plan';

/** A runtime of the deployment, as far as its image goes. */
export interface DeployedRuntime {
  readonly runtime: string;
  readonly architecture: Architecture;
  /** Set where the deployment takes the image from elsewhere. */
  readonly image?: string;
}

export interface ImageOptions {
  /** URL of the repository, the runner module's output `image_repository_url`. @default overtime-runner */
  readonly repository?: string;
  /** Key of the one runtime to build for. @default - all of them */
  readonly only?: string;
  /** @default - AWS's Lambda base image for each runtime */
  readonly baseImage?: string;
  /** @default - AWS's Lambda base image for Node.js 22 */
  readonly nodeImage?: string;
  readonly push: boolean;
  /** Build the scheduler's image, and none of the runner's. */
  readonly scheduler?: boolean;
  /** Build the image of the POV-Ray demo, and none of the runner's. */
  readonly povrayWorker?: boolean;
}

const LOCAL_REPOSITORY = 'overtime-runner';

/**
 * One image for each runtime of the deployment that names none of its own, with the tag that its task definition
 * expects: the runtime's key.
 *
 * @throws {Error} when there is nothing to build, or nowhere to push to
 */
export function imageRequests(
  runtimes: Readonly<Record<string, DeployedRuntime>>,
  options: ImageOptions,
): readonly ImageRequest[] {
  const { only, baseImage, nodeImage, push } = options;
  const named = 'the URL that "npx cdktf output runner" names image_repository_url';
  const repository = repositoryOf(options, LOCAL_REPOSITORY, named);
  const own = Object.entries(runtimes).filter(([, { image }]) => image === undefined);
  const chosen = own.filter(([key]) => only === undefined || key === only);
  if (chosen.length === 0) {
    const keys = own.map(([key]) => key).join(', ');
    throw new Error(
      only === undefined
        ? 'Every runtime in deployment.ts names an image of its own: there is none to build.'
        : `--only ${only} is no runtime of deployment.ts without an image of its own: give one of ${keys}.`,
    );
  }
  return chosen.map(([key, { runtime, architecture }]) => ({
    runtime,
    architecture,
    tag: `${repository}:${key}`,
    push,
    ...(baseImage === undefined ? {} : { baseImage }),
    ...(nodeImage === undefined ? {} : { nodeImage }),
  }));
}

const LOCAL_SCHEDULER_REPOSITORY = 'overtime-scheduler';

/**
 * The scheduler's image: what its tag comes to is the module's `image`.
 *
 * @throws {Error} when there is nowhere to push to
 */
export function schedulerImageRequest(architecture: Architecture, options: ImageOptions): SchedulerImageRequest {
  const { baseImage, push } = options;
  const named = 'the URL of a repository for the scheduler’s image';
  return {
    architecture,
    tag: `${repositoryOf(options, LOCAL_SCHEDULER_REPOSITORY, named)}:scheduler-${architecture}`,
    push,
    ...(baseImage === undefined ? {} : { baseImage }),
  };
}

const LOCAL_POVRAY_REPOSITORY = 'overtime-povray-worker';

/**
 * The image of the POV-Ray demo: what its tag comes to is the image of examples/povray.
 *
 * @param architecture the build runs programs of the image, so that another one than the machine's own needs an emulator
 * @throws {Error} when there is nowhere to push to
 */
export function povrayImageRequest(architecture: Architecture, options: ImageOptions): PovrayImageRequest {
  const { baseImage, nodeImage, push } = options;
  const named = 'the URL of a repository for the image of the POV-Ray demo';
  return {
    architecture,
    tag: `${repositoryOf(options, LOCAL_POVRAY_REPOSITORY, named)}:povray-${architecture}`,
    push,
    ...(baseImage === undefined ? {} : { baseImage }),
    ...(nodeImage === undefined ? {} : { nodeImage }),
  };
}

/** @param named what is to be given, as the error says it */
function repositoryOf({ repository, push }: ImageOptions, local: string, named: string): string {
  if (push && repository === undefined) {
    throw new Error(`--push needs --repository: give ${named}.`);
  }
  return repository ?? local;
}
