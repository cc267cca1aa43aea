import { type Environment, optionalText, requiredText, SettingError, wholeNumber } from '../../shared/settings';

/** Another container of the task, in which the runtime runs: it shares loopback with the runner's. */
export type RuntimeContainer = PackageContainer | ImageContainer;

/** AWS's base image of a zip function's runtime. It shares the volumes of code, layers and control. */
interface PackageContainer {
  readonly kind: 'package';
  /**
   * Where the runner tells the container what to run: see supervise-runtimes.sh. What is to be seen by both, and is
   * neither the first package nor its layers, lies here too.
   */
  readonly controlRoot: string;
}

/** A container-image function's own image. It shares nothing but the network. */
export interface ImageContainer {
  readonly kind: 'image';
  /** Known before the container starts, which is told of it by its task definition. */
  readonly runtimeApiPort: number;
  /** The image that the task definition was made for. */
  readonly imageUri: string;
  /** Hash of the function's variables that the task definition has: `environmentSha256`. */
  readonly environmentSha256: string;
  /** What ECS says of the task: `ECS_CONTAINER_METADATA_URI_V4`. */
  readonly metadataUrl: string;
}

/** Below 1024 only root may listen. */
const PORTS = { minimum: 1_024, maximum: 65_535 } as const;

/**
 * Where the runtime runs; `undefined` where it is a process of the runner's own container.
 *
 * @throws {SettingError} when a variable is missing or wrong
 */
export function readRuntimeContainer(environment: Environment): RuntimeContainer | undefined {
  const kind = optionalText(environment, 'OVERTIME_RUNTIME_CONTAINER');
  if (kind === undefined) {
    return undefined;
  }
  switch (kind) {
    case 'package':
      return { kind, controlRoot: requiredText(environment, 'OVERTIME_CONTROL_ROOT') };
    case 'image':
      return {
        kind,
        runtimeApiPort: wholeNumber(environment, 'OVERTIME_RUNTIME_API_PORT', PORTS),
        imageUri: requiredText(environment, 'OVERTIME_IMAGE_URI'),
        environmentSha256: requiredText(environment, 'OVERTIME_ENVIRONMENT_SHA256'),
        metadataUrl: requiredText(environment, 'ECS_CONTAINER_METADATA_URI_V4'),
      };
    default:
      throw new SettingError(
        `OVERTIME_RUNTIME_CONTAINER is "${kind}": give package or image, or leave it out where the runtime runs in the ` +
          "runner's own container.",
      );
  }
}
