import { request } from 'node:http';
import { createServer } from 'node:net';

/** A container engine of this machine. */
export interface FoundEngine {
  /** Value for DOCKER_HOST. */
  readonly dockerHost: string;
  /** The address of this machine as the engine's containers know it, for example 172.17.0.1. */
  readonly gateway: string | undefined;
}

const DEFAULT_DOCKER_HOST = 'unix:///var/run/docker.sock';

/** A wedged engine must not hold up a start that can do without it. */
const ANSWER_MILLISECONDS = 3_000;

/** The engine that `dockerHost` names, else DOCKER_HOST, else the usual socket; `undefined` where none answers. */
export async function findEngine(
  dockerHost: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundEngine | undefined> {
  const host = dockerHost ?? environment['DOCKER_HOST'] ?? DEFAULT_DOCKER_HOST;
  const socketPath = unixSocketPath(host);
  if (socketPath === undefined) {
    return undefined;
  }
  try {
    const [ping, network] = await Promise.all([get(socketPath, '/_ping'), get(socketPath, '/networks/bridge')]);
    const gateway = network.status === 200 ? gatewayOf(JSON.parse(network.text)) : undefined;
    return ping.status === 200 ? { dockerHost: host, gateway } : undefined;
  } catch {
    return undefined;
  }
}

/** Only an engine on this machine can reach the emulator, so only Unix sockets count. */
export function unixSocketPath(dockerHost: string): string | undefined {
  return dockerHost.startsWith('unix://') ? dockerHost.slice('unix://'.length) : undefined;
}

/**
 * The bridge's address on this machine. Before its first container an engine names the subnet alone, whose first
 * address it is then. https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Network/operation/NetworkInspect
 */
export function gatewayOf(network: unknown): string | undefined {
  const { IPAM } = network as { IPAM?: { Config?: readonly { Gateway?: string; Subnet?: string }[] | null } };
  const [first] = (IPAM?.Config ?? []).flatMap(({ Gateway, Subnet }) => Gateway ?? firstAddress(Subnet) ?? []);
  return first;
}

/** Of an IPv4 subnet, as in "172.17.0.0/16". */
function firstAddress(subnet: string | undefined): string | undefined {
  const network = /^(\d+\.\d+\.\d+)\.0\/\d+$/.exec(subnet ?? '')?.[1];
  return network === undefined ? undefined : `${network}.1`;
}

/** Where the emulator listens, and under which name a container finds it there. */
export interface EmulatorAddress {
  readonly bindHost: string;
  readonly containerHost: string;
}

const LOOPBACK = '127.0.0.1';

/**
 * Processes need loopback alone. Containers need an address of their bridge: on Linux it belongs to this machine, is
 * reached by containers and processes alike, and not from outside. Engines in a virtual machine (Docker Desktop) have
 * no such address and lead host.docker.internal to this machine's loopback:
 * https://docs.docker.com/desktop/features/networking/#i-want-to-connect-from-a-container-to-a-service-on-the-host
 */
export async function emulatorAddress(engine: FoundEngine | undefined): Promise<EmulatorAddress> {
  if (engine === undefined) {
    return { bindHost: LOOPBACK, containerHost: LOOPBACK };
  }
  const { gateway } = engine;
  return gateway !== undefined && (await freePort(gateway)) !== undefined
    ? { bindHost: gateway, containerHost: gateway }
    : { bindHost: LOOPBACK, containerHost: 'host.docker.internal' };
}

/** A port that nobody listens on at the address now; `undefined` where the address is not this machine's. */
export function freePort(host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(port));
    });
  });
}

function get(
  socketPath: string,
  path: string,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, timeout: ANSWER_MILLISECONDS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    call.once('timeout', () => call.destroy(new Error(`${socketPath} does not answer`)));
    call.once('error', reject);
    call.end();
  });
}
