import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Container, type ContainerOptions } from './container';
import type { ContainerSettings } from './container-settings';
import { findImage, type ImageCatalogue } from './image-catalogue';

/** An error that the engine answers with this HTTP status. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code = 'CONTAINER_ENGINE_REFUSED';

  constructor(
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type ContainersOptions = Pick<ContainerOptions, 'searchPath' | 'now' | 'onGroup'> & {
  /** Each container has a folder in it. */
  readonly directory: string;
};

/** All containers of one engine, and the programs that stand for images. */
export class Containers {
  readonly #options: ContainersOptions;
  readonly #all = new Map<string, Container>();
  #catalogue: ImageCatalogue = {};

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  get all(): readonly Container[] {
    return [...this.#all.values()];
  }

  addImages(catalogue: ImageCatalogue): void {
    this.#catalogue = { ...this.#catalogue, ...catalogue };
  }

  /** @throws {EngineError} 404 in Docker's words */
  imageOrThrow(reference: string) {
    const image = findImage(this.#catalogue, reference);
    if (image === undefined) {
      throw new EngineError(404, `No such image: ${reference}`);
    }
    return image;
  }

  /** @throws {EngineError} 404 for an unknown image, 409 for a name in use */
  create(name: string | undefined, settings: ContainerSettings): Container {
    const image = this.imageOrThrow(settings.image);
    const id = randomBytes(32).toString('hex');
    const given = name ?? id.slice(0, 12);
    if (this.all.some(({ facts }) => facts.name === given)) {
      throw new EngineError(409, `Conflict. The container name "/${given}" is already in use.`);
    }
    const directory = path.join(this.#options.directory, id.slice(0, 12));
    const container = new Container({ ...this.#options, id, name: given, settings, image, directory });
    this.#all.set(id, container);
    return container;
  }

  /** By id, the beginning of an id, or name. @throws {EngineError} 404 */
  getOrThrow(reference: string): Container {
    const found =
      this.#all.get(reference) ??
      this.all.find(({ facts }) => facts.name === reference || facts.id.startsWith(reference));
    if (found === undefined) {
      throw new EngineError(404, `No such container: ${reference}`);
    }
    return found;
  }

  async remove(container: Container): Promise<void> {
    await container.remove();
    this.#all.delete(container.facts.id);
  }

  async removeAll(): Promise<void> {
    await Promise.all(this.all.map((container) => this.remove(container)));
  }
}
