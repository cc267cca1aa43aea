import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as v from 'valibot';
import { answer, send } from './answers';
import { Containers, type ContainersOptions, EngineError } from './containers';
import type { ImageCatalogue } from './image-catalogue';
import { route } from './routes';

export interface ContainerEngine {
  /** Value for DOCKER_HOST. */
  readonly dockerHost: string;
  /** Adds programs for images, or replaces them. */
  readonly addImages: (catalogue: ImageCatalogue) => void;
  /** Ends and removes every container, then the socket. */
  readonly stop: () => Promise<void>;
}

/** Serves the part of Docker's Engine API that runs containers, with processes of this machine as containers. */
export async function startContainerEngine(
  options: ContainersOptions & { readonly socketPath: string },
): Promise<ContainerEngine> {
  const containers = new Containers(options);
  const server = createServer((request, response) => {
    void respond(containers, request, response);
  });
  server.listen(options.socketPath);
  await once(server, 'listening');
  return {
    dockerHost: `unix://${options.socketPath}`,
    addImages: (catalogue) => containers.addImages(catalogue),
    stop: async () => {
      await containers.removeAll();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function respond(containers: Containers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://engine');
  try {
    const call = route(request.method ?? 'GET', pathname);
    if (call === undefined) {
      throw new EngineError(404, `This engine does not answer ${request.method} ${pathname}`);
    }
    await answer(call, containers, { query: searchParams, body: await jsonBody(request), response });
  } catch (error) {
    const { status, message } = refusal(error);
    send(response, status, { message });
  }
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

function refusal(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof EngineError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: error instanceof v.ValiError || error instanceof SyntaxError ? 400 : 500, message };
}
