import { findEngine } from '../../local/engine-discovery';
import type { Engine } from './stand-in-images';

/**
 * This machine's container engine, for a test that cannot do without one.
 *
 * @throws {Error} where there is none
 */
export async function requireEngine(): Promise<Engine> {
  const engine = await findEngine(undefined, process.env);
  if (engine === undefined) {
    throw new Error('This test needs a container engine: name its socket in DOCKER_HOST.');
  }
  const { dockerHost } = engine;
  // The classic builder is the one that needs no plugin.
  return { dockerHost, environment: { ...process.env, DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: '0' } };
}
