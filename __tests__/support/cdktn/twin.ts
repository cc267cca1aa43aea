import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { SOURCE_FOLDERS, sourceFiles } from '../source-files';

const ROOT = path.resolve(__dirname, '../../..');

/** Downloads of some 60 MB. */
const INSTALL_MILLISECONDS = 180_000;

/** The project's sources as users of CDK Terrain have them: the same, but for the names of the two packages. */
export interface Twin {
  readonly folder: string;
  /** Runs TypeScript in it, with its folder as the base of imports. @returns what the script printed */
  readonly run: (script: string) => string;
  /** What the compiler says of constructs and app. Nothing where they are right. */
  readonly compile: () => string;
  readonly remove: () => void;
}

type Provided = { readonly modules: string } | { readonly missing: string };

/**
 * The packages at the versions of the lock file, in a folder of their own: beside CDKTF's they would be two frameworks
 * in one program. Made at first use and kept.
 */
export function provideCdktn(): Provided {
  const lock = readFileSync(path.join(__dirname, 'package-lock.json'), 'utf8');
  const key = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = path.join(CACHE_DIRECTORY, 'cdktn', key);
  if (existsSync(folder)) {
    return { modules: folder };
  }
  const building = `${folder}.${randomUUID()}`;
  mkdirSync(building, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(path.join(__dirname, file), path.join(building, file));
  }
  const installed = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: building,
    encoding: 'utf8',
    timeout: INSTALL_MILLISECONDS,
  });
  if (installed.status !== 0) {
    rmSync(building, { recursive: true, force: true });
    return { missing: `npm cannot install cdktn 0.24: ${lastLine(installed)}` };
  }
  try {
    renameSync(building, folder);
  } catch {
    // Another process was quicker.
    rmSync(building, { recursive: true, force: true });
  }
  return { modules: folder };
}

function lastLine({ error, stderr }: SpawnSyncReturns<string>): string {
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
}

/** A copy inside the folder of the packages: what it does not find there it finds in the project's own node_modules. */
export function makeTwin(modules: string): Twin {
  const folder = path.join(modules, `sources-${randomUUID()}`);
  mkdirSync(folder);
  // What is not TypeScript too: the programs of the images.
  for (const name of SOURCE_FOLDERS) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  for (const name of ['package.json', 'tsconfig.json']) {
    copyFileSync(path.join(ROOT, name), path.join(folder, name));
  }
  for (const { path: file, text } of sourceFiles()) {
    writeFileSync(path.join(folder, file), renamed(text));
  }
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    compile: () => {
      const project = { extends: './tsconfig.json', include: ['main.ts', 'deployment.ts', 'stacks'] };
      writeFileSync(path.join(folder, 'tsconfig.twin.json'), JSON.stringify(project));
      return program(folder, 'tsc', '-p', 'tsconfig.twin.json').stdout;
    },
    run: (script) => {
      writeFileSync(path.join(folder, 'script.ts'), script);
      const { status, stdout, stderr } = program(folder, 'tsx', 'script.ts');
      if (status !== 0) {
        throw new Error(`With CDK Terrain: ${stderr}`);
      }
      return stdout;
    },
  };
}

function renamed(text: string): string {
  return text
    .replaceAll(/'cdktf'/g, "'cdktn'")
    .replaceAll(/'cdktf\//g, "'cdktn/")
    .replaceAll(/'@cdktf\/provider-aws\//g, "'@cdktn/provider-aws/");
}

function program(cwd: string, name: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(path.join(ROOT, 'node_modules/.bin', name), args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}
