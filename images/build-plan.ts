import { awsBaseImage, parseRuntime, RUNTIME_FAMILIES_TEXT } from '../handlers/shared/lambda-runtime';
import type { ContainerTool } from './container-tool';

export type Architecture = 'x86_64' | 'arm64';

export interface ImageRequest {
  /** Lambda's name for the runtime, such as `nodejs22.x`. */
  readonly runtime: string;
  readonly architecture: Architecture;
  /** @default AWS's Lambda base image for the runtime */
  readonly baseImage?: string;
  /**
   * An image that has Node.js under /var/lang/bin/node and was built on the base image's system or an older one. The
   * runner's Node.js is copied out of it where the runtime is another.
   *
   * @default public.ecr.aws/lambda/nodejs:22
   */
  readonly nodeImage?: string;
  /** @default overtime-runner:RUNTIME-ARCHITECTURE */
  readonly tag?: string;
  readonly push: boolean;
}

export interface ImagePlan {
  readonly tag: string;
  readonly baseImage: string;
  /** Commands to run in order, each a program and its arguments. */
  readonly commands: readonly (readonly [string, ...string[]])[];
}

const PLATFORMS: Readonly<Record<Architecture, string>> = { x86_64: 'linux/amd64', arm64: 'linux/arm64' };

const NODE_IMAGE = awsBaseImage({ family: 'nodejs', version: '22' });

/**
 * The runtimes whose base images are Amazon Linux 2. Its C library, glibc 2.26, is older than what Node.js 18 and later
 * are built for, 2.28: https://github.com/nodejs/node/blob/v22.x/BUILDING.md#platform-list.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const ON_AMAZON_LINUX_2: ReadonlySet<string> = new Set([
  ...['nodejs16.x', 'nodejs18.x', 'python3.8', 'python3.9', 'python3.10', 'python3.11', 'ruby3.2'],
  ...['java8.al2', 'java11', 'java17', 'dotnet6', 'provided.al2'],
]);

/**
 * AWS's own base image for a runtime.
 *
 * @throws {Error} for a runtime whose base image the runner does not run on
 */
export function lambdaBaseImage(name: string): string {
  const runtime = parseRuntime(name);
  if (runtime === undefined) {
    throw new Error(`The runtime ${name} is not supported: give a version of ${RUNTIME_FAMILIES_TEXT}.`);
  }
  const image = awsBaseImage(runtime);
  if (ON_AMAZON_LINUX_2.has(name)) {
    throw new Error(
      `The runtime ${name} has the base image ${image}, on Amazon Linux 2, where the runner's Node.js does not start: ` +
        'give --base-image, an image on Amazon Linux 2023 that has this runtime under /var/runtime ' +
        '(for provided.al2 that is public.ecr.aws/lambda/provided:al2023), or move the function to a newer version.',
    );
  }
  return image;
}

/** The commands that build, tag and, if asked, push one image out of the context in `contextFolder`. */
export function planImage(request: ImageRequest, tool: ContainerTool, contextFolder: string): ImagePlan {
  const baseImage = request.baseImage ?? lambdaBaseImage(request.runtime);
  const tag = request.tag ?? `overtime-runner:${request.runtime}-${request.architecture}`;
  return planOf({ ...request, baseImage, tag }, buildArguments(request, baseImage), tool, contextFolder);
}

export interface SchedulerImageRequest {
  readonly architecture: Architecture;
  /** @default - AWS's Lambda base image for Node.js 22 */
  readonly baseImage?: string;
  readonly tag: string;
  readonly push: boolean;
}

/** The commands that build and, if asked, push the scheduler's image out of the context in `contextFolder`. */
export function planSchedulerImage(
  request: SchedulerImageRequest,
  tool: ContainerTool,
  contextFolder: string,
): ImagePlan {
  const { baseImage = NODE_IMAGE } = request;
  return planOf({ ...request, baseImage }, ['--build-arg', `BASE_IMAGE=${baseImage}`], tool, contextFolder);
}

/** On Debian: what the image adds is Debian's own package, and each step of its Dockerfile runs a program of the base. */
const DEBIAN_IMAGE = 'public.ecr.aws/docker/library/debian:bookworm-slim';

export interface PovrayImageRequest {
  readonly architecture: Architecture;
  /** @default - Debian 12, without what a server does not need */
  readonly baseImage?: string;
  /** @default - AWS's Lambda base image for Node.js 22 */
  readonly nodeImage?: string;
  readonly tag: string;
  readonly push: boolean;
}

/** The commands that build and, if asked, push the image of the POV-Ray demo out of the context in `contextFolder`. */
export function planPovrayImage(request: PovrayImageRequest, tool: ContainerTool, contextFolder: string): ImagePlan {
  const { baseImage = DEBIAN_IMAGE, nodeImage = NODE_IMAGE } = request;
  const images = ['--build-arg', `BASE_IMAGE=${baseImage}`, '--build-arg', `NODE_IMAGE=${nodeImage}`];
  return planOf({ ...request, baseImage }, images, tool, contextFolder);
}

interface PlannedImage {
  readonly architecture: Architecture;
  readonly baseImage: string;
  readonly tag: string;
  readonly push: boolean;
}

function planOf(
  { architecture, baseImage, tag, push }: PlannedImage,
  buildArgs: readonly string[],
  tool: ContainerTool,
  contextFolder: string,
): ImagePlan {
  const options = ['--platform', PLATFORMS[architecture], ...buildArgs, '--tag', tag, contextFolder];
  return { tag, baseImage, commands: [buildCommand(tool, options), ...(push ? [pushCommand(tool, tag)] : [])] };
}

/** A base image for Node.js is one on which the runner starts with the Node.js that is there. */
function buildArguments({ runtime, nodeImage }: ImageRequest, baseImage: string): readonly string[] {
  const hasNode = parseRuntime(runtime)?.family === 'nodejs' && nodeImage === undefined;
  return [
    '--target',
    hasNode ? 'with-node-of-base' : 'with-own-node',
    '--build-arg',
    `BASE_IMAGE=${baseImage}`,
    ...(hasNode ? [] : ['--build-arg', `NODE_IMAGE=${nodeImage ?? NODE_IMAGE}`]),
    '--build-arg',
    `RUNTIME=${runtime}`,
  ];
}

function buildCommand(tool: ContainerTool, options: readonly string[]): readonly [string, ...string[]] {
  switch (tool) {
    // Lambda and ECS read images without attestations; --load puts the image where push and run find it.
    case 'docker buildx':
      return ['docker', 'buildx', 'build', '--load', '--provenance=false', ...options];
    case 'docker':
      return ['docker', 'build', ...options];
    case 'podman':
      return ['podman', 'build', '--format', 'docker', ...options];
    case 'buildah':
      return ['buildah', 'build', '--format', 'docker', ...options];
  }
}

function pushCommand(tool: ContainerTool, tag: string): readonly [string, ...string[]] {
  const program = tool === 'docker buildx' ? 'docker' : tool;
  return [program, 'push', tag];
}
