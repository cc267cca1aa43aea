import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundleRunner, type RunnerBundle } from '../../images/bundle-runner';
import { CACHE_DIRECTORY } from '../../local/cache-directory';

const ROOT = path.resolve(__dirname, '../..');
const SOURCES = ['handlers', 'images/bundle-runner.ts', 'package-lock.json'];

/** The bundled runner, built once for each state of its source and kept with what else the project keeps. */
export async function runnerBundle(): Promise<RunnerBundle> {
  const bundles = path.join(CACHE_DIRECTORY, 'runner-bundles');
  const folder = path.join(bundles, sourceHash());
  if (!existsSync(folder)) {
    mkdirSync(bundles, { recursive: true });
    const fresh = mkdtempSync(path.join(bundles, 'new-'));
    await bundleRunner(fresh);
    try {
      renameSync(fresh, folder);
    } catch {
      // Another worker was quicker.
      rmSync(fresh, { recursive: true });
    }
  }
  return { runnerFile: path.join(folder, 'runner.js'), nodeClientFile: path.join(folder, 'node-client.js') };
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const full = path.join(ROOT, source);
    const files = source.includes('.')
      ? [full]
      : readdirSync(full, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .sort()
          .map((name) => path.join(full, name));
    for (const file of files) {
      hash.update(file).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
