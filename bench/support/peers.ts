import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchOptions } from '../suite';

const run = promisify(execFile);

/** A command that is not there, or a proxy that does not answer, is known by then. */
const PATIENCE_MILLISECONDS = 5 * 60 * 1_000;

type Place = Pick<BenchOptions, 'folder' | 'offline'>;

/**
 * Installs a peer's packages into a folder of their own, outside the product's dependencies, once.
 *
 * @returns the folder that has their node_modules; `undefined` where no registry may be asked
 */
export async function installPeer(
  { folder, offline }: Place,
  name: string,
  packages: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (offline) {
    return undefined;
  }
  const place = path.join(folder, 'peers', name);
  const done = path.join(place, 'installed.json');
  if (!existsSync(done)) {
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'package.json'), JSON.stringify({ private: true }));
    const exact = Object.entries(packages).map(([each, version]) => `${each}@${version}`);
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...exact], {
      cwd: place,
      timeout: PATIENCE_MILLISECONDS,
    });
    writeFileSync(done, JSON.stringify(packages));
  }
  return place;
}

/** A peer that may not be had everywhere. */
type Installed =
  | { readonly kind: 'there'; readonly file: string }
  | { readonly kind: 'not-there'; readonly reason: string };

/** Builds a peer's program in Go, from the module proxy, once. */
export async function installGoPeer(
  { folder, offline }: Place,
  program: string,
  moduleVersion: string,
): Promise<Installed> {
  if (offline) {
    return { kind: 'not-there', reason: 'no registry was to be asked' };
  }
  const place = path.join(folder, 'peers', `go-${moduleVersion}`);
  const file = path.join(place, path.basename(program));
  if (!existsSync(file)) {
    mkdirSync(place, { recursive: true });
    try {
      await run('go', ['install', `${program}@${moduleVersion}`], {
        env: { ...process.env, GOBIN: place },
        timeout: PATIENCE_MILLISECONDS,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
      return { kind: 'not-there', reason: reason ?? '' };
    }
  }
  return { kind: 'there', file };
}
