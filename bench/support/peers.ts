import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs a peer's packages into a folder of their own, outside the product's dependencies, once.
 *
 * @returns the folder that has their node_modules
 */
export async function installPeer(
  folder: string,
  name: string,
  packages: Readonly<Record<string, string>>,
): Promise<string> {
  const place = path.join(folder, 'peers', name);
  const done = path.join(place, 'installed.json');
  if (!existsSync(done)) {
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'package.json'), JSON.stringify({ private: true }));
    const exact = Object.entries(packages).map(([each, version]) => `${each}@${version}`);
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...exact], {
      cwd: place,
    });
    writeFileSync(done, JSON.stringify(packages));
  }
  return place;
}
