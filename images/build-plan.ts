import type { ContainerTool } from './container-tool';

export type Architecture = 'x86_64' | 'arm64';

export interface ImageRequest {
  /** Lambda's name for the runtime, such as `nodejs22.x`. */
  readonly runtime: string;
  readonly architecture: Architecture;
  /** @default AWS's Lambda base image for the runtime */
  readonly baseImage?: string;
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

/**
 * AWS's own base image for a runtime.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html#nodejs-image-base
 *
 * @throws {Error} for a runtime that the runner does not run
 */
export function lambdaBaseImage(runtime: string): string {
  const version = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  if (version === undefined) {
    throw new Error(`--runtime ${runtime} is not supported: give nodejs20.x, nodejs22.x or another nodejs runtime.`);
  }
  return `public.ecr.aws/lambda/nodejs:${version}`;
}

/** The commands that build, tag and, if asked, push one image out of the context in `contextFolder`. */
export function planImage(request: ImageRequest, tool: ContainerTool, contextFolder: string): ImagePlan {
  const baseImage = request.baseImage ?? lambdaBaseImage(request.runtime);
  const tag = request.tag ?? `overtime-runner:${request.runtime}-${request.architecture}`;
  const options = [
    '--platform',
    PLATFORMS[request.architecture],
    '--build-arg',
    `BASE_IMAGE=${baseImage}`,
    '--tag',
    tag,
    contextFolder,
  ];
  return {
    tag,
    baseImage,
    commands: [buildCommand(tool, options), ...(request.push ? [pushCommand(tool, tag)] : [])],
  };
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
