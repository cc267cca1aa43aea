/** A program that builds container images. */
export type ContainerTool = 'docker buildx' | 'docker' | 'podman' | 'buildah';

/** Answers whether a command can be run, such as `docker buildx version`. */
export type CanRun = (command: readonly string[]) => Promise<boolean>;

/** In order of preference, with a command that succeeds only where the tool can build. */
const PROBES: readonly (readonly [ContainerTool, readonly string[]])[] = [
  ['docker buildx', ['docker', 'buildx', 'inspect']],
  ['docker', ['docker', 'info']],
  ['podman', ['podman', 'info']],
  ['buildah', ['buildah', 'version']],
];

export const NO_CONTAINER_TOOL =
  'No container engine answers: install Docker (https://docs.docker.com/engine/install/) or Podman ' +
  '(https://podman.io/docs/installation), and start it.';

/** The first tool that can build here, or `undefined`. */
export async function findContainerTool(canRun: CanRun): Promise<ContainerTool | undefined> {
  for (const [tool, command] of PROBES) {
    if (await canRun(command)) {
      return tool;
    }
  }
  return undefined;
}
