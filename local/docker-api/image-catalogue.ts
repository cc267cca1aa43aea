/** What stands for an image where there is no container engine: a program of this machine. */
export interface ImageProgram {
  /** Absolute path of the program, and its first arguments. */
  readonly entrypoint: readonly [string, ...string[]];
  /** The image's own environment, as a Dockerfile's ENV would set it. */
  readonly environment: Readonly<Record<string, string>>;
  /** @default - the container's own empty folder */
  readonly workingDirectory?: string;
  /**
   * What stands for programs of the image, by the path that they have in it: task definitions may name them.
   *
   * @default - a path is this machine's
   */
  readonly programs?: Readonly<Record<string, string>>;
  /**
   * Variables that hold the port on which the program listens: each container gets a free one of this machine, as its
   * containers share the machine's network, and ports that ECS would give to each task alone.
   *
   * @default - none
   */
  readonly portVariables?: readonly string[];
}

/** Image reference, as it stands in a task definition -> its program. */
export type ImageCatalogue = Readonly<Record<string, ImageProgram>>;

/** A reference without tag or digest means the tag "latest": https://docs.docker.com/reference/cli/docker/image/tag/ */
export function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return name.includes(':') || name.includes('@') ? reference : `${reference}:latest`;
}

export function findImage(catalogue: ImageCatalogue, reference: string): ImageProgram | undefined {
  const wanted = withTag(reference);
  return Object.entries(catalogue).find(([name]) => withTag(name) === wanted)?.[1];
}
